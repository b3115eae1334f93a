drop table messages;
drop table chats;
drop function refuse_content();
