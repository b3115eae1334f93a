-- Single sign-on: an organization's providers and domains, which login is which person, and sign-ins on their way.

create table identity_providers (
  organization_id   uuid not null references organizations (id) on delete cascade,
  id                uuid not null,
  name              varchar(120) not null,          -- what people read on the button
  preset            varchar(32) not null,
  issuer            varchar(2048) not null,
  client_id         varchar(255) not null,
  client_auth       varchar(32) not null
                    check (client_auth in ('client_secret_basic', 'client_secret_post')),
  sealed_secret     bytea not null,                 -- the client secret under the organization's key
  secret_last_four  varchar(4) not null,
  scopes            varchar(512) not null,
  domains           text[] not null default '{}',   -- whose addresses are offered this provider
  claims            jsonb not null,                 -- the names of the claims that are read
  mapping           jsonb not null,                 -- what groups give (sso/mapping.h)
  jit               boolean not null default false, -- makes memberships at the first sign-in
  vouches_for_email boolean not null default false, -- is the authority for the addresses of its domains
  manages_existing  boolean not null default false, -- also roles of members that it did not make
  is_active         boolean not null default true,
  version           int not null default 1,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  primary key (organization_id, id),
  constraint identity_providers_name_key unique (organization_id, name)
);
call protect_table('identity_providers');
create trigger touch before update on identity_providers for each row execute function touch_updated_at();
-- Disabling or deleting one ends the sessions that it opened.
create trigger bump after insert or update or delete on identity_providers
  for each row execute function bump_tenant_version();
create policy tenant_read on identity_providers for select to gatehouse_app
  using (organization_id = (select current_organization()));
create policy tenant_write on identity_providers to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
grant select (organization_id, id, name, preset, issuer, client_id, client_auth, secret_last_four, scopes, domains,
  claims, mapping, jit, vouches_for_email, manages_existing, is_active, version, created_at, updated_at), insert, update,
  delete on identity_providers to gatehouse_app;
create policy platform on identity_providers for select to gatehouse_platform using (true);
grant select on identity_providers to gatehouse_platform;

-- Which domains an organization says are its own. Whether they are is also in the control database, where one
-- organization of the whole installation can have a domain.
create table organization_domains (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  domain          varchar(253) not null check (domain = lower(domain)),
  challenge       varchar(64) not null,  -- what the TXT record has to say
  verified_at     timestamptz,
  created_at      timestamptz not null default now(),
  primary key (organization_id, id),
  constraint organization_domains_domain_key unique (organization_id, domain)
);
call protect_table('organization_domains');
create policy tenant on organization_domains to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
grant select, insert, delete on organization_domains to gatehouse_app;
grant update (verified_at) on organization_domains to gatehouse_app;
create policy platform on organization_domains to gatehouse_platform using (true) with check (true);
grant select on organization_domains to gatehouse_platform;
grant update (verified_at) on organization_domains to gatehouse_platform;

-- A login is known by organization, issuer and subject, never by an address.
create table external_identities (
  organization_id    uuid not null,
  id                 uuid not null,
  issuer             varchar(2048) not null,
  subject            varchar(255) not null,
  user_id            uuid not null,
  provider_id        uuid,                            -- through which it was used last
  manages_membership boolean not null default false,  -- role and membership follow the groups
  lost_groups_at     timestamptz,                     -- since when no group gives a role: the membership rests
  created_at         timestamptz not null default now(),
  last_sign_in_at    timestamptz,
  primary key (organization_id, id),
  constraint external_identities_subject_key unique (organization_id, issuer, subject),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, provider_id) references identity_providers (organization_id, id)
    on delete set null (provider_id)
);
create index external_identities_user on external_identities (organization_id, user_id);
create index external_identities_provider on external_identities (organization_id, provider_id);
call protect_table('external_identities');
create policy tenant_read on external_identities for select to gatehouse_app
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'));
create policy tenant_unlink on external_identities for delete to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()));
grant select, delete on external_identities to gatehouse_app;
create policy platform on external_identities to gatehouse_platform using (true) with check (true);
grant select, insert, update on external_identities to gatehouse_platform;

-- Whoever is active lacks no groups: what ends the membership later, if not the groups, is not undone by them.
create function find_lost_groups() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update external_identities set lost_groups_at = null
    where organization_id = new.organization_id and user_id = new.user_id and lost_groups_at is not null;
  return null;
