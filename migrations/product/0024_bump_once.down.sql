create or replace function bump_tenant_version() returns trigger language plpgsql security definer
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
