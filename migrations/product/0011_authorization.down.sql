do $$
declare t text;
begin
  foreach t in array array['chats', 'messages', 'workspaces', 'workspace_users', 'api_keys', 'policy_rules',
                           'role_assignments', 'permissions_acl'] loop
    execute format('drop policy audited_insert on %I', t);
    execute format('drop policy audited_update on %I', t);
    execute format('drop policy audited_delete on %I', t);
  end loop;
end $$;
drop function audited_things();
alter policy tenant_insert on messages
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and exists (select 1 from chats where chats.organization_id = messages.organization_id
                          and chats.id = messages.chat_id and chats.user_id = (select current_user_id())
                          and chats.workspace_id = messages.workspace_id));
alter policy tenant_update on messages
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and workspace_id = any ((select my_workspaces())::uuid[]));
alter policy tenant_delete on messages
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]));
alter policy tenant_read on messages
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or (select current_reach()) = 'organization'));
alter policy tenant_delete on chats
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]));
alter policy tenant_update on chats
  using (organization_id = (select current_organization()) and user_id = (select current_user_id())
         and workspace_id = any ((select my_workspaces())::uuid[]))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id())
              and workspace_id = any ((select my_workspaces())::uuid[]));
alter policy tenant_read on chats
  using (organization_id = (select current_organization())
         and ((user_id = (select current_user_id()) and workspace_id = any ((select my_workspaces())::uuid[]))
              or (select current_reach()) = 'organization'));
alter policy tenant on metering_events
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or actor_id = (select current_user_id())));
alter policy tenant on policy_hits
  using (organization_id = (select current_organization())
         and (select current_reach()) in ('organization', 'workspaces'));
alter policy tenant on api_keys
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) or (select current_reach()) = 'organization'));
alter policy tenant on workspace_users
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))));
alter policy tenant on workspaces
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or id = any ((select my_workspaces())::uuid[])));
alter policy tenant on memberships
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and user_id = any ((select my_colleagues())::uuid[]))));
drop function check_permission(uuid, resource_kind_enum, uuid, action_enum, jsonb);
drop function holds_grant(uuid, uuid, uuid);
drop function grant_conditions_hold(jsonb, inet, timestamptz);
drop function people_of_my_grants();
drop function member_with_email(text);
drop table permissions_acl;
drop function end_passed_on();
drop function bound_grants();
drop function owns_resource(resource_kind_enum, uuid);
drop table role_assignments;
drop policy tenant_read on groups;
drop function my_groups();
drop table group_members;
drop table groups;
drop function people_of_current_workspace();
drop procedure spare_audited(regclass, text, text);
drop function audited_workspaces();
drop function current_grants();
drop type governance_role_enum;
drop type action_enum;
drop type resource_kind_enum;
