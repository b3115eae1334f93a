import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Stage } from '@/api/types';

export const stages = ['atendimento', 'cobranca', 'qualificacao'] as const satisfies readonly Stage[];

export const stagesQuery = queryOptions({
  queryKey: ['stages'],
  queryFn: async () => (await body(api.GET('/api/stages'))).data,
});

export const versionsQuery = (stage: Stage) =>
  queryOptions({
    queryKey: ['stages', stage],
    queryFn: async () => (await body(api.GET('/api/stages/versions', { params: { query: { stage, limit: 20 } } }))).data,
  });
