-- In a chat that is shared to be written in, a question is not always its owner's.
alter table messages
  add column asked_by_user_id uuid,   -- whose question it is, where it is not the chat's owner's
  add constraint messages_asked_by foreign key (organization_id, asked_by_user_id)
    references memberships (organization_id, user_id) on delete set null (asked_by_user_id);
create index messages_asked_by on messages (organization_id, asked_by_user_id) where asked_by_user_id is not null;
