-- Wrapped keys (governance.md, Secrets). Nothing in these tables can be read without the master key.

create table organization_keys (
  organization_id uuid not null references organizations (id) on delete cascade,
  version         int not null check (version > 0),
  master_version  int not null,
  wrapped_key     bytea not null,
  created_at      timestamptz not null default now(),
  retired_at      timestamptz,
  primary key (organization_id, version)
);
call protect_table('organization_keys');

-- One random key a person and organization. It seals the personal fields of audit events; destroying it
-- (wrapped_key becomes NULL) erases the person while hashes and chains stay.
create table person_keys (
  organization_id uuid not null,
  user_id         uuid not null,
  key_version     int not null,
  wrapped_key     bytea,
  created_at      timestamptz not null default now(),
  destroyed_at    timestamptz,
  primary key (organization_id, user_id),
  foreign key (organization_id) references organizations (id) on delete cascade,
  check ((wrapped_key is null) = (destroyed_at is not null))
);
call protect_table('person_keys');

-- The tenants' role has no part in either: the keyring reads them as gatehouse_platform.
create policy platform on organization_keys to gatehouse_platform using (true) with check (true);
create policy platform on person_keys to gatehouse_platform using (true) with check (true);
grant select, insert on organization_keys, person_keys to gatehouse_platform;
grant update (retired_at, wrapped_key, master_version) on organization_keys to gatehouse_platform;
grant update (wrapped_key, destroyed_at) on person_keys to gatehouse_platform;
