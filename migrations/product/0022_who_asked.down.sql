drop function people_of_my_chats();
drop index messages_asked_in;
drop index messages_asked_by;
alter table messages drop constraint messages_asked_by, drop column asked_by_user_id;
