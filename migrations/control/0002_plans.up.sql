-- Plans that several people may edit, and which organization is on which.

alter table plans
  add column version bigint not null default 1,
  add constraint plans_name_length check (length(name) between 1 and 100),
  add constraint plans_slug_form check (slug ~ '^[a-z0-9](-?[a-z0-9])*$'),
  add constraint plans_max_tenants_range check (max_tenants >= 0),
  add constraint plans_max_requests_range check (max_requests_month >= 0),
  add constraint plans_features_object check (jsonb_typeof(features) = 'object');

-- Nodes read what changed once a second, by the time of the change.
create function note_plan_change() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  return new;
end $$;
create trigger note_change before update on plans for each row execute function note_plan_change();

-- The plans of seed 003. Renamed or retired ones are not made again: this runs once.
insert into plans (id, name, slug, max_requests_month) values
  ('019aa000-0000-7000-8000-000000000001', 'Free', 'free', 500),
  ('019aa000-0000-7000-8000-000000000002', 'Starter', 'starter', 5000),
  ('019aa000-0000-7000-8000-000000000003', 'Pro', 'pro', 50000)
  on conflict (slug) do nothing;

-- The plan stands here too, so that `max_tenants` is counted under one lock, over all regions. `request_key` finds what
-- a repeated request made: a keyed hash of who asked and of their Idempotency-Key; `request_hash` of what they asked.
alter table directory
  add column plan_id uuid references plans (id) on delete restrict,
  add column request_key bytea check (octet_length(request_key) = 32),
  add column request_hash bytea check (octet_length(request_hash) = 32);
create index directory_plan on directory (plan_id);
create unique index directory_request on directory (request_key) where request_key is not null;
create index directory_reserved on directory (created_at) where state = 'reserved';
-- A reservation that came to nothing is taken back.
grant delete on directory to gatehouse_platform;
