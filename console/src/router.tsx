// Every page with the permission it needs. Each page is its own chunk; the sign-in page carries none of the others.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import type { Me, TenantStatus } from './api/types';
import { allows, meQuery } from './api/session';
import { viewedMember } from './api/view-as';
import { auditSearch, creating, nextOf, refused, text, type Refused } from './search';
import { NotFoundPage, RouteFailure } from './shell/fallback';
import { takeOver } from './shell/take-over';

interface Context {
  client: QueryClient;
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Of the person, whatever the organization's status. */
    personal?: true;
    /** Without it the page answers with the "forbidden" state. */
    permission?: string;
  }
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** The first page of use to this person. */
export function homeOf(me: Me): '/home' | '/chat' | '/policies' | '/audit' | '/core/tenants' | '/welcome' | '/second-factor' {
  if (me.second_factor.required) return '/second-factor';
  if (allows(me, 'platform_read')) return '/core/tenants';
  if (allows(me, 'organization_manage')) return '/home';
  if (allows(me, 'chats_read')) return '/chat';
  if (allows(me, 'policies_read')) return '/policies';
  if (allows(me, 'audit_read')) return '/audit';
  return '/welcome';
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: RouteFailure,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string; reason?: 'expired' | 'reset' } & Refused => {
    const reason = (['expired', 'reset'] as const).find((known) => known === search['reason']);
    return { ...nextOf(search), ...(reason ? { reason } : {}), ...refused(search) };
  },
  beforeLoad: async ({ context, search }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (me) throw redirect({ href: me.second_factor.required ? '/second-factor' : (search.next ?? homeOf(me)), replace: true });
  },
  component: lazyRouteComponent(() => import('./features/sign-in/sign-in-page'), 'SignInPage'),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./features/sign-in/forgot-password-page'), 'ForgotPasswordPage'),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./features/sign-in/reset-password-page'), 'ResetPasswordPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: (search: Record<string, unknown>): { organization?: string } => {
    const organization = text(search['organization']);
    return organization ? { organization } : {};
  },
  beforeLoad: async ({ context }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (me) throw redirect({ to: homeOf(me), replace: true });
  },
  component: lazyRouteComponent(() => import('./features/sign-up/sign-up-page'), 'SignUpPage'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: nextOf,
  beforeLoad: async ({ context }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (!me) throw redirect({ to: '/sign-in', replace: true });
    if (!me.second_factor.required) throw redirect({ to: homeOf(me), replace: true });
    await takeOver(me);
  },
  component: lazyRouteComponent(() => import('./features/sign-in/second-factor-page'), 'SecondFactorPage'),
});

const start = createRoute({
  getParentRoute: () => root,
  path: '/start',
  validateSearch: (search: Record<string, unknown>): { model?: string } => {
    const model = text(search['model']);
    return model ? { model } : {};
  },
  beforeLoad: async ({ context }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (!me) throw redirect({ to: '/sign-in', search: { next: '/start' }, replace: true });
    if (!allows(me, 'providers_manage')) throw redirect({ to: homeOf(me), replace: true });
    await takeOver(me);
  },
  component: lazyRouteComponent(() => import('./features/sign-up/start-page'), 'StartPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (!me) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href }, replace: true });
    if (me.second_factor.required) throw redirect({ to: '/second-factor', search: location.href === '/' ? {} : { next: location.href }, replace: true });
    await takeOver(me);
    return { me };
  },
  component: lazyRouteComponent(() => import('./shell/shell'), 'Shell'),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: homeOf(context.me), replace: true });
  },
});

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: '/home',
  staticData: { permission: 'usage_read' },
  component: lazyRouteComponent(() => import('./features/dashboard/dashboard-page'), 'DashboardPage'),
});

const welcome = createRoute({
  getParentRoute: () => shell,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./features/welcome/welcome-page'), 'WelcomePage'),
});

const chat = createRoute({
  getParentRoute: () => shell,
  path: '/chat',
  staticData: { permission: 'chats_read' },
  component: lazyRouteComponent(() => import('./features/chat/chat-page'), 'ChatPage'),
});

const chatNew = createRoute({
  getParentRoute: () => chat,
  path: '/',
  component: lazyRouteComponent(() => import('./features/chat/new-chat'), 'NewChat'),
});

const chatOne = createRoute({
  getParentRoute: () => chat,
  path: '$chatId',
  component: lazyRouteComponent(() => import('./features/chat/open-chat'), 'OpenChat'),
});

