-- The database roles of a cluster. Idempotent; run by a superuser before the first migration. Passwords are set by
-- the installer. None is superuser, none bypasses row-level security.
do $$
declare
  name text;
begin
  foreach name in array array['gatehouse_owner',     -- owns the tables, runs migrations
                              'gatehouse_app',       -- tenant requests, under row-level security
                              'gatehouse_platform',  -- sign-in look-ups, operators, the model-call journal
                              'gatehouse_audit',     -- INSERT and SELECT on the audit database, drains the outbox
                              'gatehouse_backup']    -- reads everything, for dumps
  loop
    if not exists (select 1 from pg_roles where rolname = name) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole nobypassrls', name);
    end if;
  end loop;
end $$;
