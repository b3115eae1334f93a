drop table audit_marks;
drop function refuse_going_back();
drop table audit_outbox;
