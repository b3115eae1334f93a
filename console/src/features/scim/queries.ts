import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const scimQuery = queryOptions({
  queryKey: ['scim'],
  queryFn: () => body(api.GET('/api/scim')),
});

/** What was changed through SCIM last, and by administrators of it. */
export const scimChangesQuery = queryOptions({
  queryKey: ['scim', 'changes'],
  queryFn: async () => (await body(api.GET('/api/audit/events', { params: { query: { action: 'scim', reads: false, limit: 10 } } }))).data,
});
