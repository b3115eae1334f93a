-- Groups, governance roles and grants (seeds 002 and 004).

create type resource_kind_enum as enum ('ORG', 'WSP', 'CMP', 'PRL', 'CHT', 'KNW', 'TOL');
create type action_enum as enum ('REA', 'WRI', 'UPD', 'MNG');
create type governance_role_enum as enum ('WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin');

-- The things outside one's own that the caller was granted, as access/ decided for this call and its action.
create function current_grants() returns uuid[] language sql stable parallel safe
  return coalesce(nullif(current_setting('app.grants', true), ''), '{}')::uuid[];
-- The workspaces of which the caller is Auditor; of a write alone, wherever it is made.
create function audited_workspaces() returns uuid[] language sql stable parallel safe
  return coalesce(nullif(current_setting('app.audited', true), ''), '{}')::uuid[];
-- An Auditor changes nothing in the workspace, whatever else opens it: restrictive, so that no policy beside these can.
-- `place` is the column that says where a row is, `audited` gives those of its values that are audited.
create procedure spare_audited(name regclass, place text, audited text default 'audited_workspaces')
  language plpgsql as $$
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
end $$;
-- The people of the workspace in context, for the reach of one workspace.
create function people_of_current_workspace() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select user_id from workspace_users where organization_id = current_organization()
               and workspace_id = current_workspace() and is_active);
end $$;
grant execute on function current_grants(), audited_workspaces(), people_of_current_workspace() to gatehouse_app;

create table groups (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            varchar(255) not null,
  description     varchar(1000) not null default '',
  external_id     varchar(255),          -- of the directory that provisions it
  is_active       boolean not null default true,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, id)
);
create unique index groups_name on groups (organization_id, lower(name)) where is_active;
create unique index groups_external_id on groups (organization_id, external_id) where external_id is not null;
call protect_table('groups');
create trigger touch before update on groups for each row execute function touch_updated_at();

create table group_members (
  organization_id uuid not null,
  group_id        uuid not null,
  user_id         uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, group_id, user_id),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
create index group_members_user on group_members (organization_id, user_id);
call protect_table('group_members');

-- A governance role, for one workspace or, without one, for the whole organization; to a person or to a group.
create table role_assignments (
  organization_id    uuid not null references organizations (id) on delete cascade,
  id                 uuid not null,
  role               governance_role_enum not null,
  workspace_id       uuid,
  user_id            uuid,
  group_id           uuid,
  granted_by_user_id uuid,
  created_at         timestamptz not null default now(),
  primary key (organization_id, id),
  check (num_nonnulls(user_id, group_id) = 1),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  foreign key (organization_id, granted_by_user_id) references memberships (organization_id, user_id)
    on delete set null (granted_by_user_id)
);
create unique index role_assignments_unique on role_assignments
  (organization_id, role, workspace_id, user_id, group_id) nulls not distinct;
create index role_assignments_workspace on role_assignments (organization_id, workspace_id);
create index role_assignments_user on role_assignments (organization_id, user_id);
create index role_assignments_group on role_assignments (organization_id, group_id);
create index role_assignments_granted_by on role_assignments (organization_id, granted_by_user_id);
call protect_table('role_assignments');

create table permissions_acl (
  organization_id      uuid not null references organizations (id) on delete cascade,
  id                   uuid not null,
  resource_kind        resource_kind_enum not null,
  resource_id          uuid not null,
  action               action_enum not null,
  created_by_user_id   uuid not null,
  created_for_user_id  uuid,
  created_for_group_id uuid,
  parent_id            uuid,             -- the grant by which its giver managed the thing; holds while they hold it
  created_at           timestamptz not null default now(),
  valid_from           timestamptz not null default now(),
  valid_to             timestamptz,
  is_active            boolean not null default true,
  revoked_at           timestamptz,
  revoked_by_user_id   uuid,
  revoke_reason        varchar(500),
  access_count         bigint not null default 0,
  last_access_at       timestamptz,
  violations_count     bigint not null default 0,
  attributes           jsonb not null default '{}',    -- granted_reason, conditions, scope (access/grant_attributes.h)
  primary key (organization_id, id),
  check (num_nonnulls(created_for_user_id, created_for_group_id) = 1),
  check (valid_to is null or valid_to >= valid_from),
  foreign key (organization_id, created_by_user_id) references memberships (organization_id, user_id)
    on delete cascade,
  foreign key (organization_id, created_for_user_id) references memberships (organization_id, user_id)
    on delete cascade,
  foreign key (organization_id, created_for_group_id) references groups (organization_id, id) on delete cascade,
  foreign key (organization_id, revoked_by_user_id) references memberships (organization_id, user_id)
    on delete set null (revoked_by_user_id),
  -- To manage is not passed on, so a parent has none.
  check (parent_id is null or action <> 'MNG'),
  foreign key (organization_id, parent_id) references permissions_acl (organization_id, id) on delete cascade
);
create index permissions_acl_parent on permissions_acl (organization_id, parent_id) where parent_id is not null;
create index permissions_acl_resource on permissions_acl (organization_id, resource_kind, resource_id);
create index permissions_acl_user on permissions_acl (organization_id, created_for_user_id);
create index permissions_acl_group on permissions_acl (organization_id, created_for_group_id);
create index permissions_acl_created_by on permissions_acl (organization_id, created_by_user_id);
create index permissions_acl_revoked_by on permissions_acl (organization_id, revoked_by_user_id);
create index permissions_acl_active on permissions_acl (organization_id, id) where is_active and revoked_at is null;
call protect_table('permissions_acl');

