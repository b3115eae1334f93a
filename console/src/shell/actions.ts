// What the palette can begin, for who may. Each is a page, most of them with the dialog open that makes something.
import { linkOptions } from '@tanstack/react-router';
import { CircleHelp } from 'lucide-react';
import { allows } from '@/api/session';
import type { Me } from '@/api/types';
import { viewedMember } from '@/api/view-as';

const create = { create: true } as const;

const all = [
  { id: 'new-chat', name: 'chat.new', permission: 'chats_write', key: 'c', link: linkOptions({ to: '/chat' }) },
  { id: 'invite', name: 'invitations.create', permission: 'invitations_manage', link: linkOptions({ to: '/organization/invitations', search: create }) },
  { id: 'new-rule', name: 'policies.new', permission: 'policies_manage', link: linkOptions({ to: '/policies/new' }) },
  { id: 'new-key', name: 'api_keys.create', permission: 'api_keys_manage', link: linkOptions({ to: '/keys', search: create }) },
  { id: 'new-grant', name: 'access.give', permission: 'grants_manage', link: linkOptions({ to: '/access', search: create }) },
  { id: 'why', name: 'access.why_title', icon: CircleHelp, permission: 'access_explain', link: linkOptions({ to: '/access', search: { why: true } }) },
  { id: 'new-workspace', name: 'workspaces.create', permission: 'workspaces_create', link: linkOptions({ to: '/organization/workspaces', search: create }) },
  { id: 'new-group', name: 'groups.create', permission: 'groups_manage', link: linkOptions({ to: '/organization/groups', search: create }) },
  { id: 'assign-role', name: 'roles_page.assign', permission: 'roles_manage', link: linkOptions({ to: '/organization/roles', search: create }) },
  { id: 'new-provider', name: 'providers.add', permission: 'providers_manage', link: linkOptions({ to: '/providers', search: create }) },
  { id: 'new-account', name: 'service_accounts.create', permission: 'service_accounts_manage', link: linkOptions({ to: '/service-accounts', search: create }) },
  { id: 'new-identity-provider', name: 'sso.add', place: 'nav.sso', permission: 'identity_providers_manage', link: linkOptions({ to: '/identity-providers/new' }) },
  { id: 'new-tenant', name: 'core.tenant_new', permission: 'platform_manage', link: linkOptions({ to: '/core/tenants', search: create }) },
  { id: 'new-plan', name: 'core.plan_new', permission: 'platform_manage', link: linkOptions({ to: '/core/plans', search: create }) },
] as const;

/** None while one views as another: nothing can be changed then. */
export function actionsOf(me: Me): (typeof all)[number][] {
  return viewedMember() === null ? all.filter(({ permission }) => allows(me, permission)) : [];
}
