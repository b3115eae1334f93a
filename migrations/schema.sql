-- The schemas of the three kinds of databases, as their migrations leave them (without monthly
-- partitions). Generated: GATEHOUSE_WRITE_SCHEMA=1 isolation_pgtest --gtest_filter='Migrations.TheirSumIsTheSchemaFile'

-- control

CREATE TYPE public.region_enum AS ENUM (
    'us',
    'eu'
);
CREATE FUNCTION public.note_plan_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  return new;
end $$;
CREATE TABLE public.directory (
    organization_id uuid NOT NULL,
    slug character varying(63) NOT NULL,
    region public.region_enum NOT NULL,
    database character varying(63) DEFAULT 'default'::character varying NOT NULL,
    state character varying(16) DEFAULT 'confirmed'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    plan_id uuid,
    request_key bytea,
    request_hash bytea,
    CONSTRAINT directory_request_hash_check CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT directory_request_key_check CHECK ((octet_length(request_key) = 32)),
    CONSTRAINT directory_state_check CHECK (((state)::text = ANY ((ARRAY['reserved'::character varying, 'confirmed'::character varying])::text[])))
);
CREATE TABLE public.email_regions (
    email_hash bytea NOT NULL,
    region public.region_enum NOT NULL,
    CONSTRAINT email_regions_email_hash_check CHECK ((octet_length(email_hash) = 32))
);
CREATE TABLE public.operator_second_factors (
    operator_id uuid NOT NULL,
    sealed_secret bytea NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL,
    recovery_codes text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT operator_second_factors_sealed_secret_check CHECK ((octet_length(sealed_secret) <= 256))
);
CREATE TABLE public.operator_sessions (
    id uuid NOT NULL,
    operator_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    previous_hash bytea,
    rotated_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    method character varying(16) DEFAULT 'password'::character varying NOT NULL,
    second_factor_at timestamp with time zone,
    CONSTRAINT operator_sessions_method_check CHECK (((method)::text = ANY ((ARRAY['password'::character varying, 'sso'::character varying])::text[]))),
    CONSTRAINT operator_sessions_previous_hash_check CHECK ((octet_length(previous_hash) = 32)),
    CONSTRAINT operator_sessions_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE TABLE public.operators (
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(255) NOT NULL,
    password_hash text NOT NULL,
    language character varying(8),
    theme character varying(8) DEFAULT 'system'::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT operators_email_check CHECK (((email)::text = lower((email)::text)))
);
CREATE TABLE public.plans (
    id uuid NOT NULL,
    name text NOT NULL,
    slug character varying(63) NOT NULL,
    max_tenants integer,
    max_requests_month integer DEFAULT 500,
    features jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT plans_features_object CHECK ((jsonb_typeof(features) = 'object'::text)),
    CONSTRAINT plans_max_requests_range CHECK ((max_requests_month >= 0)),
    CONSTRAINT plans_max_tenants_range CHECK ((max_tenants >= 0)),
    CONSTRAINT plans_name_length CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT plans_slug_form CHECK (((slug)::text ~ '^[a-z0-9](-?[a-z0-9])*$'::text))
);
CREATE TABLE public.sign_up_claims (
    email_hash bytea NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_up_claims_email_hash_check CHECK ((octet_length(email_hash) = 32))
);
CREATE TABLE public.verified_domains (
    domain_hash bytea NOT NULL,
    organization_id uuid NOT NULL,
    region public.region_enum NOT NULL,
    verified_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT verified_domains_domain_hash_check CHECK ((octet_length(domain_hash) = 32))
);
ALTER TABLE ONLY public.directory
    ADD CONSTRAINT directory_pkey PRIMARY KEY (organization_id);
ALTER TABLE ONLY public.directory
    ADD CONSTRAINT directory_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.email_regions
    ADD CONSTRAINT email_regions_pkey PRIMARY KEY (email_hash, region);
ALTER TABLE ONLY public.operator_second_factors
    ADD CONSTRAINT operator_second_factors_pkey PRIMARY KEY (operator_id);
ALTER TABLE ONLY public.operator_sessions
    ADD CONSTRAINT operator_sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_email_key UNIQUE (email);
ALTER TABLE ONLY public.operators
    ADD CONSTRAINT operators_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.sign_up_claims
    ADD CONSTRAINT sign_up_claims_pkey PRIMARY KEY (email_hash);
ALTER TABLE ONLY public.verified_domains
    ADD CONSTRAINT verified_domains_pkey PRIMARY KEY (domain_hash);
CREATE INDEX directory_plan ON public.directory USING btree (plan_id);
CREATE UNIQUE INDEX directory_request ON public.directory USING btree (request_key) WHERE (request_key IS NOT NULL);
CREATE INDEX directory_reserved ON public.directory USING btree (created_at) WHERE ((state)::text = 'reserved'::text);
CREATE INDEX operator_sessions_operator ON public.operator_sessions USING btree (operator_id);
CREATE INDEX verified_domains_organization ON public.verified_domains USING btree (organization_id);
CREATE TRIGGER note_change BEFORE UPDATE ON public.plans FOR EACH ROW EXECUTE FUNCTION public.note_plan_change();
ALTER TABLE ONLY public.directory
    ADD CONSTRAINT directory_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plans(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.operator_second_factors
    ADD CONSTRAINT operator_second_factors_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.operators(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.operator_sessions
    ADD CONSTRAINT operator_sessions_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.operators(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.verified_domains
    ADD CONSTRAINT verified_domains_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.directory(organization_id) ON DELETE CASCADE;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gatehouse_platform;
GRANT USAGE ON SCHEMA public TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.directory TO gatehouse_platform;
GRANT SELECT ON TABLE public.directory TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.email_regions TO gatehouse_platform;
GRANT SELECT ON TABLE public.email_regions TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operator_second_factors TO gatehouse_platform;
GRANT SELECT ON TABLE public.operator_second_factors TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operator_sessions TO gatehouse_platform;
GRANT SELECT ON TABLE public.operator_sessions TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.operators TO gatehouse_platform;
GRANT SELECT ON TABLE public.operators TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.plans TO gatehouse_platform;
GRANT SELECT ON TABLE public.plans TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_up_claims TO gatehouse_platform;
GRANT SELECT ON TABLE public.sign_up_claims TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.verified_domains TO gatehouse_platform;
GRANT SELECT ON TABLE public.verified_domains TO gatehouse_backup;

-- product

CREATE TYPE public.action_enum AS ENUM (
    'REA',
    'WRI',
    'UPD',
    'MNG'
);
CREATE TYPE public.data_mode_enum AS ENUM (
    'metadata_only',
    'full_content'
);
CREATE TYPE public.governance_role_enum AS ENUM (
    'WorkspaceAdmin',
    'Operator',
    'Approver',
    'Auditor',
    'IntegrationAdmin'
);
CREATE TYPE public.region_enum AS ENUM (
    'us',
    'eu'
);
CREATE TYPE public.resource_kind_enum AS ENUM (
    'ORG',
    'WSP',
    'CMP',
    'PRL',
    'CHT',
    'KNW',
    'TOL'
);
CREATE TYPE public.role_code_enum AS ENUM (
    'MS',
    'OA',
    'WM',
    'UR'
);
CREATE TYPE public.stage_enum AS ENUM (
    'atendimento',
    'cobranca',
    'qualificacao'
);
CREATE TYPE public.tenant_status_enum AS ENUM (
    'active',
    'suspended',
    'cancelled'
);
CREATE TYPE public.workspace_type_enum AS ENUM (
    'PERSONAL',
    'FUNCTIONAL'
);
CREATE FUNCTION public.current_reach() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.reach'::text, true), ''::text);
CREATE FUNCTION public.current_role_code() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.role_code'::text, true), ''::text);
CREATE FUNCTION public.administers() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(((public.current_reach() = 'organization'::text) AND (public.current_role_code() = 'OA'::text)), false);
CREATE FUNCTION public.administers_workspaces() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return exists (select from governance_of(current_organization(), current_user_id()) g
                 where g.role = 'WorkspaceAdmin' and g.workspace_id is null);
end $$;
CREATE TABLE public.workspaces (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name character varying(255) NOT NULL,
    workspace_type public.workspace_type_enum NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    owner_user_id uuid,
    visibility character varying(16) DEFAULT 'organization'::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    lead_user_id uuid,
    parent_workspace_id uuid,
    CONSTRAINT workspaces_personal_has_owner CHECK (((workspace_type = 'PERSONAL'::public.workspace_type_enum) = (owner_user_id IS NOT NULL))),
    CONSTRAINT workspaces_visibility_check CHECK (((visibility)::text = ANY ((ARRAY['public'::character varying, 'organization'::character varying, 'team'::character varying, 'private'::character varying])::text[])))
);
ALTER TABLE ONLY public.workspaces FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.admits_guests(workspace public.workspaces) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  organization organizations%rowtype;
begin
  select * into organization from organizations where id = workspace.organization_id;
  return coalesce((workspace.settings ->> 'allow_guests')::boolean,
                  (organization.settings ->> 'allow_guests')::boolean, true);
end $$;
CREATE FUNCTION public.audited_accounts() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select id from service_accounts where organization_id = current_organization()
               and workspace_id = any (audited_workspaces()));
end $$;
CREATE FUNCTION public.audited_invitations() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select invitation_id from invitation_workspaces where organization_id = current_organization()
               and workspace_id = any (audited_workspaces()));
end $$;
CREATE FUNCTION public.audited_things() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return audited_workspaces()
    || array(select id from chats where organization_id = current_organization()
             and workspace_id = any (audited_workspaces()));
end $$;
CREATE FUNCTION public.audited_workspaces() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (COALESCE(NULLIF(current_setting('app.audited'::text, true), ''::text), '{}'::text))::uuid[];
CREATE FUNCTION public.auditing_groups() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select group_id from role_assignments where organization_id = current_organization()
               and role = 'Auditor' and group_id = any (my_groups()));
end $$;
CREATE FUNCTION public.begin_anew(p_user uuid, p_password_hash text, p_is_confirmed boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  theirs uuid[] := array(select organization_id from memberships where user_id = p_user);
begin
  update users set password_hash = p_password_hash, email_confirmed_at = case when p_is_confirmed then now() end
    where id = p_user and email_confirmed_at is null;
  if not found then return; end if;
  delete from second_factors where user_id = p_user;
  update password_resets set used_at = now() where user_id = p_user and used_at is null;
  update sessions set revoked_at = now()   -- before the logins: one that a session is just adding is waited for
    where organization_id = any (theirs) and user_id = p_user and revoked_at is null;
  delete from external_identities where organization_id = any (theirs) and user_id = p_user;
  update api_keys set revoked_at = now()
    where organization_id = any (theirs) and user_id = p_user and revoked_at is null;
  update invitations set revoked_at = now()   -- of a later migration, looked up when this runs
    where organization_id = any (theirs) and invited_by_user_id = p_user and revoked_at is null;
end $$;
CREATE FUNCTION public.bound_grants() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform pg_advisory_xact_lock(hashtextextended('grants ' || new.organization_id::text, 0));
  if (select count(*) from permissions_acl where organization_id = new.organization_id
        and created_by_user_id = new.created_by_user_id and is_active and revoked_at is null
        and (valid_to is null or valid_to >= now())) >= 1000 then
    raise exception 'one person gives at most 1000 grants at a time; revoke some' using errcode = 'GH020';
  end if;
  if (select count(*) from permissions_acl where organization_id = new.organization_id
        and resource_kind = new.resource_kind and resource_id = new.resource_id and is_active and revoked_at is null
        and (valid_to is null or valid_to >= now())) >= 200 then
    raise exception 'one thing has at most 200 grants at a time; give them to a group' using errcode = 'GH020';
  end if;
  if new.parent_id is not null and not exists (
       select from permissions_acl p where p.organization_id = new.organization_id and p.id = new.parent_id
         and p.action = 'MNG' and p.resource_kind = new.resource_kind and p.resource_id = new.resource_id) then
    raise exception 'what is passed on is of the same thing' using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
CREATE FUNCTION public.bound_invitations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform pg_advisory_xact_lock(hashtextextended('invitations ' || new.organization_id::text, 0));
  if (select count(*) from invitations where organization_id = new.organization_id and revoked_at is null
        and uses < max_uses and expires_at > now()) >= 1000 then
    raise exception 'an organization has at most 1000 open invitations at a time; revoke some' using errcode = 'GH020';
  end if;
  return new;
end $$;
CREATE FUNCTION public.bump_tenant_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  changed jsonb := to_jsonb(coalesce(new, old));
  organization text := coalesce(changed ->> 'organization_id', changed ->> 'id');
begin
  if current_setting('app.bumped', true) = organization then return null; end if;
  insert into tenant_versions (organization_id) values (organization::uuid)
    on conflict (organization_id) do update
      set version = tenant_versions.version + 1, changed_at = clock_timestamp();
  perform set_config('app.bumped', organization, true);
  return null;
exception when foreign_key_violation then
  return null;  -- the organization itself is being deleted
end $$;
CREATE FUNCTION public.bump_versions_of_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update tenant_versions set version = version + 1, changed_at = clock_timestamp()
    where organization_id in (select organization_id from memberships where user_id = new.id);
  return null;
end $$;
CREATE FUNCTION public.check_holder() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if tg_table_name = 'group_members' and (select is_provisioned from groups g
      where g.organization_id = new.organization_id and g.id = (to_jsonb(new) ->> 'group_id')::uuid) then
    return new;  -- a directory's own word
  end if;
  perform from memberships where organization_id = new.organization_id and is_active
      and user_id = (to_jsonb(new) ->> tg_argv[0])::uuid
    for share;
  if not found then
    raise exception 'there is no such member' using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
CREATE FUNCTION public.check_organogram() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  above int := 0;
  below int;
  at uuid := new.parent_workspace_id;
  parent workspaces%rowtype;
begin
  if new.parent_workspace_id is null then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended('organogram ' || new.organization_id::text, 0));
  if new.workspace_type <> 'FUNCTIONAL' then
    raise exception 'a personal workspace has no place in the organogram' using errcode = 'GH008';
  end if;
  while at is not null loop
    above := above + 1;
    if at = new.id or above > 8 then
      raise exception 'the organogram has no circles and is at most 8 deep' using errcode = 'GH008';
    end if;
    select * into parent from workspaces w where w.organization_id = new.organization_id and w.id = at;
    if parent.workspace_type is distinct from 'FUNCTIONAL' or (above = 1 and not parent.is_active) then
      raise exception 'the workspace above is an active functional one' using errcode = 'GH008';
    end if;
    at := parent.parent_workspace_id;
  end loop;
  with recursive tree (id, depth) as (
    select new.id, 1
    union all
    select w.id, t.depth + 1 from tree t join workspaces w
      on w.organization_id = new.organization_id and w.parent_workspace_id = t.id and t.depth < 9)
  select max(depth) into below from tree;
  if above + below > 8 then
    raise exception 'the organogram has no circles and is at most 8 deep' using errcode = 'GH008';
  end if;
  return null;
end $$;
CREATE FUNCTION public.check_permission(p_user_id uuid, p_resource_kind public.resource_kind_enum, p_resource_id uuid, p_action public.action_enum, p_context jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  at timestamptz := coalesce((p_context ->> 'time')::timestamptz, now());
  address inet := (p_context ->> 'address')::inet;
begin
  if host(address) like '::ffff:%.%' then  -- an IPv4 address, mapped
    address := substr(host(address), 8)::inet;
  end if;
  return exists (
    select from permissions_acl g
    where g.organization_id = current_organization()
      and g.resource_kind = p_resource_kind and g.resource_id = p_resource_id
      and g.action in (p_action, 'MNG')         -- MNG is all of them
      and g.is_active and g.revoked_at is null
      and g.valid_from <= at and (g.valid_to is null or g.valid_to >= at)
      and holds_grant(p_user_id, g.created_for_user_id, g.created_for_group_id)
      and (p_action <> 'REA' or coalesce(g.attributes #> '{scope,operations_allowed}', '["read"]') ? 'read')
      and grant_conditions_hold(coalesce(g.attributes -> 'conditions', '{}'), address, at)
      and (g.parent_id is null
           or exists (select from permissions_acl p where p.organization_id = g.organization_id and p.id = g.parent_id
                      and p.is_active and p.revoked_at is null
                      and holds_grant(g.created_by_user_id, p.created_for_user_id, p.created_for_group_id)
                      and p.valid_from <= at and (p.valid_to is null or p.valid_to >= at)
                      and grant_conditions_hold(coalesce(p.attributes -> 'conditions', '{}'), address, at))));
end $$;
CREATE FUNCTION public.check_resource() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  has_ended boolean;
begin
  if new.created_for_group_id is not null then
    select not is_active into has_ended from groups
      where organization_id = new.organization_id and id = new.created_for_group_id for share;
  end if;
  if new.resource_kind = 'WSP' and has_ended is not true then
    select not is_active into has_ended from workspaces
      where organization_id = new.organization_id and id = new.resource_id for share;
  end if;
  if has_ended then
    raise exception 'it has ended' using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
CREATE FUNCTION public.check_session(p_session uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if not exists (select from sessions where organization_id = current_organization() and id = p_session
                 and revoked_at is null) then
    raise exception 'your session has ended' using errcode = 'GH009';
  end if;
end $$;
CREATE FUNCTION public.check_workspace_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  workspace workspaces%rowtype;
begin
  select * into workspace from workspaces w
    where w.organization_id = new.organization_id and w.id = new.workspace_id and w.is_active
      and (w.workspace_type = 'FUNCTIONAL' or w.owner_user_id = new.user_id);
  if workspace.id is null or not exists (select from memberships m where m.organization_id = new.organization_id
                                         and m.user_id = new.user_id and m.is_active) then
    raise exception 'there is no such person or workspace' using errcode = 'foreign_key_violation';
  end if;
  if not admits_guests(workspace)
     and (select is_guest(o, u.email) from organizations o, users u
            where o.id = new.organization_id and u.id = new.user_id) then
    raise exception 'guests are not admitted' using errcode = 'GH006';
  end if;
  return null;
end $$;
CREATE FUNCTION public.close_usage_days() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
CREATE FUNCTION public.close_workspace() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update workspace_users set is_active = false
    where organization_id = new.organization_id and workspace_id = new.id and is_active;
  delete from role_assignments where organization_id = new.organization_id and workspace_id = new.id;
  update api_keys set revoked_at = now()
    where organization_id = new.organization_id and workspace_id = new.id and revoked_at is null;
  update service_accounts set is_active = false   -- of a later migration, looked up when this runs
    where organization_id = new.organization_id and workspace_id = new.id and is_active;
  return null;
end $$;
CREATE FUNCTION public.current_grants() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (COALESCE(NULLIF(current_setting('app.grants'::text, true), ''::text), '{}'::text))::uuid[];
CREATE FUNCTION public.current_organization() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid;
CREATE FUNCTION public.current_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid;
CREATE FUNCTION public.current_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid;
CREATE FUNCTION public.end_credentials() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if not new.is_active then
    update sessions set revoked_at = now()
      where organization_id = new.organization_id and user_id = new.user_id and revoked_at is null;
    update api_keys set revoked_at = now()
      where organization_id = new.organization_id and user_id = new.user_id and revoked_at is null;
    delete from role_assignments where organization_id = new.organization_id and user_id = new.user_id;
    update permissions_acl set revoked_at = now()
      where organization_id = new.organization_id and created_for_user_id = new.user_id and revoked_at is null
        and (valid_to is null or valid_to >= now());
    delete from group_members m using groups g   -- is_provisioned: of a later migration, looked up when this runs
      where m.organization_id = new.organization_id and m.user_id = new.user_id
        and g.organization_id = m.organization_id and g.id = m.group_id and not g.is_provisioned;
  end if;
  update invitations set revoked_at = now()
    where organization_id = new.organization_id and invited_by_user_id = new.user_id and revoked_at is null;
  return null;
end $$;
CREATE FUNCTION public.end_grants() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if tg_table_name = 'groups' then
    update permissions_acl set revoked_at = now()
      where organization_id = old.organization_id and created_for_group_id = old.id and revoked_at is null
        and (valid_to is null or valid_to >= now());
  else
    update permissions_acl set revoked_at = now()
      where organization_id = old.organization_id and resource_kind = tg_argv[0]::resource_kind_enum
        and resource_id = old.id and revoked_at is null and (valid_to is null or valid_to >= now());
  end if;
  return null;
end $$;
CREATE FUNCTION public.end_passed_on() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update permissions_acl
    set revoked_at = coalesce(new.revoked_at, now()), revoked_by_user_id = new.revoked_by_user_id,
        revoke_reason = new.revoke_reason
    where organization_id = new.organization_id and parent_id = new.id and revoked_at is null
      and (valid_to is null or valid_to >= now());
  return null;
end $$;
CREATE PROCEDURE public.ensure_partitions(IN months integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
CREATE FUNCTION public.find_lost_groups() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update external_identities set lost_groups_at = null
    where organization_id = new.organization_id and user_id = new.user_id and lost_groups_at is not null;
  return null;
end $$;
CREATE FUNCTION public.forget_proof() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  new.email_confirmed_at := null;
  update password_resets set used_at = now() where user_id = new.id and used_at is null;
  return new;
end $$;
CREATE FUNCTION public.governance_of(organization uuid, person uuid) RETURNS TABLE(role public.governance_role_enum, workspace_id uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return query select a.role, a.workspace_id from role_assignments a
    where a.organization_id = organization
      and (a.user_id = person
           or a.group_id in (select m.group_id from group_members m
                             join groups g on g.organization_id = m.organization_id and g.id = m.group_id
                             where m.organization_id = organization and m.user_id = person and g.is_active));
end $$;
CREATE FUNCTION public.grant_conditions_hold(conditions jsonb, address inet, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  networks jsonb := conditions -> 'ip_whitelist';
  times jsonb := conditions -> 'time_restrictions';
  local timestamp;
  minute int;
  day int;
  first int := 0;
  last int := 1440;
begin
  if jsonb_array_length(coalesce(networks, '[]')) > 0 then
    if address is null or not exists (select from jsonb_array_elements_text(networks) n where address <<= n::inet) then
      return false;
    end if;
  end if;
  if times is null then return true; end if;
  local := at at time zone coalesce(times ->> 'time_zone', 'UTC');
  minute := extract(hour from local)::int * 60 + extract(minute from local)::int;
  day := extract(isodow from local)::int;
  if times ->> 'hours' is not null then
    first := substr(times ->> 'hours', 1, 2)::int * 60 + substr(times ->> 'hours', 4, 2)::int;
    last := substr(times ->> 'hours', 7, 2)::int * 60 + substr(times ->> 'hours', 10, 2)::int;
  end if;
  if first < last then
    if minute < first or minute >= last then return false; end if;
  elsif minute < last then
    day := case day when 1 then 7 else day - 1 end;
  elsif minute < first then
    return false;
  end if;
  return jsonb_array_length(coalesce(times -> 'days_of_week', '[]')) = 0 or times -> 'days_of_week' @> to_jsonb(day);
end $$;
CREATE FUNCTION public.hold_standing(p_changes_members boolean, p_governance text[], p_anywhere text[], p_kind text, p_action text, p_context jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if p_changes_members then  -- one at a time: two that held it shared would wait for each other
    perform from memberships where organization_id = current_organization() and user_id = current_user_id()
      for no key update;
  end if;
  perform from memberships m join users u on u.id = m.user_id
    where m.organization_id = current_organization() and m.user_id = current_user_id()
      and m.is_active and u.is_active and m.role_code <= current_role_code()::role_code_enum  -- the lower, the more it may
    for share of m;
  if not found then
    raise exception 'your membership has ended, or lost its role' using errcode = 'GH009';
  end if;
  -- From here on statements of their own, so that they see what was committed while the ones above waited.
  if exists (
    select from (select unnest(p_governance) as role, false as anywhere union all select unnest(p_anywhere), true) needed
    where not exists (
      select from governance_of(current_organization(), current_user_id()) g where g.role::text = needed.role
        and (g.workspace_id is null or (not needed.anywhere and g.workspace_id = current_workspace())))) then
    raise exception 'a role of yours has ended' using errcode = 'GH009';
  end if;
  if exists (select from unnest(current_grants()) as granted (id) where not check_permission(
      current_user_id(), p_kind::resource_kind_enum, granted.id, p_action::action_enum, p_context)) then
    raise exception 'what you were granted has ended' using errcode = 'GH009';
  end if;
  if exists (select from governance_of(current_organization(), current_user_id()) g
             where g.role = 'Auditor' and g.workspace_id is null) then
    raise exception 'you have become Auditor' using errcode = 'GH009';
  end if;
  perform set_config('app.audited', coalesce((
    select array_agg(g.workspace_id)::text from governance_of(current_organization(), current_user_id()) g
    where g.role = 'Auditor'), ''), true);
end $$;
CREATE FUNCTION public.holds_grant(person uuid, for_person uuid, for_group uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return exists (select from memberships m where m.organization_id = current_organization() and m.user_id = person
                 and m.is_active)
    and (person = for_person
         or exists (select from group_members m
                    join groups o on o.organization_id = m.organization_id and o.id = m.group_id
                    where m.organization_id = current_organization() and m.group_id = for_group
                      and m.user_id = person and o.is_active));
end $$;
CREATE FUNCTION public.invitations_in_reach() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select distinct invitation_id from invitation_workspaces
               where organization_id = current_organization() and workspace_id = any (workspaces_in_reach()));
end $$;
CREATE TABLE public.organizations (
    id uuid NOT NULL,
    name character varying(255) NOT NULL,
    slug character varying(63) NOT NULL,
    region public.region_enum NOT NULL,
    data_mode public.data_mode_enum DEFAULT 'metadata_only'::public.data_mode_enum NOT NULL,
    status public.tenant_status_enum DEFAULT 'active'::public.tenant_status_enum NOT NULL,
    plan_id uuid,
    activated_at timestamp with time zone DEFAULT now() NOT NULL,
    suspended_at timestamp with time zone,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT organizations_slug_check CHECK (((slug)::text ~ '^[a-z0-9](-?[a-z0-9])*$'::text))
);
ALTER TABLE ONLY public.organizations FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.is_guest(organization public.organizations, email text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
declare
  domain text := lower(organization.attributes ->> 'domain');
begin
  return domain is not null and split_part(email, '@', 2) <> domain
    and split_part(email, '@', 2) not like '%.' || domain;
end $$;
CREATE FUNCTION public.is_of_directory_alone(address text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return coalesce(current_reach(), '') = 'organization'
    and exists (select from users u join scim_users s on s.user_id = u.id
                where u.email = address and s.organization_id = current_organization() and s.made_person
                  and not exists (select from memberships m where m.user_id = u.id
                                  and m.organization_id <> current_organization()));
end $$;
CREATE FUNCTION public.joinable_workspaces() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select id from workspaces where organization_id = current_organization() and is_active
               and workspace_type = 'FUNCTIONAL' and visibility = 'public');
end $$;
CREATE FUNCTION public.keep_a_default_workspace() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if not exists (select from workspaces where organization_id = old.organization_id and is_default and is_active
                 and workspace_type = 'FUNCTIONAL') then
    raise exception 'an organization keeps a default workspace' using errcode = 'GH005';
  end if;
  return null;
end $$;
CREATE FUNCTION public.keep_an_administrator() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform pg_advisory_xact_lock(hashtextextended('administrators ' || new.organization_id::text, 0));
  if not exists (select from memberships m join users u on u.id = m.user_id and u.is_active
                 where m.organization_id = new.organization_id and m.role_code = 'OA' and m.is_active) then
    raise exception 'an organization keeps an active administrator' using errcode = 'GH007';
  end if;
  return null;
end $$;
CREATE FUNCTION public.keep_lifecycle() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE TABLE public.metering_events (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    workspace_id uuid NOT NULL,
    actor_type character varying(16) NOT NULL,
    actor_id uuid NOT NULL,
    chat_id uuid,
    model character varying(200) NOT NULL,
    provider character varying(63) NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    is_estimated boolean NOT NULL,
    cost bigint NOT NULL,
    first_byte_ms integer,
    latency_ms integer,
    outcome character varying(16) NOT NULL,
    lease_id uuid,
    CONSTRAINT metering_events_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['completed'::character varying, 'stopped'::character varying, 'blocked'::character varying, 'failed'::character varying, 'unknown'::character varying])::text[])))
)
PARTITION BY RANGE (created_at);
ALTER TABLE ONLY public.metering_events FORCE ROW LEVEL SECURITY;
CREATE TABLE public.model_calls (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    node text NOT NULL,
    boot uuid NOT NULL,
    workspace_id uuid NOT NULL,
    actor_type character varying(16) NOT NULL,
    actor_id uuid NOT NULL,
    chat_id uuid,
    message_id uuid,
    model character varying(200) NOT NULL,
    provider character varying(63) NOT NULL,
    request_id character varying(64) NOT NULL,
    decision jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_id uuid
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');
ALTER TABLE ONLY public.model_calls FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.lease_spent(p_organization uuid, p_lease uuid, p_since timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    RETURN ((SELECT count(*) AS count FROM public.model_calls WHERE ((model_calls.organization_id = lease_spent.p_organization) AND (model_calls.lease_id = lease_spent.p_lease))) + (SELECT count(*) AS count FROM public.metering_events WHERE ((metering_events.organization_id = lease_spent.p_organization) AND (metering_events.lease_id = lease_spent.p_lease) AND (metering_events.created_at >= lease_spent.p_since))));
CREATE FUNCTION public.leave_workspace() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  delete from role_assignments
    where organization_id = old.organization_id and workspace_id = old.workspace_id and user_id = old.user_id;
  update workspaces set lead_user_id = null
    where organization_id = old.organization_id and id = old.workspace_id and lead_user_id = old.user_id;
  return null;
end $$;
CREATE FUNCTION public.lose_administration() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update workspaces set lead_user_id = null
    where organization_id = old.organization_id and id = old.workspace_id and lead_user_id = old.user_id;
  return null;
end $$;
CREATE FUNCTION public.managed_by(organization uuid, person uuid) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  is_manager boolean := exists (select from memberships m where m.organization_id = organization
                                and m.user_id = person and m.role_code = 'WM');
begin
  return array(select x.workspace_id from workspace_users x
               where x.organization_id = organization and x.user_id = person and x.is_active
                 and (is_manager and x.granted_by_user_id is distinct from x.user_id
                      or exists (select from governance_of(organization, person) g where g.role = 'WorkspaceAdmin'
                                 and (g.workspace_id is null or g.workspace_id = x.workspace_id))));
end $$;
CREATE FUNCTION public.managed_workspaces() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return managed_by(current_organization(), current_user_id());
end $$;
CREATE FUNCTION public.managing_grants() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select id from permissions_acl
               where organization_id = current_organization() and action = 'MNG' and is_active and revoked_at is null
                 and (created_for_user_id = current_user_id() or created_for_group_id = any (my_groups())));
end $$;
CREATE FUNCTION public.may_give(kind public.resource_kind_enum, resource uuid, given public.action_enum, parent uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if parent is not null then
    return parent = any (managing_grants());  -- of the same thing, by a trigger, and never to manage
  end if;
  return case kind
    when 'WSP' then exists (select from workspaces w where w.organization_id = current_organization() and w.id = resource
                            and w.workspace_type = 'FUNCTIONAL' and w.id = any (workspaces_in_reach()))
    when 'CHT' then administers() and given = 'REA' or owns_resource(kind, resource)
    when 'PRL' then administers() or resource = current_user_id() and given = 'REA'
    else administers() end;
end $$;
CREATE TABLE public.invitations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    code_hash bytea NOT NULL,
    last_four character varying(4) NOT NULL,
    email character varying(254),
    is_mailed boolean DEFAULT false NOT NULL,
    note character varying(200) DEFAULT ''::character varying NOT NULL,
    role_code public.role_code_enum NOT NULL,
    invited_by_user_id uuid NOT NULL,
    max_uses integer NOT NULL,
    uses integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_check CHECK (((uses >= 0) AND (uses <= max_uses))),
    CONSTRAINT invitations_check1 CHECK (((email IS NULL) OR (max_uses = 1))),
    CONSTRAINT invitations_check2 CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '91 days'::interval)))),
    CONSTRAINT invitations_code_hash_check CHECK ((octet_length(code_hash) = 32)),
    CONSTRAINT invitations_email_check CHECK (((email)::text = lower((email)::text))),
    CONSTRAINT invitations_max_uses_check CHECK (((max_uses >= 1) AND (max_uses <= 1000))),
    CONSTRAINT invitations_role_code_check CHECK ((role_code <> 'MS'::public.role_code_enum))
);
ALTER TABLE ONLY public.invitations FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.may_invite(i public.invitations) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  maker role_code_enum := (select m.role_code from memberships m join users u on u.id = m.user_id and u.is_active
                           where m.organization_id = i.organization_id and m.user_id = i.invited_by_user_id
                             and m.is_active);
  managed uuid[] := managed_by(i.organization_id, i.invited_by_user_id);
  of_all boolean := exists (select from governance_of(i.organization_id, i.invited_by_user_id) g
                            where g.role = 'WorkspaceAdmin' and g.workspace_id is null);
  opened invitation_workspaces[] := array(select w from invitation_workspaces w
                                          where w.organization_id = i.organization_id and w.invitation_id = i.id);
begin
  if maker is null or exists (
       select from governance_of(i.organization_id, i.invited_by_user_id) g where g.role = 'Auditor'
         and (g.workspace_id is null or g.workspace_id in (select w.workspace_id from unnest(opened) w))) then
    return false;
  end if;
  return maker = 'OA'
    or i.role_code = 'UR' and cardinality(opened) > 0
       and not exists (select from unnest(opened) w
                       where w.role in ('Auditor', 'IntegrationAdmin')
                          or w.role = 'WorkspaceAdmin' and (maker <> 'WM' or w.workspace_id <> all (managed))
                          or not (of_all or w.workspace_id = any (managed)));
end $$;
CREATE FUNCTION public.member_with_email(address text) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return (select m.user_id from users u join memberships m on m.user_id = u.id
          where u.email = address and m.organization_id = current_organization() and m.is_active and u.is_active);
end $$;
CREATE FUNCTION public.my_colleagues() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select distinct theirs.user_id from workspace_users mine
               join workspace_users theirs using (organization_id, workspace_id)
               where mine.organization_id = current_organization() and mine.user_id = current_user_id()
                 and mine.is_active and theirs.is_active);
end $$;
CREATE FUNCTION public.my_groups() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select m.group_id from group_members m
               join groups g on g.organization_id = m.organization_id and g.id = m.group_id
               where m.organization_id = current_organization() and m.user_id = current_user_id() and g.is_active);
end $$;
CREATE FUNCTION public.my_workspaces() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select workspace_id from workspace_users
               where organization_id = current_organization() and user_id = current_user_id() and is_active);
