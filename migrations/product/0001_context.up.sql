-- The session context that row-level security reads, and the closed vocabularies.
-- A local setting reads '' after its transaction, hence nullif; an unset context is NULL and sees nothing.

-- Functions are open to nobody by default. For all schemas: what is granted for all cannot be revoked for one.
alter default privileges revoke execute on functions from public;

create type role_code_enum as enum ('MS', 'OA', 'WM', 'UR');
create type workspace_type_enum as enum ('PERSONAL', 'FUNCTIONAL');
create type tenant_status_enum as enum ('active', 'suspended', 'cancelled');
create type data_mode_enum as enum ('metadata_only', 'full_content');
create type region_enum as enum ('us', 'eu');

create function current_organization() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.organization_id', true), '')::uuid;
create function current_workspace() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.workspace_id', true), '')::uuid;
create function current_user_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::uuid;
create function current_role_code() returns text language sql stable parallel safe
  return nullif(current_setting('app.role_code', true), '');
create function current_reach() returns text language sql stable parallel safe
  return nullif(current_setting('app.reach', true), '');

-- Nobody but the owner makes objects, and new tables open to nobody by default.
revoke all on schema public from public;
grant usage on schema public to gatehouse_app, gatehouse_platform, gatehouse_audit, gatehouse_backup;
grant execute on function current_organization(), current_workspace(), current_user_id(), current_role_code(),
  current_reach() to gatehouse_app, gatehouse_platform, gatehouse_audit;

-- The server compares what is applied with what it knows.
grant select on schema_migrations to gatehouse_app, gatehouse_backup;

-- Every tenant table calls this once. Row-level security is enabled and forced; the owner gets an explicit policy,
-- because FORCE would make its own back-fills change nothing and its dumps fail; the backup role may only read.
create procedure protect_table(name regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format('create policy owner_all on %s to gatehouse_owner using (true) with check (true)', name);
  execute format('create policy backup_read on %s for select to gatehouse_backup using (true)', name);
  execute format('grant select on %s to gatehouse_backup', name);
end $$;

create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;
