import { useInfiniteQuery } from '@tanstack/react-query';
import type { ColumnDef } from '@tanstack/react-table';
import { Bot, Plus } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Me, ServiceAccount } from '@/api/types';
import { useCreating } from '@/shell/use-creating';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { RowButton, Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { AccountPanel } from './account-panel';
import { CreateDialog } from './create-dialog';
import { serviceAccountsQuery } from './queries';

export function ServiceAccountsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const manages = allows(me, 'service_accounts_manage');
  const [creating, setCreating] = useCreating();
  const [opened, setOpened] = useState<string | null>(null);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(serviceAccountsQuery);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const accounts = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const columns = useColumns(me, setOpened);
  const shown = accounts.find((account) => account.id === opened);
  const create = manages && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden className="size-4" />
      {t('service_accounts.create')}
    </Button>
  );
  return (
    <Page fill title={t('nav.service_accounts')} description={t('service_accounts.description')} actions={create}>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && accounts.length === 0 && (
        <Empty icon={<Bot />} title={t('service_accounts.none')}>
          {t('service_accounts.none_hint')}
        </Empty>
      )}
      {accounts.length > 0 && (
        <Table
          label={t('nav.service_accounts')}
          rows={accounts}
          columns={columns}
          idOf={(account) => account.id}
          rowHeight={52}
          hasMore={hasNextPage}
          loadingMore={isFetchingNextPage}
          onMore={more}
          onOpen={(account) => setOpened(account.id)}
        />
      )}
      {creating && manages && (
        <CreateDialog
          me={me}
          onClose={(made) => {
            setCreating(false);
            if (made) setOpened(made);
          }}
        />
      )}
      {shown && <AccountPanel account={shown} manages={manages} onClose={() => setOpened(null)} />}
    </Page>
  );
}

function useColumns(me: Me, onOpen: (id: string) => void): ColumnDef<ServiceAccount>[] {
  const { t } = useTranslation();
  return useMemo<ColumnDef<ServiceAccount>[]>(
    () => [
      {
        id: 'name',
        header: t('service_accounts.name'),
        cell: ({ row: { original: account } }) => (
          <span className="flex min-w-0 flex-col">
            <RowButton onOpen={() => onOpen(account.id)}>{account.name}</RowButton>
            <span className="truncate text-2xs text-ink-faint">{account.description || t('service_accounts.count_permissions', { count: account.permissions.length })}</span>
          </span>
        ),
        meta: { width: 'minmax(10rem, 1.5fr)' },
      },
      {
        id: 'workspace',
        header: t('api_keys.workspace'),
        cell: ({ row: { original: account } }) => <span className="truncate text-xs text-ink-soft">{me.workspaces.find(({ id }) => id === account.workspace_id)?.name ?? '—'}</span>,
        meta: { width: 'minmax(7rem, 1fr)', from: 620 },
      },
      {
        id: 'credentials',
        header: t('service_accounts.credentials'),
        cell: ({ row: { original: account } }) => (
          <span className="truncate text-xs text-ink-soft">
            {t('service_accounts.count_secrets', { count: account.secrets.length })} · {t('service_accounts.count_certificates', { count: account.certificates.length })}
          </span>
        ),
        meta: { width: 'minmax(9rem, 1fr)', from: 820 },
      },
      {
        id: 'used',
        header: t('api_keys.last_used'),
        cell: ({ row: { original: account } }) => (account.last_used_at ? <Time value={account.last_used_at} className="text-xs text-ink-soft" /> : <span className="text-xs text-ink-faint">{t('api_keys.never')}</span>),
        meta: { width: '8rem', from: 560 },
      },
      {
        id: 'state',
        header: t('api_keys.state'),
        cell: ({ row: { original: account } }) => <Badge tone={account.is_active ? 'ok' : 'neutral'}>{account.is_active ? t('service_accounts.on') : t('service_accounts.off')}</Badge>,
        meta: { width: '5.5rem' },
      },
    ],
    [t, me, onOpen],
  );
}
