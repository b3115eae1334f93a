-- The audit database of a region: append-only events, and the heads of their chains.
-- Only gatehouse_audit appends. gatehouse_app reads the rows of the organization in the session's context: all with
-- the organization's reach, else those of the person's own acts.

-- Functions are open to nobody by default. For all schemas: what is granted for all cannot be revoked for one.
alter default privileges revoke execute on functions from public;

create function current_organization() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.organization_id', true), '')::uuid;
create function current_user_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::uuid;
create function current_reach() returns text language sql stable parallel safe
  return nullif(current_setting('app.reach', true), '');

revoke all on schema public from public;
grant usage on schema public to gatehouse_app, gatehouse_platform, gatehouse_audit, gatehouse_backup;
grant execute on function current_organization(), current_user_id(), current_reach()
  to gatehouse_app, gatehouse_platform, gatehouse_audit;
-- The server compares what is applied with what it knows.
grant select on schema_migrations to gatehouse_audit, gatehouse_backup;

-- `record` is the exact canonical text that was hashed; every other column repeats a part of it, for queries only,
-- and `gatehouse audit verify` compares them. `payload_json` is json, not jsonb, so that its text stays as it was.
create table audit_events (
  region_sequence bigint not null primary key check (region_sequence > 0),
  org_sequence    bigint not null check (org_sequence > 0),
  org_id          uuid,                -- null: the platform's chain
  id              uuid not null unique,
  ts              timestamptz not null,  -- when it happened, by the recording node's clock
  sealed_at       timestamptz not null,  -- when it was chained; never goes back within a region
  actor_type      text not null,
  actor_id        uuid,
  action          text not null,
  resource_type   text not null,
  resource_id     text not null,
  resource        text not null generated always as (resource_type || ':' || resource_id) stored,
  outcome         text not null,
  decision        text,
  workspace_id    uuid,
  request_id      text not null,
  payload_json    json not null,
  prev_hash       bytea not null check (octet_length(prev_hash) = 32),
  hash            bytea not null check (octet_length(hash) = 32),
  record          bytea not null
-- Compressing each row of more than 2 KB would be a quarter of what appending an event costs.
) with (toast_tuple_target = 8160);

-- An organization's events are listed, filtered and paged by its own sequence, newest first. The index leads with
-- org_id so that the policy below is an index condition.
create unique index audit_events_chain on audit_events (org_id, org_sequence) nulls not distinct;
create index audit_events_by_actor on audit_events (org_id, actor_id, org_sequence);
create index audit_events_by_action on audit_events (org_id, action, org_sequence);
create index audit_events_by_resource on audit_events (org_id, resource, org_sequence);
create index audit_events_by_time on audit_events (org_id, sealed_at, org_sequence);
create index audit_events_by_outcome on audit_events (org_id, outcome, org_sequence) where outcome <> 'success';

-- The position of the region: the lock that gives sequences without a leader. It is there before the first event, so
-- that a missing one is never taken for a new database.
create table audit_head (
  only_row        boolean not null primary key default true check (only_row),
  region          text check (region is not null or region_sequence = 0),  -- null: nothing was appended yet
  region_sequence bigint not null,
  sealed_at       timestamptz not null
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
insert into audit_head (region_sequence, sealed_at) values (0, 'epoch');

-- The last event of each organization's chain; the nil UUID is the platform's.
create table audit_chain_heads (
  org_id          uuid not null primary key,
  org_sequence    bigint not null,
  hash            bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: it is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_events_append_only before update or delete on audit_events
  for each row execute function refuse_change();
create trigger audit_events_no_truncate before truncate on audit_events
  for each statement execute function refuse_change();
create trigger audit_head_stays before delete on audit_head for each row execute function refuse_change();
create trigger audit_head_no_truncate before truncate on audit_head
  for each statement execute function refuse_change();
create trigger audit_chain_heads_stay before delete on audit_chain_heads
  for each row execute function refuse_change();
create trigger audit_chain_heads_no_truncate before truncate on audit_chain_heads
  for each statement execute function refuse_change();

create function refuse_going_back() returns trigger language plpgsql as $$
begin
  raise exception 'the head of % moves forward only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_head_forward before update on audit_head for each row
  when (new.region_sequence <= old.region_sequence or new.sealed_at < old.sealed_at
        or new.region is distinct from coalesce(old.region, new.region))
  execute function refuse_going_back();
create trigger audit_chain_heads_forward before update on audit_chain_heads for each row
  when (new.org_sequence <= old.org_sequence or new.org_id <> old.org_id)
  execute function refuse_going_back();

alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy owner_read on audit_events for select to gatehouse_owner using (true);
create policy backup_read on audit_events for select to gatehouse_backup using (true);
create policy audit_read on audit_events for select to gatehouse_audit using (true);
create policy audit_append on audit_events for insert to gatehouse_audit with check (true);
create policy app_read on audit_events for select to gatehouse_app
  using (org_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or (actor_type = 'user' and actor_id = (select current_user_id()))));
create policy platform_read on audit_events for select to gatehouse_platform using (org_id is null);

alter table audit_chain_heads enable row level security;
alter table audit_chain_heads force row level security;
create policy owner_read on audit_chain_heads for select to gatehouse_owner using (true);
create policy backup_read on audit_chain_heads for select to gatehouse_backup using (true);
create policy audit_all on audit_chain_heads for all to gatehouse_audit using (true) with check (true);
create policy app_read on audit_chain_heads for select to gatehouse_app
  using (org_id = (select current_organization()) and (select current_reach()) = 'organization');
create policy platform_read on audit_chain_heads for select to gatehouse_platform
  using (org_id = '00000000-0000-0000-0000-000000000000');

grant select on audit_events, audit_chain_heads, audit_head to gatehouse_backup;
grant select, insert on audit_events to gatehouse_audit;
grant select, insert, update on audit_chain_heads to gatehouse_audit;
grant select, update on audit_head to gatehouse_audit;
grant select on audit_events, audit_chain_heads to gatehouse_app, gatehouse_platform;
