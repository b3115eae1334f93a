alter policy tenant_revoke on sessions
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()))
  with check (organization_id = (select current_organization()) and user_id = (select current_user_id()));
alter policy tenant_read on sessions
  using (organization_id = (select current_organization()) and user_id = (select current_user_id()));
drop index sessions_newest;

alter table memberships drop column invitation_id;

drop policy tenant_read on role_assignments;
alter policy tenant on role_assignments
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))))
  with check (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and workspace_id = any ((select my_workspaces())::uuid[]))
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))));
revoke insert on workspace_users from gatehouse_app;
revoke update (is_active) on workspace_users from gatehouse_app;
drop policy tenant_leave on workspace_users;
drop policy tenant_update on workspace_users;
drop policy tenant_insert on workspace_users;
drop trigger lose_administration on role_assignments;
drop function lose_administration();
drop trigger leave_workspace on workspace_users;
drop function leave_workspace();
drop trigger check_person on workspace_users;
drop function check_workspace_person();
drop function is_guest(organizations, text);
drop function admits_guests(workspaces);

alter policy tenant on memberships
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id())
              or (select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspaces' and user_id = any ((select my_colleagues())::uuid[]))
              or ((select current_reach()) = 'workspace'
                  and user_id = any ((select people_of_current_workspace())::uuid[]))
              or user_id = any ((select current_grants())::uuid[])));
revoke insert on workspaces from gatehouse_app;
revoke update (name, is_default, visibility, is_active, attributes, settings, version, lead_user_id,
  parent_workspace_id) on workspaces from gatehouse_app;
drop policy tenant_update on workspaces;
drop policy tenant_insert on workspaces;
alter policy tenant on workspaces
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or id = any ((select my_workspaces())::uuid[])
              or id = any ((select current_grants())::uuid[])));
alter policy tenant_update on permissions_acl
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization' or created_by_user_id = (select current_user_id())
              or resource_id = any ((select current_grants())::uuid[])
              or owns_resource(resource_kind, resource_id)));
alter policy tenant_read on permissions_acl
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or created_by_user_id = (select current_user_id())
              or created_for_user_id = (select current_user_id())
              or created_for_group_id = any ((select my_groups())::uuid[])
              or resource_id = any ((select current_grants())::uuid[])
              or owns_resource(resource_kind, resource_id)));
alter policy tenant_insert on permissions_acl
  with check (organization_id = (select current_organization()) and created_by_user_id = (select current_user_id()));
drop function may_give(resource_kind_enum, uuid, action_enum, uuid);
drop function managing_grants();
drop function workspaces_in_reach();
drop function administers_workspaces();
drop function managed_workspaces();
drop function managed_by(uuid, uuid);
drop function governance_of(uuid, uuid);
drop function administers();
drop function people_of_granted_workspaces();
drop function joinable_workspaces();
drop function visible_workspaces();
drop trigger close_workspace on workspaces;
drop function close_workspace();
drop trigger keep_a_default_workspace on workspaces;
drop function keep_a_default_workspace();
drop trigger check_organogram on workspaces;
drop trigger check_organogram_insert on workspaces;
drop function check_organogram();
drop index workspaces_name;
alter table workspaces drop column parent_workspace_id, drop column lead_user_id, drop column settings,
  drop column version;

drop function set_own_profile(jsonb);
revoke update (role_code, is_owner, is_active, attributes) on memberships from gatehouse_app;
drop policy tenant_update on memberships;
drop trigger end_credentials on memberships;
drop function end_credentials();
drop trigger keep_an_administrator on memberships;
drop function keep_an_administrator();
drop index memberships_one_owner;
alter table memberships drop constraint memberships_owner_administers;
drop trigger spread_name on users;
drop function spread_name();
drop trigger name_key on memberships;
drop function set_name_key();
drop index memberships_name;
alter table memberships drop column name_key;

revoke update (name, data_mode, settings, attributes, version) on organizations from gatehouse_app;
drop policy tenant_update on organizations;
alter table organizations drop column version;
