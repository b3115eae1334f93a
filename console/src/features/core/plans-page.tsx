import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { Ellipsis, Layers, Pencil, Plus, Power, PowerOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { Plan } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { ConfirmDialog } from '@/ui/dialog';
import { formatNumber } from '@/ui/format';
import { Menu, MenuItem } from '@/ui/menu';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { useToast } from '@/ui/toast';
import { PlanDialog } from './plan-dialog';
import { ifUnchanged, plansQuery, useRefreshCore } from './queries';

interface Doing {
  what: 'edit' | 'retire';
  id: string;
}

export function PlansPage() {
  const { t } = useTranslation();
  const me = useMe();
  const toast = useToast();
  const refresh = useRefreshCore();
  const { data: plans, error, isPending, refetch } = useQuery(plansQuery);
  const { create: creating } = useSearch({ from: '/shell/core/plans' });
  const navigate = useNavigate({ from: '/core/plans' });
  const [doing, setDoing] = useState<Doing | null>(null);
  const manages = allows(me, 'platform_manage');
  const about = doing ? plans?.find(({ id }) => id === doing.id) : undefined;
  const setActive = useMutation({
    mutationFn: async ({ plan, active }: { plan: Plan; active: boolean }) => {
      if (active) await body(api.PATCH('/api/core/plans/{plan_id}', { ...ifUnchanged(plan), body: { is_active: true } }));
      else await api.DELETE('/api/core/plans/{plan_id}', { params: { path: { plan_id: plan.id } } });
    },
    onSuccess: (_, { plan, active }) => toast.done(t(active ? 'core.plan_active_again' : 'core.plan_retired', { name: plan.name })),
    onError: toast.failed,
    onSettled: refresh,
  });
  const { mutate } = setActive;
  const columns = usePlanColumns(manages ? { edit: (plan) => setDoing({ what: 'edit', id: plan.id }), retire: (plan) => setDoing({ what: 'retire', id: plan.id }), activate: (plan) => mutate({ plan, active: true }) } : null);
  return (
    <Page
      fill
      title={t('nav.plans')}
      description={t('core.plans_description')}
      actions={
        manages && (
          <Button kind="primary" onClick={() => void navigate({ search: { create: true } })}>
            <Plus aria-hidden className="size-4" />
            {t('core.plan_new')}
          </Button>
        )
      }
    >
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {plans?.length === 0 && (
        <Empty icon={<Layers />} title={t('core.plans_none')}>
          {t('core.plans_none_hint')}
        </Empty>
      )}
      {plans && plans.length > 0 && <Table label={t('nav.plans')} rows={plans} columns={columns} idOf={(plan) => plan.id} rowHeight={52} />}
      {creating && manages && <PlanDialog plan={null} onClose={() => void navigate({ search: {}, replace: true })} />}
      {doing?.what === 'edit' && about && <PlanDialog key={about.version} plan={about} onClose={() => setDoing(null)} />}
      {doing?.what === 'retire' && about && (
        <ConfirmDialog
          open
          onClose={() => setDoing(null)}
          title={t('core.plan_retire_title')}
          consequence={t('core.plan_retire_text', { count: about.tenant_count })}
          name={about.name}
          action={t('core.plan_retire')}
          onConfirm={() => {
            mutate({ plan: about, active: false });
            setDoing(null);
          }}
        />
      )}
    </Page>
  );
}

type Actions = Record<'edit' | 'retire' | 'activate', (plan: Plan) => void>;

function usePlanColumns(actions: Actions | null): ColumnDef<Plan>[] {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatNumber(value, i18n.language);
  const limit = (value: number | null | undefined) => (value == null ? t('core.unlimited') : count(value));
  return [
    {
      id: 'name',
      header: t('core.name'),
      cell: ({ row: { original: plan } }) => (
        <span className="flex min-w-0 flex-col">
          <span translate="no" className="truncate font-medium">{plan.name}</span>
          <span className="truncate font-mono text-2xs text-ink-faint">{plan.slug}</span>
        </span>
      ),
      meta: { width: 'minmax(8rem, 1.5fr)' },
    },
    {
      id: 'requests',
      header: t('core.requests_month'),
      cell: ({ row: { original: plan } }) => <span className="tabular text-xs text-ink-soft">{limit(plan.max_requests_month)}</span>,
      meta: { width: '9rem', align: 'end' },
    },
    {
      id: 'tenants',
      header: t('nav.tenants'),
      cell: ({ row: { original: plan } }) => (
        <span className="tabular text-xs text-ink-soft">{plan.max_tenants == null ? count(plan.tenant_count) : t('core.usage_of', { used: count(plan.tenant_count), limit: count(plan.max_tenants) })}</span>
      ),
      meta: { width: '7rem', align: 'end', from: 520 },
    },
    {
      id: 'state',
      header: t('core.state'),
      cell: ({ row: { original: plan } }) => (plan.is_active ? <Badge tone="ok">{t('core.plan_state_active')}</Badge> : <Badge>{t('core.plan_state_retired')}</Badge>),
      meta: { width: '7.5rem', from: 420 },
    },
    ...(actions
      ? [
          {
            id: 'actions',
            header: () => <span className="sr-only">{t('core.actions')}</span>,
            cell: ({ row: { original: plan } }: { row: { original: Plan } }) => (
              <Menu
                align="end"
                trigger={
                  <IconButton label={t('core.actions_of', { name: plan.name })}>
                    <Ellipsis />
                  </IconButton>
                }
              >
                <MenuItem onSelect={() => actions.edit(plan)}>
                  <Pencil aria-hidden />
                  {t('common.edit')}
                </MenuItem>
                {plan.is_active ? (
                  <MenuItem danger onSelect={() => actions.retire(plan)}>
                    <PowerOff aria-hidden />
                    {t('core.plan_retire')}
                  </MenuItem>
                ) : (
                  <MenuItem onSelect={() => actions.activate(plan)}>
                    <Power aria-hidden />
                    {t('core.plan_activate')}
                  </MenuItem>
                )}
              </Menu>
            ),
            meta: { width: '2rem', align: 'end' as const },
          },
        ]
      : []),
  ];
}
