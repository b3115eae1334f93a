import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { RefreshCw, ScrollText } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { AuditEvent } from '@/api/types';
import type { AuditSearch } from '@/search';
import { IconButton } from '@/ui/button';
import { shortId } from '@/ui/format';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { RowButton, Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { EventPanel } from './event-panel';
import { ExportMenu } from './export-menu';
import { Filters } from './filters';
import { AuditOutcomeBadge, DecisionMark } from './outcome';
import { eventsQuery, filterOf } from './queries';
import { VerifyButton } from './verify';

export function AuditPage() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const search = useSearch({ from: '/shell/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const [asOf, setAsOf] = useState(() => Date.now());
  const filter = useMemo(() => filterOf(search, asOf), [search, asOf]);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(eventsQuery(filter));
  const events = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const columns = useColumns();
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const change = (next: AuditSearch) => void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const seen = (name: 'action' | 'resource_type') => [...new Set(events.map((event) => event[name]))].filter((value): value is string => Boolean(value)).sort();
  const refresh = () => {
    setAsOf(Date.now());
    void client.resetQueries({ queryKey: ['audit'] });
  };
  return (
    <Page
      fill
      title={t('nav.audit')}
      description={t('audit.description')}
      actions={
        <>
          <IconButton label={t('audit.refresh')} onClick={refresh}>
            <RefreshCw />
          </IconButton>
          <VerifyButton />
          {allows(me, 'audit_export') && <ExportMenu filter={filter} />}
        </>
      }
    >
      <Filters me={me} search={search} actions={seen('action')} resources={seen('resource_type')} onChange={change} />
      <div className="relative flex min-h-0 flex-1 overflow-hidden">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {isPending && <SkeletonRows rows={10} />}
          {error && <Failure error={error} onRetry={() => void refetch()} />}
          {data && events.length === 0 && (
            <Empty icon={<ScrollText />} title={t('audit.none')}>
              {t('audit.none_hint')}
            </Empty>
          )}
          {events.length > 0 && (
            <Table
              label={t('nav.audit')}
              rows={events}
              columns={columns}
              idOf={(event) => event.id}
              selected={search.event}
              onOpen={(event) => change({ event: event.id })}
              hasMore={hasNextPage}
              loadingMore={isFetchingNextPage}
              onMore={more}
            />
          )}
        </div>
        {search.event && <EventPanel key={search.event} id={search.event} onClose={() => change({ event: undefined })} />}
      </div>
    </Page>
  );
}

function useColumns(): ColumnDef<AuditEvent>[] {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/audit' });
  return useMemo<ColumnDef<AuditEvent>[]>(
    () => [
      {
        id: 'time',
        header: t('audit.time'),
        cell: ({ row }) => <Time value={row.original.recorded_at} exact className="tabular truncate text-xs text-ink-soft" />,
        meta: { width: '9.5rem', from: 560 },
      },
      {
        id: 'action',
        header: t('audit.action'),
        cell: ({ row: { original: event } }) => (
          <span className="flex min-w-0 flex-col">
          <RowButton onOpen={() => void navigate({ search: (now) => ({ ...now, event: event.id }), replace: true })} className="font-mono text-xs">
            {event.action}
          </RowButton>
          <Time value={event.recorded_at} exact className="tabular -mt-1 truncate text-2xs text-ink-faint sm:hidden" />
          </span>
        ),
        meta: { width: 'minmax(8rem, 1.2fr)' },
      },
      {
        id: 'actor',
        header: t('audit.actor'),
        cell: ({ row: { original: event } }) => <span className="truncate">{event.actor_name ?? t(`audit.actor_${event.actor_type}`)}</span>,
        meta: { width: 'minmax(6rem, 1fr)' },
      },
      {
        id: 'resource',
        header: t('audit.resource'),
        cell: ({ row: { original: event } }) => (
          <span className="truncate text-xs text-ink-soft">
            {event.resource_type}
            {event.resource_id && <span className="ml-1.5 font-mono text-2xs text-ink-faint">{shortId(event.resource_id)}</span>}
          </span>
        ),
        meta: { width: 'minmax(8rem, 1fr)', from: 820 },
      },
      {
        id: 'decision',
        header: t('audit.decision'),
        cell: ({ row: { original: event } }) => <DecisionMark decision={event.decision} />,
        meta: { width: '5.5rem', from: 960 },
      },
      {
        id: 'outcome',
        header: t('audit.outcome'),
        cell: ({ row: { original: event } }) => <AuditOutcomeBadge outcome={event.outcome} />,
        meta: { width: '5.5rem' },
      },
      {
        id: 'sequence',
        header: t('audit.sequence'),
        cell: ({ row: { original: event } }) => <span className="tabular text-2xs text-ink-faint">{event.sequence}</span>,
        meta: { width: '4rem', from: 700, align: 'end' },
      },
    ],
    [t, navigate],
  );
}
