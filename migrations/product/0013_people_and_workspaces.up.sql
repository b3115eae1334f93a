-- The administrator's product (seeds 002 and 004): organization and workspace settings, the organogram, people of
-- workspaces, members, invitations and the organization's sessions.

-- ---- organization -------------------------------------------------------------------------------------------------
alter table organizations add column version bigint not null default 1;
create policy tenant_update on organizations for update to gatehouse_app
  using (id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (id = (select current_organization()) and (select current_reach()) = 'organization');
grant update (name, data_mode, settings, attributes, version) on organizations to gatehouse_app;

-- ---- members ------------------------------------------------------------------------------------------------------
-- A person's name as lists sort and search it: the name itself is in `users`, which no organization's index can lead.
alter table memberships add column name_key text collate "C" not null default '';
alter table memberships add column invitation_id uuid;   -- by which they came
update memberships m set name_key = lower(u.name) from users u where u.id = m.user_id;
create index memberships_name on memberships (organization_id, name_key, user_id);

create function set_name_key() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.name_key := coalesce((select lower(name) from users where id = new.user_id), '');
  return new;
end $$;
create trigger name_key before insert on memberships for each row execute function set_name_key();
create function spread_name() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update memberships set name_key = lower(new.name) where user_id = new.id;
  return null;
end $$;
create trigger spread_name after update of name on users for each row when (new.name is distinct from old.name)
  execute function spread_name();

-- One owner, who is an active administrator; and always at least one active administrator (GH007). Whoever takes the
-- last-but-one away waits for the other, so two cannot take both.
alter table memberships add constraint memberships_owner_administers
  check (not is_owner or (role_code = 'OA' and is_active));
create unique index memberships_one_owner on memberships (organization_id) where is_owner;
create function keep_an_administrator() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('administrators ' || new.organization_id::text, 0));
  if not exists (select from memberships m join users u on u.id = m.user_id and u.is_active
                 where m.organization_id = new.organization_id and m.role_code = 'OA' and m.is_active) then
    raise exception 'an organization keeps an active administrator' using errcode = 'GH007';
  end if;
  return null;
end $$;
create trigger keep_an_administrator after update of role_code, is_active on memberships for each row
  when (old.role_code = 'OA' and old.is_active and not (new.role_code = 'OA' and new.is_active))
  execute function keep_an_administrator();

-- Where a membership ends, by whichever way, its credentials end with it and do not come back with it, nor does what was
-- given to the person: governance roles, grants, places in groups that people keep. A directory's groups are its own word,
-- and workspaces are where the person's work is: these stay. Invitations are asked for their maker's power when they are used
-- (may_invite()); with a membership or a higher role they end for good.
create function end_credentials() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
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
create trigger end_credentials after update of role_code, is_active on memberships for each row
  when ((old.is_active and not new.is_active) or new.role_code > old.role_code)  -- the later, the less it may
  execute function end_credentials();

create policy tenant_update on memberships for update to gatehouse_app
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization')
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
grant update (role_code, is_owner, is_active, attributes) on memberships to gatehouse_app;

-- One's own profile, and nothing else of one's own membership.
create function set_own_profile(document jsonb) returns boolean language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update memberships set attributes = document
    where organization_id = current_organization() and user_id = current_user_id() and is_active;
  return found;
end $$;
grant execute on function set_own_profile(jsonb) to gatehouse_app;

-- ---- workspaces ---------------------------------------------------------------------------------------------------
-- `owner_user_id` stays whose a personal workspace is; a functional one has a lead, who is one of its administrators.
alter table workspaces
  add column version bigint not null default 1,
  add column settings jsonb not null default '{}',   -- what differs from the organization's
  add column lead_user_id uuid,
  add column parent_workspace_id uuid,
  add constraint workspaces_lead foreign key (organization_id, lead_user_id)
    references memberships (organization_id, user_id) on delete set null (lead_user_id),
  add constraint workspaces_parent foreign key (organization_id, parent_workspace_id)
    references workspaces (organization_id, id) on delete set null (parent_workspace_id);
create index workspaces_lead on workspaces (organization_id, lead_user_id) where lead_user_id is not null;
create index workspaces_parent on workspaces (organization_id, parent_workspace_id);
create index workspaces_name on workspaces (organization_id, name, id);

-- The organogram is a forest of active functional workspaces, at most 8 deep (GH008). One change at a time in an
-- organization: two that are each sound could make a circle together.
create function check_organogram() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
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
create trigger check_organogram_insert after insert on workspaces for each row execute function check_organogram();
create trigger check_organogram after update of parent_workspace_id on workspaces for each row
  when (new.parent_workspace_id is distinct from old.parent_workspace_id) execute function check_organogram();

