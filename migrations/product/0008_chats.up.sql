-- Chats and their messages. In metadata_only a chat's title and a message's text are NULL, always: the trigger says so
-- even if the server should ever forget.

create table chats (
  organization_id uuid not null,
  id              uuid not null,
  user_id         uuid not null,
  workspace_id    uuid not null,
  title           varchar(255),
  model           varchar(200) not null,
  is_pinned       boolean not null default false,
  is_archived     boolean not null default false,
  tags            text[] not null default '{}',
  message_count   int not null default 0,
  total_tokens    bigint not null default 0,
  total_cost      bigint not null default 0,     -- microdollars
  attributes      jsonb not null default '{}',
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade
);
create index chats_user on chats (organization_id, user_id, updated_at desc, id desc);
create index chats_workspace on chats (organization_id, workspace_id);
call protect_table('chats');

create table messages (
  organization_id uuid not null,
  id              uuid not null,
  created_at      timestamptz not null default now(),
  chat_id         uuid not null,
  user_id         uuid not null,                 -- the chat's owner and workspace, so that the policy needs no join
  workspace_id    uuid not null,
  role            varchar(16) not null check (role in ('user', 'assistant')),
  status          varchar(16) not null
                  check (status in ('complete', 'streaming', 'stopped', 'failed', 'blocked', 'unknown')),
  text            text,                          -- after policy; NULL in metadata_only
  model           varchar(200) not null,
  input_tokens    bigint not null default 0,
  output_tokens   bigint not null default 0,
  cost            bigint not null default 0,
  decision        jsonb,                         -- names, ids and counts; never content
  primary key (organization_id, id, created_at),
  foreign key (organization_id, chat_id) references chats (organization_id, id) on delete cascade
) partition by range (created_at);
create index messages_chat on messages (organization_id, chat_id, created_at, id);
call protect_table('messages');

create function refuse_content() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if (tg_table_name = 'chats' and to_jsonb(new) ->> 'title' is not null
      or tg_table_name <> 'chats' and to_jsonb(new) ->> 'text' is not null)
     and (select data_mode from organizations where id = new.organization_id) <> 'full_content' then
    raise exception 'this organization stores no content' using errcode = 'GH002';
  end if;
  return new;
end $$;
create trigger content before insert or update of title on chats for each row execute function refuse_content();
create trigger content before insert or update of text on messages for each row execute function refuse_content();

-- Reading: one's own in a workspace one belongs to, or an administrator's reach. Writing: one's own, there.
create policy tenant_read on chats for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or (select current_reach()) = 'organization'));
create policy tenant_insert on chats for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and workspace_id = any ((select my_workspaces())::uuid[]));
create policy tenant_update on chats for update to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and workspace_id = any ((select my_workspaces())::uuid[]));
create policy tenant_delete on chats for delete to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]));
grant select, insert, update, delete on chats to gatehouse_app;

create policy tenant_read on messages for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or (select current_reach()) = 'organization'));
create policy tenant_insert on messages for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and exists (select 1 from chats where chats.organization_id = messages.organization_id
                          and chats.id = messages.chat_id and chats.user_id = (select current_user_id())
                          and chats.workspace_id = messages.workspace_id));
create policy tenant_update on messages for update to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and workspace_id = any ((select my_workspaces())::uuid[]));
create policy tenant_delete on messages for delete to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]));
grant select, insert, update, delete on messages to gatehouse_app;

-- After a crash the journal marks the answers it finds unfinished.
create policy platform on messages to gatehouse_platform using (true) with check (true);
grant select, update (status) on messages to gatehouse_platform;

call ensure_partitions(3);
