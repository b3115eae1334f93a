import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { AclAction } from '@/api/types';

export const grantsQuery = (ended: boolean) =>
  infiniteQueryOptions({
    queryKey: ['grants', { ended }],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => body(api.GET('/api/grants', { params: { query: { ended, limit: 50, ...(pageParam ? { page_token: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_page_token,
  });

/** Those on one thing that are in force or to come. */
export const grantsOnQuery = (kind: 'CHT' | 'WSP' | 'PRL' | 'ORG', id: string) =>
  queryOptions({
    queryKey: ['grants', kind, id],
    queryFn: async () => (await body(api.GET('/api/grants', { params: { query: { resource_kind: kind, resource_id: id, limit: 200 } } }))).data,
  });

export const grantQuery = (grant_id: string) =>
  queryOptions({ queryKey: ['grants', 'one', grant_id], queryFn: () => body(api.GET('/api/grants/{grant_id}', { params: { path: { grant_id } } })) });

/** Either a permission, or an action on a thing. */
export interface Question {
  user_id: string;
  permission?: string;
  resource_kind?: 'CHT' | 'WSP' | 'PRL' | 'ORG';
  resource_id?: string;
  action?: AclAction;
  in_workspace?: string;
  address?: string;
  time?: string;
}

/** Nothing asks yet where there is no question. */
export const explainQuery = (question: Question | undefined) =>
  queryOptions({
    queryKey: ['explain', question],
    retry: false,
    queryFn: () => body(api.GET('/api/access/explain', { params: { query: question } })),
  });