-- Exactly one default workspace, looked at when all is done: it can move in one transaction (GH005).
create function keep_a_default_workspace() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if not exists (select from workspaces where organization_id = old.organization_id and is_default and is_active
                 and workspace_type = 'FUNCTIONAL') then
    raise exception 'an organization keeps a default workspace' using errcode = 'GH005';
  end if;
  return null;
end $$;
create constraint trigger keep_a_default_workspace after update of is_default, is_active on workspaces
  deferrable initially deferred for each row when (old.is_default) execute function keep_a_default_workspace();

-- A workspace that is closed lets go of its people, roles and keys; its chats stay for who administers the organization.
create function close_workspace() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
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
create trigger close_workspace after update of is_active on workspaces for each row
  when (old.is_active and not new.is_active) execute function close_workspace();

-- What the person in context may know of besides their own workspaces: `public` and `organization` are known to all of
-- the organization, `team` to the people of the workspace above it, `private` to its own people alone.
create function visible_workspaces() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
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
-- Those that anybody of the organization may join without being asked.
create function joinable_workspaces() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select id from workspaces where organization_id = current_organization() and is_active
               and workspace_type = 'FUNCTIONAL' and visibility = 'public');
end $$;
-- The people of workspaces that were granted to the caller.
create function people_of_granted_workspaces() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select user_id from workspace_users where organization_id = current_organization()
               and workspace_id = any (current_grants()) and is_active);
end $$;
-- Reaching the whole organization is not administering it: a governance role that was given for all of it reaches as far.
create function administers() returns boolean language sql stable parallel safe
  return coalesce(current_reach() = 'organization' and current_role_code() = 'OA', false);
-- Somebody's governance roles, their groups' included. This and the next take a tenant: for functions, and granted to nobody.
create function governance_of(organization uuid, person uuid) returns table (role governance_role_enum, workspace_id uuid)
  language plpgsql stable set search_path = public, pg_temp as $$
begin
  return query select a.role, a.workspace_id from role_assignments a
    where a.organization_id = organization
      and (a.user_id = person
           or a.group_id in (select m.group_id from group_members m
                             join groups g on g.organization_id = m.organization_id and g.id = m.group_id
                             where m.organization_id = organization and m.user_id = person and g.is_active));
end $$;
-- Of somebody's workspaces those that they manage: as their administrator, or as a workspace manager who was put into them.
-- A manager who joined by themselves uses a workspace as anybody does.
create function managed_by(organization uuid, person uuid) returns uuid[] language plpgsql stable
  set search_path = public, pg_temp as $$
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
create function managed_workspaces() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return managed_by(current_organization(), current_user_id());
end $$;
-- Whether the caller is every workspace's administrator, also of those that they do not belong to. Apart from managing: that
-- lets a workspace manager give the role on.
create function administers_workspaces() returns boolean language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return exists (select from governance_of(current_organization(), current_user_id()) g
                 where g.role = 'WorkspaceAdmin' and g.workspace_id is null);
end $$;
-- The workspaces that the call may change, by its reach or by a grant; none that the person audits.
create function workspaces_in_reach() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
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
grant execute on function administers(), visible_workspaces(), joinable_workspaces(), people_of_granted_workspaces(),
  managed_workspaces(), administers_workspaces(), workspaces_in_reach() to gatehouse_app;

-- What the caller may give rights to: a workspace that the call may change (knowing it is not enough), one's own chat
-- or profile, an administrator any to read; or, of what was granted to them to manage, all but that.
create function managing_grants() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select id from permissions_acl
               where organization_id = current_organization() and action = 'MNG' and is_active and revoked_at is null
                 and (created_for_user_id = current_user_id() or created_for_group_id = any (my_groups())));
end $$;
create function may_give(kind resource_kind_enum, resource uuid, given action_enum, parent uuid) returns boolean
  language plpgsql stable set search_path = public, pg_temp as $$
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
grant execute on function managing_grants(), may_give(resource_kind_enum, uuid, action_enum, uuid) to gatehouse_app;
alter policy tenant_insert on permissions_acl
  with check (organization_id = (select current_organization()) and created_by_user_id = (select current_user_id())
              and may_give(resource_kind, resource_id, action, parent_id));
alter policy tenant_read on permissions_acl
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or created_by_user_id = (select current_user_id())
              or created_for_user_id = (select current_user_id())
              or created_for_group_id = any ((select my_groups())::uuid[])
              or resource_id = any ((select current_grants())::uuid[])
              or resource_id = any ((select workspaces_in_reach())::uuid[])
              or owns_resource(resource_kind, resource_id)));
alter policy tenant_update on permissions_acl
  using (organization_id = (select current_organization())
         and ((select administers()) or created_by_user_id = (select current_user_id())
              or resource_id = any ((select current_grants())::uuid[])
              or resource_id = any ((select workspaces_in_reach())::uuid[])
              or owns_resource(resource_kind, resource_id)));

