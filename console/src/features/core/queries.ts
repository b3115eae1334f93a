import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Plan, TenantStatus } from '@/api/types';

export const plansQuery = queryOptions({
  queryKey: ['core', 'plans'],
  queryFn: async () => (await body(api.GET('/api/core/plans'))).data,
});

export interface TenantFilter {
  text?: string;
  status?: TenantStatus;
  plan_id?: string;
  region?: 'us' | 'eu';
}

export const tenantsQuery = (filter: TenantFilter) =>
  infiniteQueryOptions({
    queryKey: ['core', 'tenants', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => body(api.GET('/api/core/tenants', { params: { query: { limit: 50, ...filter, ...(pageParam ? { page_token: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_page_token,
  });

export const tenantQuery = (id: string) =>
  queryOptions({
    queryKey: ['core', 'tenant', id],
    queryFn: () => body(api.GET('/api/core/tenants/{tenant_id}', { params: { path: { tenant_id: id } } })),
  });

/** What a change of this plan must present: its version as shown. */
export function ifUnchanged(plan: Plan) {
  return { params: { path: { plan_id: plan.id }, header: { 'If-Match': `"${plan.version}"` } } };
}

/** Plans count their tenants, and tenants show their plan. */
export function useRefreshCore(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['core'] });
}
