import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Rule } from '@/api/types';

export const rulesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: async () => (await body(api.GET('/api/policies'))).data,
});

/** What the playground found, which a change of the rules changes. */
export const evaluationKey = 'evaluation';

/** The rule with the tag that an update must present. */
export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: ['policy', id],
    queryFn: async () => {
      const { data, response } = await api.GET('/api/policies/{rule_id}', { params: { path: { rule_id: id } } });
      return { rule: data as Rule, etag: response.headers.get('etag') ?? '' };
    },
  });

export const detectorsQuery = queryOptions({
  queryKey: ['detectors'],
  staleTime: Infinity,
  queryFn: async () => (await body(api.GET('/api/policies/detectors'))).data,
});

/** The tag of a rule as listed: its version. */
export function etagOf(rule: Rule): string {
  return `"${rule.version}"`;
}

export function useRefreshRules(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    void client.invalidateQueries({ queryKey: [evaluationKey] });
    await Promise.all([client.invalidateQueries({ queryKey: ['policies'] }), client.invalidateQueries({ queryKey: ['policy'] })]);
  };
}
