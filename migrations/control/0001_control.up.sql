-- What has no region: plans, operator accounts, and where each organization lives. No names of people, no content.

create type region_enum as enum ('us', 'eu');

create table plans (
  id                 uuid primary key,
  name               text not null,
  slug               varchar(63) not null unique,
  max_tenants        int,                       -- organizations that may be on this plan; NULL is unlimited
  max_requests_month int default 500,           -- NULL is unlimited
  features           jsonb not null default '{}',
  is_active          boolean not null default true,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now()
);

create table directory (
  organization_id uuid primary key,
  slug            varchar(63) not null unique,
  region          region_enum not null,
  database        varchar(63) not null default 'default',
  state           varchar(16) not null default 'confirmed' check (state in ('reserved', 'confirmed')),
  created_at      timestamptz not null default now()
);

-- Keyed hashes of e-mail addresses to the regions where that address can sign in.
create table email_regions (
  email_hash bytea not null check (octet_length(email_hash) = 32),
  region     region_enum not null,
  primary key (email_hash, region)
);

-- Operators (MS). They belong to no organization.
create table operators (
  id            uuid primary key,
  email         varchar(254) not null unique check (email = lower(email)),
  name          varchar(255) not null,
  password_hash text not null,
  language      varchar(8),             -- of the console; null: never chosen
  theme         varchar(8) not null default 'system',
  is_active     boolean not null default true,
  created_at    timestamptz not null default now()
);

create table operator_sessions (
  id            uuid primary key,
  operator_id   uuid not null references operators (id) on delete cascade,
  token_hash    bytea not null check (octet_length(token_hash) = 32),
  previous_hash bytea check (octet_length(previous_hash) = 32),
  rotated_at    timestamptz not null default now(),
  confirmed_at  timestamptz,
  created_at    timestamptz not null default now(),
  last_seen_at  timestamptz not null default now(),
  expires_at    timestamptz not null,
  revoked_at    timestamptz
);
create index operator_sessions_operator on operator_sessions (operator_id);

revoke all on schema public from public;
grant usage on schema public to gatehouse_platform, gatehouse_backup;
grant select, insert, update on plans, directory, email_regions, operators to gatehouse_platform;
grant select, insert, update, delete on operator_sessions to gatehouse_platform;
grant select on plans, directory, email_regions, operators, operator_sessions to gatehouse_backup;
-- The server compares what is applied with what it knows.
grant select on schema_migrations to gatehouse_platform, gatehouse_backup;