-- Every grant costs each node memory and each decision time, so those in force or to come are bounded (GH020). One at a
-- time in an organization: two that are each within the bound could pass it together.
create function bound_grants() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
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
create trigger bound before insert on permissions_acl for each row execute function bound_grants();

-- With a grant ends what its holder passed on.
create function end_passed_on() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update permissions_acl
    set revoked_at = coalesce(new.revoked_at, now()), revoked_by_user_id = new.revoked_by_user_id,
        revoke_reason = new.revoke_reason
    where organization_id = new.organization_id and parent_id = new.id and revoked_at is null
      and (valid_to is null or valid_to >= now());
  return null;
end $$;
create trigger end_passed_on after update of revoked_at, is_active on permissions_acl for each row
  when (old.is_active and old.revoked_at is null and not (new.is_active and new.revoked_at is null))
  execute function end_passed_on();

-- Whether the conditions of a grant hold. Hours that cross midnight belong to the day on which they began.
create function grant_conditions_hold(conditions jsonb, address inet, at timestamptz) returns boolean
  language plpgsql stable set search_path = public, pg_temp as $$
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

-- The active groups of the person in context.
create function my_groups() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select m.group_id from group_members m
               join groups g on g.organization_id = m.organization_id and g.id = m.group_id
               where m.organization_id = current_organization() and m.user_id = current_user_id() and g.is_active);
end $$;
grant execute on function my_groups() to gatehouse_app;

-- Whether what is for a person or a group is for this one: an active member, and of the group, which is active too.
create function holds_grant(person uuid, for_person uuid, for_group uuid) returns boolean
  language plpgsql stable set search_path = public, pg_temp as $$
begin
  return exists (select from memberships m where m.organization_id = current_organization() and m.user_id = person
                 and m.is_active)
    and (person = for_person
         or exists (select from group_members m
                    join groups o on o.organization_id = m.organization_id and o.id = m.group_id
                    where m.organization_id = current_organization() and m.group_id = for_group
                      and m.user_id = person and o.is_active));
end $$;

-- Seed 004's check, for an active member of the organization in context. `p_context`: {"address": …, "time": …}. With
-- the rights of its caller, so row-level security holds: it decides from the grants, groups and memberships that the
-- caller may see, which are one's own or, with the reach of an administrator, all.
create function check_permission(p_user_id uuid, p_resource_kind resource_kind_enum, p_resource_id uuid,
                                 p_action action_enum, p_context jsonb default '{}')
  returns boolean language plpgsql stable set search_path = public, pg_temp as $$
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
grant execute on function grant_conditions_hold(jsonb, inet, timestamptz), holds_grant(uuid, uuid, uuid)
  to gatehouse_app;
grant execute on function check_permission(uuid, resource_kind_enum, uuid, action_enum, jsonb) to gatehouse_app;

-- Reading: an administrator all, others what concerns them or a workspace of theirs. Writing follows the reach of the
-- operation's permission; who may give what to whom is decided by access/.
create policy tenant_read on groups for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) <> 'own' or id = any ((select my_groups())::uuid[])));
create policy tenant_write on groups to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
create policy tenant_read on group_members for select to gatehouse_app
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) <> 'own'));
create policy tenant_write on group_members to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
create policy tenant on role_assignments to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))))
  with check (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))));
create policy tenant_read_own on role_assignments for select to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()));
-- A grant is seen by its giver, its holder, who owns or manages the thing, and an administrator; all of them but the
-- holder may revoke it.
create function owns_resource(kind resource_kind_enum, resource uuid) returns boolean language sql stable
  return kind = 'CHT' and exists (select from chats c where c.organization_id = current_organization()
                                  and c.id = resource and c.user_id = current_user_id());
grant execute on function owns_resource(resource_kind_enum, uuid) to gatehouse_app;
create policy tenant_read on permissions_acl for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or created_by_user_id = (select current_user_id())
              or created_for_user_id = (select current_user_id())
              or created_for_group_id = any ((select my_groups())::uuid[])
              or resource_id = any ((select current_grants())::uuid[])
              or owns_resource(resource_kind, resource_id)));
create policy tenant_insert on permissions_acl for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and created_by_user_id = (select current_user_id()));
create policy tenant_update on permissions_acl for update to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or created_by_user_id = (select current_user_id())
              or resource_id = any ((select current_grants())::uuid[])
              or owns_resource(resource_kind, resource_id)))
  with check (organization_id = (select current_organization()));

