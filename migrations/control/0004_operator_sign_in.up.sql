-- Operators' second factor, as product/0018_sign_in has it for people; and who is signing up at this moment.
alter table operator_sessions
  add column method varchar(16) not null default 'password' check (method in ('password', 'sso')),
  add column second_factor_at timestamptz;

create table operator_second_factors (
  operator_id    uuid primary key references operators (id) on delete cascade,
  sealed_secret  bytea not null check (octet_length(sealed_secret) <= 256),
  confirmed_at   timestamptz,
  last_step      bigint not null default 0,
  recovery_codes text[] not null default '{}',
  created_at     timestamptz not null default now()
);

-- Taken while an account is being made, so that one confirmed address makes one account. Keyed hashes of addresses.
create table sign_up_claims (
  email_hash bytea primary key check (octet_length(email_hash) = 32),
  claimed_at timestamptz not null default now()
);

grant select, insert, update, delete on operator_second_factors, sign_up_claims to gatehouse_platform;
grant select on operator_second_factors, sign_up_claims to gatehouse_backup;
