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
