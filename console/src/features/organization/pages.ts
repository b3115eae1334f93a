// The pages about an organization's people and settings, each with the permission that shows it.
import { allows } from '@/api/session';
import type { Me } from '@/api/types';

const all = [
  { to: '/organization/members', name: 'organization.members', permission: 'members_read' },
  { to: '/organization/invitations', name: 'organization.invitations', permission: 'invitations_read' },
  { to: '/organization/workspaces', name: 'organization.workspaces', permission: 'workspaces_read' },
  { to: '/organization/groups', name: 'organization.groups', permission: 'groups_read' },
  { to: '/organization/roles', name: 'organization.roles', permission: 'roles_read' },
  { to: '/organization/sessions', name: 'organization.sessions', permission: 'sessions_read' },
  { to: '/organization/settings', name: 'organization.settings', permission: 'organization_manage' },
] as const;

export function organizationPagesOf(me: Me): (typeof all)[number][] {
  return all.filter(({ permission }) => allows(me, permission));
}
