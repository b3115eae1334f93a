import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Provider } from '@/api/types';
import { modelsQuery } from '@/api/models';

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async () => (await body(api.GET('/api/providers'))).data,
});

/** What a change of this provider must present: its version as shown. */
export function ifUnchanged(provider: Provider) {
  return { params: { path: { provider_id: provider.id }, header: { 'If-Match': `"${provider.version}"` } } };
}

/** Providers decide which models there are to choose from. */
export function useRefreshProviders(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([client.invalidateQueries({ queryKey: providersQuery.queryKey }), client.invalidateQueries({ queryKey: modelsQuery.queryKey })]);
  };
}
