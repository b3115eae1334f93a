import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { Building2, Ellipsis, PauseCircle, PlayCircle, Plus, Search, XCircle } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Tenant, TenantStatus } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { Input, Select } from '@/ui/field';
import { Menu, MenuItem } from '@/ui/menu';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { ProvisionDialog } from './provision-dialog';
import { plansQuery, tenantsQuery } from './queries';
import { followers, StatusDialog } from './status-dialog';
import { StatusChip, UsageBar } from './tenant-looks';

const statuses: readonly TenantStatus[] = ['active', 'suspended', 'cancelled'];
const icons = { active: PlayCircle, suspended: PauseCircle, cancelled: XCircle };

export function TenantsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { create: creating, ...filter } = useSearch({ from: '/shell/core/tenants' });
  const navigate = useNavigate({ from: '/core/tenants' });
  const plans = useQuery(plansQuery);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(tenantsQuery(filter));
  const [changing, setChanging] = useState<{ tenant: Tenant; status: TenantStatus } | null>(null);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const manages = allows(me, 'platform_manage');
  const tenants = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const narrow = (change: Partial<typeof filter>) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value !== ''));
    void navigate({ search: next, replace: true });
  };
  const columns = useColumns(manages ? (tenant, status) => setChanging({ tenant, status }) : null);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page
      fill
      title={t('nav.tenants')}
      description={t('core.tenants_description')}
      actions={
        manages && (
          <Button kind="primary" onClick={() => void navigate({ search: { ...filter, create: true } })}>
            <Plus aria-hidden className="size-4" />
            {t('core.tenant_new')}
          </Button>
        )
      }
    >
      <div role="search" className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-6">
        <SearchBox value={filter.text ?? ''} onSearch={(text) => narrow({ text })} />
        <Select aria-label={t('core.status')} value={filter.status ?? ''} onChange={(event) => narrow({ status: event.target.value as TenantStatus })}>
          <option value="">{t('core.any_status')}</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {t(`core.status_${status}`)}
            </option>
          ))}
        </Select>
        <Select aria-label={t('core.plan')} value={filter.plan_id ?? ''} onChange={(event) => narrow({ plan_id: event.target.value })}>
          <option value="">{t('core.any_plan')}</option>
          {plans.data?.map((plan) => (
            <option key={plan.id} value={plan.id} translate="no">
              {plan.name}
            </option>
          ))}
        </Select>
        <Select aria-label={t('core.region')} value={filter.region ?? ''} onChange={(event) => narrow({ region: event.target.value as 'us' | 'eu' })}>
          <option value="">{t('core.any_region')}</option>
          <option value="us">{t('core.region_us')}</option>
          <option value="eu">{t('core.region_eu')}</option>
        </Select>
      </div>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && tenants.length === 0 && (
        <Empty icon={<Building2 />} title={t(isFiltered ? 'core.tenants_none_found' : 'core.tenants_none')}>
          {t(isFiltered ? 'core.tenants_none_found_hint' : 'core.tenants_none_hint')}
        </Empty>
      )}
      {tenants.length > 0 && (
        <Table label={t('nav.tenants')} rows={tenants} columns={columns} idOf={(tenant) => tenant.id} rowHeight={56} hasMore={hasNextPage} loadingMore={isFetchingNextPage} onMore={more} />
      )}
      {creating && manages && <ProvisionDialog onClose={() => void navigate({ search: filter, replace: true })} />}
      {changing && <StatusDialog tenant={changing.tenant} status={changing.status} onClose={() => setChanging(null)} />}
    </Page>
  );
}

/** Asks once nobody has typed for a moment. */
function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <span className="relative min-w-40 flex-1 sm:max-w-72">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
      <Input type="search" aria-label={t('core.search')} placeholder={t('core.search')} maxLength={100} value={text} onChange={(event) => setText(event.target.value)} className="pl-8" />
    </span>
  );
}

function useColumns(onChange: ((tenant: Tenant, status: TenantStatus) => void) | null): ColumnDef<Tenant>[] {
  const { t } = useTranslation();
  return [
    {
      id: 'name',
      header: t('core.name'),
      cell: ({ row: { original: tenant } }) => (
        <span className="flex min-w-0 flex-col">
          <Link to="/core/tenants/$tenantId" params={{ tenantId: tenant.id }} className="truncate font-medium hover:underline">
            {tenant.name}
          </Link>
          <span className="truncate font-mono text-2xs text-ink-faint">{tenant.slug}</span>
        </span>
      ),
      meta: { width: 'minmax(8rem, 1.5fr)' },
    },
    {
      id: 'status',
      header: t('core.status'),
      cell: ({ row: { original: tenant } }) => <StatusChip status={tenant.status} />,
      meta: { width: '6rem' },
    },
    {
      id: 'plan',
      header: t('core.plan'),
      cell: ({ row: { original: tenant } }) => <span translate="no" className="truncate text-xs text-ink-soft">{tenant.plan?.name ?? '—'}</span>,
      meta: { width: '7rem', from: 640 },
    },
    {
      id: 'usage',
      header: t('core.usage'),
      cell: ({ row: { original: tenant } }) => <UsageBar used={tenant.usage_this_month.used} limit={tenant.usage_this_month.limit} />,
      meta: { width: 'minmax(7rem, 1fr)', from: 480 },
    },
    {
      id: 'region',
      header: t('core.region'),
      cell: ({ row: { original: tenant } }) => <span className="text-xs text-ink-soft">{t(`core.region_${tenant.region}`)}</span>,
      meta: { width: '4rem', from: 760 },
    },
    {
      id: 'created',
      header: t('core.created'),
      cell: ({ row: { original: tenant } }) => <Time value={tenant.created_at} className="text-xs text-ink-soft" />,
      meta: { width: '8rem', from: 880 },
    },
    ...(onChange
      ? [
          {
            id: 'actions',
            header: () => <span className="sr-only">{t('core.actions')}</span>,
            cell: ({ row: { original: tenant } }: { row: { original: Tenant } }) => (
              <Menu
                align="end"
                trigger={
                  <IconButton label={t('core.actions_of', { name: tenant.name })}>
                    <Ellipsis />
                  </IconButton>
                }
              >
                <StatusItems tenant={tenant} onChange={onChange} />
              </Menu>
            ),
            meta: { width: '2rem', align: 'end' as const },
          },
        ]
      : []),
  ];
}

export function StatusItems({ tenant, onChange }: { tenant: Tenant; onChange: (tenant: Tenant, status: TenantStatus) => void }) {
  const { t } = useTranslation();
  return followers[tenant.status].map((status) => {
    const Icon = icons[status];
    return (
      <MenuItem key={status} danger={status === 'cancelled'} onSelect={() => onChange(tenant, status)}>
        <Icon aria-hidden />
        {t(`core.to_${status}`)}
      </MenuItem>
    );
  });
}
