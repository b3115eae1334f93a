-- How people sign in beyond a password: a second factor, forgotten passwords, and the mail that tells of them.

-- Since when the address is proved to be the person's (decision 0018). Who is there already was made by an operator.
alter table users add column email_confirmed_at timestamptz;
update users set email_confirmed_at = created_at;

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
  issued_in  uuid references organizations (id) on delete cascade,  -- by an administrator of it; null: its person asked
  issued_by  uuid,                                                  -- who that was
  is_mailed  boolean not null,                                      -- so that whoever has it receives the person's mail
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz,
  check ((issued_in is null) = (issued_by is null))
);
create index password_resets_user on password_resets (user_id);
create index password_resets_issued_in on password_resets (issued_in);
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

-- Nobody has proved another address than the one before, and what was sent there opens nothing more.
create function forget_proof() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.email_confirmed_at := null;
  update password_resets set used_at = now() where user_id = new.id and used_at is null;
  return new;
end $$;
create trigger forget_proof before update of email on users for each row when (new.email is distinct from old.email)
  execute function forget_proof();

-- What an account was given while nobody had proved its address ends, and it begins with what is given now. A person whose
-- address is proved is not touched.
create function begin_anew(p_user uuid, p_password_hash text, p_is_confirmed boolean) returns void language plpgsql
  set search_path = public, pg_temp as $$
declare
  theirs uuid[] := array(select organization_id from memberships where user_id = p_user);
begin
  update users set password_hash = p_password_hash, email_confirmed_at = case when p_is_confirmed then now() end
    where id = p_user and email_confirmed_at is null;
  if not found then return; end if;
  delete from second_factors where user_id = p_user;
  update password_resets set used_at = now() where user_id = p_user and used_at is null;
  update sessions set revoked_at = now()   -- before the logins: one that a session is just adding is waited for
    where organization_id = any (theirs) and user_id = p_user and revoked_at is null;
  delete from external_identities where organization_id = any (theirs) and user_id = p_user;
  update api_keys set revoked_at = now()
    where organization_id = any (theirs) and user_id = p_user and revoked_at is null;
  update invitations set revoked_at = now()   -- of a later migration, looked up when this runs
    where organization_id = any (theirs) and invited_by_user_id = p_user and revoked_at is null;
end $$;
grant execute on function begin_anew(uuid, text, boolean) to gatehouse_platform;
grant delete on external_identities to gatehouse_platform;
