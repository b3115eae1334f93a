// Every permission there is, by what it is about, as a person looks for one.
export const permissionGroups = [
  { area: 'organization', permissions: ['organization_read', 'organization_manage', 'usage_read'] },
  { area: 'workspaces', permissions: ['workspaces_read', 'workspaces_create', 'workspaces_manage', 'workspaces_join'] },
  { area: 'people', permissions: ['members_read', 'members_manage', 'invitations_read', 'invitations_manage', 'groups_read', 'groups_manage', 'sessions_read', 'sessions_manage'] },
  { area: 'access', permissions: ['roles_read', 'roles_manage', 'grants_read', 'grants_manage', 'access_explain', 'access_view_as'] },
  { area: 'chat', permissions: ['chats_read', 'chats_write', 'models_read', 'providers_read', 'providers_manage'] },
  { area: 'rules', permissions: ['policies_read', 'policies_manage', 'audit_read', 'audit_verify', 'audit_export'] },
  { area: 'simulator', permissions: ['stages_read', 'stages_manage', 'simulator_run'] },
  { area: 'programs', permissions: ['api_keys_read', 'api_keys_manage', 'service_accounts_read', 'service_accounts_manage', 'gateway_call'] },
  { area: 'directory', permissions: ['identity_providers_read', 'identity_providers_manage', 'scim_manage', 'scim_provision'] },
  { area: 'account', permissions: ['anyone', 'signed_in', 'account_manage'] },
  { area: 'platform', permissions: ['platform_read', 'platform_manage'] },
] as const;

export type PermissionName = (typeof permissionGroups)[number]['permissions'][number];

export const permissionNames: readonly PermissionName[] = permissionGroups.flatMap(({ permissions }) => permissions);
