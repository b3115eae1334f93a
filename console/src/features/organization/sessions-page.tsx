import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ColumnDef } from '@tanstack/react-table';
import type { TFunction } from 'i18next';
import { Monitor } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { OrganizationSession } from '@/api/types';
import { describeAgent } from '@/features/account/agent';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { organizationSessionsQuery } from './queries';

export function OrganizationSessionsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const toast = useToast();
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(organizationSessionsQuery);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const { mutate: revoke } = useMutation({
    mutationFn: (session: OrganizationSession) => api.DELETE('/api/sessions/{session_id}', { params: { path: { session_id: session.id } } }),
    onSuccess: async () => {
      toast.done(t('account.session_ended'));
      await client.invalidateQueries({ queryKey: organizationSessionsQuery.queryKey });
    },
    onError: toast.failed,
  });
  const columns = useColumns(allows(me, 'sessions_manage') ? revoke : null);
  return (
    <Page fill title={t('organization.sessions')} description={t('organization.sessions_hint')}>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && rows.length === 0 && <Empty icon={<Monitor />} title={t('organization.no_sessions')} />}
      {rows.length > 0 && (
        <Table label={t('organization.sessions')} rows={rows} columns={columns} idOf={(row) => row.id} rowHeight={64} hasMore={hasNextPage} loadingMore={isFetchingNextPage} onMore={more} />
      )}
    </Page>
  );
}

function deviceOf({ user_agent }: OrganizationSession, t: TFunction): string {
  const { browser, system } = describeAgent(user_agent ?? '');
  return browser && system ? t('account.agent', { browser, system }) : browser || system || t('account.agent_unknown');
}

function useColumns(onEnd: ((session: OrganizationSession) => void) | null): ColumnDef<OrganizationSession>[] {
  const { t } = useTranslation();
  return useMemo<ColumnDef<OrganizationSession>[]>(
    () => [
      {
        id: 'person',
        header: t('members.person'),
        cell: ({ row: { original: row } }) => (
          <span className="flex min-w-0 flex-col">
            <span className="flex items-center gap-2">
              <span className="truncate font-medium">{row.user_name}</span>
              {row.is_current && <Badge tone="ok">{t('account.this_session')}</Badge>}
            </span>
            <span className="truncate text-2xs text-ink-faint">{row.user_email}</span>
            <span className="flex min-w-0 gap-1 text-2xs text-ink-faint sm:hidden">
              <span className="truncate">{deviceOf(row, t)}</span>
              <span aria-hidden>·</span>
              <Time value={row.last_seen_at} className="shrink-0" />
            </span>
          </span>
        ),
        meta: { width: 'minmax(9rem, 1.5fr)' },
      },
      {
        id: 'agent',
        header: t('organization.device'),
        cell: ({ row: { original: row } }) => (
          <span className="flex min-w-0 flex-col text-xs text-ink-soft">
            <span className="truncate">{deviceOf(row, t)}</span>
            <span className="truncate text-2xs text-ink-faint">{row.ip}</span>
          </span>
        ),
        meta: { width: 'minmax(8rem, 1fr)', from: 640 },
      },
      { id: 'seen', header: t('organization.last_seen'), cell: ({ row: { original: row } }) => <Time value={row.last_seen_at} className="text-xs text-ink-soft" />, meta: { width: '8rem', from: 640 } },
      { id: 'since', header: t('organization.signed_in'), cell: ({ row: { original: row } }) => <Time value={row.created_at} className="text-xs text-ink-soft" />, meta: { width: '8rem', from: 860 } },
      ...(onEnd
        ? [
            {
              id: 'end',
              header: () => <span className="sr-only">{t('account.end_session')}</span>,
              cell: ({ row: { original: row } }: { row: { original: OrganizationSession } }) =>
                !row.is_current && (
                  <Button size="sm" kind="quiet" aria-label={t('account.end_session_named', { name: row.user_name })} onClick={() => onEnd(row)}>
                    {t('account.end_session')}
                  </Button>
                ),
              meta: { width: '6rem', align: 'end' as const },
            },
          ]
        : []),
    ],
    [t, onEnd],
  );
}
