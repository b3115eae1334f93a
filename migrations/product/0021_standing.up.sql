-- The server judges a call by a snapshot, which may be a second old. What a call changes may outlast the right to it (roles,
-- keys, invitations, settings): this judges the caller by the rows, in the transaction that makes such a change, and holds the
-- membership until it is over. So whoever ends it or lowers its role waits, and ends with it what it brought about, and
-- who lost it changes nothing more (GH009).

-- p_changes_members: it may change the membership itself. p_governance: roles without which the call would not reach as far,
-- in the workspace of the call; p_anywhere: those that have to be for the whole organization. p_kind, p_action, p_context: what
-- was granted of the things in app.grants; null: nothing was.
create function hold_standing(p_changes_members boolean, p_governance text[], p_anywhere text[],
                              p_kind text, p_action text, p_context jsonb)
  returns void language plpgsql security definer set search_path = public, pg_temp as $$
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
grant execute on function hold_standing(boolean, text[], text[], text, text, jsonb) to gatehouse_app;

-- The caller's own, after the membership is held.
create function check_session(p_session uuid) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select from sessions where organization_id = current_organization() and id = p_session
                 and revoked_at is null) then
    raise exception 'your session has ended' using errcode = 'GH009';
  end if;
end $$;
grant execute on function check_session(uuid) to gatehouse_app;

-- What ends with a membership (end_credentials) is not given to whose membership has ended either; whoever ends it is waited
-- for.
create function check_holder() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger check_holder before insert on role_assignments for each row when (new.user_id is not null)
  execute function check_holder('user_id');
create trigger check_holder before insert on permissions_acl for each row when (new.created_for_user_id is not null)
  execute function check_holder('created_for_user_id');
create trigger check_holder before insert on group_members for each row execute function check_holder('user_id');

-- What was given to a group, or on a workspace or a chat, ends with it.
create function end_grants() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger end_grants after update of is_active on groups for each row when (old.is_active and not new.is_active)
  execute function end_grants();
create trigger end_grants after update of is_active on workspaces for each row when (old.is_active and not new.is_active)
  execute function end_grants('WSP');
create trigger end_grants after delete on chats for each row execute function end_grants('CHT');

-- Nor is anything given to such a group or on such a workspace afterwards; whoever ends it is waited for. A chat that is gone
-- opens nothing. By its name it fires after check_holder: who ends a membership holds that before the workspace that it leads.
create function check_resource() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger check_resource before insert on permissions_acl for each row execute function check_resource();
