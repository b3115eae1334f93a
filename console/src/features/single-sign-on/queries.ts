import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { IdentityProvider } from '@/api/types';

export const identityProvidersQuery = queryOptions({
  queryKey: ['identity-providers'],
  queryFn: async () => (await body(api.GET('/api/identity-providers'))).data,
});

export const presetsQuery = queryOptions({
  queryKey: ['identity-provider-presets'],
  staleTime: Infinity,
  queryFn: async () => (await body(api.GET('/api/identity-provider-presets'))).data,
});

export const domainsQuery = queryOptions({
  queryKey: ['domains'],
  queryFn: async () => (await body(api.GET('/api/domains'))).data,
});

export const testQuery = (test: string) =>
  queryOptions({
    queryKey: ['identity-provider-tests', test],
    queryFn: () => body(api.GET('/api/identity-provider-tests/{test_id}', { params: { path: { test_id: test } } })),
  });

/** What a change of this provider must present: its version as shown. */
export function ifUnchanged(provider: IdentityProvider) {
  return { params: { path: { identity_provider_id: provider.id }, header: { 'If-Match': `"${provider.version}"` } } };
}

export function useRefreshProviders(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: identityProvidersQuery.queryKey });
}
