-- Invitations. Of the code only its hash is stored; the code itself says region, organization and id.
create table invitations (
  organization_id    uuid not null references organizations (id) on delete cascade,
  id                 uuid not null,
  code_hash          bytea not null check (octet_length(code_hash) = 32),
  last_four          varchar(4) not null,
  email              varchar(254) check (email = lower(email)),   -- null: whoever has the code
  is_mailed          boolean not null default false,              -- to that address, and shown to nobody
  note               varchar(200) not null default '',
  role_code          role_code_enum not null check (role_code <> 'MS'),
  invited_by_user_id uuid not null,
  max_uses           integer not null check (max_uses between 1 and 1000),
  uses               integer not null default 0,
  created_at         timestamptz not null default now(),
  expires_at         timestamptz not null,
  revoked_at         timestamptz,
  primary key (organization_id, id),
  check (uses between 0 and max_uses),
  check (email is null or max_uses = 1),
  check (expires_at > created_at and expires_at <= created_at + interval '91 days'),
  foreign key (organization_id, invited_by_user_id) references memberships (organization_id, user_id)
    on delete cascade
);
create index invitations_invited_by on invitations (organization_id, invited_by_user_id);
call protect_table('invitations');

-- The workspaces that an invitation opens, and what the person will be there beyond one of its people.
create table invitation_workspaces (
  organization_id uuid not null,
  invitation_id   uuid not null,
  workspace_id    uuid not null,
  role            governance_role_enum,
  primary key (organization_id, invitation_id, workspace_id),
  foreign key (organization_id, invitation_id) references invitations (organization_id, id) on delete cascade,
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade
);
create index invitation_workspaces_workspace on invitation_workspaces (organization_id, workspace_id);
call protect_table('invitation_workspaces');

alter table memberships add constraint memberships_invitation foreign key (organization_id, invitation_id)
  references invitations (organization_id, id) on delete set null (invitation_id);
create index memberships_invitation on memberships (organization_id, invitation_id);

-- Invitations into workspaces within the call's reach.
create function invitations_in_reach() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select distinct invitation_id from invitation_workspaces
               where organization_id = current_organization() and workspace_id = any (workspaces_in_reach()));
end $$;
grant execute on function invitations_in_reach() to gatehouse_app;

-- Whether who made it may make it now, by themselves and by their groups: an administrator any, a workspace manager users
-- into the workspaces that they manage, a workspace's administrator users into that one, and an Auditor none into what they
-- audit. Asked whenever one is shown or used, so it does not matter by which way a power was lost. The code that makes them
-- decides the same (identity/invitations_api.cpp).
create function may_invite(i invitations) returns boolean language plpgsql stable security definer
  set search_path = public, pg_temp as $$
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
grant execute on function may_invite(invitations) to gatehouse_platform;
-- Of these of the organization, those that their inviter may not make now: for who lists them, who asks of what is shown alone.
create function suspended_invitations(shown uuid[]) returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select i.id from invitations i where i.organization_id = current_organization() and i.id = any (shown)
               and not may_invite(i));
end $$;
grant execute on function suspended_invitations(uuid[]) to gatehouse_app;

-- Each that can be used, or may be again, is judged when those in that state are listed, so their number is bounded (GH020).
-- One at a time in an organization, as with grants.
create function bound_invitations() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('invitations ' || new.organization_id::text, 0));
  if (select count(*) from invitations where organization_id = new.organization_id and revoked_at is null
        and uses < max_uses and expires_at > now()) >= 1000 then
    raise exception 'an organization has at most 1000 open invitations at a time; revoke some' using errcode = 'GH020';
  end if;
  return new;
end $$;
create trigger bound before insert on invitations for each row execute function bound_invitations();

create policy tenant_read on invitations for select to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or invited_by_user_id = (select current_user_id())
              or id = any ((select invitations_in_reach())::uuid[])));
create policy tenant_insert on invitations for insert to gatehouse_app
  with check (organization_id = (select current_organization()) and (select current_reach()) <> 'own'
              and invited_by_user_id = (select current_user_id())
              and ((select administers()) or role_code = 'UR'));
create policy tenant_update on invitations for update to gatehouse_app
  using (organization_id = (select current_organization())
         and ((select administers())
              or ((select current_reach()) <> 'own' and invited_by_user_id = (select current_user_id()))
              or id = any ((select invitations_in_reach())::uuid[])))
  with check (organization_id = (select current_organization()));
create policy tenant on invitation_workspaces to gatehouse_app
  using (organization_id = (select current_organization())
         and workspace_id = any ((select workspaces_in_reach())::uuid[]))
  with check (organization_id = (select current_organization())
              and workspace_id = any ((select workspaces_in_reach())::uuid[]));
grant select (organization_id, id, last_four, email, note, role_code, invited_by_user_id, max_uses, uses, created_at,
  expires_at, revoked_at), insert on invitations to gatehouse_app;
grant update (revoked_at) on invitations to gatehouse_app;
grant select, insert on invitation_workspaces to gatehouse_app;
create policy platform on invitations to gatehouse_platform using (true) with check (true);
create policy platform on invitation_workspaces to gatehouse_platform using (true) with check (true);
grant select, update (uses, revoked_at) on invitations to gatehouse_platform;
grant select on invitation_workspaces to gatehouse_platform;

create function audited_invitations() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select invitation_id from invitation_workspaces where organization_id = current_organization()
               and workspace_id = any (audited_workspaces()));
end $$;
grant execute on function audited_invitations() to gatehouse_app;
call spare_audited('invitations', 'id', 'audited_invitations');
call spare_audited('invitation_workspaces', 'workspace_id');
