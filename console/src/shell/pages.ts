// The pages of the navigation, the palette and the shortcuts, each with the permission that shows it.
import { Bot, Boxes, Building2, Fingerprint, FlaskConical, FolderSync, Gauge, HandHelping, House, KeyRound, Layers, MessagesSquare, ScrollText, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import { allows } from '@/api/session';
import type { Me } from '@/api/types';
import { viewedMember } from '@/api/view-as';

export interface PageLink {
  to: '/home' | '/chat' | '/policies' | '/audit' | '/providers' | '/simulator' | '/access' | '/service-accounts' | '/keys' | '/welcome' | '/account' | '/core/tenants' | '/core/plans' | '/organization' | '/identity-providers' | '/scim';
  name: 'nav.dashboard' | 'nav.chat' | 'nav.policies' | 'nav.audit' | 'nav.providers' | 'nav.simulator' | 'nav.access' | 'nav.service_accounts' | 'nav.api_keys' | 'nav.welcome' | 'nav.account' | 'nav.tenants' | 'nav.plans' | 'nav.organization' | 'nav.sso' | 'nav.scim';
  icon: LucideIcon;
  /** The second key after "g". */
  key: string;
  permission: string | null;
}

const all: readonly PageLink[] = [
  { to: '/home', name: 'nav.dashboard', icon: Gauge, key: 'h', permission: 'usage_read' },
  { to: '/chat', name: 'nav.chat', icon: MessagesSquare, key: 'c', permission: 'chats_read' },
  { to: '/policies', name: 'nav.policies', icon: ShieldCheck, key: 'p', permission: 'policies_read' },
  { to: '/audit', name: 'nav.audit', icon: ScrollText, key: 'a', permission: 'audit_read' },
  { to: '/providers', name: 'nav.providers', icon: Boxes, key: 'm', permission: 'providers_read' },
  { to: '/simulator', name: 'nav.simulator', icon: FlaskConical, key: 'e', permission: 'stages_read' },
  { to: '/organization', name: 'nav.organization', icon: Building2, key: 'o', permission: 'workspaces_read' },
  { to: '/access', name: 'nav.access', icon: HandHelping, key: 's', permission: 'grants_read' },
  { to: '/identity-providers', name: 'nav.sso', icon: Fingerprint, key: 'i', permission: 'identity_providers_read' },
  { to: '/scim', name: 'nav.scim', icon: FolderSync, key: 'd', permission: 'scim_manage' },
  { to: '/keys', name: 'nav.api_keys', icon: KeyRound, key: 'k', permission: 'api_keys_read' },
  { to: '/service-accounts', name: 'nav.service_accounts', icon: Bot, key: 'b', permission: 'service_accounts_read' },
  { to: '/core/tenants', name: 'nav.tenants', icon: Building2, key: 't', permission: 'platform_read' },
  { to: '/core/plans', name: 'nav.plans', icon: Layers, key: 'l', permission: 'platform_read' },
];
const welcome: PageLink = { to: '/welcome', name: 'nav.welcome', icon: House, key: 'h', permission: null };
const accountPage: PageLink = { to: '/account', name: 'nav.account', icon: UserRound, key: 'u', permission: null };

/** What the person may open, in order. */
export function pagesOf(me: Me): PageLink[] {
  const pages = all.filter((page) => page.permission === null || allows(me, page.permission));
  return pages.length > 0 ? pages : [welcome];
}

/** With the account, which is not another's to see. */
export function allPagesOf(me: Me): PageLink[] {
  return viewedMember() === null ? [...pagesOf(me), accountPage] : pagesOf(me);
}
