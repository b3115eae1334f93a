-- Answers of POSTs that create, kept 24 hours under the caller's key, written by the transaction that did the work.
create table idempotency_keys (
  organization_id uuid not null references organizations (id) on delete cascade,
  principal_id    uuid not null,
  operation       varchar(64) not null,
  key_hash        bytea not null check (octet_length(key_hash) = 32),
  request_hash    bytea not null check (octet_length(request_hash) = 32),
  status          int not null,
  body            bytea not null,     -- sealed when the answer holds a once-shown secret
  is_sealed       boolean not null default false,
  created_at      timestamptz not null default now(),
  primary key (organization_id, principal_id, operation, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);
call protect_table('idempotency_keys');
create policy tenant_read on idempotency_keys for select to gatehouse_app
  using (organization_id = (select current_organization()) and principal_id = (select current_user_id()));
create policy tenant_insert on idempotency_keys for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and principal_id = (select current_user_id()));
grant select, insert on idempotency_keys to gatehouse_app;
create policy platform on idempotency_keys to gatehouse_platform using (true) with check (true);
grant select, delete on idempotency_keys to gatehouse_platform;