const policies = createRoute({
  getParentRoute: () => shell,
  path: '/policies',
  staticData: { permission: 'policies_read' },
  component: lazyRouteComponent(() => import('./features/policies/policies-page'), 'PoliciesPage'),
});

const policyNew = createRoute({
  getParentRoute: () => shell,
  path: '/policies/new',
  staticData: { permission: 'policies_manage' },
  component: lazyRouteComponent(() => import('./features/policies/rule-page'), 'NewRulePage'),
});

const policyOne = createRoute({
  getParentRoute: () => shell,
  path: '/policies/$ruleId',
  staticData: { permission: 'policies_read' },
  component: lazyRouteComponent(() => import('./features/policies/rule-page'), 'RulePage'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  staticData: { permission: 'audit_read' },
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./features/audit/audit-page'), 'AuditPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  staticData: { permission: 'api_keys_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/api-keys/api-keys-page'), 'ApiKeysPage'),
});

const access = createRoute({
  getParentRoute: () => shell,
  path: '/access',
  staticData: { permission: 'grants_read' },
  validateSearch: (search: Record<string, unknown>): { create?: true; grant?: string; why?: true } => {
    const grant = text(search['grant']);
    return { ...creating(search), ...(grant ? { grant } : {}), ...(search['why'] === true ? { why: true } : {}) };
  },
  component: lazyRouteComponent(() => import('./features/access/grants-page'), 'GrantsPage'),
});

const scim = createRoute({
  getParentRoute: () => shell,
  path: '/scim',
  staticData: { permission: 'scim_manage' },
  component: lazyRouteComponent(() => import('./features/scim/scim-page'), 'ScimPage'),
});

const serviceAccounts = createRoute({
  getParentRoute: () => shell,
  path: '/service-accounts',
  staticData: { permission: 'service_accounts_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/service-accounts/service-accounts-page'), 'ServiceAccountsPage'),
});

const providers = createRoute({
  getParentRoute: () => shell,
  path: '/providers',
  staticData: { permission: 'providers_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/providers/providers-page'), 'ProvidersPage'),
});

const organization = createRoute({
  getParentRoute: () => shell,
  path: '/organization',
  staticData: { permission: 'workspaces_read' },
  component: lazyRouteComponent(() => import('./features/organization/layout'), 'OrganizationLayout'),
});

const organizationHome = createRoute({
  getParentRoute: () => organization,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: allows(context.me, 'members_read') ? '/organization/members' : '/organization/workspaces', replace: true });
  },
});

const members = createRoute({
  getParentRoute: () => organization,
  path: 'members',
  staticData: { permission: 'members_read' },
  validateSearch: (search: Record<string, unknown>): { person?: string } => {
    const person = text(search['person']);
    return person ? { person } : {};
  },
  component: lazyRouteComponent(() => import('./features/organization/members-page'), 'MembersPage'),
});

const invitations = createRoute({
  getParentRoute: () => organization,
  path: 'invitations',
  staticData: { permission: 'invitations_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/organization/invitations-page'), 'InvitationsPage'),
});

const groups = createRoute({
  getParentRoute: () => organization,
  path: 'groups',
  staticData: { permission: 'groups_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/organization/groups-page'), 'GroupsPage'),
});

const roles = createRoute({
  getParentRoute: () => organization,
  path: 'roles',
  staticData: { permission: 'roles_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/organization/roles-page'), 'RolesPage'),
});

const workspaces = createRoute({
  getParentRoute: () => organization,
  path: 'workspaces',
  staticData: { permission: 'workspaces_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/organization/workspaces-page'), 'WorkspacesPage'),
});

const workspaceOne = createRoute({
  getParentRoute: () => organization,
  path: 'workspaces/$workspaceId',
  staticData: { permission: 'workspaces_read' },
  component: lazyRouteComponent(() => import('./features/organization/workspace-page'), 'WorkspacePage'),
});

const organizationSessions = createRoute({
  getParentRoute: () => organization,
  path: 'sessions',
  staticData: { permission: 'sessions_read' },
  component: lazyRouteComponent(() => import('./features/organization/sessions-page'), 'OrganizationSessionsPage'),
});

const organizationSettings = createRoute({
  getParentRoute: () => organization,
  path: 'settings',
  staticData: { permission: 'organization_manage' },
  component: lazyRouteComponent(() => import('./features/organization/settings-page'), 'SettingsPage'),
});

