import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const serviceAccountsQuery = infiniteQueryOptions({
  queryKey: ['service-accounts'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) => body(api.GET('/api/service-accounts', { params: { query: { limit: 50, ...(pageParam ? { page_token: pageParam } : {}) } } })),
  getNextPageParam: (page) => page.next_page_token,
});

/** What a program can be given (the server refuses the rest), as far as this person holds it. */
export const programPermissions = ['gateway_call', 'models_read', 'members_read', 'workspaces_read', 'organization_read', 'usage_read', 'audit_read', 'audit_export', 'stages_read', 'simulator_run'] as const;
