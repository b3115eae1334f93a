-- Organizations, people, memberships and workspaces (seed 004, as corrected in product.md).

create table organizations (
  id           uuid primary key,
  name         varchar(255) not null,
  slug         varchar(63) not null unique check (slug ~ '^[a-z0-9](-?[a-z0-9])*$'),
  region       region_enum not null,
  data_mode    data_mode_enum not null default 'metadata_only',
  status       tenant_status_enum not null default 'active',
  plan_id      uuid,
  activated_at timestamptz not null default now(),
  suspended_at timestamptz,
  settings     jsonb not null default '{}',
  attributes   jsonb not null default '{}',
  is_active    boolean not null default true,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
call protect_table('organizations');
create trigger touch before update on organizations for each row execute function touch_updated_at();

create function refuse_region_change() returns trigger language plpgsql as $$
begin
  if new.region is distinct from old.region then
    raise exception 'the region of an organization is immutable' using errcode = 'GH001';
  end if;
  return new;
end $$;
create trigger immutable_region before update of region on organizations
  for each row execute function refuse_region_change();

-- A person. Written by identity alone (gatehouse_platform); an organization sees the person through its memberships.
create table users (
  id            uuid primary key,
  email         varchar(254) not null check (email = lower(email)),
  name          varchar(255) not null,
  password_hash text,
  language      varchar(8),             -- of the console; null: never chosen, the browser's holds
  theme         varchar(8) not null default 'system',
  is_active     boolean not null default true,
  attributes    jsonb not null default '{}',
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint users_email_key unique (email)
);
call protect_table('users');
create trigger touch before update on users for each row execute function touch_updated_at();

create table memberships (
  organization_id uuid not null references organizations (id) on delete cascade,
  user_id         uuid not null references users (id) on delete cascade,
  role_code       role_code_enum not null check (role_code <> 'MS'),
  is_owner        boolean not null default false,
  is_active       boolean not null default true,
  attributes      jsonb not null default '{}',
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index memberships_user on memberships (user_id);
call protect_table('memberships');
create trigger touch before update on memberships for each row execute function touch_updated_at();

create table workspaces (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            varchar(255) not null,
  workspace_type  workspace_type_enum not null,
  is_default      boolean not null default false,
  owner_user_id   uuid,
  visibility      varchar(16) not null default 'organization'
                  check (visibility in ('public', 'organization', 'team', 'private')),
  is_active       boolean not null default true,
  attributes      jsonb not null default '{}',
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, id),
  constraint workspaces_owner foreign key (organization_id, owner_user_id)
    references memberships (organization_id, user_id) on delete cascade,
  constraint workspaces_personal_has_owner check ((workspace_type = 'PERSONAL') = (owner_user_id is not null))
);
create unique index workspaces_one_default on workspaces (organization_id) where is_default;
-- Personal workspaces are those with an owner; said this way, the foreign key can use the index as well.
create unique index workspaces_one_personal on workspaces (organization_id, owner_user_id)
  where owner_user_id is not null;
call protect_table('workspaces');
create trigger touch before update on workspaces for each row execute function touch_updated_at();

create table workspace_users (
  organization_id    uuid not null,
  id                 uuid not null,
  workspace_id       uuid not null,
  user_id            uuid not null,
  granted_by_user_id uuid,
  access_granted_at  timestamptz not null default now(),
  is_active          boolean not null default true,
  attributes         jsonb not null default '{}',
  primary key (organization_id, id),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, granted_by_user_id) references memberships (organization_id, user_id)
    on delete set null (granted_by_user_id)
);
create unique index workspace_users_unique on workspace_users (organization_id, workspace_id, user_id) where is_active;
create index workspace_users_workspace on workspace_users (organization_id, workspace_id);
create index workspace_users_user on workspace_users (organization_id, user_id);
create index workspace_users_granted_by on workspace_users (organization_id, granted_by_user_id);
call protect_table('workspace_users');

-- The workspaces of the person in context. A definer, so that policies on workspace_users itself may use it; in PL/pgSQL,
-- which keeps the plan, as every list asks.
create function my_workspaces() returns uuid[] language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return array(select workspace_id from workspace_users
               where organization_id = current_organization() and user_id = current_user_id() and is_active);
end $$;
-- The people who share a workspace with the person in context.
create function my_colleagues() returns uuid[] language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return array(select distinct theirs.user_id from workspace_users mine
               join workspace_users theirs using (organization_id, workspace_id)
               where mine.organization_id = current_organization() and mine.user_id = current_user_id()
                 and mine.is_active and theirs.is_active);
end $$;
grant execute on function my_workspaces(), my_colleagues() to gatehouse_app;

create policy tenant on organizations for select to gatehouse_app
  using (id = (select current_organization()));
create policy tenant on memberships for select to gatehouse_app
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and user_id = any ((select my_colleagues())::uuid[]))));
create policy tenant on users for select to gatehouse_app
  using (id = (select current_user_id())
         or id in (select user_id from memberships where organization_id = (select current_organization())));
create policy tenant on workspaces for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or id = any ((select my_workspaces())::uuid[])));
create policy tenant on workspace_users for select to gatehouse_app
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))));

grant select on organizations, memberships, workspaces, workspace_users to gatehouse_app;
grant select (id, email, name, language, theme, is_active, attributes, created_at, updated_at) on users to gatehouse_app;

-- Sign-in look-ups and the operator's work cross tenants; the grants stay narrow.
create policy platform on organizations to gatehouse_platform using (true) with check (true);
create policy platform on users to gatehouse_platform using (true) with check (true);
create policy platform on memberships to gatehouse_platform using (true) with check (true);
create policy platform on workspaces to gatehouse_platform using (true) with check (true);
create policy platform on workspace_users to gatehouse_platform using (true) with check (true);
grant select, insert, update on organizations, users, memberships, workspaces, workspace_users to gatehouse_platform;

-- One row an organization, read every second by every node: whatever a node caches of a tenant is dropped when
-- its version moves. A revocation is in force everywhere within two seconds.
create table tenant_versions (
  organization_id uuid primary key references organizations (id) on delete cascade,
  version         bigint not null default 1,
  changed_at      timestamptz not null default clock_timestamp()
);
create index tenant_versions_changed on tenant_versions (changed_at);
call protect_table('tenant_versions');
create policy tenant on tenant_versions for select to gatehouse_app
  using (organization_id = (select current_organization()));
create policy platform on tenant_versions for select to gatehouse_platform using (true);
grant select on tenant_versions to gatehouse_app, gatehouse_platform;

create function bump_tenant_version() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  changed jsonb := to_jsonb(coalesce(new, old));
begin
  insert into tenant_versions (organization_id)
    values (coalesce(changed ->> 'organization_id', changed ->> 'id')::uuid)
    on conflict (organization_id) do update
      set version = tenant_versions.version + 1, changed_at = clock_timestamp();
  return null;
exception when foreign_key_violation then
  return null;  -- the organization itself is being deleted
end $$;
create trigger bump after insert or update on organizations for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on memberships for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on workspaces for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on workspace_users
  for each row execute function bump_tenant_version();

-- A person who may not sign in any more is out of every organization at once.
create function bump_versions_of_person() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update tenant_versions set version = version + 1, changed_at = clock_timestamp()
    where organization_id in (select organization_id from memberships where user_id = new.id);
  return null;
end $$;
create trigger bump after update of is_active on users for each row execute function bump_versions_of_person();
