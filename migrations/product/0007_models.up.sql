-- Providers, their keys and models; the durable intent of every model call, and what it cost.

create table providers (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            varchar(63) not null check (name ~ '^[a-z0-9](-?[a-z0-9])*$'),
  kind            varchar(32) not null check (kind in ('demo', 'openai_compatible')),
  base_url        varchar(2048) not null default '',
  is_active       boolean not null default true,
  version         int not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, id),
  constraint providers_name_key unique (organization_id, name)
);
call protect_table('providers');
create trigger touch before update on providers for each row execute function touch_updated_at();

create table provider_keys (
  organization_id uuid not null,
  id              uuid not null,
  provider_id     uuid not null,
  sealed_key      bytea not null,
  key_version     int not null,
  last_four       varchar(4) not null,
  is_active       boolean not null default true,
  created_at      timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id) on delete cascade
);
create unique index provider_keys_one_active on provider_keys (organization_id, provider_id) where is_active;
create index provider_keys_provider on provider_keys (organization_id, provider_id);
call protect_table('provider_keys');

create table models (
  organization_id uuid not null,
  id              uuid not null,
  provider_id     uuid not null,
  name            varchar(200) not null,      -- what a caller asks for: `demo/echo`, `openai/gpt-5`
  upstream_name   varchar(200) not null,      -- what the provider is asked for
  display_name    varchar(200) not null,
  input_price     bigint not null default 0 check (input_price >= 0),    -- microdollars per million tokens
  output_price    bigint not null default 0 check (output_price >= 0),
  is_active       boolean not null default true,
  created_at      timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id) on delete cascade,
  constraint models_name_key unique (organization_id, name)
);
create index models_provider on models (organization_id, provider_id);
call protect_table('models');

create trigger bump after insert or update or delete on providers for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on provider_keys
  for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on models for each row execute function bump_tenant_version();

-- Everyone in the organization sees what they may call; keys, sealed as they are, only whoever acts for all of it.
create policy tenant_read on providers for select to gatehouse_app
  using (organization_id = (select current_organization()));
create policy tenant_read on models for select to gatehouse_app
  using (organization_id = (select current_organization()));
do $$
declare t text;
begin
  foreach t in array array['providers', 'provider_keys', 'models'] loop
    execute format('create policy tenant_write on %I to gatehouse_app
      using (organization_id = (select current_organization()) and (select current_reach()) = ''organization'')
      with check (organization_id = (select current_organization()) and (select current_reach()) = ''organization'')', t);
    execute format('grant select, insert, update, delete on %I to gatehouse_app', t);
    execute format('create policy platform on %I to gatehouse_platform using (true) with check (true)', t);
    execute format('grant select, insert on %I to gatehouse_platform', t);
  end loop;
end $$;

-- The intent of a model call, durable before its first byte goes upstream; removed by the transaction that writes its
-- metering event. What a crash leaves here is recorded as `unknown`.
create table model_calls (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  event_id        uuid not null,      -- the audit event that will tell its outcome
  node            text not null,      -- the server that made the call
  boot            uuid not null,      -- which of its processes
  workspace_id    uuid not null,
  actor_type      varchar(16) not null,
  actor_id        uuid not null,
  chat_id         uuid,
  message_id      uuid,
  model           varchar(200) not null,
  provider        varchar(63) not null,
  request_id      varchar(64) not null,
  decision        jsonb not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
call protect_table('model_calls');

create table metering_events (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,      -- the model call's id
  created_at      timestamptz not null default now(),
  workspace_id    uuid not null,
  actor_type      varchar(16) not null,
  actor_id        uuid not null,
  chat_id         uuid,
  model           varchar(200) not null,
  provider        varchar(63) not null,
  input_tokens    bigint not null,
  output_tokens   bigint not null,
  is_estimated    boolean not null,   -- the provider sent no usage; tokens are counted by us
  cost            bigint not null,    -- microdollars
  first_byte_ms   int,
  latency_ms      int,
  outcome         varchar(16) not null
                  check (outcome in ('completed', 'stopped', 'blocked', 'failed', 'unknown')),
  primary key (organization_id, id, created_at)
) partition by range (created_at);
create index metering_events_time on metering_events (organization_id, created_at);
call protect_table('metering_events');

-- The journal writes for many tenants in one statement (one commit pays for all), so it is the platform role's.
create policy platform on model_calls to gatehouse_platform using (true) with check (true);
create policy platform on metering_events to gatehouse_platform using (true) with check (true);
grant select, insert, delete on model_calls to gatehouse_platform;
grant select, insert on metering_events to gatehouse_platform;
create policy tenant on metering_events for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or actor_id = (select current_user_id())));
grant select on metering_events to gatehouse_app;

-- Monthly partitions for the coming months, and a default so that no row is ever refused. Run at every start.
create procedure ensure_partitions(months int) language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  parent text;
  first date := date_trunc('month', now());
  part text;
begin
  foreach parent in array array['metering_events', 'messages'] loop
    continue when to_regclass(parent) is null;
    for i in -1 .. months loop
      part := format('%s_%s', parent, to_char(first + make_interval(months => i), 'YYYYMM'));
      continue when to_regclass(part) is not null;
      execute format('create table %I partition of %I for values from (%L) to (%L)', part, parent,
                     first + make_interval(months => i), first + make_interval(months => i + 1));
      call protect_table(part::regclass);
    end loop;
    part := parent || '_default';
    continue when to_regclass(part) is not null;
    execute format('create table %I partition of %I default', part, parent);
    call protect_table(part::regclass);
  end loop;
end $$;
grant execute on procedure ensure_partitions(int) to gatehouse_platform;