end $$;
CREATE FUNCTION public.next_group_version() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.version := old.version + 1;
  return new;
end $$;
CREATE TABLE public.chats (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    title character varying(255),
    model character varying(200) NOT NULL,
    is_pinned boolean DEFAULT false NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    message_count integer DEFAULT 0 NOT NULL,
    total_tokens bigint DEFAULT 0 NOT NULL,
    total_cost bigint DEFAULT 0 NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.chats FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.owns_resource(kind public.resource_kind_enum, resource uuid) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN ((kind = 'CHT'::public.resource_kind_enum) AND (EXISTS (SELECT FROM public.chats c WHERE ((c.organization_id = public.current_organization()) AND (c.id = owns_resource.resource) AND (c.user_id = public.current_user_id())))));
CREATE FUNCTION public.people_of_current_workspace() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select user_id from workspace_users where organization_id = current_organization()
               and workspace_id = current_workspace() and is_active);
end $$;
CREATE FUNCTION public.people_of_granted_workspaces() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select user_id from workspace_users where organization_id = current_organization()
               and workspace_id = any (current_grants()) and is_active);
end $$;
CREATE FUNCTION public.people_of_my_chats() RETURNS TABLE(user_id uuid, name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if current_grants() <> '{}' then
    return query select u.id, u.name::text from users u where u.id in (
      select c.user_id from chats c where c.organization_id = current_organization() and c.id = any (current_grants())
      union all
      select m.asked_by_user_id from messages m where m.organization_id = current_organization()
        and m.chat_id = any (current_grants()) and m.asked_by_user_id is not null);
  else
    return query select u.id, u.name::text from users u where u.id in (
      select m.asked_by_user_id from messages m where m.organization_id = current_organization()
        and m.user_id = current_user_id() and m.asked_by_user_id is not null);
  end if;
end $$;
CREATE FUNCTION public.people_of_my_grants() RETURNS TABLE(user_id uuid, name text, email text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return query select distinct u.id, u.name::text, u.email::text
    from permissions_acl g join users u on u.id in (g.created_by_user_id, g.created_for_user_id)
    where g.organization_id = current_organization()
      and (g.created_by_user_id = current_user_id() or g.created_for_user_id = current_user_id()
           or g.created_for_group_id = any (my_groups())
           or exists (select from chats c where g.resource_kind = 'CHT' and c.organization_id = g.organization_id
                      and c.id = g.resource_id and c.user_id = current_user_id()));
end $$;
CREATE PROCEDURE public.protect_table(IN name regclass)
    LANGUAGE plpgsql
    AS $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format('create policy owner_all on %s to gatehouse_owner using (true) with check (true)', name);
  execute format('create policy backup_read on %s for select to gatehouse_backup using (true)', name);
  execute format('grant select on %s to gatehouse_backup', name);
end $$;
CREATE FUNCTION public.readdress_person(address text, new_address text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if not is_of_directory_alone(address) then return false; end if;
  update users set email = new_address where email = address;
  return found;
end $$;
CREATE FUNCTION public.reclaim_leases(p_organization uuid) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
CREATE FUNCTION public.refuse_beyond_users(p_organization uuid, p_most bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if p_most is null then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('users of ' || p_organization, 0));
  if (select count(*) from memberships where organization_id = p_organization and is_active) >= p_most then
    raise exception 'the plan allows % users', p_most using errcode = 'GH004';
  end if;
end $$;
CREATE FUNCTION public.refuse_content() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if (tg_table_name = 'chats' and to_jsonb(new) ->> 'title' is not null
      or tg_table_name <> 'chats' and to_jsonb(new) ->> 'text' is not null)
     and (select data_mode from organizations where id = new.organization_id) <> 'full_content' then
    raise exception 'this organization stores no content' using errcode = 'GH002';
  end if;
  return new;
end $$;
CREATE FUNCTION public.refuse_going_back() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'the mark of a chain moves forward only' using errcode = 'restrict_violation';
end $$;
CREATE FUNCTION public.refuse_logged_content() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if (new.message is not null or new.reply is not null)
     and (select data_mode from organizations where id = new.organization_id) <> 'full_content' then
    raise exception 'this organization stores no content' using errcode = 'GH002';
  end if;
  return new;
end $$;
CREATE FUNCTION public.refuse_region_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if new.region is distinct from old.region then
    raise exception 'the region of an organization is immutable' using errcode = 'GH001';
  end if;
  return new;
end $$;
CREATE FUNCTION public.rename_person(address text, new_name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if not is_of_directory_alone(address) then return; end if;
  update users set name = new_name where email = address and name <> new_name;
end $$;
CREATE TABLE public.quota_leases (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    month character(7) NOT NULL,
    node text NOT NULL,
    granted bigint NOT NULL,
    taken_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone DEFAULT (clock_timestamp() + '00:03:00'::interval) NOT NULL,
    CONSTRAINT quota_leases_granted_check CHECK ((granted > 0))
);
ALTER TABLE ONLY public.quota_leases FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tenant_usage (
    organization_id uuid NOT NULL,
    month character(7) NOT NULL,
    request_count bigint DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_usage_month_check CHECK ((month ~ '^\d{4}-(0[1-9]|1[0-2])$'::text)),
    CONSTRAINT tenant_usage_request_count_check CHECK ((request_count >= 0))
);
ALTER TABLE ONLY public.tenant_usage FORCE ROW LEVEL SECURITY;
CREATE FUNCTION public.requests_used(p_organization uuid, p_month text) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    RETURN (COALESCE((SELECT tenant_usage.request_count FROM public.tenant_usage WHERE ((tenant_usage.organization_id = requests_used.p_organization) AND ((tenant_usage.month)::text = requests_used.p_month))), (0)::bigint) - COALESCE((SELECT (sum((quota_leases.granted - public.lease_spent(quota_leases.organization_id, quota_leases.id, quota_leases.taken_at))))::bigint AS sum FROM public.quota_leases WHERE ((quota_leases.organization_id = requests_used.p_organization) AND ((quota_leases.month)::text = requests_used.p_month))), (0)::bigint));
CREATE FUNCTION public.return_to_directory() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update scim_users set deleted_at = null
    where organization_id = new.organization_id and user_id = new.user_id and deleted_at is not null;
  return null;
end $$;
CREATE FUNCTION public.set_name_key() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  new.name_key := coalesce((select lower(name) from users where id = new.user_id), '');
  return new;
end $$;
CREATE FUNCTION public.set_own_profile(document jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update memberships set attributes = document
    where organization_id = current_organization() and user_id = current_user_id() and is_active;
  return found;
end $$;
CREATE PROCEDURE public.spare_audited(IN name regclass, IN place text, IN audited text DEFAULT 'audited_workspaces'::text)
    LANGUAGE plpgsql
    AS $_$
declare
  elsewhere text := format('organization_id = (select current_organization())
    and (%I = any ((select %I())::uuid[])) is not true', place, audited);
begin
  execute format('create policy audited_insert on %s as restrictive for insert to gatehouse_app with check (%s)',
                 name, elsewhere);
  execute format('create policy audited_update on %s as restrictive for update to gatehouse_app
    using (%s) with check (%2$s)', name, elsewhere);
  execute format('create policy audited_delete on %s as restrictive for delete to gatehouse_app using (%s)',
                 name, elsewhere);
end $_$;
CREATE FUNCTION public.spread_name() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update memberships set name_key = lower(new.name) where user_id = new.id;
  return null;
end $$;
CREATE FUNCTION public.suspended_invitations(shown uuid[]) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(select i.id from invitations i where i.organization_id = current_organization() and i.id = any (shown)
               and not may_invite(i));
end $$;
CREATE FUNCTION public.take_lease(p_organization uuid, p_lease uuid, p_node text, p_wanted bigint, p_limit bigint, OUT o_granted bigint, OUT o_used bigint, OUT o_month text) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
CREATE FUNCTION public.touch_groups_of_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update groups set updated_at = now()
    where (organization_id, id) in (select organization_id, group_id from changed);
  return null;
end $$;
CREATE FUNCTION public.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.updated_at := now();
  return new;
end $$;
CREATE FUNCTION public.visible_workspaces() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  mine uuid[];
begin
  if current_user_id() is null then return '{}'; end if;
  mine := my_workspaces();
  return array(select id from workspaces where organization_id = current_organization() and is_active
               and workspace_type = 'FUNCTIONAL'
               and (visibility in ('public', 'organization')
                    or (visibility = 'team' and parent_workspace_id = any (mine))));
end $$;
CREATE FUNCTION public.words_of(p_text text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(array_remove(regexp_split_to_array(lower(p_text), '[\x01-/:-`{-\x7f]+'::text), ''::text));
CREATE FUNCTION public.workspaces_in_reach() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  return array(
    select id from unnest(
      case current_reach()
        when 'organization' then array(select id from workspaces where organization_id = current_organization())
        when 'workspaces' then managed_workspaces()
        when 'workspace' then array_remove(array[current_workspace()], null)
        else '{}' end || current_grants()) id
    where id <> all (audited_workspaces()));
end $$;
CREATE TABLE public.api_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    name character varying(255) NOT NULL,
    key_hash bytea NOT NULL,
    last_four character varying(4) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    permissions text[],
    allowed_addresses text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT api_keys_key_hash_check CHECK ((octet_length(key_hash) = 32))
);
ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.audit_marks (
    organization_id uuid NOT NULL,
    org_sequence bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_marks_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_marks_org_sequence_check CHECK ((org_sequence > 0))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='1000');
ALTER TABLE ONLY public.audit_marks FORCE ROW LEVEL SECURITY;
CREATE TABLE public.audit_outbox (
    id uuid NOT NULL,
    organization_id uuid,
    recorded_at timestamp with time zone NOT NULL,
    event bytea NOT NULL,
    CONSTRAINT audit_outbox_event_check CHECK (((octet_length(event) >= 2) AND (octet_length(event) <= 65536)))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');
ALTER TABLE ONLY public.audit_outbox FORCE ROW LEVEL SECURITY;
CREATE TABLE public.execution_logs (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    request_id character varying(200) NOT NULL,
    stage public.stage_enum NOT NULL,
    config_version integer NOT NULL,
    workspace_id uuid,
    actor_type character varying(16) NOT NULL,
    actor_id uuid NOT NULL,
    user_id uuid DEFAULT public.current_user_id(),
    outcome character varying(16) NOT NULL,
    reason character varying(64),
    next_best_action character varying(100) NOT NULL,
    confidence real NOT NULL,
    model character varying(200),
    input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    cost bigint DEFAULT 0 NOT NULL,
    latency_ms bigint NOT NULL,
    message text,
    reply text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT execution_logs_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
    CONSTRAINT execution_logs_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['answered'::character varying, 'fallback'::character varying, 'guardrail'::character varying, 'gated'::character varying])::text[])))
);
ALTER TABLE ONLY public.execution_logs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.external_identities (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    issuer character varying(2048) NOT NULL,
    subject character varying(255) NOT NULL,
    user_id uuid NOT NULL,
    provider_id uuid,
    manages_membership boolean DEFAULT false NOT NULL,
    lost_groups_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_sign_in_at timestamp with time zone
);
ALTER TABLE ONLY public.external_identities FORCE ROW LEVEL SECURITY;
CREATE TABLE public.external_role_grants (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    assignment_id uuid NOT NULL
);
ALTER TABLE ONLY public.external_role_grants FORCE ROW LEVEL SECURITY;
CREATE TABLE public.external_workspace_grants (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.external_workspace_grants FORCE ROW LEVEL SECURITY;
CREATE TABLE public.group_members (
    organization_id uuid NOT NULL,
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.group_members FORCE ROW LEVEL SECURITY;
CREATE TABLE public.groups (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name character varying(255) NOT NULL,
    description character varying(1000) DEFAULT ''::character varying NOT NULL,
    external_id character varying(255),
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    is_provisioned boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 1 NOT NULL
);
ALTER TABLE ONLY public.groups FORCE ROW LEVEL SECURITY;
CREATE TABLE public.idempotency_keys (
    organization_id uuid NOT NULL,
    principal_id uuid NOT NULL,
    operation character varying(64) NOT NULL,
    key_hash bytea NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    body bytea NOT NULL,
    is_sealed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT idempotency_keys_request_hash_check CHECK ((octet_length(request_hash) = 32))
);
ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.identity_providers (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name character varying(120) NOT NULL,
    preset character varying(32) NOT NULL,
    issuer character varying(2048) NOT NULL,
    client_id character varying(255) NOT NULL,
    client_auth character varying(32) NOT NULL,
    sealed_secret bytea NOT NULL,
    secret_last_four character varying(4) NOT NULL,
    scopes character varying(512) NOT NULL,
    domains text[] DEFAULT '{}'::text[] NOT NULL,
    claims jsonb NOT NULL,
    mapping jsonb NOT NULL,
    jit boolean DEFAULT false NOT NULL,
    vouches_for_email boolean DEFAULT false NOT NULL,
    manages_existing boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT identity_providers_client_auth_check CHECK (((client_auth)::text = ANY ((ARRAY['client_secret_basic'::character varying, 'client_secret_post'::character varying])::text[])))
);
ALTER TABLE ONLY public.identity_providers FORCE ROW LEVEL SECURITY;
CREATE TABLE public.invitation_workspaces (
    organization_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    role public.governance_role_enum
);
ALTER TABLE ONLY public.invitation_workspaces FORCE ROW LEVEL SECURITY;
CREATE TABLE public.logout_tokens (
    organization_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    jti_hash bytea NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT logout_tokens_jti_hash_check CHECK ((octet_length(jti_hash) = 32))
);
ALTER TABLE ONLY public.logout_tokens FORCE ROW LEVEL SECURITY;
CREATE TABLE public.mail_outbox (
    id uuid NOT NULL,
    kind character varying(32) NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    next_try_at timestamp with time zone DEFAULT now() NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    dead_at timestamp with time zone,
    CONSTRAINT mail_outbox_sealed_check CHECK ((octet_length(sealed) <= 65536))
);
ALTER TABLE ONLY public.mail_outbox FORCE ROW LEVEL SECURITY;
CREATE TABLE public.memberships (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_code public.role_code_enum NOT NULL,
    is_owner boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    invitation_id uuid,
    checklist_put_away boolean DEFAULT false NOT NULL,
    CONSTRAINT memberships_owner_administers CHECK (((NOT is_owner) OR ((role_code = 'OA'::public.role_code_enum) AND is_active))),
    CONSTRAINT memberships_role_code_check CHECK ((role_code <> 'MS'::public.role_code_enum))
);
ALTER TABLE ONLY public.memberships FORCE ROW LEVEL SECURITY;
CREATE TABLE public.messages (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    chat_id uuid NOT NULL,
    user_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    role character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    text text,
    model character varying(200) NOT NULL,
    input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    cost bigint DEFAULT 0 NOT NULL,
    decision jsonb,
    asked_by_user_id uuid,
    CONSTRAINT messages_role_check CHECK (((role)::text = ANY ((ARRAY['user'::character varying, 'assistant'::character varying])::text[]))),
    CONSTRAINT messages_status_check CHECK (((status)::text = ANY ((ARRAY['complete'::character varying, 'streaming'::character varying, 'stopped'::character varying, 'failed'::character varying, 'blocked'::character varying, 'unknown'::character varying])::text[])))
)
PARTITION BY RANGE (created_at);
ALTER TABLE ONLY public.messages FORCE ROW LEVEL SECURITY;
CREATE TABLE public.models (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    name character varying(200) NOT NULL,
    upstream_name character varying(200) NOT NULL,
    display_name character varying(200) NOT NULL,
    input_price bigint DEFAULT 0 NOT NULL,
    output_price bigint DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT models_input_price_check CHECK ((input_price >= 0)),
    CONSTRAINT models_output_price_check CHECK ((output_price >= 0))
);
ALTER TABLE ONLY public.models FORCE ROW LEVEL SECURITY;
CREATE TABLE public.organization_domains (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    domain character varying(253) NOT NULL,
    challenge character varying(64) NOT NULL,
    verified_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organization_domains_domain_check CHECK (((domain)::text = lower((domain)::text)))
);
ALTER TABLE ONLY public.organization_domains FORCE ROW LEVEL SECURITY;
CREATE TABLE public.organization_keys (
    organization_id uuid NOT NULL,
    version integer NOT NULL,
    master_version integer NOT NULL,
    wrapped_key bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT organization_keys_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.organization_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.password_resets (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    issued_in uuid,
    issued_by uuid,
    is_mailed boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT password_resets_check CHECK (((issued_in IS NULL) = (issued_by IS NULL))),
    CONSTRAINT password_resets_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
ALTER TABLE ONLY public.password_resets FORCE ROW LEVEL SECURITY;
CREATE TABLE public.permissions_acl (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    resource_kind public.resource_kind_enum NOT NULL,
    resource_id uuid NOT NULL,
    action public.action_enum NOT NULL,
    created_by_user_id uuid NOT NULL,
    created_for_user_id uuid,
    created_for_group_id uuid,
    parent_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    is_active boolean DEFAULT true NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by_user_id uuid,
    revoke_reason character varying(500),
    access_count bigint DEFAULT 0 NOT NULL,
    last_access_at timestamp with time zone,
    violations_count bigint DEFAULT 0 NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT permissions_acl_check CHECK ((num_nonnulls(created_for_user_id, created_for_group_id) = 1)),
    CONSTRAINT permissions_acl_check1 CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
    CONSTRAINT permissions_acl_check2 CHECK (((parent_id IS NULL) OR (action <> 'MNG'::public.action_enum)))
);
ALTER TABLE ONLY public.permissions_acl FORCE ROW LEVEL SECURITY;
CREATE TABLE public.person_keys (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    key_version integer NOT NULL,
    wrapped_key bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    destroyed_at timestamp with time zone,
    CONSTRAINT person_keys_check CHECK (((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)))
);
ALTER TABLE ONLY public.person_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.policy_hits (
    organization_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    day date NOT NULL,
    hits bigint NOT NULL
);
ALTER TABLE ONLY public.policy_hits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.policy_rules (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workspace_id uuid,
    name character varying(120) NOT NULL,
    "position" integer NOT NULL,
    state character varying(8) NOT NULL,
    directions text[] NOT NULL,
    condition jsonb NOT NULL,
    outcome character varying(16) NOT NULL,
    message character varying(1000) DEFAULT ''::character varying NOT NULL,
    redaction jsonb DEFAULT '{"operation": "mask"}'::jsonb NOT NULL,
    stamps text[] DEFAULT '{}'::text[] NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT policy_rules_directions_check CHECK (((directions <@ ARRAY['prompt'::text, 'response'::text]) AND ((cardinality(directions) >= 1) AND (cardinality(directions) <= 2)))),
    CONSTRAINT policy_rules_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['allow'::character varying, 'warn'::character varying, 'redact'::character varying, 'block'::character varying])::text[]))),
    CONSTRAINT policy_rules_position_check CHECK (("position" >= 0)),
    CONSTRAINT policy_rules_stamps_check CHECK ((stamps <@ ARRAY['PII'::text, 'FIN'::text, 'COF'::text])),
    CONSTRAINT policy_rules_state_check CHECK (((state)::text = ANY ((ARRAY['enabled'::character varying, 'shadow'::character varying, 'disabled'::character varying])::text[])))
);
ALTER TABLE ONLY public.policy_rules FORCE ROW LEVEL SECURITY;
CREATE TABLE public.provider_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    sealed_key bytea NOT NULL,
    key_version integer NOT NULL,
    last_four character varying(4) NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.provider_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.providers (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name character varying(63) NOT NULL,
    kind character varying(32) NOT NULL,
    base_url character varying(2048) DEFAULT ''::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT providers_kind_check CHECK (((kind)::text = ANY ((ARRAY['demo'::character varying, 'openai_compatible'::character varying])::text[]))),
    CONSTRAINT providers_name_check CHECK (((name)::text ~ '^[a-z0-9](-?[a-z0-9])*$'::text))
);
ALTER TABLE ONLY public.providers FORCE ROW LEVEL SECURITY;
CREATE TABLE public.request_signatures (
    organization_id uuid NOT NULL,
    signature bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT request_signatures_signature_check CHECK ((octet_length(signature) = 32))
);
ALTER TABLE ONLY public.request_signatures FORCE ROW LEVEL SECURITY;
CREATE TABLE public.role_assignments (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    role public.governance_role_enum NOT NULL,
    workspace_id uuid,
    user_id uuid,
    group_id uuid,
    granted_by_user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT role_assignments_check CHECK ((num_nonnulls(user_id, group_id) = 1))
);
ALTER TABLE ONLY public.role_assignments FORCE ROW LEVEL SECURITY;
CREATE TABLE public.scim_tokens (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    last_four character varying(4) NOT NULL,
    created_by_user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT scim_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
ALTER TABLE ONLY public.scim_tokens FORCE ROW LEVEL SECURITY;
CREATE TABLE public.scim_users (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    external_id character varying(255),
    display_name character varying(255),
    given_name character varying(255),
    family_name character varying(255),
    formatted_name character varying(255),
    email character varying(254),
    is_provisioned boolean DEFAULT false NOT NULL,
    made_person boolean DEFAULT false NOT NULL,
    deleted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT scim_users_email_check CHECK (((email)::text = lower((email)::text)))
);
ALTER TABLE ONLY public.scim_users FORCE ROW LEVEL SECURITY;
CREATE TABLE public.second_factors (
    user_id uuid NOT NULL,
    sealed_secret bytea NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL,
    recovery_codes text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT second_factors_sealed_secret_check CHECK ((octet_length(sealed_secret) <= 256))
);
ALTER TABLE ONLY public.second_factors FORCE ROW LEVEL SECURITY;
CREATE TABLE public.service_account_certificates (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    service_account_id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    subject character varying(1000) NOT NULL,
    not_before timestamp with time zone NOT NULL,
    not_after timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT service_account_certificates_fingerprint_check CHECK ((octet_length(fingerprint) = 32))
);
ALTER TABLE ONLY public.service_account_certificates FORCE ROW LEVEL SECURITY;
CREATE TABLE public.service_account_secrets (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    service_account_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    last_four character varying(4) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT service_account_secrets_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
ALTER TABLE ONLY public.service_account_secrets FORCE ROW LEVEL SECURITY;
CREATE TABLE public.service_accounts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    name character varying(255) NOT NULL,
    description character varying(1000) DEFAULT ''::character varying NOT NULL,
    permissions text[] NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_by_user_id uuid,
    version bigint DEFAULT 1 NOT NULL,
    last_used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.service_accounts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.session_origins (
    organization_id uuid NOT NULL,
    session_id uuid NOT NULL,
    provider_id uuid,
    subject character varying(255) NOT NULL,
    sid character varying(255),
    sealed_logout bytea
);
ALTER TABLE ONLY public.session_origins FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sessions (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    previous_hash bytea,
    rotated_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    personal bytea,
    method character varying(16) DEFAULT 'password'::character varying NOT NULL,
    second_factor_at timestamp with time zone,
    CONSTRAINT sessions_method_check CHECK (((method)::text = ANY ((ARRAY['password'::character varying, 'sso'::character varying])::text[]))),
    CONSTRAINT sessions_previous_hash_check CHECK ((octet_length(previous_hash) = 32)),
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
ALTER TABLE ONLY public.sessions FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sign_in_attempts (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    purpose character varying(16) NOT NULL,
    state_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    user_id uuid,
    session_id uuid,
    return_to character varying(512) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    outcome jsonb,
    CONSTRAINT sign_in_attempts_browser_hash_check CHECK ((octet_length(browser_hash) = 32)),
    CONSTRAINT sign_in_attempts_check CHECK ((((purpose)::text = 'sign_in'::text) = (user_id IS NULL))),
    CONSTRAINT sign_in_attempts_purpose_check CHECK (((purpose)::text = ANY ((ARRAY['sign_in'::character varying, 'link'::character varying, 'test'::character varying])::text[]))),
    CONSTRAINT sign_in_attempts_state_hash_check CHECK ((octet_length(state_hash) = 32))
);
ALTER TABLE ONLY public.sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.stage_configs (
    organization_id uuid NOT NULL,
    stage public.stage_enum NOT NULL,
    version integer NOT NULL,
    config jsonb NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT stage_configs_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.stage_configs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tenant_secrets (
    organization_id uuid NOT NULL,
    version integer NOT NULL,
    sealed_secret bytea NOT NULL,
    last_four character varying(4) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT tenant_secrets_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.tenant_secrets FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tenant_versions (
    organization_id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY public.tenant_versions FORCE ROW LEVEL SECURITY;
CREATE TABLE public.usage_days (
    day date NOT NULL,
    closed_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.usage_days FORCE ROW LEVEL SECURITY;
CREATE TABLE public.usage_snapshots (
    organization_id uuid NOT NULL,
    day date NOT NULL,
    workspace_id uuid NOT NULL,
    model character varying(200) NOT NULL,
    requests bigint NOT NULL,
    blocked bigint NOT NULL,
    failed bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost bigint NOT NULL
);
ALTER TABLE ONLY public.usage_snapshots FORCE ROW LEVEL SECURITY;
CREATE TABLE public.users (
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(255) NOT NULL,
    password_hash text,
    language character varying(8),
    theme character varying(8) DEFAULT 'system'::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    email_confirmed_at timestamp with time zone,
    CONSTRAINT users_email_check CHECK (((email)::text = lower((email)::text)))
);
ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;
CREATE TABLE public.workspace_users (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    granted_by_user_id uuid,
    access_granted_at timestamp with time zone DEFAULT now() NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE ONLY public.workspace_users FORCE ROW LEVEL SECURITY;
CREATE TABLE public.write_counts (
    organization_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    writes integer NOT NULL
);
ALTER TABLE ONLY public.write_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.audit_marks
    ADD CONSTRAINT audit_marks_pkey PRIMARY KEY (organization_id);
ALTER TABLE ONLY public.audit_outbox
    ADD CONSTRAINT audit_outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.execution_logs
    ADD CONSTRAINT execution_logs_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.external_identities
    ADD CONSTRAINT external_identities_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.external_identities
    ADD CONSTRAINT external_identities_subject_key UNIQUE (organization_id, issuer, subject);
ALTER TABLE ONLY public.external_role_grants
    ADD CONSTRAINT external_role_grants_pkey PRIMARY KEY (organization_id, user_id, assignment_id);
ALTER TABLE ONLY public.external_workspace_grants
    ADD CONSTRAINT external_workspace_grants_pkey PRIMARY KEY (organization_id, user_id, workspace_id);
ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_pkey PRIMARY KEY (organization_id, group_id, user_id);
ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, principal_id, operation, key_hash);
ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_name_key UNIQUE (organization_id, name);
ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.invitation_workspaces
    ADD CONSTRAINT invitation_workspaces_pkey PRIMARY KEY (organization_id, invitation_id, workspace_id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.logout_tokens
    ADD CONSTRAINT logout_tokens_pkey PRIMARY KEY (organization_id, provider_id, jti_hash);
ALTER TABLE ONLY public.mail_outbox
    ADD CONSTRAINT mail_outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (organization_id, user_id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (organization_id, id, created_at);
ALTER TABLE ONLY public.metering_events
    ADD CONSTRAINT metering_events_pkey PRIMARY KEY (organization_id, id, created_at);
ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_name_key UNIQUE (organization_id, name);
ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.organization_domains
    ADD CONSTRAINT organization_domains_domain_key UNIQUE (organization_id, domain);
ALTER TABLE ONLY public.organization_domains
    ADD CONSTRAINT organization_domains_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.organization_keys
    ADD CONSTRAINT organization_keys_pkey PRIMARY KEY (organization_id, version);
ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.person_keys
    ADD CONSTRAINT person_keys_pkey PRIMARY KEY (organization_id, user_id);
ALTER TABLE ONLY public.policy_hits
    ADD CONSTRAINT policy_hits_pkey PRIMARY KEY (organization_id, rule_id, day);
ALTER TABLE ONLY public.policy_rules
    ADD CONSTRAINT policy_rules_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.provider_keys
    ADD CONSTRAINT provider_keys_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.providers
    ADD CONSTRAINT providers_name_key UNIQUE (organization_id, name);
ALTER TABLE ONLY public.providers
    ADD CONSTRAINT providers_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.quota_leases
    ADD CONSTRAINT quota_leases_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.request_signatures
    ADD CONSTRAINT request_signatures_pkey PRIMARY KEY (organization_id, signature);
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.scim_tokens
    ADD CONSTRAINT scim_tokens_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.scim_users
    ADD CONSTRAINT scim_users_pkey PRIMARY KEY (organization_id, user_id);
ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.service_account_certificates
    ADD CONSTRAINT service_account_certificates_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.service_account_secrets
    ADD CONSTRAINT service_account_secrets_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.service_accounts
    ADD CONSTRAINT service_accounts_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.session_origins
    ADD CONSTRAINT session_origins_pkey PRIMARY KEY (organization_id, session_id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.stage_configs
    ADD CONSTRAINT stage_configs_pkey PRIMARY KEY (organization_id, stage, version);
ALTER TABLE ONLY public.tenant_secrets
    ADD CONSTRAINT tenant_secrets_pkey PRIMARY KEY (organization_id, version);
ALTER TABLE ONLY public.tenant_usage
    ADD CONSTRAINT tenant_usage_pkey PRIMARY KEY (organization_id, month);
ALTER TABLE ONLY public.tenant_versions
    ADD CONSTRAINT tenant_versions_pkey PRIMARY KEY (organization_id);
ALTER TABLE ONLY public.usage_days
    ADD CONSTRAINT usage_days_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.usage_snapshots
    ADD CONSTRAINT usage_snapshots_pkey PRIMARY KEY (organization_id, day, workspace_id, model);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.workspace_users
    ADD CONSTRAINT workspace_users_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE ONLY public.write_counts
    ADD CONSTRAINT write_counts_pkey PRIMARY KEY (organization_id, workspace_id, hour);
CREATE INDEX api_keys_user ON public.api_keys USING btree (organization_id, user_id);
CREATE INDEX api_keys_workspace ON public.api_keys USING btree (organization_id, workspace_id);
CREATE INDEX chats_user ON public.chats USING btree (organization_id, user_id, updated_at DESC, id DESC);
CREATE INDEX chats_workspace ON public.chats USING btree (organization_id, workspace_id);
CREATE INDEX external_identities_provider ON public.external_identities USING btree (organization_id, provider_id);
CREATE INDEX external_identities_user ON public.external_identities USING btree (organization_id, user_id);
CREATE INDEX external_role_grants_assignment ON public.external_role_grants USING btree (organization_id, assignment_id);
CREATE INDEX external_workspace_grants_workspace ON public.external_workspace_grants USING btree (organization_id, workspace_id);
CREATE INDEX group_members_user ON public.group_members USING btree (organization_id, user_id);
CREATE UNIQUE INDEX groups_external_id ON public.groups USING btree (organization_id, external_id) WHERE ((external_id IS NOT NULL) AND is_active);
CREATE UNIQUE INDEX groups_name ON public.groups USING btree (organization_id, lower((name)::text)) WHERE is_active;
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);
CREATE INDEX invitation_workspaces_workspace ON public.invitation_workspaces USING btree (organization_id, workspace_id);
CREATE INDEX invitations_invited_by ON public.invitations USING btree (organization_id, invited_by_user_id);
CREATE INDEX mail_outbox_due ON public.mail_outbox USING btree (next_try_at) WHERE (dead_at IS NULL);
CREATE INDEX memberships_invitation ON public.memberships USING btree (organization_id, invitation_id);
CREATE INDEX memberships_name ON public.memberships USING btree (organization_id, name_key, user_id);
CREATE UNIQUE INDEX memberships_one_owner ON public.memberships USING btree (organization_id) WHERE is_owner;
CREATE INDEX memberships_user ON public.memberships USING btree (user_id);
CREATE INDEX messages_asked_by ON ONLY public.messages USING btree (organization_id, asked_by_user_id) WHERE (asked_by_user_id IS NOT NULL);
CREATE INDEX messages_asked_in ON ONLY public.messages USING btree (organization_id, user_id) WHERE (asked_by_user_id IS NOT NULL);
CREATE INDEX messages_chat ON ONLY public.messages USING btree (organization_id, chat_id, created_at, id);
CREATE INDEX metering_events_actor ON ONLY public.metering_events USING btree (organization_id, actor_id, created_at);
CREATE INDEX metering_events_time ON ONLY public.metering_events USING btree (organization_id, created_at);
CREATE INDEX models_provider ON public.models USING btree (organization_id, provider_id);
CREATE INDEX organizations_plan ON public.organizations USING btree (plan_id, id);
CREATE INDEX organizations_status ON public.organizations USING btree (status, id);
CREATE INDEX organizations_words ON public.organizations USING gin (public.words_of((((name)::text || ' '::text) || (slug)::text)));
CREATE INDEX password_resets_issued_in ON public.password_resets USING btree (issued_in);
CREATE INDEX password_resets_user ON public.password_resets USING btree (user_id);
CREATE INDEX permissions_acl_active ON public.permissions_acl USING btree (organization_id, id) WHERE (is_active AND (revoked_at IS NULL));
CREATE INDEX permissions_acl_created_by ON public.permissions_acl USING btree (organization_id, created_by_user_id);
CREATE INDEX permissions_acl_group ON public.permissions_acl USING btree (organization_id, created_for_group_id);
CREATE INDEX permissions_acl_parent ON public.permissions_acl USING btree (organization_id, parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX permissions_acl_resource ON public.permissions_acl USING btree (organization_id, resource_kind, resource_id);
CREATE INDEX permissions_acl_revoked_by ON public.permissions_acl USING btree (organization_id, revoked_by_user_id);
CREATE INDEX permissions_acl_user ON public.permissions_acl USING btree (organization_id, created_for_user_id);
CREATE INDEX policy_rules_created_by ON public.policy_rules USING btree (organization_id, created_by);
CREATE UNIQUE INDEX policy_rules_name ON public.policy_rules USING btree (organization_id, name);
CREATE INDEX policy_rules_order ON public.policy_rules USING btree (organization_id, "position");
CREATE INDEX policy_rules_workspace ON public.policy_rules USING btree (organization_id, workspace_id);
CREATE UNIQUE INDEX provider_keys_one_active ON public.provider_keys USING btree (organization_id, provider_id) WHERE is_active;
CREATE INDEX provider_keys_provider ON public.provider_keys USING btree (organization_id, provider_id);
CREATE INDEX quota_leases_month ON public.quota_leases USING btree (organization_id, month);
CREATE INDEX request_signatures_age ON public.request_signatures USING btree (organization_id, created_at);
CREATE INDEX role_assignments_granted_by ON public.role_assignments USING btree (organization_id, granted_by_user_id);
CREATE INDEX role_assignments_group ON public.role_assignments USING btree (organization_id, group_id);
CREATE UNIQUE INDEX role_assignments_unique ON public.role_assignments USING btree (organization_id, role, workspace_id, user_id, group_id) NULLS NOT DISTINCT;
CREATE INDEX role_assignments_user ON public.role_assignments USING btree (organization_id, user_id);
CREATE INDEX role_assignments_workspace ON public.role_assignments USING btree (organization_id, workspace_id);
CREATE INDEX scim_tokens_created_by ON public.scim_tokens USING btree (organization_id, created_by_user_id);
CREATE UNIQUE INDEX scim_tokens_current ON public.scim_tokens USING btree (organization_id) WHERE ((revoked_at IS NULL) AND (expires_at IS NULL));
CREATE UNIQUE INDEX scim_tokens_replaced ON public.scim_tokens USING btree (organization_id) WHERE ((revoked_at IS NULL) AND (expires_at IS NOT NULL));
CREATE UNIQUE INDEX scim_users_external_id ON public.scim_users USING btree (organization_id, external_id) WHERE ((external_id IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX service_account_certificates_account ON public.service_account_certificates USING btree (organization_id, service_account_id);
CREATE UNIQUE INDEX service_account_certificates_fingerprint ON public.service_account_certificates USING btree (organization_id, service_account_id, fingerprint) WHERE (revoked_at IS NULL);
CREATE INDEX service_account_secrets_account ON public.service_account_secrets USING btree (organization_id, service_account_id);
CREATE INDEX service_accounts_created_by ON public.service_accounts USING btree (organization_id, created_by_user_id);
CREATE UNIQUE INDEX service_accounts_name ON public.service_accounts USING btree (organization_id, lower((name)::text)) WHERE is_active;
CREATE INDEX service_accounts_workspace ON public.service_accounts USING btree (organization_id, workspace_id);
CREATE INDEX session_origins_provider ON public.session_origins USING btree (organization_id, provider_id, subject);
CREATE INDEX sessions_newest ON public.sessions USING btree (organization_id, id DESC) WHERE (revoked_at IS NULL);
CREATE INDEX sessions_user ON public.sessions USING btree (organization_id, user_id);
CREATE INDEX sign_in_attempts_provider ON public.sign_in_attempts USING btree (organization_id, provider_id);
CREATE INDEX sign_in_attempts_session ON public.sign_in_attempts USING btree (organization_id, session_id);
CREATE INDEX sign_in_attempts_user ON public.sign_in_attempts USING btree (organization_id, user_id);
CREATE UNIQUE INDEX tenant_secrets_current ON public.tenant_secrets USING btree (organization_id) WHERE (expires_at IS NULL);
CREATE INDEX tenant_versions_changed ON public.tenant_versions USING btree (changed_at);
CREATE INDEX workspace_users_granted_by ON public.workspace_users USING btree (organization_id, granted_by_user_id);
CREATE UNIQUE INDEX workspace_users_unique ON public.workspace_users USING btree (organization_id, workspace_id, user_id) WHERE is_active;
CREATE INDEX workspace_users_user ON public.workspace_users USING btree (organization_id, user_id);
CREATE INDEX workspace_users_workspace ON public.workspace_users USING btree (organization_id, workspace_id);
CREATE INDEX workspaces_lead ON public.workspaces USING btree (organization_id, lead_user_id) WHERE (lead_user_id IS NOT NULL);
CREATE INDEX workspaces_name ON public.workspaces USING btree (organization_id, name, id);
CREATE UNIQUE INDEX workspaces_one_default ON public.workspaces USING btree (organization_id) WHERE is_default;
CREATE UNIQUE INDEX workspaces_one_personal ON public.workspaces USING btree (organization_id, owner_user_id) WHERE (owner_user_id IS NOT NULL);
CREATE INDEX workspaces_parent ON public.workspaces USING btree (organization_id, parent_workspace_id);
CREATE TRIGGER audit_marks_forward BEFORE UPDATE ON public.audit_marks FOR EACH ROW WHEN (((new.org_sequence <= old.org_sequence) OR (new.organization_id <> old.organization_id))) EXECUTE FUNCTION public.refuse_going_back();
CREATE TRIGGER bound BEFORE INSERT ON public.invitations FOR EACH ROW EXECUTE FUNCTION public.bound_invitations();
CREATE TRIGGER bound BEFORE INSERT ON public.permissions_acl FOR EACH ROW EXECUTE FUNCTION public.bound_grants();
CREATE TRIGGER bump AFTER DELETE OR UPDATE OF revoked_at, expires_at ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.group_members FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.groups FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.identity_providers FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.memberships FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.models FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE OF is_active, revoked_at, valid_from, valid_to, attributes, action ON public.permissions_acl FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.policy_rules FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.provider_keys FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.providers FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.role_assignments FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER DELETE OR UPDATE OF revoked_at, expires_at ON public.scim_tokens FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE OF revoked_at ON public.service_account_certificates FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE OF revoked_at, expires_at ON public.service_account_secrets FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER DELETE OR UPDATE OF workspace_id, permissions, is_active ON public.service_accounts FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER DELETE OR UPDATE OF revoked_at ON public.sessions FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT ON public.stage_configs FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.tenant_secrets FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER UPDATE OF is_active ON public.users FOR EACH ROW EXECUTE FUNCTION public.bump_versions_of_person();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.workspace_users FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump AFTER INSERT OR DELETE OR UPDATE ON public.workspaces FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER bump_second_factor AFTER UPDATE OF second_factor_at ON public.sessions FOR EACH ROW EXECUTE FUNCTION public.bump_tenant_version();
CREATE TRIGGER check_holder BEFORE INSERT ON public.group_members FOR EACH ROW EXECUTE FUNCTION public.check_holder('user_id');
CREATE TRIGGER check_holder BEFORE INSERT ON public.permissions_acl FOR EACH ROW WHEN ((new.created_for_user_id IS NOT NULL)) EXECUTE FUNCTION public.check_holder('created_for_user_id');
CREATE TRIGGER check_holder BEFORE INSERT ON public.role_assignments FOR EACH ROW WHEN ((new.user_id IS NOT NULL)) EXECUTE FUNCTION public.check_holder('user_id');
CREATE TRIGGER check_organogram AFTER UPDATE OF parent_workspace_id ON public.workspaces FOR EACH ROW WHEN ((new.parent_workspace_id IS DISTINCT FROM old.parent_workspace_id)) EXECUTE FUNCTION public.check_organogram();
CREATE TRIGGER check_organogram_insert AFTER INSERT ON public.workspaces FOR EACH ROW EXECUTE FUNCTION public.check_organogram();
CREATE TRIGGER check_person AFTER INSERT ON public.workspace_users FOR EACH ROW EXECUTE FUNCTION public.check_workspace_person();
CREATE TRIGGER check_resource BEFORE INSERT ON public.permissions_acl FOR EACH ROW EXECUTE FUNCTION public.check_resource();
CREATE TRIGGER close_workspace AFTER UPDATE OF is_active ON public.workspaces FOR EACH ROW WHEN ((old.is_active AND (NOT new.is_active))) EXECUTE FUNCTION public.close_workspace();
CREATE TRIGGER content BEFORE INSERT OR UPDATE OF title ON public.chats FOR EACH ROW EXECUTE FUNCTION public.refuse_content();
CREATE TRIGGER content BEFORE INSERT ON public.execution_logs FOR EACH ROW EXECUTE FUNCTION public.refuse_logged_content();
CREATE TRIGGER content BEFORE INSERT OR UPDATE OF text ON public.messages FOR EACH ROW EXECUTE FUNCTION public.refuse_content();
CREATE TRIGGER end_credentials AFTER UPDATE OF role_code, is_active ON public.memberships FOR EACH ROW WHEN (((old.is_active AND (NOT new.is_active)) OR (new.role_code > old.role_code))) EXECUTE FUNCTION public.end_credentials();
CREATE TRIGGER end_grants AFTER DELETE ON public.chats FOR EACH ROW EXECUTE FUNCTION public.end_grants('CHT');
CREATE TRIGGER end_grants AFTER UPDATE OF is_active ON public.groups FOR EACH ROW WHEN ((old.is_active AND (NOT new.is_active))) EXECUTE FUNCTION public.end_grants();
CREATE TRIGGER end_grants AFTER UPDATE OF is_active ON public.workspaces FOR EACH ROW WHEN ((old.is_active AND (NOT new.is_active))) EXECUTE FUNCTION public.end_grants('WSP');
CREATE TRIGGER end_passed_on AFTER UPDATE OF revoked_at, is_active ON public.permissions_acl FOR EACH ROW WHEN ((old.is_active AND (old.revoked_at IS NULL) AND (NOT (new.is_active AND (new.revoked_at IS NULL))))) EXECUTE FUNCTION public.end_passed_on();
CREATE TRIGGER find_lost_groups AFTER UPDATE OF is_active ON public.memberships FOR EACH ROW WHEN ((new.is_active AND (NOT old.is_active))) EXECUTE FUNCTION public.find_lost_groups();
CREATE TRIGGER forget_proof BEFORE UPDATE OF email ON public.users FOR EACH ROW WHEN (((new.email)::text IS DISTINCT FROM (old.email)::text)) EXECUTE FUNCTION public.forget_proof();
CREATE TRIGGER immutable_region BEFORE UPDATE OF region ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.refuse_region_change();
CREATE CONSTRAINT TRIGGER keep_a_default_workspace AFTER UPDATE OF is_default, is_active ON public.workspaces DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old.is_default) EXECUTE FUNCTION public.keep_a_default_workspace();
CREATE TRIGGER keep_an_administrator AFTER UPDATE OF role_code, is_active ON public.memberships FOR EACH ROW WHEN (((old.role_code = 'OA'::public.role_code_enum) AND old.is_active AND (NOT ((new.role_code = 'OA'::public.role_code_enum) AND new.is_active)))) EXECUTE FUNCTION public.keep_an_administrator();
CREATE TRIGGER leave_workspace AFTER UPDATE OF is_active ON public.workspace_users FOR EACH ROW WHEN ((old.is_active AND (NOT new.is_active))) EXECUTE FUNCTION public.leave_workspace();
CREATE TRIGGER lifecycle BEFORE UPDATE OF status ON public.organizations FOR EACH ROW WHEN ((new.status <> old.status)) EXECUTE FUNCTION public.keep_lifecycle();
CREATE TRIGGER lose_administration AFTER DELETE ON public.role_assignments FOR EACH ROW WHEN (((old.role = 'WorkspaceAdmin'::public.governance_role_enum) AND (old.user_id IS NOT NULL))) EXECUTE FUNCTION public.lose_administration();
CREATE TRIGGER name_key BEFORE INSERT ON public.memberships FOR EACH ROW EXECUTE FUNCTION public.set_name_key();
CREATE TRIGGER next_version BEFORE UPDATE ON public.groups FOR EACH ROW EXECUTE FUNCTION public.next_group_version();
CREATE TRIGGER return_to_directory AFTER UPDATE OF is_active ON public.memberships FOR EACH ROW WHEN ((new.is_active AND (NOT old.is_active))) EXECUTE FUNCTION public.return_to_directory();
CREATE TRIGGER spread_name AFTER UPDATE OF name ON public.users FOR EACH ROW WHEN (((new.name)::text IS DISTINCT FROM (old.name)::text)) EXECUTE FUNCTION public.spread_name();
CREATE TRIGGER touch BEFORE UPDATE ON public.groups FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.identity_providers FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.memberships FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.policy_rules FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.providers FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.scim_users FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.service_accounts FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON public.workspaces FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch_groups_delete AFTER DELETE ON public.group_members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.touch_groups_of_members();
CREATE TRIGGER touch_groups_insert AFTER INSERT ON public.group_members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.touch_groups_of_members();
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.execution_logs
    ADD CONSTRAINT execution_logs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.external_identities
    ADD CONSTRAINT external_identities_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES public.identity_providers(organization_id, id) ON DELETE SET NULL (provider_id);
ALTER TABLE ONLY public.external_identities
    ADD CONSTRAINT external_identities_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.external_role_grants
    ADD CONSTRAINT external_role_grants_organization_id_assignment_id_fkey FOREIGN KEY (organization_id, assignment_id) REFERENCES public.role_assignments(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.external_role_grants
    ADD CONSTRAINT external_role_grants_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.external_workspace_grants
    ADD CONSTRAINT external_workspace_grants_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.external_workspace_grants
    ADD CONSTRAINT external_workspace_grants_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_organization_id_group_id_fkey FOREIGN KEY (organization_id, group_id) REFERENCES public.groups(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitation_workspaces
    ADD CONSTRAINT invitation_workspaces_organization_id_invitation_id_fkey FOREIGN KEY (organization_id, invitation_id) REFERENCES public.invitations(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitation_workspaces
    ADD CONSTRAINT invitation_workspaces_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_organization_id_invited_by_user_id_fkey FOREIGN KEY (organization_id, invited_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.logout_tokens
    ADD CONSTRAINT logout_tokens_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES public.identity_providers(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_invitation FOREIGN KEY (organization_id, invitation_id) REFERENCES public.invitations(organization_id, id) ON DELETE SET NULL (invitation_id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.messages
    ADD CONSTRAINT messages_asked_by FOREIGN KEY (organization_id, asked_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (asked_by_user_id);
ALTER TABLE public.messages
    ADD CONSTRAINT messages_organization_id_chat_id_fkey FOREIGN KEY (organization_id, chat_id) REFERENCES public.chats(organization_id, id) ON DELETE CASCADE;
ALTER TABLE public.metering_events
    ADD CONSTRAINT metering_events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES public.providers(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.organization_domains
    ADD CONSTRAINT organization_domains_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.organization_keys
    ADD CONSTRAINT organization_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_issued_in_fkey FOREIGN KEY (issued_in) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_organization_id_created_by_user_id_fkey FOREIGN KEY (organization_id, created_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_organization_id_created_for_group_id_fkey FOREIGN KEY (organization_id, created_for_group_id) REFERENCES public.groups(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_organization_id_created_for_user_id_fkey FOREIGN KEY (organization_id, created_for_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_organization_id_parent_id_fkey FOREIGN KEY (organization_id, parent_id) REFERENCES public.permissions_acl(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.permissions_acl
    ADD CONSTRAINT permissions_acl_organization_id_revoked_by_user_id_fkey FOREIGN KEY (organization_id, revoked_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (revoked_by_user_id);
ALTER TABLE ONLY public.person_keys
    ADD CONSTRAINT person_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.policy_hits
    ADD CONSTRAINT policy_hits_organization_id_rule_id_fkey FOREIGN KEY (organization_id, rule_id) REFERENCES public.policy_rules(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.policy_rules
    ADD CONSTRAINT policy_rules_organization_id_created_by_fkey FOREIGN KEY (organization_id, created_by) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (created_by);
ALTER TABLE ONLY public.policy_rules
    ADD CONSTRAINT policy_rules_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.policy_rules
    ADD CONSTRAINT policy_rules_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.provider_keys
    ADD CONSTRAINT provider_keys_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES public.providers(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.providers
    ADD CONSTRAINT providers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.quota_leases
    ADD CONSTRAINT quota_leases_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.request_signatures
    ADD CONSTRAINT request_signatures_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_organization_id_granted_by_user_id_fkey FOREIGN KEY (organization_id, granted_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (granted_by_user_id);
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_organization_id_group_id_fkey FOREIGN KEY (organization_id, group_id) REFERENCES public.groups(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.scim_tokens
    ADD CONSTRAINT scim_tokens_organization_id_created_by_user_id_fkey FOREIGN KEY (organization_id, created_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (created_by_user_id);
ALTER TABLE ONLY public.scim_tokens
    ADD CONSTRAINT scim_tokens_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.scim_users
    ADD CONSTRAINT scim_users_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.service_account_certificates
    ADD CONSTRAINT service_account_certificates_organization_id_service_accou_fkey FOREIGN KEY (organization_id, service_account_id) REFERENCES public.service_accounts(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.service_account_secrets
    ADD CONSTRAINT service_account_secrets_organization_id_service_account_id_fkey FOREIGN KEY (organization_id, service_account_id) REFERENCES public.service_accounts(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.service_accounts
    ADD CONSTRAINT service_accounts_organization_id_created_by_user_id_fkey FOREIGN KEY (organization_id, created_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (created_by_user_id);
ALTER TABLE ONLY public.service_accounts
    ADD CONSTRAINT service_accounts_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.session_origins
    ADD CONSTRAINT session_origins_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES public.identity_providers(organization_id, id) ON DELETE SET NULL (provider_id);
ALTER TABLE ONLY public.session_origins
    ADD CONSTRAINT session_origins_organization_id_session_id_fkey FOREIGN KEY (organization_id, session_id) REFERENCES public.sessions(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES public.identity_providers(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_organization_id_session_id_fkey FOREIGN KEY (organization_id, session_id) REFERENCES public.sessions(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.stage_configs
    ADD CONSTRAINT stage_configs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tenant_secrets
    ADD CONSTRAINT tenant_secrets_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tenant_usage
    ADD CONSTRAINT tenant_usage_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tenant_versions
    ADD CONSTRAINT tenant_versions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.usage_snapshots
    ADD CONSTRAINT usage_snapshots_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.workspace_users
    ADD CONSTRAINT workspace_users_organization_id_granted_by_user_id_fkey FOREIGN KEY (organization_id, granted_by_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (granted_by_user_id);
ALTER TABLE ONLY public.workspace_users
    ADD CONSTRAINT workspace_users_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.workspace_users
    ADD CONSTRAINT workspace_users_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_lead FOREIGN KEY (organization_id, lead_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE SET NULL (lead_user_id);
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_owner FOREIGN KEY (organization_id, owner_user_id) REFERENCES public.memberships(organization_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_parent FOREIGN KEY (organization_id, parent_workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE SET NULL (parent_workspace_id);
ALTER TABLE ONLY public.write_counts
    ADD CONSTRAINT write_counts_organization_id_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id) ON DELETE CASCADE;
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON public.audit_outbox FOR INSERT TO gatehouse_app WITH CHECK ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY app_insert ON public.mail_outbox FOR INSERT TO gatehouse_app WITH CHECK (true);
CREATE POLICY app_read ON public.audit_marks FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY audit_all ON public.audit_marks TO gatehouse_audit USING (true) WITH CHECK (true);
CREATE POLICY audit_drain_delete ON public.audit_outbox FOR DELETE TO gatehouse_audit USING (true);
CREATE POLICY audit_drain_lock ON public.audit_outbox FOR UPDATE TO gatehouse_audit USING (true) WITH CHECK (false);
CREATE POLICY audit_drain_read ON public.audit_outbox FOR SELECT TO gatehouse_audit USING (true);
ALTER TABLE public.audit_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY audited_delete ON public.api_keys AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.chats AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.execution_logs AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.invitation_workspaces AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.invitations AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_invitations() AS audited_invitations)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.messages AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.permissions_acl AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((resource_id = ANY (( SELECT public.audited_things() AS audited_things)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.policy_rules AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.role_assignments AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.service_account_certificates AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.service_account_secrets AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.service_accounts AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.workspace_users AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_delete ON public.workspaces AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.api_keys AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.chats AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.execution_logs AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.invitation_workspaces AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.invitations AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_invitations() AS audited_invitations)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.messages AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.permissions_acl AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((resource_id = ANY (( SELECT public.audited_things() AS audited_things)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.policy_rules AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.role_assignments AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.service_account_certificates AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.service_account_secrets AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.service_accounts AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.workspace_users AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_insert ON public.workspaces AS RESTRICTIVE FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.api_keys AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.chats AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.execution_logs AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.invitation_workspaces AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.invitations AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_invitations() AS audited_invitations)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_invitations() AS audited_invitations)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.messages AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.permissions_acl AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((resource_id = ANY (( SELECT public.audited_things() AS audited_things)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((resource_id = ANY (( SELECT public.audited_things() AS audited_things)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.policy_rules AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.role_assignments AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.service_account_certificates AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.service_account_secrets AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((service_account_id = ANY (( SELECT public.audited_accounts() AS audited_accounts)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.service_accounts AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.workspace_users AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY audited_update ON public.workspaces AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((id = ANY (( SELECT public.audited_workspaces() AS audited_workspaces)::uuid[])) IS NOT TRUE)));
CREATE POLICY auditor_delete ON public.group_members AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (group_id = ANY (( SELECT public.auditing_groups() AS auditing_groups)::uuid[]))) IS NOT TRUE)));
CREATE POLICY auditor_delete ON public.groups AS RESTRICTIVE FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (id <> ALL (( SELECT public.auditing_groups() AS auditing_groups)::uuid[]))));
CREATE POLICY auditor_update ON public.groups AS RESTRICTIVE FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (id <> ALL (( SELECT public.auditing_groups() AS auditing_groups)::uuid[])))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (id <> ALL (( SELECT public.auditing_groups() AS auditing_groups)::uuid[]))));
CREATE POLICY backup_read ON public.api_keys FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.audit_marks FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.audit_outbox FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.chats FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.execution_logs FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.external_identities FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.external_role_grants FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.external_workspace_grants FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.group_members FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.groups FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.idempotency_keys FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.identity_providers FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.invitation_workspaces FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.invitations FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.logout_tokens FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.mail_outbox FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.memberships FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.messages FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.metering_events FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.model_calls FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.models FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.organization_domains FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.organization_keys FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.organizations FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.password_resets FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.permissions_acl FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.person_keys FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.policy_hits FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.policy_rules FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.provider_keys FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.providers FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.quota_leases FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.request_signatures FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.role_assignments FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.scim_tokens FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.scim_users FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.second_factors FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.service_account_certificates FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.service_account_secrets FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.service_accounts FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.session_origins FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.sessions FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.sign_in_attempts FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.stage_configs FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.tenant_secrets FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.tenant_usage FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.tenant_versions FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.usage_days FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.usage_snapshots FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.users FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.workspace_users FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.workspaces FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.write_counts FOR SELECT TO gatehouse_backup USING (true);
ALTER TABLE public.chats ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON public.usage_days FOR SELECT TO gatehouse_app USING (true);
ALTER TABLE public.execution_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.external_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.external_role_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.external_workspace_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.group_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.identity_providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invitation_workspaces ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.logout_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.mail_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.metering_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.model_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.models ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.organization_domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.organization_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON public.api_keys TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.audit_marks TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.audit_outbox TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.chats TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.execution_logs TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.external_identities TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.external_role_grants TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.external_workspace_grants TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.group_members TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.groups TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.idempotency_keys TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.identity_providers TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.invitation_workspaces TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.invitations TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.logout_tokens TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.mail_outbox TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.memberships TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.messages TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.metering_events TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.model_calls TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.models TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.organization_domains TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.organization_keys TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.organizations TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.password_resets TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.permissions_acl TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.person_keys TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.policy_hits TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.policy_rules TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.provider_keys TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.providers TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.quota_leases TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.request_signatures TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.role_assignments TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.scim_tokens TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.scim_users TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.second_factors TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.service_account_certificates TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.service_account_secrets TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.service_accounts TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.session_origins TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.sessions TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.sign_in_attempts TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.stage_configs TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.tenant_secrets TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.tenant_usage TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.tenant_versions TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.usage_days TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.usage_snapshots TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.users TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.workspace_users TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.workspaces TO gatehouse_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON public.write_counts TO gatehouse_owner USING (true) WITH CHECK (true);
ALTER TABLE public.password_resets ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.permissions_acl ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.person_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON public.api_keys TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.external_identities TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.external_role_grants TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.external_workspace_grants TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.group_members TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.groups TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.idempotency_keys TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.identity_providers FOR SELECT TO gatehouse_platform USING (true);
CREATE POLICY platform ON public.invitation_workspaces TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.invitations TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.logout_tokens TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.mail_outbox TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.memberships TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.messages TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.metering_events TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.model_calls TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.models TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.organization_domains TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.organization_keys TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.organizations TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.password_resets TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.permissions_acl TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.person_keys TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.policy_hits TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.policy_rules TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.provider_keys TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.providers TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.quota_leases TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.request_signatures TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.role_assignments TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.scim_tokens TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.scim_users TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.second_factors TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.service_account_certificates TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.service_account_secrets TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.service_accounts TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.session_origins TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.sessions TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.sign_in_attempts TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.stage_configs TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.tenant_secrets TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.tenant_usage TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.tenant_versions FOR SELECT TO gatehouse_platform USING (true);
CREATE POLICY platform ON public.usage_days TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.usage_snapshots TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.users TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.workspace_users TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.workspaces TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.write_counts TO gatehouse_platform USING (true) WITH CHECK (true);
CREATE POLICY platform_insert ON public.audit_outbox FOR INSERT TO gatehouse_platform WITH CHECK (true);
ALTER TABLE public.policy_hits ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.policy_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.provider_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.quota_leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.request_signatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.role_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.scim_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.scim_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.second_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.service_account_certificates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.service_account_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.service_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.session_origins ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.stage_configs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.api_keys TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace)))))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id))));
CREATE POLICY tenant ON public.invitation_workspaces TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[]))));
CREATE POLICY tenant ON public.memberships FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspaces'::text) AND (user_id = ANY (( SELECT public.my_colleagues() AS my_colleagues)::uuid[]))) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (user_id = ANY (( SELECT public.people_of_current_workspace() AS people_of_current_workspace)::uuid[]))) OR (user_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])) OR (user_id = ANY (( SELECT public.people_of_granted_workspaces() AS people_of_granted_workspaces)::uuid[])))));
CREATE POLICY tenant ON public.metering_events FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR (actor_id = ( SELECT public.current_user_id() AS current_user_id)) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))))));
CREATE POLICY tenant ON public.organization_domains TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant ON public.organizations FOR SELECT TO gatehouse_app USING ((id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant ON public.policy_hits FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) <> 'own'::text)));
CREATE POLICY tenant ON public.role_assignments TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.administers() AS administers) OR (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[]))))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.administers() AS administers) OR (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])))));
CREATE POLICY tenant ON public.scim_tokens TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant ON public.scim_users TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant ON public.service_account_certificates TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (service_account_id IN ( SELECT service_accounts.id
   FROM public.service_accounts)))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (service_account_id IN ( SELECT service_accounts.id
   FROM public.service_accounts))));
CREATE POLICY tenant ON public.service_account_secrets TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (service_account_id IN ( SELECT service_accounts.id
   FROM public.service_accounts)))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (service_account_id IN ( SELECT service_accounts.id
   FROM public.service_accounts))));
CREATE POLICY tenant ON public.service_accounts TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace)))))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))))));
CREATE POLICY tenant ON public.tenant_versions FOR SELECT TO gatehouse_app USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant ON public.users FOR SELECT TO gatehouse_app USING (((id = ( SELECT public.current_user_id() AS current_user_id)) OR (id IN ( SELECT memberships.user_id
   FROM public.memberships
  WHERE (memberships.organization_id = ( SELECT public.current_organization() AS current_organization))))));
