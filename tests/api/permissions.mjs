// Who may do what: the permission matrix of the product, written down here once more so that the server's cannot change
// unnoticed. For each permission, how far it reaches: `own`, `workspaces`, `organization`, or absent for not at all.

const everyone = { MS: 'own', OA: 'own', WM: 'own', UR: 'own' };

export const matrix = {
  anyone: { ...everyone, nobody: 'own' },
  signed_in: everyone,
  account_manage: everyone,
  organization_read: { OA: 'organization', WM: 'own', UR: 'own' },
  organization_manage: { OA: 'organization' },
  workspaces_read: { OA: 'organization', WM: 'workspaces', UR: 'workspaces' },
  workspaces_create: { OA: 'organization' },
  workspaces_manage: { OA: 'organization', WM: 'workspaces' },
  workspaces_join: { OA: 'own', WM: 'own', UR: 'own' },
  members_read: { OA: 'organization', WM: 'workspaces' },
  members_manage: { OA: 'organization' },
  invitations_read: { OA: 'organization', WM: 'workspaces' },
  invitations_manage: { OA: 'organization', WM: 'workspaces' },
  groups_read: { OA: 'organization', WM: 'workspaces' },
  groups_manage: { OA: 'organization' },
  roles_read: { OA: 'organization', WM: 'workspaces' },
  roles_manage: { OA: 'organization', WM: 'workspaces' },
  grants_read: { OA: 'organization', WM: 'workspaces', UR: 'own' },
  grants_manage: { OA: 'organization', WM: 'workspaces', UR: 'own' },
  access_explain: { OA: 'organization', WM: 'workspaces', UR: 'own' },
  access_view_as: { OA: 'organization' },
  identity_providers_read: { OA: 'organization' },
  identity_providers_manage: { OA: 'organization' },
  service_accounts_read: { OA: 'organization' },
  service_accounts_manage: { OA: 'organization' },
  scim_manage: { OA: 'organization' },
  // Of a directory's token, which no role gives (scim.test.mjs).
  scim_provision: {},
  sessions_read: { OA: 'organization' },
  sessions_manage: { OA: 'organization' },
  usage_read: { OA: 'organization', WM: 'workspace', UR: 'own' },
  stages_read: { OA: 'organization', WM: 'workspaces' },
  stages_manage: { OA: 'organization' },
  simulator_run: { OA: 'own', WM: 'own' },
  chats_read: { OA: 'organization', WM: 'own', UR: 'own' },
  chats_write: { OA: 'own', WM: 'own', UR: 'own' },
  models_read: { OA: 'organization', WM: 'own', UR: 'own' },
  providers_read: { OA: 'organization', WM: 'own' },
  providers_manage: { OA: 'organization' },
  policies_read: { OA: 'organization', WM: 'own' },
  policies_manage: { OA: 'organization' },
  audit_read: { OA: 'organization' },
  audit_verify: { OA: 'organization' },
  audit_export: { OA: 'organization' },
  api_keys_read: { OA: 'organization', WM: 'own', UR: 'own' },
  api_keys_manage: { OA: 'organization', WM: 'own', UR: 'own' },
  gateway_call: { OA: 'own', WM: 'own', UR: 'own' },
  platform_read: { MS: 'organization' },
  platform_manage: { MS: 'organization' },
};

// What each governance role adds where it was given: `scope` is the workspace, or the organization if it was given for
// all; `own` one's own; `whole` the organization, and only if given for all.
export const governance = {
  organization_read: { Auditor: 'scope' },
  workspaces_read: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  workspaces_manage: { WorkspaceAdmin: 'scope' },
  members_read: { WorkspaceAdmin: 'scope', Approver: 'scope', Auditor: 'scope' },
  invitations_read: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  invitations_manage: { WorkspaceAdmin: 'scope' },
  groups_read: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  roles_read: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  roles_manage: { WorkspaceAdmin: 'scope' },
  grants_read: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  grants_manage: { WorkspaceAdmin: 'scope' },
  access_explain: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  identity_providers_read: { Auditor: 'whole' },
  service_accounts_read: { Auditor: 'scope', IntegrationAdmin: 'scope' },
  service_accounts_manage: { IntegrationAdmin: 'scope' },
  sessions_read: { Auditor: 'whole' },
  usage_read: { WorkspaceAdmin: 'scope', Auditor: 'scope' },
  stages_read: { Operator: 'scope', Auditor: 'scope' },
  simulator_run: { Operator: 'own' },
  chats_read: { Auditor: 'scope' },
  models_read: { Auditor: 'scope' },
  providers_read: { WorkspaceAdmin: 'own', Auditor: 'scope', IntegrationAdmin: 'scope' },
  policies_read: { WorkspaceAdmin: 'own', Approver: 'scope', Auditor: 'scope' },
  audit_read: { Auditor: 'scope' },
  audit_verify: { Auditor: 'whole' },
  audit_export: { Auditor: 'whole' },
  api_keys_read: { Auditor: 'scope' },
};
export const governanceRoles = ['WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin'];
export const personal = ['anyone', 'signed_in', 'account_manage'];

/** What an API key opens, whoever made it. */
export const openToKeys = ['anyone', 'signed_in', 'models_read', 'gateway_call'];

/** The callers: each role of one organization, the administrator of another, and nobody. */
export const callers = [
  { name: 'operator', role: 'MS', email: 'operator@gatehouse.test' },
  { name: 'administrator', role: 'OA', email: 'admin@acme.test', colleague: 'user@acme.test' },
  { name: 'manager', role: 'WM', email: 'manager@acme.test', colleague: 'user@acme.test' },
  { name: 'user', role: 'UR', email: 'user@acme.test', colleague: 'manager@acme.test' },
  { name: 'administrator of another organization', role: 'OA', email: 'admin@borealis.test', foreigner: 'admin@acme.test' },
  { name: 'nobody', role: 'nobody' },
];
export const foreigner = (caller) => caller.foreigner ?? 'admin@borealis.test';
