-- In a chat that is shared to be written in, a question is not always its owner's.
alter table messages
  add column asked_by_user_id uuid,   -- whose question it is, where it is not the chat's owner's
  add constraint messages_asked_by foreign key (organization_id, asked_by_user_id)
    references memberships (organization_id, user_id) on delete set null (asked_by_user_id);
create index messages_asked_by on messages (organization_id, asked_by_user_id) where asked_by_user_id is not null;
create index messages_asked_in on messages (organization_id, user_id) where asked_by_user_id is not null;

-- Whom one meets in one's own chats and in those that were granted, who need not be one's colleagues otherwise.
create function people_of_my_chats() returns table (user_id uuid, name text) language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  if current_grants() <> '{}' then
    return query select u.id, u.name::text from users u where u.id in (
      select c.user_id from chats c where c.organization_id = current_organization() and c.id = any (current_grants())
      union all
      select m.asked_by_user_id from messages m where m.organization_id = current_organization()
        and m.chat_id = any (current_grants()) and m.asked_by_user_id is not null);
  else
    return query select u.id, u.name::text from users u where u.id in (
      select m.asked_by_user_id from messages m where m.organization_id = current_organization()
        and m.user_id = current_user_id() and m.asked_by_user_id is not null);
  end if;
end $$;
grant execute on function people_of_my_chats() to gatehouse_app;
