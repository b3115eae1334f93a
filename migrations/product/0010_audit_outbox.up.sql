-- Audit events wait here, inserted by the transaction that made the change, until the drain has chained them.
-- A queue: nobody but the drain reads it, and it is nearly empty. The primary key is the event's id alone, because
-- the drain takes rows of all tenants in the order of their ids and deduplicates by it.
create table audit_outbox (
  id              uuid not null primary key,
  organization_id uuid,                -- null: platform, failed sign-in and other tenantless events
  recorded_at     timestamptz not null,
  event           bytea not null check (octet_length(event) between 2 and 65536)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

call protect_table('audit_outbox');

-- Whoever writes can neither read, change nor take back what was recorded.
create policy app_insert on audit_outbox for insert to gatehouse_app
  with check (organization_id = (select current_organization()));
create policy platform_insert on audit_outbox for insert to gatehouse_platform with check (true);
create policy audit_drain_read on audit_outbox for select to gatehouse_audit using (true);
create policy audit_drain_lock on audit_outbox for update to gatehouse_audit using (true) with check (false);
create policy audit_drain_delete on audit_outbox for delete to gatehouse_audit using (true);

grant insert on audit_outbox to gatehouse_app, gatehouse_platform;
grant select, delete on audit_outbox to gatehouse_audit;
-- SELECT … FOR UPDATE asks for an UPDATE privilege; the policy above lets no update through.
grant update (id) on audit_outbox to gatehouse_audit;

-- The last event of each chain that the region's nodes have seen chained, at most seconds old: kept apart from the audit
-- database, so that a chain that was emptied, cut or begun anew there does not verify. The nil UUID is the platform's.
create table audit_marks (
  organization_id uuid not null primary key,
  org_sequence    bigint not null check (org_sequence > 0),
  hash            bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

call protect_table('audit_marks');

create policy app_read on audit_marks for select to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
create policy audit_all on audit_marks for all to gatehouse_audit using (true) with check (true);

create function refuse_going_back() returns trigger language plpgsql as $$
begin
  raise exception 'the mark of a chain moves forward only' using errcode = 'restrict_violation';
end $$;
create trigger audit_marks_forward before update on audit_marks for each row
  when (new.org_sequence <= old.org_sequence or new.organization_id <> old.organization_id)
  execute function refuse_going_back();

grant select on audit_marks to gatehouse_app;
grant select, insert, update on audit_marks to gatehouse_audit;
