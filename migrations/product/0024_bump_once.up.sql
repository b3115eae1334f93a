-- A transaction moves a tenant's version once, however many rows it changes: nobody sees it before the commit, and each
-- update of one row by one transaction has to walk over all of its earlier ones.
create or replace function bump_tenant_version() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  changed jsonb := to_jsonb(coalesce(new, old));
  organization text := coalesce(changed ->> 'organization_id', changed ->> 'id');
begin
  if current_setting('app.bumped', true) = organization then return null; end if;
  insert into tenant_versions (organization_id) values (organization::uuid)
    on conflict (organization_id) do update
      set version = tenant_versions.version + 1, changed_at = clock_timestamp();
  perform set_config('app.bumped', organization, true);
  return null;
exception when foreign_key_violation then
  return null;  -- the organization itself is being deleted
end $$;
