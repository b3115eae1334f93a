import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Stage } from '@/api/types';

export const stages = ['atendimento', 'cobranca', 'qualificacao'] as const satisfies readonly Stage[];

export const stagesQuery = queryOptions({
  queryKey: ['stages'],
  queryFn: async () => (await body(api.GET('/api/stages'))).data,
});

/** Shown at most; one more is read, so that the last has something to differ from. */
export const mostVersions = 20;

export const versionsQuery = (stage: Stage) =>
  queryOptions({
    queryKey: ['stages', stage],
    queryFn: async () => (await body(api.GET('/api/stages/versions', { params: { query: { stage, limit: mostVersions + 1 } } }))).data,
  });

export const executionsQuery = (stage: Stage) =>
  infiniteQueryOptions({
    queryKey: ['executions', stage],
    staleTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => body(api.GET('/api/simulator/executions', { params: { query: { stage, limit: 30, ...(pageParam ? { page_token: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_page_token,
  });
