import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { AuditSearch } from '@/search';

export interface AuditFilter {
  actor_id?: string;
  action?: string;
  resource?: string;
  outcome?: NonNullable<AuditSearch['outcome']>;
  decision?: NonNullable<AuditSearch['decision']>;
  reads?: false;
  from?: string;
  to?: string;
}

const hour = 3_600_000;

/** What the address bar says, as the server's filter. A period "before now" is cut to the minute, so that it stays one query. */
export function filterOf(search: AuditSearch, now: number): AuditFilter {
  const minute = Math.floor(now / 60_000) * 60_000;
  const from = search.from ?? (search.hours ? new Date(minute - search.hours * hour).toISOString() : undefined);
  return {
    ...(search.actor ? { actor_id: search.actor } : {}),
    ...(search.action ? { action: search.action } : {}),
    ...(search.resource ? { resource: search.resource } : {}),
    ...(search.outcome ? { outcome: search.outcome } : {}),
    ...(search.decision ? { decision: search.decision } : {}),
    ...(search.reads === false ? { reads: false } : {}),
    ...(from ? { from } : {}),
    ...(search.to ? { to: search.to } : {}),
  };
}

export const eventsQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      body(api.GET('/api/audit/events', { params: { query: { ...filter, limit: 100, ...(pageParam ? { page_token: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_page_token,
    // Reading the log is itself an event: no reading without someone asking.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['audit-event', id],
    staleTime: Infinity,
    queryFn: () => body(api.GET('/api/audit/events/{event_id}', { params: { path: { event_id: id } } })),
  });

export const membersQuery = queryOptions({
  queryKey: ['members'],
  staleTime: 5 * 60_000,
  queryFn: async () => (await body(api.GET('/api/members', { params: { query: { limit: 200 } } }))).data,
});

export const actorKeysQuery = queryOptions({
  queryKey: ['api-keys', 'actors'],
  staleTime: 5 * 60_000,
  queryFn: async () => (await body(api.GET('/api/api-keys', { params: { query: { limit: 200 } } }))).data,
});

export type ExportFormat = 'csv' | 'json' | 'jsonl';

/** A link rather than a request of ours, so that the browser streams it to disk whatever its size. */
export function exportLink(format: ExportFormat, filter: AuditFilter): string {
  const { reads, ...texts } = filter;
  return `/api/audit/export?${new URLSearchParams({ format, ...texts, ...(reads === false ? { reads: 'false' } : {}) }).toString()}`;
}
