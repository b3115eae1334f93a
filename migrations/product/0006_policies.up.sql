-- Policy rules: of the whole organization, or of one workspace. How often each matched, by day.
create table policy_rules (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  workspace_id    uuid,
  name            varchar(120) not null,
  position        int not null check (position >= 0),
  state           varchar(8) not null check (state in ('enabled', 'shadow', 'disabled')),
  directions      text[] not null
                  check (directions <@ array['prompt', 'response'] and cardinality(directions) between 1 and 2),
  condition       jsonb not null,
  outcome         varchar(16) not null check (outcome in ('allow', 'warn', 'redact', 'block')),
  message         varchar(1000) not null default '',
  redaction       jsonb not null default '{"operation": "mask"}',
  stamps          text[] not null default '{}' check (stamps <@ array['PII', 'FIN', 'COF']),
  version         int not null default 1,
  created_by      uuid,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade,
  foreign key (organization_id, created_by) references memberships (organization_id, user_id)
    on delete set null (created_by)
);
create unique index policy_rules_name on policy_rules (organization_id, name);
create index policy_rules_order on policy_rules (organization_id, position);
create index policy_rules_workspace on policy_rules (organization_id, workspace_id);
create index policy_rules_created_by on policy_rules (organization_id, created_by);
call protect_table('policy_rules');
create trigger touch before update on policy_rules for each row execute function touch_updated_at();
create trigger bump after insert or update or delete on policy_rules
  for each row execute function bump_tenant_version();
-- Everyone's prompts are judged by every rule of the organization, so everyone's context may read them; writing needs
-- the reach of an administrator.
create policy tenant_read on policy_rules for select to gatehouse_app
  using (organization_id = (select current_organization()));
create policy tenant_write on policy_rules to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
grant select, insert, update, delete on policy_rules to gatehouse_app;
create policy platform on policy_rules to gatehouse_platform using (true) with check (true);
grant select, insert on policy_rules to gatehouse_platform;

-- For people who tend the rules; written in batches for many tenants, off the path of the calls. The record of what a
-- rule did is the audit event of the call.
create table policy_hits (
  organization_id uuid not null,
  rule_id         uuid not null,
  day             date not null,
  hits            bigint not null,
  primary key (organization_id, rule_id, day),
  foreign key (organization_id, rule_id) references policy_rules (organization_id, id) on delete cascade
);
call protect_table('policy_hits');
create policy tenant on policy_hits for select to gatehouse_app
  using (organization_id = (select current_organization())
         and (select current_reach()) in ('organization', 'workspaces'));
grant select on policy_hits to gatehouse_app;
create policy platform on policy_hits to gatehouse_platform using (true) with check (true);
grant select, insert, update, delete on policy_hits to gatehouse_platform;
