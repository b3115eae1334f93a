-- How people sign in beyond a password: a second factor, forgotten passwords, and the mail that tells of them.

-- How a session was opened, and when its person last showed the second factor in it.
alter table sessions
  add column method varchar(16) not null default 'password' check (method in ('password', 'sso')),
  add column second_factor_at timestamptz;
grant select (method, second_factor_at) on sessions to gatehouse_app;
create trigger bump_second_factor after update of second_factor_at on sessions
  for each row execute function bump_tenant_version();

-- A person's authenticator (RFC 6238), under the installation's key because a person belongs to no organization. Not
-- in force until its first code was seen.
create table second_factors (
  user_id        uuid primary key references users (id) on delete cascade,
  sealed_secret  bytea not null check (octet_length(sealed_secret) <= 256),
  confirmed_at   timestamptz,
  last_step      bigint not null default 0,     -- of the newest code that was taken: each counts once
  recovery_codes text[] not null default '{}',  -- keyed hashes of those left
  created_at     timestamptz not null default now()
);
call protect_table('second_factors');

-- Links that set a new password. Only the hash of each is stored; each counts once.
create table password_resets (
  id         uuid primary key,
  user_id    uuid not null references users (id) on delete cascade,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index password_resets_user on password_resets (user_id);
call protect_table('password_resets');

-- Mail on its way, written by the transaction that caused it and deleted when it was handed to the SMTP server. Address
-- and text are sealed under the installation's key; nobody but the sender reads them.
create table mail_outbox (
  id          uuid primary key,
  kind        varchar(32) not null,
  sealed      bytea not null check (octet_length(sealed) <= 65536),
  created_at  timestamptz not null default now(),
  next_try_at timestamptz not null default now(),
  tries       int not null default 0,
  dead_at     timestamptz               -- given up
);
create index mail_outbox_due on mail_outbox (next_try_at) where dead_at is null;
call protect_table('mail_outbox');

create policy platform on second_factors to gatehouse_platform using (true) with check (true);
create policy platform on password_resets to gatehouse_platform using (true) with check (true);
create policy platform on mail_outbox to gatehouse_platform using (true) with check (true);
grant select, insert, update, delete on second_factors, password_resets, mail_outbox to gatehouse_platform;
-- Tenants' calls put mail there and see none of it.
create policy app_insert on mail_outbox for insert to gatehouse_app with check (true);
grant insert on mail_outbox to gatehouse_app;