-- Names for who may see a grant without seeing all people: its giver and its holder.
create function people_of_my_grants() returns table (user_id uuid, name text, email text)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select distinct u.id, u.name::text, u.email::text
    from permissions_acl g join users u on u.id in (g.created_by_user_id, g.created_for_user_id)
    where g.organization_id = current_organization()
      and (g.created_by_user_id = current_user_id() or g.created_for_user_id = current_user_id()
           or g.created_for_group_id = any (my_groups())
           or exists (select from chats c where g.resource_kind = 'CHT' and c.organization_id = g.organization_id
                      and c.id = g.resource_id and c.user_id = current_user_id()));
end $$;
-- The active member with this address, for who wants to share and knows whom.
create function member_with_email(address text) returns uuid
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return (select m.user_id from users u join memberships m on m.user_id = u.id
          where u.email = address and m.organization_id = current_organization() and m.is_active and u.is_active);
end $$;
grant execute on function people_of_my_grants(), member_with_email(text) to gatehouse_app;
grant select, insert, delete on groups, group_members, role_assignments to gatehouse_app;
grant update (name, description, external_id, is_active, updated_at) on groups to gatehouse_app;
grant select, insert on permissions_acl to gatehouse_app;
grant update (is_active, revoked_at, revoked_by_user_id, revoke_reason) on permissions_acl to gatehouse_app;

create policy platform on groups to gatehouse_platform using (true) with check (true);
create policy platform on group_members to gatehouse_platform using (true) with check (true);
create policy platform on role_assignments to gatehouse_platform using (true) with check (true);
create policy platform on permissions_acl to gatehouse_platform using (true) with check (true);
grant select, insert, update, delete on groups, group_members, role_assignments to gatehouse_platform;
grant select, update (access_count, last_access_at, violations_count) on permissions_acl to gatehouse_platform;

create trigger bump after insert or update or delete on groups for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on group_members
  for each row execute function bump_tenant_version();
create trigger bump after insert or update or delete on role_assignments
  for each row execute function bump_tenant_version();
create trigger bump after insert or delete or update of is_active, revoked_at, valid_from, valid_to, attributes, action
  on permissions_acl for each row execute function bump_tenant_version();

-- The reach of one workspace, and grants, in the policies that were there before.
alter policy tenant on memberships
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and user_id = any ((select my_colleagues())::uuid[]))
              or ((select current_reach()) = 'workspace'
                  and user_id = any ((select people_of_current_workspace())::uuid[]))
              or user_id = any ((select current_grants())::uuid[])));
alter policy tenant on workspaces
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or id = any ((select my_workspaces())::uuid[])
              or id = any ((select current_grants())::uuid[])));
alter policy tenant on workspace_users
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))
              or workspace_id = any ((select current_grants())::uuid[])));
alter policy tenant on api_keys
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))));
alter policy tenant on policy_hits
  using (organization_id = (select current_organization()) and (select current_reach()) <> 'own');
alter policy tenant on metering_events
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or actor_id = (select current_user_id())
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))));
alter policy tenant_read on chats
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))
              or id = any ((select current_grants())::uuid[])));
alter policy tenant_update on chats
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or id = any ((select current_grants())::uuid[])))
  with check (organization_id = (select current_organization())
              and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
                   or id = any ((select current_grants())::uuid[])));
alter policy tenant_delete on chats
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or id = any ((select current_grants())::uuid[])));
alter policy tenant_insert on messages
  with check (organization_id = (select current_organization())
              and (user_id = (select current_user_id()) or chat_id = any ((select current_grants())::uuid[]))
              and exists (select 1 from chats where chats.organization_id = messages.organization_id
                          and chats.id = messages.chat_id and chats.user_id = messages.user_id
                          and chats.workspace_id = messages.workspace_id));
alter policy tenant_update on messages
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or chat_id = any ((select current_grants())::uuid[])))
  with check (organization_id = (select current_organization())
              and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
                   or chat_id = any ((select current_grants())::uuid[])));
alter policy tenant_delete on messages
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or chat_id = any ((select current_grants())::uuid[])));
alter policy tenant_read on messages
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))
              or chat_id = any ((select current_grants())::uuid[])));

-- What grants are about in those workspaces.
create function audited_things() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return audited_workspaces()
    || array(select id from chats where organization_id = current_organization()
             and workspace_id = any (audited_workspaces()));
end $$;
grant execute on function audited_things() to gatehouse_app;
call spare_audited('chats', 'workspace_id');
call spare_audited('messages', 'workspace_id');
call spare_audited('workspaces', 'id');
call spare_audited('workspace_users', 'workspace_id');
call spare_audited('api_keys', 'workspace_id');
call spare_audited('policy_rules', 'workspace_id');
call spare_audited('role_assignments', 'workspace_id');
call spare_audited('permissions_acl', 'resource_id', 'audited_things');
