drop trigger check_holder on group_members;
drop trigger check_holder on permissions_acl;
drop trigger check_holder on role_assignments;
drop function check_holder();
drop function check_session(uuid);
drop function hold_standing(boolean, text[], text[], text, text, jsonb);