end $$;
create trigger find_lost_groups after update of is_active on memberships for each row
  when (new.is_active and not old.is_active) execute function find_lost_groups();

-- Workspaces that a member is in because of a group; when the group goes, so does the access.
create table external_workspace_grants (
  organization_id uuid not null,
  user_id         uuid not null,
  workspace_id    uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, user_id, workspace_id),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade
);
create index external_workspace_grants_workspace on external_workspace_grants (organization_id, workspace_id);
call protect_table('external_workspace_grants');
create policy platform on external_workspace_grants to gatehouse_platform using (true) with check (true);
grant select, insert, delete on external_workspace_grants to gatehouse_platform;

-- Governance roles that a member has because of a group; those given by hand are not in here.
create table external_role_grants (
  organization_id uuid not null,
  user_id         uuid not null,
  assignment_id   uuid not null,
  primary key (organization_id, user_id, assignment_id),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, assignment_id) references role_assignments (organization_id, id) on delete cascade
);
create index external_role_grants_assignment on external_role_grants (organization_id, assignment_id);
call protect_table('external_role_grants');
create policy platform on external_role_grants to gatehouse_platform using (true) with check (true);
grant select, insert, delete on external_role_grants to gatehouse_platform;

-- A sign-in between leaving for the provider and coming back: once, from the browser that left, within minutes.
create table sign_in_attempts (
  organization_id uuid not null,
  id              uuid not null,
  provider_id     uuid not null,
  purpose         varchar(16) not null check (purpose in ('sign_in', 'link', 'test')),
  state_hash      bytea not null check (octet_length(state_hash) = 32),
  browser_hash    bytea not null check (octet_length(browser_hash) = 32),
  user_id         uuid,                  -- who links or tests
  session_id      uuid,                  -- of a link, which ends with it
  return_to       varchar(512) not null,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz not null,
  used_at         timestamptz,
  outcome         jsonb,                 -- of a test: what came, by name, and what it would give
  primary key (organization_id, id),
  check ((purpose = 'sign_in') = (user_id is null)),
  foreign key (organization_id, provider_id) references identity_providers (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
);
create index sign_in_attempts_provider on sign_in_attempts (organization_id, provider_id);
create index sign_in_attempts_user on sign_in_attempts (organization_id, user_id);
create index sign_in_attempts_session on sign_in_attempts (organization_id, session_id);
call protect_table('sign_in_attempts');
create policy tenant_read on sign_in_attempts for select to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()));
grant select (organization_id, id, provider_id, purpose, user_id, created_at, expires_at, used_at, outcome)
  on sign_in_attempts to gatehouse_app;
create policy platform on sign_in_attempts to gatehouse_platform using (true) with check (true);
grant select, insert, update, delete on sign_in_attempts to gatehouse_platform;

-- Through which provider a session was opened. Such a session speaks for its person in this organization alone.
create table session_origins (
  organization_id uuid not null,
  session_id      uuid not null,
  provider_id     uuid,                  -- null: it is gone, and so is the session
  subject         varchar(255) not null,
  sid             varchar(255),          -- the provider's name for its own session
  sealed_logout   bytea,                 -- where to sign out at the provider, under the person's key
  primary key (organization_id, session_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  foreign key (organization_id, provider_id) references identity_providers (organization_id, id)
    on delete set null (provider_id)
);
create index session_origins_provider on session_origins (organization_id, provider_id, subject);
call protect_table('session_origins');
create policy platform on session_origins to gatehouse_platform using (true) with check (true);
grant select, insert on session_origins to gatehouse_platform;

-- Logout tokens that came, as long as they could come again.
create table logout_tokens (
  organization_id uuid not null,
  provider_id     uuid not null,
  jti_hash        bytea not null check (octet_length(jti_hash) = 32),
  seen_at         timestamptz not null default now(),
  primary key (organization_id, provider_id, jti_hash),
  foreign key (organization_id, provider_id) references identity_providers (organization_id, id) on delete cascade
);
call protect_table('logout_tokens');
create policy platform on logout_tokens to gatehouse_platform using (true) with check (true);
grant select, insert, delete on logout_tokens to gatehouse_platform;
