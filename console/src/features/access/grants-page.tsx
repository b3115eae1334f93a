// Grants of the organization, or those that one gave and holds: what, to whom, until when, how often used; and why somebody may.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { HandHelping, Plus } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Grant, Me } from '@/api/types';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/field';
import { formatNumber } from '@/ui/format';
import { Page } from '@/ui/page';
import { Segmented } from '@/ui/segmented';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { ExplainView } from './explain-view';
import { GrantDialog } from './grant-dialog';
import { conditionsOf, GrantState } from './grant-labels';
import { GrantPanel, RevokeDialog } from './grant-panel';
import { grantsQuery } from './queries';

export function GrantsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { create, grant, why } = useSearch({ from: '/shell/access' });
  const navigate = useNavigate({ from: '/access' });
  const manages = allows(me, 'grants_manage');
  const explains = allows(me, 'access_explain');
  return (
    <Page
      fill
      title={t('nav.access')}
      description={t('access.description')}
      actions={
        <>
          {explains && (
            <Segmented
              label={t('access.view')}
              value={why ? 'why' : 'grants'}
              options={[
                { value: 'grants', label: t('access.grants') },
                { value: 'why', label: t('access.why_title') },
              ]}
              onChange={(view) => void navigate({ search: view === 'why' ? { why: true } : {} })}
            />
          )}
          {manages && (
            <Button kind="primary" onClick={() => void navigate({ search: { create: true } })}>
              <Plus aria-hidden className="size-4" />
              {t('access.give')}
            </Button>
          )}
        </>
      }
    >
      {why && explains ? <ExplainView me={me} /> : <Grants me={me} manages={manages} />}
      {create && manages && <GrantDialog me={me} onClose={() => void navigate({ search: {}, replace: true })} />}
      {grant && <GrantPanel key={grant} me={me} id={grant} onClose={() => void navigate({ search: why ? { why } : {}, replace: true })} />}
    </Page>
  );
}

function Grants({ me, manages }: { me: Me; manages: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/access' });
  const [ended, setEnded] = useState(false);
  const [revoking, setRevoking] = useState<Grant | null>(null);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(grantsQuery(ended));
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const grants = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const columns = useColumns(me.user.id, manages ? setRevoking : null);
  return (
    <>
      <div className="flex min-h-10 shrink-0 items-center border-b border-line px-4 sm:px-6">
        <Checkbox label={t('access.show_ended')} checked={ended} onChange={(event) => setEnded(event.target.checked)} />
      </div>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && grants.length === 0 && (
        <Empty icon={<HandHelping />} title={t('access.none')}>
          {t('access.none_hint')}
        </Empty>
      )}
      {grants.length > 0 && (
        <Table
          label={t('access.grants')}
          rows={grants}
          columns={columns}
          idOf={(grant) => grant.id}
          rowHeight={56}
          hasMore={hasNextPage}
          loadingMore={isFetchingNextPage}
          onMore={more}
          onOpen={(grant) => void navigate({ search: { grant: grant.id } })}
        />
      )}
      {revoking && <RevokeDialog grant={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function useColumns(own: string, onRevoke: ((grant: Grant) => void) | null): ColumnDef<Grant>[] {
  const { t, i18n } = useTranslation();
  return useMemo<ColumnDef<Grant>[]>(
    () => [
      {
        id: 'thing',
        header: t('access.thing'),
        cell: ({ row: { original: grant } }) => (
          <span className="flex min-w-0 flex-col">
            <Link to="/access" search={{ grant: grant.id }} onClick={(event) => event.stopPropagation()} className="truncate font-medium hover:underline" translate={grant.resource_name ? 'no' : undefined}>
              {grant.resource_name ?? (grant.resource_id === own ? t('access.your_profile') : t(`access.kind_${grant.resource_kind}`))}
            </Link>
            <span className="truncate text-2xs text-ink-faint">
              {t(`access.kind_${grant.resource_kind}`)} · {t(`access.action_${grant.action}`)}
            </span>
          </span>
        ),
        meta: { width: 'minmax(10rem, 1.4fr)' },
      },
      {
        id: 'holder',
        header: t('access.holder'),
        cell: ({ row: { original: grant } }) => (
          <span className="flex min-w-0 flex-col">
            <span className="truncate text-sm">{grant.created_for_user_id === own ? t('access.you') : (grant.created_for_name ?? t('access.somebody'))}</span>
            <span className="truncate text-2xs text-ink-faint">{t('access.by', { name: grant.created_by_user_id === own ? t('access.you') : (grant.created_by_name ?? t('access.somebody')) })}</span>
          </span>
        ),
        meta: { width: 'minmax(8rem, 1fr)' },
      },
      {
        id: 'conditions',
        header: t('access.conditions'),
        cell: ({ row: { original: grant } }) => <span className="truncate text-xs text-ink-soft">{conditionsOf(grant.attributes, t).join(' · ') || '—'}</span>,
        meta: { width: 'minmax(8rem, 1.2fr)', from: 900 },
      },
      {
        id: 'until',
        header: t('access.until'),
        cell: ({ row: { original: grant } }) => (grant.valid_to ? <Time value={grant.valid_to} className="text-xs text-ink-soft" /> : <span className="text-xs text-ink-faint">{t('access.no_end')}</span>),
        meta: { width: '8rem', from: 760 },
      },
      {
        id: 'uses',
        header: t('access.uses'),
        cell: ({ row: { original: grant } }) => <span className="tabular text-xs text-ink-soft">{formatNumber(grant.access_count, i18n.language)}</span>,
        meta: { width: '5rem', from: 620, align: 'end' },
      },
      { id: 'state', header: t('access.state'), cell: ({ row: { original: grant } }) => <GrantState grant={grant} />, meta: { width: '6.5rem' } },
      ...(onRevoke
        ? [
            {
              id: 'revoke',
              header: () => <span className="sr-only">{t('access.revoke')}</span>,
              cell: ({ row: { original: grant } }: { row: { original: Grant } }) =>
                grant.state !== 'revoked' &&
                grant.created_for_user_id !== own && (
                  <Button size="sm" kind="quiet" aria-label={t('access.revoke_named', { name: grant.created_for_name ?? t('access.somebody') })} onClick={(event) => {
                      event.stopPropagation();
                      onRevoke(grant);
                    }}>
                    {t('access.revoke')}
                  </Button>
                ),
              meta: { width: '5rem', from: 620, align: 'end' as const },
            },
          ]
        : []),
    ],
    [t, i18n.language, own, onRevoke],
  );
}
