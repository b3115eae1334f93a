-- The lifecycle of an organization, its secrets, and what it uses of its plan (seed 003).

create function keep_lifecycle() returns trigger language plpgsql as $$
begin
  if old.status = 'cancelled' and new.status = 'suspended' then
    raise exception 'a cancelled organization is not suspended' using errcode = 'GH003';
  end if;
  if new.status = 'active' then
    new.activated_at := now();
    new.suspended_at := null;
  elsif old.status = 'active' then
    new.suspended_at := now();
  end if;
  return new;
end $$;
create trigger lifecycle before update of status on organizations for each row
  when (new.status <> old.status) execute function keep_lifecycle();

-- The operator's list of tenants: newest first, and by words of name and slug.
create index organizations_status on organizations (status, id);
create index organizations_plan on organizations (plan_id, id);
-- Words are what letters and digits stand together. PostgreSQL's own parser would take "acme.com" for a host and
-- "3e12ab" for a number, and their beginnings for something else.
create function words_of(p_text text) returns tsvector language sql immutable parallel safe
  return array_to_tsvector(array_remove(regexp_split_to_array(lower(p_text), '[\x01-/:-`{-\x7f]+'), ''));
grant execute on function words_of(text) to gatehouse_app, gatehouse_platform;
create index organizations_words on organizations using gin (words_of(name || ' ' || slug));

-- Stored answers of the operator's calls are written by the platform's transaction that did the work.
grant insert on idempotency_keys to gatehouse_platform;

-- What an organization's own servers sign requests with. The one before the current one stays good for a while.
create table tenant_secrets (
  organization_id uuid not null references organizations (id) on delete cascade,
  version         int not null check (version > 0),
  sealed_secret   bytea not null,
  last_four       varchar(4) not null,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz,          -- null: the current one
  primary key (organization_id, version)
);
create unique index tenant_secrets_current on tenant_secrets (organization_id) where expires_at is null;
call protect_table('tenant_secrets');
create policy tenant_read on tenant_secrets for select to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
create policy platform on tenant_secrets to gatehouse_platform using (true) with check (true);
grant select on tenant_secrets to gatehouse_app;
grant select, insert, update on tenant_secrets to gatehouse_platform;
create trigger bump after insert or update or delete on tenant_secrets
  for each row execute function bump_tenant_version();

-- Governed model requests of a month (UTC): those made, and those that nodes hold in leases.
create table tenant_usage (
  organization_id uuid not null references organizations (id) on delete cascade,
  month           char(7) not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  request_count   bigint not null default 0 check (request_count >= 0),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, month)
);
call protect_table('tenant_usage');

-- Blocks of requests that a node may admit without asking. What it did not spend goes back when it says so, or, if it
-- died, once the lease has expired: what it spent is counted from the intents and metering events that name the lease.
create table quota_leases (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  month           char(7) not null,
  node            text not null,
  granted         bigint not null check (granted > 0),
  taken_at        timestamptz not null default clock_timestamp(),
  expires_at      timestamptz not null default clock_timestamp() + interval '3 minutes',
  primary key (organization_id, id)
);
create index quota_leases_month on quota_leases (organization_id, month);
call protect_table('quota_leases');

alter table model_calls add column lease_id uuid;
alter table metering_events add column lease_id uuid;

-- Days that are over, so that a dashboard reads a few rows a day. Days after the last closed one are read from
-- metering_events themselves.
create table usage_snapshots (
  organization_id uuid not null references organizations (id) on delete cascade,
  day             date not null,
  workspace_id    uuid not null,
  model           varchar(200) not null,
  requests        bigint not null,
  blocked         bigint not null,
  failed          bigint not null,
  input_tokens    bigint not null,
  output_tokens   bigint not null,
  cost            bigint not null,      -- microdollars
  primary key (organization_id, day, workspace_id, model)
);
call protect_table('usage_snapshots');
create table usage_days (
  day       date primary key,
  closed_at timestamptz not null default now()
);
call protect_table('usage_days');

-- What programs changed in an hour, in one workspace.
create table write_counts (
  organization_id uuid not null,
  workspace_id    uuid not null,
  hour            timestamptz not null,
  writes          int not null,
  primary key (organization_id, workspace_id, hour),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade
);
call protect_table('write_counts');

