-- Credentials of an organization's people and programs. Only hashes are stored.

create table sessions (
  organization_id uuid not null,
  id              uuid not null,
  user_id         uuid not null,
  token_hash      bytea not null check (octet_length(token_hash) = 32),
  previous_hash   bytea check (octet_length(previous_hash) = 32),  -- the token before the last rotation
  rotated_at      timestamptz not null default now(),
  confirmed_at    timestamptz,       -- when token_hash was first presented; from then on previous_hash runs out
  created_at      timestamptz not null default now(),
  last_seen_at    timestamptz not null default now(),
  expires_at      timestamptz not null,
  revoked_at      timestamptz,
  personal        bytea,             -- address and user agent, sealed under the person's key
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
create index sessions_user on sessions (organization_id, user_id);
call protect_table('sessions');
create policy tenant_read on sessions for select to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()));
create policy tenant_revoke on sessions for update to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id()));
grant select (organization_id, id, user_id, created_at, last_seen_at, expires_at, revoked_at, personal) on sessions
  to gatehouse_app;
grant update (revoked_at) on sessions to gatehouse_app;
create policy platform on sessions to gatehouse_platform using (true) with check (true);
grant select, insert, update, delete on sessions to gatehouse_platform;

create table api_keys (
  organization_id uuid not null,
  id              uuid not null,
  workspace_id    uuid not null,
  user_id         uuid not null,     -- who made it, and for whom it acts
  name            varchar(255) not null,
  key_hash        bytea not null check (octet_length(key_hash) = 32),
  last_four       varchar(4) not null,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz,
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
create index api_keys_workspace on api_keys (organization_id, workspace_id);
create index api_keys_user on api_keys (organization_id, user_id);
call protect_table('api_keys');
create policy tenant on api_keys to gatehouse_app
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id()));
create policy tenant_revoke on api_keys for update to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()));
grant select (organization_id, id, workspace_id, user_id, name, last_four, created_at, expires_at, last_used_at,
  revoked_at), insert on api_keys to gatehouse_app;
grant update (revoked_at) on api_keys to gatehouse_app;
create policy platform on api_keys to gatehouse_platform using (true) with check (true);
grant select, insert, update (last_used_at, revoked_at) on api_keys to gatehouse_platform;

-- A session ends or a key changes: nodes forget what they cached. A new session or a later last-seen changes nothing.
create trigger bump after update of revoked_at or delete on sessions
  for each row execute function bump_tenant_version();
create trigger bump after update of revoked_at, expires_at or delete on api_keys
  for each row execute function bump_tenant_version();
