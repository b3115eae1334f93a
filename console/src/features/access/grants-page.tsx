// Grants of the organization, or those that one gave and holds: what, to whom, until when, how often used.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ColumnDef } from '@tanstack/react-table';
import { HandHelping } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { Grant } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Checkbox, Field, Input } from '@/ui/field';
import { formatNumber } from '@/ui/format';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { conditionsOf, GrantState } from './grant-labels';
import { ExplainCard } from './explain-card';
import { grantsQuery } from './queries';

export function GrantsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [ended, setEnded] = useState(false);
  const [revoking, setRevoking] = useState<Grant | null>(null);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(grantsQuery(ended));
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const grants = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const columns = useColumns(me.user.id, allows(me, 'grants_manage') ? setRevoking : null);
  return (
    <Page fill title={t('nav.access')} description={t('access.description')} actions={<Checkbox label={t('access.show_ended')} checked={ended} onChange={(event) => setEnded(event.target.checked)} />}>
      {allows(me, 'access_explain') && <ExplainCard me={me} />}
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && grants.length === 0 && (
        <Empty icon={<HandHelping />} title={t('access.none')}>
          {t('access.none_hint')}
        </Empty>
      )}
      {grants.length > 0 && (
        <Table label={t('access.grants')} rows={grants} columns={columns} idOf={(grant) => grant.id} rowHeight={56} hasMore={hasNextPage} loadingMore={isFetchingNextPage} onMore={more} />
      )}
      {revoking && <RevokeDialog grant={revoking} onClose={() => setRevoking(null)} />}
    </Page>
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
            <span className="truncate font-medium">{grant.resource_name ?? t(`access.kind_${grant.resource_kind}`)}</span>
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
        cell: ({ row: { original: grant } }) => <span className="truncate text-xs text-ink-soft">{conditionsOf(grant, t).join(' · ') || '—'}</span>,
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
                  <Button size="sm" kind="quiet" aria-label={t('access.revoke_named', { name: grant.created_for_name ?? t('access.somebody') })} onClick={() => onRevoke(grant)}>
                    {t('access.revoke')}
                  </Button>
                ),
              meta: { width: '5rem', align: 'end' as const },
            },
          ]
        : []),
    ],
    [t, i18n.language, own, onRevoke],
  );
}

function RevokeDialog({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const revoke = useMutation({
    mutationFn: () =>
      body(api.POST('/api/grants/{grant_id}/revoke', { params: { path: { grant_id: grant.id } }, body: reason.trim() ? { reason: reason.trim() } : {} })),
    onSuccess: async () => {
      toast.done(t('access.revoked'));
      await client.invalidateQueries({ queryKey: ['grants'] });
      onClose();
    },
    onError: toast.failed,
  });
  return (
    <Dialog open onClose={onClose} title={t('access.revoke_title')} description={t('access.revoke_text', { name: grant.created_for_name ?? t('access.somebody') })}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          revoke.mutate();
        }}
      >
        <Field label={t('access.reason')} hint={t('access.reason_hint')}>
          {(wiring) => <Input {...wiring} autoFocus maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" type="submit" busy={revoke.isPending}>
            {t('access.revoke')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