do $$
declare t text;
begin
  foreach t in array array['tenant_usage', 'quota_leases', 'usage_snapshots'] loop
    execute format('create policy tenant_read on %I for select to gatehouse_app
      using (organization_id = (select current_organization()) and (select current_reach()) = ''organization'')', t);
    execute format('grant select on %I to gatehouse_app', t);
    execute format('create policy platform on %I to gatehouse_platform using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to gatehouse_platform', t);
  end loop;
end $$;
create policy everyone_reads on usage_days for select to gatehouse_app using (true);
create policy platform on usage_days to gatehouse_platform using (true) with check (true);
grant select on usage_days to gatehouse_app;
grant select, insert on usage_days to gatehouse_platform;
create policy tenant on write_counts to gatehouse_app
  using (organization_id = (select current_organization())
         and (workspace_id = (select current_workspace()) or (select current_reach()) = 'organization'))
  with check (organization_id = (select current_organization())
         and (workspace_id = (select current_workspace()) or (select current_reach()) = 'organization'));
create policy platform on write_counts to gatehouse_platform using (true) with check (true);
grant select, insert, update on write_counts to gatehouse_app;
grant select, delete on write_counts to gatehouse_platform;

-- How many requests of a lease were made: each has its intent, or a metering event in its place.
create function lease_spent(p_organization uuid, p_lease uuid, p_since timestamptz) returns bigint language sql stable
  set search_path = public, pg_temp
  return (select count(*) from model_calls where organization_id = p_organization and lease_id = p_lease)
       + (select count(*) from metering_events where organization_id = p_organization and lease_id = p_lease
          and created_at >= p_since);

-- Requests made in a month: what is counted less what is leased and not spent.
create function requests_used(p_organization uuid, p_month text) returns bigint language sql stable
  set search_path = public, pg_temp
  return coalesce((select request_count from tenant_usage where organization_id = p_organization and month = p_month), 0)
       - coalesce((select sum(granted - lease_spent(organization_id, id, taken_at))::bigint from quota_leases
                   where organization_id = p_organization and month = p_month), 0);

-- Ends expired leases of one organization, or of all (null): gives back what their nodes had not spent.
create function reclaim_leases(p_organization uuid) returns bigint language plpgsql
  set search_path = public, pg_temp as $$
declare
  lease quota_leases;
  given_back bigint := 0;
  unspent bigint;
begin
  for lease in select * from quota_leases
    where (p_organization is null or organization_id = p_organization) and expires_at < clock_timestamp()
    for update skip locked
  loop
    unspent := greatest(lease.granted - lease_spent(lease.organization_id, lease.id, lease.taken_at), 0);
    update tenant_usage set request_count = request_count - unspent, updated_at = clock_timestamp()
      where organization_id = lease.organization_id and month = lease.month;
    delete from quota_leases where organization_id = lease.organization_id and id = lease.id;
    given_back := given_back + unspent;
  end loop;
  return given_back;
end $$;

-- Takes up to p_wanted requests of this month. Never more than a 1,024th of what remains, so that below 2,048 each
-- is asked for; none when the limit (null: there is none) is reached.
create function take_lease(p_organization uuid, p_lease uuid, p_node text, p_wanted bigint, p_limit bigint,
                           out o_granted bigint, out o_used bigint, out o_month text) language plpgsql
  set search_path = public, pg_temp as $$
begin
  o_month := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM');
  insert into tenant_usage (organization_id, month) values (p_organization, o_month) on conflict do nothing;
  select request_count into strict o_used from tenant_usage
    where organization_id = p_organization and month = o_month for update;
  if p_limit - o_used < p_wanted * 1024 then
    perform reclaim_leases(p_organization);
    select request_count into strict o_used from tenant_usage
      where organization_id = p_organization and month = o_month;
  end if;
  o_granted := case when p_limit is null then p_wanted
                    when o_used >= p_limit then 0
                    else least(p_wanted, greatest(1, (p_limit - o_used) / 1024)) end;
  if o_granted > 0 then
    update tenant_usage set request_count = request_count + o_granted, updated_at = clock_timestamp()
      where organization_id = p_organization and month = o_month;
    insert into quota_leases (organization_id, id, month, node, granted)
      values (p_organization, p_lease, o_month, p_node, o_granted);
  end if;
end $$;

-- Adds up the days that are over; a day's last calls get ten minutes to be settled.
create function close_usage_days() returns int language plpgsql set search_path = public, pg_temp as $$
declare
  next_day date;
  last_day date := ((clock_timestamp() - interval '10 minutes') at time zone 'UTC')::date - 1;
  closed int := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('close_usage_days')) then return 0; end if;
  select max(day) + 1 into next_day from usage_days;
  if next_day is null then
    select (min(created_at) at time zone 'UTC')::date into next_day from metering_events;
  end if;
  while next_day <= last_day and closed < 40 loop
    insert into usage_snapshots
      select organization_id, next_day, workspace_id, model, count(*), count(*) filter (where outcome = 'blocked'),
             count(*) filter (where outcome in ('failed', 'unknown')), sum(input_tokens), sum(output_tokens), sum(cost)
      from metering_events
      where created_at >= next_day::timestamp at time zone 'UTC'
        and created_at < (next_day + 1)::timestamp at time zone 'UTC'
      group by organization_id, workspace_id, model
      on conflict do nothing;
    insert into usage_days (day) values (next_day);
    next_day := next_day + 1;
    closed := closed + 1;
  end loop;
  return closed;
end $$;

-- Before a membership is made: one at a time an organization, and none beyond its plan (null: no limit).
create function refuse_beyond_users(p_organization uuid, p_most bigint) returns void language plpgsql
  set search_path = public, pg_temp as $$
begin
  if p_most is null then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('users of ' || p_organization, 0));
  if (select count(*) from memberships where organization_id = p_organization and is_active) >= p_most then
    raise exception 'the plan allows % users', p_most using errcode = 'GH004';
  end if;
end $$;

grant execute on function lease_spent(uuid, uuid, timestamptz), requests_used(uuid, text)
  to gatehouse_app, gatehouse_platform;
grant execute on function reclaim_leases(uuid), take_lease(uuid, uuid, text, bigint, bigint), close_usage_days()
  to gatehouse_platform;
-- Also for who brings somebody back, with the reach of the organization: it counts what its caller may see.
grant execute on function refuse_beyond_users(uuid, bigint) to gatehouse_app, gatehouse_platform;
-- The intents of one's own organization, counted by lease.
create policy tenant_count on model_calls for select to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
grant select (organization_id, id, lease_id) on model_calls to gatehouse_app;
