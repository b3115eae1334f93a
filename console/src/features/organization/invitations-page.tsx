import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { Mail, UserPlus } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { Invitation } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { InviteDialog } from './invite-dialog';
import { invitationsQuery } from './queries';
import { roleName } from './words';

export function InvitationsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const toast = useToast();
  const { create: creating } = useSearch({ from: '/shell/organization/invitations' });
  const navigate = useNavigate({ from: '/organization/invitations' });
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(invitationsQuery);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const manages = allows(me, 'invitations_manage');
  const refresh = () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const { mutate: revoke } = useMutation({
    mutationFn: (invitation: Invitation) => api.DELETE('/api/invitations/{invitation_id}', { params: { path: { invitation_id: invitation.id } } }),
    onSuccess: async () => {
      toast.done(t('invitations.revoked'));
      await refresh();
    },
    onError: toast.failed,
  });
  const columns = useColumns(manages ? revoke : null);
  return (
    <Page
      fill
      title={t('organization.invitations')}
      description={t('invitations.description')}
      actions={
        manages && (
          <Button kind="primary" onClick={() => void navigate({ search: { create: true } })}>
            <UserPlus aria-hidden className="size-4" />
            {t('invitations.create')}
          </Button>
        )
      }
    >
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && rows.length === 0 && (
        <Empty icon={<Mail />} title={t('invitations.none')}>
          {t('invitations.none_hint')}
        </Empty>
      )}
      {rows.length > 0 && (
        <Table label={t('organization.invitations')} rows={rows} columns={columns} idOf={(row) => row.id} rowHeight={52} hasMore={hasNextPage} loadingMore={isFetchingNextPage} onMore={more} />
      )}
      {creating && manages && (
        <InviteDialog
          onClose={() => {
            void navigate({ search: {}, replace: true });
            void refresh();
          }}
        />
      )}
    </Page>
  );
}

const tones: Record<Invitation['state'], Tone> = { open: 'ok', suspended: 'warn', used_up: 'neutral', expired: 'warn', revoked: 'neutral' };

function useColumns(onRevoke: ((invitation: Invitation) => void) | null): ColumnDef<Invitation>[] {
  const { t } = useTranslation();
  return useMemo<ColumnDef<Invitation>[]>(
    () => [
      {
        id: 'for',
        header: t('invitations.for'),
        cell: ({ row: { original: row } }) => (
          <span className="flex min-w-0 flex-col">
            <span className="truncate font-medium">{row.email ?? t('invitations.for_anyone')}</span>
            <span className="truncate text-2xs text-ink-faint">{row.note || t('invitations.code_ends', { last: row.last_four })}</span>
          </span>
        ),
        meta: { width: 'minmax(9rem, 1.5fr)' },
      },
      { id: 'role', header: t('members.role'), cell: ({ row: { original: row } }) => <span className="truncate text-xs text-ink-soft">{roleName(t, row.role_code)}</span>, meta: { width: 'minmax(7rem, 1fr)', from: 560 } },
      { id: 'by', header: t('invitations.by'), cell: ({ row: { original: row } }) => <span className="truncate text-xs text-ink-soft">{row.invited_by_name ?? '—'}</span>, meta: { width: 'minmax(7rem, 1fr)', from: 860 } },
      { id: 'uses', header: t('invitations.uses'), cell: ({ row: { original: row } }) => <span className="tabular text-xs text-ink-soft">{t('invitations.uses_of', { uses: row.uses, max: row.max_uses })}</span>, meta: { width: '5rem', from: 640 } },
      { id: 'expires', header: t('invitations.expires'), cell: ({ row: { original: row } }) => <Time value={row.expires_at} className="text-xs text-ink-soft" />, meta: { width: '7rem', from: 720 } },
      {
        id: 'state',
        header: t('members.state'),
        cell: ({ row: { original: row } }) => (
          <span title={row.state === 'suspended' ? t('invitations.suspended_hint') : undefined}>
            <Badge tone={tones[row.state]}>{t(`invitations.state_${row.state}`)}</Badge>
          </span>
        ),
        meta: { width: '6rem' },
      },
      ...(onRevoke
        ? [
            {
              id: 'revoke',
              header: () => <span className="sr-only">{t('invitations.revoke')}</span>,
              cell: ({ row: { original: row } }: { row: { original: Invitation } }) =>
                (row.state === 'open' || row.state === 'suspended') && (
                  <Button size="sm" kind="quiet" aria-label={t('invitations.revoke_named', { name: row.email ?? row.last_four })} onClick={() => onRevoke(row)}>
                    {t('invitations.revoke')}
                  </Button>
                ),
              meta: { width: '5rem', align: 'end' as const },
            },
          ]
        : []),
    ],
    [t, onRevoke],
  );
}