/** For whoever has an invitation's link, signed in or not; the code stands behind the `#`. */
const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  beforeLoad: async ({ context }) => ({ me: await context.client.query({ ...meQuery, staleTime: 'static' }) }),
  component: lazyRouteComponent(() => import('./features/invite/invite-page'), 'InvitePage'),
});

const identityProviders = createRoute({
  getParentRoute: () => shell,
  path: '/identity-providers',
  staticData: { permission: 'identity_providers_read' },
  component: lazyRouteComponent(() => import('./features/single-sign-on/providers-page'), 'IdentityProvidersPage'),
});

const identityProviderNew = createRoute({
  getParentRoute: () => shell,
  path: '/identity-providers/new',
  staticData: { permission: 'identity_providers_manage' },
  validateSearch: (search: Record<string, unknown>): { preset?: string } => {
    const preset = text(search['preset']);
    return preset ? { preset } : {};
  },
  component: lazyRouteComponent(() => import('./features/single-sign-on/provider-page'), 'NewIdentityProviderPage'),
});

const identityProviderOne = createRoute({
  getParentRoute: () => shell,
  path: '/identity-providers/$providerId',
  staticData: { permission: 'identity_providers_read' },
  validateSearch: (search: Record<string, unknown>): { test?: string } & Refused => {
    const test = text(search['test']);
    return { ...(test ? { test } : {}), ...refused(search) };
  },
  component: lazyRouteComponent(() => import('./features/single-sign-on/provider-page'), 'IdentityProviderPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  staticData: { personal: true },
  beforeLoad: ({ context }) => {
    // Sessions, password and providers are not shown to who looks as another.
    if (viewedMember() !== null) throw redirect({ to: homeOf(context.me), replace: true });
  },
  validateSearch: (search: Record<string, unknown>): { linked?: true } & Refused => ({ ...(search['linked'] === true ? { linked: true as const } : {}), ...refused(search) }),
  component: lazyRouteComponent(() => import('./features/account/account-page'), 'AccountPage'),
});

const simulator = createRoute({
  getParentRoute: () => shell,
  path: '/simulator',
  staticData: { permission: 'stages_read' },
  component: lazyRouteComponent(() => import('./features/simulator/simulator-page'), 'SimulatorPage'),
});

const plans = createRoute({
  getParentRoute: () => shell,
  path: '/core/plans',
  staticData: { permission: 'platform_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/core/plans-page'), 'PlansPage'),
});

export interface TenantSearch {
  create?: true;
  text?: string;
  status?: TenantStatus;
  plan_id?: string;
  region?: 'us' | 'eu';
}

const tenantStatuses: readonly TenantStatus[] = ['active', 'suspended', 'cancelled'];

const tenants = createRoute({
  getParentRoute: () => shell,
  path: '/core/tenants',
  staticData: { permission: 'platform_read' },
  validateSearch: (search: Record<string, unknown>): TenantSearch => {
    const found: TenantSearch = creating(search);
    const words = text(search['text']);
    if (words) found.text = words.slice(0, 100);
    const plan = text(search['plan_id']);
    if (plan) found.plan_id = plan;
    const status = tenantStatuses.find((known) => known === search['status']);
    if (status) found.status = status;
    if (search['region'] === 'us' || search['region'] === 'eu') found.region = search['region'];
    return found;
  },
  component: lazyRouteComponent(() => import('./features/core/tenants-page'), 'TenantsPage'),
});

const tenant = createRoute({
  getParentRoute: () => shell,
  path: '/core/tenants/$tenantId',
  staticData: { permission: 'platform_read' },
  component: lazyRouteComponent(() => import('./features/core/tenant-page'), 'TenantPage'),
});

const tree = root.addChildren([
  signIn,
  invite,
  forgotPassword,
  resetPassword,
  signUp,
  secondFactor,
  start,
  shell.addChildren([
    home, dashboard, welcome, chat.addChildren([chatNew, chatOne]), policies, policyNew, policyOne, audit, providers, access, apiKeys, serviceAccounts, scim, simulator, identityProviders, identityProviderNew, identityProviderOne, plans, tenants, tenant, account,
    organization.addChildren([
      organizationHome, members, invitations, groups, roles, workspaces, workspaceOne, organizationSessions, organizationSettings,
    ]),
  ]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({ routeTree: tree, context: { client }, defaultPreload: 'intent', defaultPreloadStaleTime: 0, defaultErrorComponent: RouteFailure });
}