CREATE POLICY tenant ON public.workspace_users FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspaces'::text) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))) OR (workspace_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant ON public.workspaces FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR (id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[])) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (id = ( SELECT public.current_workspace() AS current_workspace))) OR (id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])) OR (id = ANY (( SELECT public.visible_workspaces() AS visible_workspaces)::uuid[])))));
CREATE POLICY tenant ON public.write_counts TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ( SELECT public.current_workspace() AS current_workspace)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text)))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ( SELECT public.current_workspace() AS current_workspace)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text))));
CREATE POLICY tenant_count ON public.model_calls FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_delete ON public.chats FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant_delete ON public.messages FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (chat_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant_forget ON public.external_identities FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (lost_groups_at IS NULL)));
CREATE POLICY tenant_insert ON public.chats FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))));
CREATE POLICY tenant_insert ON public.execution_logs FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (NOT (user_id IS DISTINCT FROM ( SELECT public.current_user_id() AS current_user_id)))));
CREATE POLICY tenant_insert ON public.idempotency_keys FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (principal_id = ( SELECT public.current_user_id() AS current_user_id))));
CREATE POLICY tenant_insert ON public.invitations FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) <> 'own'::text) AND (invited_by_user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (( SELECT public.administers() AS administers) OR (role_code = 'UR'::public.role_code_enum))));
CREATE POLICY tenant_insert ON public.messages FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (chat_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[]))) AND (EXISTS ( SELECT 1
   FROM public.chats
  WHERE ((chats.organization_id = messages.organization_id) AND (chats.id = messages.chat_id) AND (chats.user_id = messages.user_id) AND (chats.workspace_id = messages.workspace_id))))));
