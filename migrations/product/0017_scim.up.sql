-- SCIM 2.0 (RFC 7643, RFC 7644): the token of an organization's directory, and what the directory says of its people
-- and groups. A SCIM user is a membership, a SCIM group a group; who the person is stays in `users`.

-- One at a time, and while it is rotated the one before. Only hashes are stored.
create table scim_tokens (
  organization_id    uuid not null references organizations (id) on delete cascade,
  id                 uuid not null,
  token_hash         bytea not null check (octet_length(token_hash) = 32),
  last_four          varchar(4) not null,
  created_by_user_id uuid,
  created_at         timestamptz not null default now(),
  expires_at         timestamptz,       -- of one that was replaced: until when it is still good
  revoked_at         timestamptz,
  last_used_at       timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, created_by_user_id) references memberships (organization_id, user_id)
    on delete set null (created_by_user_id)
);
create unique index scim_tokens_current on scim_tokens (organization_id)
  where revoked_at is null and expires_at is null;
create unique index scim_tokens_replaced on scim_tokens (organization_id)
  where revoked_at is null and expires_at is not null;
create index scim_tokens_created_by on scim_tokens (organization_id, created_by_user_id);
call protect_table('scim_tokens');
create trigger bump after delete or update of revoked_at, expires_at on scim_tokens
  for each row execute function bump_tenant_version();

-- What the directory says of a member, for this organization alone. A member of whom it said nothing has no row.
create table scim_users (
  organization_id uuid not null,
  user_id         uuid not null,
  external_id     varchar(255),
  display_name    varchar(255),
  given_name      varchar(255),
  family_name     varchar(255),
  formatted_name  varchar(255),
  email           varchar(254) check (email = lower(email)),  -- null: that by which the person signs in
  is_provisioned  boolean not null default false,  -- the membership was made by the directory
  made_person     boolean not null default false,  -- and so was the person
  deleted_at      timestamptz,                     -- gone for the directory; the membership rests
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
create unique index scim_users_external_id on scim_users (organization_id, external_id)
  where external_id is not null and deleted_at is null;
call protect_table('scim_users');
create trigger touch before update on scim_users for each row execute function touch_updated_at();

do $$
declare t text;
begin
  foreach t in array array['scim_tokens', 'scim_users'] loop
    execute format('create policy tenant on %I to gatehouse_app
      using (organization_id = (select current_organization()) and (select current_reach()) = ''organization'')
      with check (organization_id = (select current_organization()) and (select current_reach()) = ''organization'')', t);
    execute format('create policy platform on %I to gatehouse_platform using (true) with check (true)', t);
  end loop;
end $$;
grant select (organization_id, id, last_four, created_by_user_id, created_at, expires_at, revoked_at, last_used_at),
  insert, update (expires_at, revoked_at) on scim_tokens to gatehouse_app;
grant select, update (last_used_at) on scim_tokens to gatehouse_platform;
grant select, insert, update on scim_users to gatehouse_app;
grant select, insert on scim_users to gatehouse_platform;

-- The directory sees and changes the groups that it made, and no other.
alter table groups
  add column is_provisioned boolean not null default false,
  add column version        bigint not null default 1;
drop index groups_external_id;
create unique index groups_external_id on groups (organization_id, external_id)
  where external_id is not null and is_active;
create function next_group_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end $$;
create trigger next_version before update on groups for each row execute function next_group_version();
-- Who is in a group is a part of it.
create function touch_groups_of_members() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update groups set updated_at = now()
    where (organization_id, id) in (select organization_id, group_id from changed);
  return null;
end $$;
create trigger touch_groups_insert after insert on group_members referencing new table as changed
  for each statement execute function touch_groups_of_members();
create trigger touch_groups_delete after delete on group_members referencing old table as changed
  for each statement execute function touch_groups_of_members();

-- Whoever comes back, by whichever way, is there for the directory again.
create function return_to_directory() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update scim_users set deleted_at = null
    where organization_id = new.organization_id and user_id = new.user_id and deleted_at is not null;
  return null;
end $$;
create trigger return_to_directory after update of is_active on memberships for each row
  when (new.is_active and not old.is_active) execute function return_to_directory();

-- A member whom the directory or an administrator lets rest does not come back by a provider's groups.
create policy tenant_forget on external_identities for update to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and lost_groups_at is null);
grant update (lost_groups_at) on external_identities to gatehouse_app;

-- A person whom this organization's directory made, and who belongs to no other. Name and address of such a one follow
-- the directory; of others they are the person's own, and nothing is changed.
create function is_of_directory_alone(address text) returns boolean language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return coalesce(current_reach(), '') = 'organization'
    and exists (select from users u join scim_users s on s.user_id = u.id
                where u.email = address and s.organization_id = current_organization() and s.made_person
                  and not exists (select from memberships m where m.user_id = u.id
                                  and m.organization_id <> current_organization()));
end $$;
create function rename_person(address text, new_name text) returns void language plpgsql volatile security definer
  set search_path = public, pg_temp as $$
begin
  if not is_of_directory_alone(address) then return; end if;
  update users set name = new_name where email = address and name <> new_name;
end $$;
create function readdress_person(address text, new_address text) returns boolean language plpgsql volatile
  security definer set search_path = public, pg_temp as $$
begin
  if not is_of_directory_alone(address) then return false; end if;
  update users set email = new_address where email = address;
  return found;
end $$;
grant execute on function rename_person(text, text), readdress_person(text, text) to gatehouse_app;
