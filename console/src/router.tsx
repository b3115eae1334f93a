// Every page with the permission it needs. Each page is its own chunk; the sign-in page carries none of the others.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import type { AuditOutcome, Me, Outcome } from './api/types';
import { allows, meQuery } from './api/session';
import { NotFoundPage, RouteFailure } from './shell/fallback';
import { takeOver } from './shell/take-over';

interface Context {
  client: QueryClient;
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Without it the page answers with the "forbidden" state. */
    permission?: string;
  }
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** The first page of use to this person. */
export function homeOf(me: Me): '/chat' | '/policies' | '/audit' | '/welcome' {
  if (allows(me, 'chats_read')) return '/chat';
  if (allows(me, 'policies_read')) return '/policies';
  if (allows(me, 'audit_read')) return '/audit';
  return '/welcome';
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Why the way through an identity provider ended, and in which request. */
interface Refused {
  refused?: string;
  request_id?: string;
}
function refused(search: Record<string, unknown>): Refused {
  const reason = text(search['refused']);
  const request = text(search['request_id']);
  return { ...(reason && /^[a-z_]{1,40}$/.test(reason) ? { refused: reason } : {}), ...(request ? { request_id: request } : {}) };
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: RouteFailure,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string; reason?: 'expired' } & Refused => {
    const next = text(search['next']);
    return {
      // Only a path of this console: never another site.
      ...(next && /^\/(?!\/)[^\\]*$/.test(next) ? { next } : {}),
      ...(search['reason'] === 'expired' ? { reason: 'expired' as const } : {}),
      ...refused(search),
    };
  },
  beforeLoad: async ({ context, search }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (me) throw redirect({ href: search.next ?? homeOf(me), replace: true });
  },
  component: lazyRouteComponent(() => import('./features/sign-in/sign-in-page'), 'SignInPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const me = await context.client.query({ ...meQuery, staleTime: 'static' });
    if (!me) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href }, replace: true });
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

export interface AuditSearch {
  actor?: string;
  action?: string;
  resource?: string;
  outcome?: AuditOutcome;
  decision?: Outcome;
  /** Without what only read. */
  reads?: false;
  /** A number of hours before now, or a start and an end. */
  hours?: number;
  from?: string;
  to?: string;
  /** The event shown beside the table. */
  event?: string;
}

/** Whether the page opens with the dialog that makes a new one. */
function creating(search: Record<string, unknown>): { create?: true } {
  return search['create'] === true ? { create: true } : {};
}

const auditOutcomes: readonly AuditOutcome[] = ['success', 'denied', 'failed', 'unknown'];
const decisions: readonly Outcome[] = ['allow', 'warn', 'redact', 'require_approval', 'block'];

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  staticData: { permission: 'audit_read' },
  validateSearch: (search: Record<string, unknown>): AuditSearch => {
    const found: AuditSearch = {};
    for (const name of ['actor', 'action', 'resource', 'from', 'to', 'event'] as const) {
      const value = text(search[name]);
      if (value) found[name] = value;
    }
    const outcome = auditOutcomes.find((known) => known === search['outcome']);
    if (outcome) found.outcome = outcome;
    const decision = decisions.find((known) => known === search['decision']);
    if (decision) found.decision = decision;
    if (search['reads'] === false) found.reads = false;
    const hours = Number(search['hours']);
    if (Number.isInteger(hours) && hours > 0) found.hours = hours;
    return found;
  },
  component: lazyRouteComponent(() => import('./features/audit/audit-page'), 'AuditPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  staticData: { permission: 'api_keys_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/api-keys/api-keys-page'), 'ApiKeysPage'),
});

const providers = createRoute({
  getParentRoute: () => shell,
  path: '/providers',
  staticData: { permission: 'providers_read' },
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./features/providers/providers-page'), 'ProvidersPage'),
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
  validateSearch: (search: Record<string, unknown>): { linked?: true } & Refused => ({ ...(search['linked'] === true ? { linked: true as const } : {}), ...refused(search) }),
  component: lazyRouteComponent(() => import('./features/account/account-page'), 'AccountPage'),
});

const tree = root.addChildren([
  signIn,
  shell.addChildren([home, welcome, chat.addChildren([chatNew, chatOne]), policies, policyNew, policyOne, audit, providers, apiKeys, identityProviders, identityProviderNew, identityProviderOne, account]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({ routeTree: tree, context: { client }, defaultPreload: 'intent', defaultPreloadStaleTime: 0, defaultErrorComponent: RouteFailure });
}