CREATE POLICY tenant_insert ON public.permissions_acl FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (created_by_user_id = ( SELECT public.current_user_id() AS current_user_id)) AND public.may_give(resource_kind, resource_id, action, parent_id)));
CREATE POLICY tenant_insert ON public.stage_configs FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_insert ON public.workspace_users FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])) OR ((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (granted_by_user_id = user_id) AND (workspace_id = ANY (( SELECT public.joinable_workspaces() AS joinable_workspaces)::uuid[]))))));
CREATE POLICY tenant_insert ON public.workspaces FOR INSERT TO gatehouse_app WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text) AND (workspace_type = 'FUNCTIONAL'::public.workspace_type_enum)));
CREATE POLICY tenant_leave ON public.workspace_users FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id)))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (NOT is_active)));
CREATE POLICY tenant_read ON public.chats FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))) OR (id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant_read ON public.execution_logs FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR (user_id = ( SELECT public.current_user_id() AS current_user_id)) OR ((( SELECT public.current_reach() AS current_reach) = ANY (ARRAY['workspace'::text, 'workspaces'::text])) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))))));
CREATE POLICY tenant_read ON public.external_identities FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text))));
CREATE POLICY tenant_read ON public.group_members FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) <> 'own'::text))));
CREATE POLICY tenant_read ON public.groups FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) <> 'own'::text) OR (id = ANY (( SELECT public.my_groups() AS my_groups)::uuid[])))));
CREATE POLICY tenant_read ON public.idempotency_keys FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (principal_id = ( SELECT public.current_user_id() AS current_user_id))));
CREATE POLICY tenant_read ON public.identity_providers FOR SELECT TO gatehouse_app USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_read ON public.invitations FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR (invited_by_user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (id = ANY (( SELECT public.invitations_in_reach() AS invitations_in_reach)::uuid[])))));
CREATE POLICY tenant_read ON public.messages FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))) OR (chat_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant_read ON public.models FOR SELECT TO gatehouse_app USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_read ON public.permissions_acl FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR (created_by_user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (created_for_user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (created_for_group_id = ANY (( SELECT public.my_groups() AS my_groups)::uuid[])) OR (resource_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])) OR (resource_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])) OR public.owns_resource(resource_kind, resource_id))));
CREATE POLICY tenant_read ON public.policy_rules FOR SELECT TO gatehouse_app USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_read ON public.providers FOR SELECT TO gatehouse_app USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_read ON public.quota_leases FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_read ON public.role_assignments FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])))));
CREATE POLICY tenant_read ON public.sessions FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text))));
CREATE POLICY tenant_read ON public.sign_in_attempts FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id))));
CREATE POLICY tenant_read ON public.stage_configs FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) <> 'own'::text)));
CREATE POLICY tenant_read ON public.tenant_secrets FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_read ON public.tenant_usage FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_read ON public.usage_snapshots FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = 'workspace'::text) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))))));
CREATE POLICY tenant_read_own ON public.role_assignments FOR SELECT TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id))));
CREATE POLICY tenant_revoke ON public.api_keys FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_revoke ON public.sessions FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text)))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND ((user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (( SELECT public.current_reach() AS current_reach) = 'organization'::text))));
ALTER TABLE public.tenant_secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_unlink ON public.external_identities FOR DELETE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (user_id = ( SELECT public.current_user_id() AS current_user_id))));
CREATE POLICY tenant_update ON public.chats FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[]))))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant_update ON public.invitations FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.administers() AS administers) OR ((( SELECT public.current_reach() AS current_reach) <> 'own'::text) AND (invited_by_user_id = ( SELECT public.current_user_id() AS current_user_id))) OR (id = ANY (( SELECT public.invitations_in_reach() AS invitations_in_reach)::uuid[]))))) WITH CHECK ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_update ON public.memberships FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_update ON public.messages FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (chat_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[]))))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (((user_id = ( SELECT public.current_user_id() AS current_user_id)) AND (workspace_id = ANY (( SELECT public.my_workspaces() AS my_workspaces)::uuid[]))) OR (chat_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])))));
CREATE POLICY tenant_update ON public.organizations FOR UPDATE TO gatehouse_app USING (((id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_update ON public.permissions_acl FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.administers() AS administers) OR (created_by_user_id = ( SELECT public.current_user_id() AS current_user_id)) OR (resource_id = ANY (( SELECT public.current_grants() AS current_grants)::uuid[])) OR (resource_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])) OR public.owns_resource(resource_kind, resource_id)))) WITH CHECK ((organization_id = ( SELECT public.current_organization() AS current_organization)));
CREATE POLICY tenant_update ON public.workspace_users FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (workspace_id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[]))));
CREATE POLICY tenant_update ON public.workspaces FOR UPDATE TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (workspace_type = 'FUNCTIONAL'::public.workspace_type_enum) AND (id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[])))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (workspace_type = 'FUNCTIONAL'::public.workspace_type_enum) AND (id = ANY (( SELECT public.workspaces_in_reach() AS workspaces_in_reach)::uuid[]))));
ALTER TABLE public.tenant_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenant_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_write ON public.group_members TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_write ON public.groups TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_write ON public.identity_providers TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_write ON public.models TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_write ON public.policy_rules TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_write ON public.provider_keys TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY tenant_write ON public.providers TO gatehouse_app USING (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text))) WITH CHECK (((organization_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
ALTER TABLE public.usage_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.usage_snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.workspace_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.workspaces ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.write_counts ENABLE ROW LEVEL SECURITY;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gatehouse_app;
GRANT USAGE ON SCHEMA public TO gatehouse_platform;
GRANT USAGE ON SCHEMA public TO gatehouse_audit;
GRANT USAGE ON SCHEMA public TO gatehouse_backup;
REVOKE ALL ON FUNCTION public.current_reach() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_reach() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_reach() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_reach() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.current_role_code() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_role_code() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_role_code() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_role_code() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.administers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.administers() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.administers_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.administers_workspaces() TO gatehouse_app;
GRANT SELECT ON TABLE public.workspaces TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.workspaces TO gatehouse_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.workspaces TO gatehouse_platform;
GRANT UPDATE(name) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(is_default) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(visibility) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(is_active) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(attributes) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(version) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(settings) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(lead_user_id) ON TABLE public.workspaces TO gatehouse_app;
GRANT UPDATE(parent_workspace_id) ON TABLE public.workspaces TO gatehouse_app;
REVOKE ALL ON FUNCTION public.admits_guests(workspace public.workspaces) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.audited_accounts() FROM PUBLIC;
GRANT ALL ON FUNCTION public.audited_accounts() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.audited_invitations() FROM PUBLIC;
GRANT ALL ON FUNCTION public.audited_invitations() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.audited_things() FROM PUBLIC;
GRANT ALL ON FUNCTION public.audited_things() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.audited_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.audited_workspaces() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.auditing_groups() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auditing_groups() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.begin_anew(p_user uuid, p_password_hash text, p_is_confirmed boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.begin_anew(p_user uuid, p_password_hash text, p_is_confirmed boolean) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.bound_grants() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bound_invitations() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bump_tenant_version() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bump_versions_of_person() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_holder() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_organogram() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_permission(p_user_id uuid, p_resource_kind public.resource_kind_enum, p_resource_id uuid, p_action public.action_enum, p_context jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_permission(p_user_id uuid, p_resource_kind public.resource_kind_enum, p_resource_id uuid, p_action public.action_enum, p_context jsonb) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.check_resource() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_session(p_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_session(p_session uuid) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.check_workspace_person() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.close_usage_days() FROM PUBLIC;
GRANT ALL ON FUNCTION public.close_usage_days() TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.close_workspace() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.current_grants() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_grants() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.current_organization() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_organization() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_organization() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_organization() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.current_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_user_id() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_user_id() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_user_id() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.current_workspace() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_workspace() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_workspace() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_workspace() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.end_credentials() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.end_grants() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.end_passed_on() FROM PUBLIC;
REVOKE ALL ON PROCEDURE public.ensure_partitions(IN months integer) FROM PUBLIC;
GRANT ALL ON PROCEDURE public.ensure_partitions(IN months integer) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.find_lost_groups() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.forget_proof() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.governance_of(organization uuid, person uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.grant_conditions_hold(conditions jsonb, address inet, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.grant_conditions_hold(conditions jsonb, address inet, at timestamp with time zone) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.hold_standing(p_changes_members boolean, p_governance text[], p_anywhere text[], p_kind text, p_action text, p_context jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_standing(p_changes_members boolean, p_governance text[], p_anywhere text[], p_kind text, p_action text, p_context jsonb) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.holds_grant(person uuid, for_person uuid, for_group uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.holds_grant(person uuid, for_person uuid, for_group uuid) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.invitations_in_reach() FROM PUBLIC;
GRANT ALL ON FUNCTION public.invitations_in_reach() TO gatehouse_app;
GRANT SELECT ON TABLE public.organizations TO gatehouse_backup;
GRANT SELECT ON TABLE public.organizations TO gatehouse_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.organizations TO gatehouse_platform;
GRANT UPDATE(name) ON TABLE public.organizations TO gatehouse_app;
GRANT UPDATE(data_mode) ON TABLE public.organizations TO gatehouse_app;
GRANT UPDATE(settings) ON TABLE public.organizations TO gatehouse_app;
GRANT UPDATE(attributes) ON TABLE public.organizations TO gatehouse_app;
GRANT UPDATE(version) ON TABLE public.organizations TO gatehouse_app;
REVOKE ALL ON FUNCTION public.is_guest(organization public.organizations, email text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.is_of_directory_alone(address text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.joinable_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.joinable_workspaces() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.keep_a_default_workspace() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.keep_an_administrator() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.keep_lifecycle() FROM PUBLIC;
GRANT SELECT ON TABLE public.metering_events TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.metering_events TO gatehouse_platform;
GRANT SELECT ON TABLE public.metering_events TO gatehouse_app;
GRANT SELECT ON TABLE public.model_calls TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.model_calls TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.model_calls TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.model_calls TO gatehouse_app;
GRANT SELECT(lease_id) ON TABLE public.model_calls TO gatehouse_app;
REVOKE ALL ON FUNCTION public.lease_spent(p_organization uuid, p_lease uuid, p_since timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lease_spent(p_organization uuid, p_lease uuid, p_since timestamp with time zone) TO gatehouse_app;
GRANT ALL ON FUNCTION public.lease_spent(p_organization uuid, p_lease uuid, p_since timestamp with time zone) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.leave_workspace() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.lose_administration() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.managed_by(organization uuid, person uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.managed_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.managed_workspaces() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.managing_grants() FROM PUBLIC;
GRANT ALL ON FUNCTION public.managing_grants() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.may_give(kind public.resource_kind_enum, resource uuid, given public.action_enum, parent uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.may_give(kind public.resource_kind_enum, resource uuid, given public.action_enum, parent uuid) TO gatehouse_app;
GRANT SELECT ON TABLE public.invitations TO gatehouse_backup;
GRANT INSERT ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT ON TABLE public.invitations TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(last_four) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(email) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(note) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(role_code) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(invited_by_user_id) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(max_uses) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(uses) ON TABLE public.invitations TO gatehouse_app;
GRANT UPDATE(uses) ON TABLE public.invitations TO gatehouse_platform;
GRANT SELECT(created_at) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(expires_at) ON TABLE public.invitations TO gatehouse_app;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.invitations TO gatehouse_app;
GRANT UPDATE(revoked_at) ON TABLE public.invitations TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.may_invite(i public.invitations) FROM PUBLIC;
GRANT ALL ON FUNCTION public.may_invite(i public.invitations) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.member_with_email(address text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.member_with_email(address text) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.my_colleagues() FROM PUBLIC;
GRANT ALL ON FUNCTION public.my_colleagues() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.my_groups() FROM PUBLIC;
GRANT ALL ON FUNCTION public.my_groups() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.my_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.my_workspaces() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.next_group_version() FROM PUBLIC;
GRANT SELECT ON TABLE public.chats TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chats TO gatehouse_app;
REVOKE ALL ON FUNCTION public.owns_resource(kind public.resource_kind_enum, resource uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.owns_resource(kind public.resource_kind_enum, resource uuid) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.people_of_current_workspace() FROM PUBLIC;
GRANT ALL ON FUNCTION public.people_of_current_workspace() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.people_of_granted_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.people_of_granted_workspaces() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.people_of_my_chats() FROM PUBLIC;
GRANT ALL ON FUNCTION public.people_of_my_chats() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.people_of_my_grants() FROM PUBLIC;
GRANT ALL ON FUNCTION public.people_of_my_grants() TO gatehouse_app;
REVOKE ALL ON PROCEDURE public.protect_table(IN name regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.readdress_person(address text, new_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.readdress_person(address text, new_address text) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.reclaim_leases(p_organization uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reclaim_leases(p_organization uuid) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.refuse_beyond_users(p_organization uuid, p_most bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.refuse_beyond_users(p_organization uuid, p_most bigint) TO gatehouse_app;
GRANT ALL ON FUNCTION public.refuse_beyond_users(p_organization uuid, p_most bigint) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.refuse_content() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.refuse_going_back() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.refuse_logged_content() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.refuse_region_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rename_person(address text, new_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rename_person(address text, new_name text) TO gatehouse_app;
GRANT SELECT ON TABLE public.quota_leases TO gatehouse_backup;
GRANT SELECT ON TABLE public.quota_leases TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quota_leases TO gatehouse_platform;
GRANT SELECT ON TABLE public.tenant_usage TO gatehouse_backup;
GRANT SELECT ON TABLE public.tenant_usage TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenant_usage TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.requests_used(p_organization uuid, p_month text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.requests_used(p_organization uuid, p_month text) TO gatehouse_app;
GRANT ALL ON FUNCTION public.requests_used(p_organization uuid, p_month text) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.return_to_directory() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.set_name_key() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.set_own_profile(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_own_profile(document jsonb) TO gatehouse_app;
REVOKE ALL ON PROCEDURE public.spare_audited(IN name regclass, IN place text, IN audited text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spread_name() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.suspended_invitations(shown uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.suspended_invitations(shown uuid[]) TO gatehouse_app;
REVOKE ALL ON FUNCTION public.take_lease(p_organization uuid, p_lease uuid, p_node text, p_wanted bigint, p_limit bigint, OUT o_granted bigint, OUT o_used bigint, OUT o_month text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_lease(p_organization uuid, p_lease uuid, p_node text, p_wanted bigint, p_limit bigint, OUT o_granted bigint, OUT o_used bigint, OUT o_month text) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.touch_groups_of_members() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.touch_updated_at() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.visible_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION public.visible_workspaces() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.words_of(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.words_of(p_text text) TO gatehouse_app;
GRANT ALL ON FUNCTION public.words_of(p_text text) TO gatehouse_platform;
REVOKE ALL ON FUNCTION public.workspaces_in_reach() FROM PUBLIC;
GRANT ALL ON FUNCTION public.workspaces_in_reach() TO gatehouse_app;
GRANT SELECT ON TABLE public.api_keys TO gatehouse_backup;
GRANT INSERT ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.api_keys TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(workspace_id) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(user_id) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(name) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(last_four) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(expires_at) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(last_used_at) ON TABLE public.api_keys TO gatehouse_app;
GRANT UPDATE(last_used_at) ON TABLE public.api_keys TO gatehouse_platform;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.api_keys TO gatehouse_app;
GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO gatehouse_platform;
GRANT SELECT(permissions) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT(allowed_addresses) ON TABLE public.api_keys TO gatehouse_app;
GRANT SELECT ON TABLE public.audit_marks TO gatehouse_backup;
GRANT SELECT ON TABLE public.audit_marks TO gatehouse_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.audit_marks TO gatehouse_audit;
GRANT SELECT ON TABLE public.audit_outbox TO gatehouse_backup;
GRANT INSERT ON TABLE public.audit_outbox TO gatehouse_app;
GRANT INSERT ON TABLE public.audit_outbox TO gatehouse_platform;
GRANT SELECT,DELETE ON TABLE public.audit_outbox TO gatehouse_audit;
GRANT UPDATE(id) ON TABLE public.audit_outbox TO gatehouse_audit;
GRANT SELECT ON TABLE public.execution_logs TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.execution_logs TO gatehouse_app;
GRANT SELECT ON TABLE public.external_identities TO gatehouse_backup;
GRANT SELECT,DELETE ON TABLE public.external_identities TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.external_identities TO gatehouse_platform;
GRANT UPDATE(lost_groups_at) ON TABLE public.external_identities TO gatehouse_app;
GRANT SELECT ON TABLE public.external_role_grants TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.external_role_grants TO gatehouse_platform;
GRANT SELECT ON TABLE public.external_workspace_grants TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.external_workspace_grants TO gatehouse_platform;
GRANT SELECT ON TABLE public.group_members TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.group_members TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.group_members TO gatehouse_platform;
GRANT SELECT ON TABLE public.groups TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.groups TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.groups TO gatehouse_platform;
GRANT UPDATE(name) ON TABLE public.groups TO gatehouse_app;
GRANT UPDATE(description) ON TABLE public.groups TO gatehouse_app;
GRANT UPDATE(external_id) ON TABLE public.groups TO gatehouse_app;
GRANT UPDATE(is_active) ON TABLE public.groups TO gatehouse_app;
GRANT UPDATE(updated_at) ON TABLE public.groups TO gatehouse_app;
GRANT SELECT ON TABLE public.idempotency_keys TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.idempotency_keys TO gatehouse_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.idempotency_keys TO gatehouse_platform;
GRANT SELECT ON TABLE public.identity_providers TO gatehouse_backup;
GRANT INSERT,DELETE,UPDATE ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT ON TABLE public.identity_providers TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(name) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(preset) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(issuer) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(client_id) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(client_auth) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(secret_last_four) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(scopes) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(domains) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(claims) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(mapping) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(jit) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(vouches_for_email) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(manages_existing) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(is_active) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(version) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT(updated_at) ON TABLE public.identity_providers TO gatehouse_app;
GRANT SELECT ON TABLE public.invitation_workspaces TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.invitation_workspaces TO gatehouse_app;
GRANT SELECT ON TABLE public.invitation_workspaces TO gatehouse_platform;
GRANT SELECT ON TABLE public.logout_tokens TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.logout_tokens TO gatehouse_platform;
GRANT SELECT ON TABLE public.mail_outbox TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.mail_outbox TO gatehouse_platform;
GRANT INSERT ON TABLE public.mail_outbox TO gatehouse_app;
GRANT SELECT ON TABLE public.memberships TO gatehouse_backup;
GRANT SELECT ON TABLE public.memberships TO gatehouse_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.memberships TO gatehouse_platform;
GRANT UPDATE(role_code) ON TABLE public.memberships TO gatehouse_app;
GRANT UPDATE(is_owner) ON TABLE public.memberships TO gatehouse_app;
GRANT UPDATE(is_active) ON TABLE public.memberships TO gatehouse_app;
GRANT UPDATE(attributes) ON TABLE public.memberships TO gatehouse_app;
GRANT UPDATE(checklist_put_away) ON TABLE public.memberships TO gatehouse_app;
GRANT SELECT ON TABLE public.messages TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO gatehouse_app;
GRANT SELECT ON TABLE public.messages TO gatehouse_platform;
GRANT UPDATE(status) ON TABLE public.messages TO gatehouse_platform;
GRANT SELECT ON TABLE public.models TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.models TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.models TO gatehouse_platform;
GRANT SELECT ON TABLE public.organization_domains TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.organization_domains TO gatehouse_app;
GRANT SELECT ON TABLE public.organization_domains TO gatehouse_platform;
GRANT UPDATE(verified_at) ON TABLE public.organization_domains TO gatehouse_app;
GRANT UPDATE(verified_at) ON TABLE public.organization_domains TO gatehouse_platform;
GRANT SELECT ON TABLE public.organization_keys TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.organization_keys TO gatehouse_platform;
GRANT UPDATE(master_version) ON TABLE public.organization_keys TO gatehouse_platform;
GRANT UPDATE(wrapped_key) ON TABLE public.organization_keys TO gatehouse_platform;
GRANT UPDATE(retired_at) ON TABLE public.organization_keys TO gatehouse_platform;
GRANT SELECT ON TABLE public.password_resets TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.password_resets TO gatehouse_platform;
GRANT SELECT ON TABLE public.permissions_acl TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.permissions_acl TO gatehouse_app;
GRANT SELECT ON TABLE public.permissions_acl TO gatehouse_platform;
GRANT UPDATE(is_active) ON TABLE public.permissions_acl TO gatehouse_app;
GRANT UPDATE(revoked_at) ON TABLE public.permissions_acl TO gatehouse_app;
GRANT UPDATE(revoked_by_user_id) ON TABLE public.permissions_acl TO gatehouse_app;
GRANT UPDATE(revoke_reason) ON TABLE public.permissions_acl TO gatehouse_app;
GRANT UPDATE(access_count) ON TABLE public.permissions_acl TO gatehouse_platform;
GRANT UPDATE(last_access_at) ON TABLE public.permissions_acl TO gatehouse_platform;
GRANT UPDATE(violations_count) ON TABLE public.permissions_acl TO gatehouse_platform;
GRANT SELECT ON TABLE public.person_keys TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.person_keys TO gatehouse_platform;
GRANT UPDATE(wrapped_key) ON TABLE public.person_keys TO gatehouse_platform;
GRANT UPDATE(destroyed_at) ON TABLE public.person_keys TO gatehouse_platform;
GRANT SELECT ON TABLE public.policy_hits TO gatehouse_backup;
GRANT SELECT ON TABLE public.policy_hits TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.policy_hits TO gatehouse_platform;
GRANT SELECT ON TABLE public.policy_rules TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.policy_rules TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.policy_rules TO gatehouse_platform;
GRANT SELECT ON TABLE public.provider_keys TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.provider_keys TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.provider_keys TO gatehouse_platform;
GRANT SELECT ON TABLE public.providers TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.providers TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.providers TO gatehouse_platform;
GRANT SELECT ON TABLE public.request_signatures TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.request_signatures TO gatehouse_platform;
GRANT SELECT ON TABLE public.role_assignments TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.role_assignments TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.role_assignments TO gatehouse_platform;
GRANT SELECT ON TABLE public.scim_tokens TO gatehouse_backup;
GRANT INSERT ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT ON TABLE public.scim_tokens TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(last_four) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(created_by_user_id) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(expires_at),UPDATE(expires_at) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT SELECT(last_used_at) ON TABLE public.scim_tokens TO gatehouse_app;
GRANT UPDATE(last_used_at) ON TABLE public.scim_tokens TO gatehouse_platform;
GRANT SELECT ON TABLE public.scim_users TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.scim_users TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.scim_users TO gatehouse_platform;
GRANT SELECT ON TABLE public.second_factors TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.second_factors TO gatehouse_platform;
GRANT SELECT ON TABLE public.service_account_certificates TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.service_account_certificates TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.service_account_certificates TO gatehouse_platform;
GRANT UPDATE(revoked_at) ON TABLE public.service_account_certificates TO gatehouse_app;
GRANT UPDATE(last_used_at) ON TABLE public.service_account_certificates TO gatehouse_platform;
GRANT SELECT ON TABLE public.service_account_secrets TO gatehouse_backup;
GRANT INSERT ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.service_account_secrets TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(service_account_id) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(last_four) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(expires_at) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT SELECT(last_used_at) ON TABLE public.service_account_secrets TO gatehouse_app;
GRANT UPDATE(last_used_at) ON TABLE public.service_account_secrets TO gatehouse_platform;
GRANT SELECT ON TABLE public.service_accounts TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.service_accounts TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.service_accounts TO gatehouse_platform;
GRANT UPDATE(name) ON TABLE public.service_accounts TO gatehouse_app;
GRANT UPDATE(description) ON TABLE public.service_accounts TO gatehouse_app;
GRANT UPDATE(permissions) ON TABLE public.service_accounts TO gatehouse_app;
GRANT UPDATE(is_active) ON TABLE public.service_accounts TO gatehouse_app;
GRANT UPDATE(version) ON TABLE public.service_accounts TO gatehouse_app;
GRANT UPDATE(last_used_at) ON TABLE public.service_accounts TO gatehouse_platform;
GRANT UPDATE(updated_at) ON TABLE public.service_accounts TO gatehouse_app;
GRANT SELECT ON TABLE public.session_origins TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.session_origins TO gatehouse_platform;
GRANT SELECT ON TABLE public.sessions TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(user_id) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(last_seen_at) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(expires_at) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(personal) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(method) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT(second_factor_at) ON TABLE public.sessions TO gatehouse_app;
GRANT SELECT ON TABLE public.sign_in_attempts TO gatehouse_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_attempts TO gatehouse_platform;
GRANT SELECT(organization_id) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(id) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(provider_id) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(purpose) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(user_id) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(expires_at) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(used_at) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT(outcome) ON TABLE public.sign_in_attempts TO gatehouse_app;
GRANT SELECT ON TABLE public.stage_configs TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.stage_configs TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.stage_configs TO gatehouse_platform;
GRANT SELECT ON TABLE public.tenant_secrets TO gatehouse_backup;
GRANT SELECT ON TABLE public.tenant_secrets TO gatehouse_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tenant_secrets TO gatehouse_platform;
GRANT SELECT ON TABLE public.tenant_versions TO gatehouse_backup;
GRANT SELECT ON TABLE public.tenant_versions TO gatehouse_app;
GRANT SELECT ON TABLE public.tenant_versions TO gatehouse_platform;
GRANT SELECT ON TABLE public.usage_days TO gatehouse_backup;
GRANT SELECT ON TABLE public.usage_days TO gatehouse_app;
GRANT SELECT,INSERT ON TABLE public.usage_days TO gatehouse_platform;
GRANT SELECT ON TABLE public.usage_snapshots TO gatehouse_backup;
GRANT SELECT ON TABLE public.usage_snapshots TO gatehouse_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.usage_snapshots TO gatehouse_platform;
GRANT SELECT ON TABLE public.users TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.users TO gatehouse_platform;
GRANT SELECT(id) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(email) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(name) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(language) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(theme) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(is_active) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(attributes) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(created_at) ON TABLE public.users TO gatehouse_app;
GRANT SELECT(updated_at) ON TABLE public.users TO gatehouse_app;
GRANT SELECT ON TABLE public.workspace_users TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.workspace_users TO gatehouse_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.workspace_users TO gatehouse_platform;
GRANT UPDATE(is_active) ON TABLE public.workspace_users TO gatehouse_app;
GRANT SELECT ON TABLE public.write_counts TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.write_counts TO gatehouse_app;
GRANT SELECT,DELETE ON TABLE public.write_counts TO gatehouse_platform;
ALTER DEFAULT PRIVILEGES FOR ROLE gatehouse_owner REVOKE ALL ON FUNCTIONS  FROM PUBLIC;

-- audit

CREATE FUNCTION public.current_organization() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid;
CREATE FUNCTION public.current_reach() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.reach'::text, true), ''::text);
CREATE FUNCTION public.current_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid;
CREATE FUNCTION public.current_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid;
CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% on % is refused: it is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
CREATE FUNCTION public.refuse_going_back() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'the head of % moves forward only', tg_table_name using errcode = 'restrict_violation';
end $$;
CREATE TABLE public.audit_chain_heads (
    org_id uuid NOT NULL,
    org_sequence bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_chain_heads_hash_check CHECK ((octet_length(hash) = 32))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='1000');
ALTER TABLE ONLY public.audit_chain_heads FORCE ROW LEVEL SECURITY;
CREATE TABLE public.audit_events (
    region_sequence bigint NOT NULL,
    org_sequence bigint NOT NULL,
    org_id uuid,
    id uuid NOT NULL,
    ts timestamp with time zone NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    actor_type text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    resource text GENERATED ALWAYS AS (((resource_type || ':'::text) || resource_id)) STORED NOT NULL,
    outcome text NOT NULL,
    decision text,
    workspace_id uuid,
    request_id text NOT NULL,
    payload_json json NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    record bytea NOT NULL,
    CONSTRAINT audit_events_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_events_org_sequence_check CHECK ((org_sequence > 0)),
    CONSTRAINT audit_events_prev_hash_check CHECK ((octet_length(prev_hash) = 32)),
    CONSTRAINT audit_events_region_sequence_check CHECK ((region_sequence > 0))
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.audit_events FORCE ROW LEVEL SECURITY;
CREATE TABLE public.audit_head (
    only_row boolean DEFAULT true NOT NULL,
    region text,
    region_sequence bigint NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_head_check CHECK (((region IS NOT NULL) OR (region_sequence = 0))),
    CONSTRAINT audit_head_only_row_check CHECK (only_row)
)
WITH (fillfactor='10', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000');
ALTER TABLE ONLY public.audit_chain_heads
    ADD CONSTRAINT audit_chain_heads_pkey PRIMARY KEY (org_id);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_id_key UNIQUE (id);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (region_sequence);
ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (only_row);
CREATE INDEX audit_events_by_action ON public.audit_events USING btree (org_id, action, org_sequence);
CREATE INDEX audit_events_by_actor ON public.audit_events USING btree (org_id, actor_id, org_sequence);
CREATE INDEX audit_events_by_outcome ON public.audit_events USING btree (org_id, outcome, org_sequence) WHERE (outcome <> 'success'::text);
CREATE INDEX audit_events_by_resource ON public.audit_events USING btree (org_id, resource, org_sequence);
CREATE INDEX audit_events_by_time ON public.audit_events USING btree (org_id, sealed_at, org_sequence);
CREATE UNIQUE INDEX audit_events_chain ON public.audit_events USING btree (org_id, org_sequence) NULLS NOT DISTINCT;
CREATE INDEX audit_events_decisions ON public.audit_events USING btree (org_id, sealed_at) INCLUDE (decision, workspace_id, actor_type, actor_id) WHERE ((decision IS NOT NULL) AND (action <> 'policy.evaluate'::text));
CREATE TRIGGER audit_chain_heads_forward BEFORE UPDATE ON public.audit_chain_heads FOR EACH ROW WHEN (((new.org_sequence <= old.org_sequence) OR (new.org_id <> old.org_id))) EXECUTE FUNCTION public.refuse_going_back();
CREATE TRIGGER audit_chain_heads_no_truncate BEFORE TRUNCATE ON public.audit_chain_heads FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER audit_chain_heads_stay BEFORE DELETE ON public.audit_chain_heads FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER audit_events_append_only BEFORE DELETE OR UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON public.audit_head FOR EACH ROW WHEN (((new.region_sequence <= old.region_sequence) OR (new.sealed_at < old.sealed_at) OR (new.region IS DISTINCT FROM COALESCE(old.region, new.region)))) EXECUTE FUNCTION public.refuse_going_back();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE POLICY app_read ON public.audit_chain_heads FOR SELECT TO gatehouse_app USING (((org_id = ( SELECT public.current_organization() AS current_organization)) AND (( SELECT public.current_reach() AS current_reach) = 'organization'::text)));
CREATE POLICY app_read ON public.audit_events FOR SELECT TO gatehouse_app USING (((org_id = ( SELECT public.current_organization() AS current_organization)) AND ((( SELECT public.current_reach() AS current_reach) = 'organization'::text) OR ((( SELECT public.current_reach() AS current_reach) = ANY (ARRAY['workspace'::text, 'workspaces'::text])) AND (workspace_id = ( SELECT public.current_workspace() AS current_workspace))) OR ((actor_type = 'user'::text) AND (actor_id = ( SELECT public.current_user_id() AS current_user_id))))));
CREATE POLICY audit_all ON public.audit_chain_heads TO gatehouse_audit USING (true) WITH CHECK (true);
CREATE POLICY audit_append ON public.audit_events FOR INSERT TO gatehouse_audit WITH CHECK (true);
ALTER TABLE public.audit_chain_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_read ON public.audit_events FOR SELECT TO gatehouse_audit USING (true);
CREATE POLICY backup_read ON public.audit_chain_heads FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY backup_read ON public.audit_events FOR SELECT TO gatehouse_backup USING (true);
CREATE POLICY owner_read ON public.audit_chain_heads FOR SELECT TO gatehouse_owner USING (true);
CREATE POLICY owner_read ON public.audit_events FOR SELECT TO gatehouse_owner USING (true);
CREATE POLICY platform_read ON public.audit_chain_heads FOR SELECT TO gatehouse_platform USING ((org_id = '00000000-0000-0000-0000-000000000000'::uuid));
CREATE POLICY platform_read ON public.audit_events FOR SELECT TO gatehouse_platform USING ((org_id IS NULL));
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gatehouse_app;
GRANT USAGE ON SCHEMA public TO gatehouse_platform;
GRANT USAGE ON SCHEMA public TO gatehouse_audit;
GRANT USAGE ON SCHEMA public TO gatehouse_backup;
REVOKE ALL ON FUNCTION public.current_organization() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_organization() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_organization() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_organization() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.current_reach() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_reach() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_reach() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_reach() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.current_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_user_id() TO gatehouse_app;
GRANT ALL ON FUNCTION public.current_user_id() TO gatehouse_platform;
GRANT ALL ON FUNCTION public.current_user_id() TO gatehouse_audit;
REVOKE ALL ON FUNCTION public.current_workspace() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_workspace() TO gatehouse_app;
REVOKE ALL ON FUNCTION public.refuse_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.refuse_going_back() FROM PUBLIC;
GRANT SELECT ON TABLE public.audit_chain_heads TO gatehouse_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.audit_chain_heads TO gatehouse_audit;
GRANT SELECT ON TABLE public.audit_chain_heads TO gatehouse_app;
GRANT SELECT ON TABLE public.audit_chain_heads TO gatehouse_platform;
GRANT SELECT ON TABLE public.audit_events TO gatehouse_backup;
GRANT SELECT,INSERT ON TABLE public.audit_events TO gatehouse_audit;
GRANT SELECT ON TABLE public.audit_events TO gatehouse_app;
GRANT SELECT ON TABLE public.audit_events TO gatehouse_platform;
GRANT SELECT ON TABLE public.audit_head TO gatehouse_backup;
GRANT SELECT,UPDATE ON TABLE public.audit_head TO gatehouse_audit;
ALTER DEFAULT PRIVILEGES FOR ROLE gatehouse_owner REVOKE ALL ON FUNCTIONS  FROM PUBLIC;
