-- Seed 003's engine: what it says at each stage, versioned, and what it said.

create type stage_enum as enum ('atendimento', 'cobranca', 'qualificacao');

-- A row a version; the highest is in force. Nothing is changed or removed.
create table stage_configs (
  organization_id uuid not null references organizations (id) on delete cascade,
  stage           stage_enum not null,
  version         int not null check (version > 0),
  config          jsonb not null,          -- simulator/stage_config.h
  created_by      uuid,                    -- a member; null: made with the organization
  created_at      timestamptz not null default now(),
  primary key (organization_id, stage, version)
);
call protect_table('stage_configs');

create table execution_logs (
  organization_id   uuid not null references organizations (id) on delete cascade,
  id                uuid not null,
  request_id        varchar(200) not null,
  stage             stage_enum not null,
  config_version    int not null,
  workspace_id      uuid,
  actor_type        varchar(16) not null,
  actor_id          uuid not null,
  user_id           uuid default current_user_id(),  -- the person behind it; null: a program of the organization
  outcome           varchar(16) not null check (outcome in ('answered', 'fallback', 'guardrail', 'gated')),
  reason            varchar(64),           -- why, of every outcome but answered: a code
  next_best_action  varchar(100) not null,
  confidence        real not null check (confidence between 0 and 1),
  model             varchar(200),
  input_tokens      bigint not null default 0,
  output_tokens     bigint not null default 0,
  cost              bigint not null default 0,  -- microdollars
  latency_ms        bigint not null,
  message           text,                  -- both after policy; NULL in metadata_only
  reply             text,
  created_at        timestamptz not null default now(),
  primary key (organization_id, id)
);
call protect_table('execution_logs');

create function refuse_logged_content() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if (new.message is not null or new.reply is not null)
     and (select data_mode from organizations where id = new.organization_id) <> 'full_content' then
    raise exception 'this organization stores no content' using errcode = 'GH002';
  end if;
  return new;
end $$;
create trigger content before insert on execution_logs for each row execute function refuse_logged_content();

create policy tenant_read on stage_configs for select to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) <> 'own');
create policy tenant_insert on stage_configs for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
create policy tenant_read on execution_logs for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or user_id = (select current_user_id())
              or ((select current_reach()) in ('workspace', 'workspaces') and workspace_id = (select current_workspace()))));
create policy tenant_insert on execution_logs for insert to gatehouse_app
  with check (organization_id = (select current_organization())
              and user_id is not distinct from (select current_user_id()));
call spare_audited('execution_logs', 'workspace_id');
grant select, insert on stage_configs, execution_logs to gatehouse_app;

create policy platform on stage_configs to gatehouse_platform using (true) with check (true);
grant select, insert on stage_configs to gatehouse_platform;

create trigger bump after insert on stage_configs for each row execute function bump_tenant_version();

-- What every organization begins with (simulator/stage_config.h says the same), also those that are there already.
insert into stage_configs (organization_id, stage, version, config)
  select o.id, s.stage, 1, jsonb_build_object(
    'tone', 'formal', 'cta_style', 'soft',
    'template_fallback', 'Olá {name}, não conseguimos processar sua solicitação. Tente novamente.',
    'guardrails', jsonb_build_object('on', true, 'max_tokens', 256, 'blocked_topics', '[]'::jsonb),
    'questions', '[]'::jsonb)
  from organizations o, unnest(enum_range(null::stage_enum)) s (stage);
