-- What programs call with: API keys with a scope, service accounts with secrets and client certificates, and the
-- signatures of requests that were signed with the tenant's secret.

alter table api_keys
  add column permissions       text[],          -- null: models alone (decision 0008)
  add column allowed_addresses text[] not null default '{}';  -- none: from anywhere
grant select (permissions, allowed_addresses) on api_keys to gatehouse_app;

create table service_accounts (
  organization_id    uuid not null,
  id                 uuid not null,
  workspace_id       uuid not null,
  name               varchar(255) not null,
  description        varchar(1000) not null default '',
  permissions        text[] not null,
  is_active          boolean not null default true,
  created_by_user_id uuid,
  version            bigint not null default 1,
  last_used_at       timestamptz,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade,
  foreign key (organization_id, created_by_user_id) references memberships (organization_id, user_id)
    on delete set null (created_by_user_id)
);
create unique index service_accounts_name on service_accounts (organization_id, lower(name)) where is_active;
create index service_accounts_workspace on service_accounts (organization_id, workspace_id);
create index service_accounts_created_by on service_accounts (organization_id, created_by_user_id);
call protect_table('service_accounts');
create trigger touch before update on service_accounts for each row execute function touch_updated_at();

-- Several at a time, so that one can be rotated while the other is in use. Only hashes are stored.
create table service_account_secrets (
  organization_id    uuid not null,
  id                 uuid not null,
  service_account_id uuid not null,
  secret_hash        bytea not null check (octet_length(secret_hash) = 32),
  last_four          varchar(4) not null,
  created_at         timestamptz not null default now(),
  expires_at         timestamptz,
  revoked_at         timestamptz,
  last_used_at       timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, service_account_id) references service_accounts (organization_id, id) on delete cascade
);
create index service_account_secrets_account on service_account_secrets (organization_id, service_account_id);
call protect_table('service_account_secrets');

create table service_account_certificates (
  organization_id    uuid not null,
  id                 uuid not null,
  service_account_id uuid not null,
  fingerprint        bytea not null check (octet_length(fingerprint) = 32),  -- SHA-256 of the DER form
  subject            varchar(1000) not null,
  not_before         timestamptz not null,
  not_after          timestamptz not null,
  created_at         timestamptz not null default now(),
  revoked_at         timestamptz,
  last_used_at       timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, service_account_id) references service_accounts (organization_id, id) on delete cascade
);
create index service_account_certificates_account on service_account_certificates (organization_id, service_account_id);
create unique index service_account_certificates_fingerprint on service_account_certificates
  (organization_id, service_account_id, fingerprint) where revoked_at is null;
call protect_table('service_account_certificates');

-- Signatures that were accepted, until their time has passed: none is accepted twice.
create table request_signatures (
  organization_id uuid not null references organizations (id) on delete cascade,
  signature       bytea not null check (octet_length(signature) = 32),
  created_at      timestamptz not null default now(),
  primary key (organization_id, signature)
);
create index request_signatures_age on request_signatures (organization_id, created_at);
call protect_table('request_signatures');

create policy tenant on service_accounts to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))))
  with check (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))));
do $$
declare t text;
begin
  foreach t in array array['service_account_secrets', 'service_account_certificates'] loop
    execute format('create policy tenant on %I to gatehouse_app
      using (organization_id = (select current_organization())
             and service_account_id in (select id from service_accounts))
      with check (organization_id = (select current_organization())
             and service_account_id in (select id from service_accounts))', t);
  end loop;
end $$;
call spare_audited('service_accounts', 'workspace_id');
create function audited_accounts() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select id from service_accounts where organization_id = current_organization()
               and workspace_id = any (audited_workspaces()));
end $$;
grant execute on function audited_accounts() to gatehouse_app;
call spare_audited('service_account_secrets', 'service_account_id', 'audited_accounts');
call spare_audited('service_account_certificates', 'service_account_id', 'audited_accounts');
grant select, insert on service_accounts to gatehouse_app;
grant update (name, description, permissions, is_active, version, updated_at) on service_accounts to gatehouse_app;
grant select (organization_id, id, service_account_id, last_four, created_at, expires_at, revoked_at, last_used_at),
  insert, update (revoked_at) on service_account_secrets to gatehouse_app;
grant select, insert, update (revoked_at) on service_account_certificates to gatehouse_app;

do $$
declare t text;
begin
  foreach t in array array['service_accounts', 'service_account_secrets', 'service_account_certificates',
                           'request_signatures'] loop
    execute format('create policy platform on %I to gatehouse_platform using (true) with check (true)', t);
    execute format('grant select, insert on %I to gatehouse_platform', t);
  end loop;
end $$;
grant update (last_used_at) on service_accounts, service_account_secrets, service_account_certificates
  to gatehouse_platform;
grant delete on request_signatures to gatehouse_platform;

create trigger bump after delete or update of workspace_id, permissions, is_active on service_accounts
  for each row execute function bump_tenant_version();
create trigger bump after insert or delete or update of revoked_at, expires_at on service_account_secrets
  for each row execute function bump_tenant_version();
create trigger bump after insert or delete or update of revoked_at on service_account_certificates
  for each row execute function bump_tenant_version();