alter policy tenant on workspaces
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or id = any ((select my_workspaces())::uuid[])
              or ((select current_reach()) = 'workspace' and id = (select current_workspace()))
              or id = any ((select current_grants())::uuid[])
              or id = any ((select visible_workspaces())::uuid[])));
create policy tenant_insert on workspaces for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and (select current_reach()) = 'organization'
              and workspace_type = 'FUNCTIONAL');
create policy tenant_update on workspaces for update to gatehouse_app
  using (organization_id = (select current_organization()) and workspace_type = 'FUNCTIONAL'
         and id = any ((select workspaces_in_reach())::uuid[]))
  with check (organization_id = (select current_organization()) and workspace_type = 'FUNCTIONAL'
              and id = any ((select workspaces_in_reach())::uuid[]));
grant insert on workspaces to gatehouse_app;
grant update (name, is_default, visibility, is_active, attributes, settings, version, lead_user_id,
  parent_workspace_id) on workspaces to gatehouse_app;

alter policy tenant on memberships
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and user_id = any ((select my_colleagues())::uuid[]))
              or ((select current_reach()) = 'workspace'
                  and user_id = any ((select people_of_current_workspace())::uuid[]))
              or user_id = any ((select current_grants())::uuid[])
              or user_id = any ((select people_of_granted_workspaces())::uuid[])));

-- ---- people of workspaces -----------------------------------------------------------------------------------------
-- Whether people whose e-mail is of another domain than the organization's may come into the workspace.
create function admits_guests(workspace workspaces) returns boolean language plpgsql stable security definer
  set search_path = public, pg_temp as $$
declare
  organization organizations%rowtype;
begin
  select * into organization from organizations where id = workspace.organization_id;
  return coalesce((workspace.settings ->> 'allow_guests')::boolean,
                  (organization.settings ->> 'allow_guests')::boolean, true);
end $$;
create function is_guest(organization organizations, email text) returns boolean language plpgsql immutable as $$
declare
  domain text := lower(organization.attributes ->> 'domain');
begin
  return domain is not null and split_part(email, '@', 2) <> domain
    and split_part(email, '@', 2) not like '%.' || domain;
end $$;
-- Only active members, and into a personal workspace its owner alone: answered like a key that points nowhere. Guests
-- only where they are admitted (GH006).
create function check_workspace_person() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
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
create trigger check_person after insert on workspace_users for each row execute function check_workspace_person();

-- Who leaves a workspace leaves what they were there.
create function leave_workspace() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  delete from role_assignments
    where organization_id = old.organization_id and workspace_id = old.workspace_id and user_id = old.user_id;
  update workspaces set lead_user_id = null
    where organization_id = old.organization_id and id = old.workspace_id and lead_user_id = old.user_id;
  return null;
end $$;
create trigger leave_workspace after update of is_active on workspace_users for each row
  when (old.is_active and not new.is_active) execute function leave_workspace();

-- Who administers a workspace no more leads it no more.
create function lose_administration() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  update workspaces set lead_user_id = null
    where organization_id = old.organization_id and id = old.workspace_id and lead_user_id = old.user_id;
  return null;
end $$;
create trigger lose_administration after delete on role_assignments for each row
  when (old.role = 'WorkspaceAdmin' and old.user_id is not null) execute function lose_administration();

create policy tenant_insert on workspace_users for insert to gatehouse_app
  with check (organization_id = (select current_organization())
              and (workspace_id = any ((select workspaces_in_reach())::uuid[])
                   or (user_id = (select current_user_id()) and granted_by_user_id = user_id
                       and workspace_id = any ((select joinable_workspaces())::uuid[]))));
create policy tenant_update on workspace_users for update to gatehouse_app
  using (organization_id = (select current_organization())
         and workspace_id = any ((select workspaces_in_reach())::uuid[]))
  with check (organization_id = (select current_organization())
              and workspace_id = any ((select workspaces_in_reach())::uuid[]));
create policy tenant_leave on workspace_users for update to gatehouse_app
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and not is_active);
grant insert on workspace_users to gatehouse_app;
grant update (is_active) on workspace_users to gatehouse_app;

-- Who was granted the management of a workspace gives roles in it; those for the whole organization, an administrator.
create policy tenant_read on role_assignments for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or workspace_id = any ((select workspaces_in_reach())::uuid[])));
alter policy tenant on role_assignments
  using (organization_id = (select current_organization())
         and ((select administers()) or workspace_id = any ((select workspaces_in_reach())::uuid[])))
  with check (organization_id = (select current_organization())
         and ((select administers()) or workspace_id = any ((select workspaces_in_reach())::uuid[])));

-- ---- the organization's sessions ----------------------------------------------------------------------------------
create index sessions_newest on sessions (organization_id, id desc) where revoked_at is null;
alter policy tenant_read on sessions
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'));
alter policy tenant_revoke on sessions
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'))
  with check (organization_id = (select current_organization())
              and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'));
