// Where an administrator begins: the month against the plan, thirty days of use and decisions, and what is left to set up.
// Who reaches less than the organization sees their workspace's share, or their own.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Dashboard } from '@/api/types';
import { useChosenWorkspace } from '@/api/workspace';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card, Page } from '@/ui/page';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { ChecklistCard, ChecklistReturn } from './checklist-card';
import { DecisionsCard } from './decisions-card';
import { PlanCard } from './plan-card';
import { dashboardQuery } from './queries';
import { UsageCard } from './usage-card';

export function DashboardPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, isPending, refetch } = useQuery(dashboardQuery);
  const manages = allows(me, 'organization_manage');
  const quiet = data !== undefined && data.days.every((day) => day.requests === 0);
  return (
    <Page title={t('nav.dashboard')} description={me.organization?.name} actions={data && <ReachBadge reach={data.reach} />}>
      <div className="mx-auto grid max-w-6xl items-start gap-4 p-4 sm:p-6 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="flex min-w-0 flex-col gap-4 lg:order-2">
          {data && <PlanCard dashboard={data} />}
          {isPending && <Loading height="h-32" />}
          {manages && <ChecklistCard />}
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:order-1">
          {isPending && <Loading height="h-64" />}
          {error && (
            <Card>
              <Failure error={error} onRetry={() => void refetch()} />
            </Card>
          )}
          {data && quiet && (
            <Card>
              <Empty
                icon={<ChartColumn />}
                title={t('dashboard.quiet')}
                action={
                  allows(me, 'chats_write') && (
                    <Button asChild kind="primary">
                      <Link to="/chat">{t('dashboard.ask')}</Link>
                    </Button>
                  )
                }
              >
                {t(`dashboard.quiet_${data.reach === 'own' ? 'own' : 'others'}`)}
              </Empty>
            </Card>
          )}
          {data && !quiet && <UsageCard days={data.days} />}
          <DecisionsCard />
          {manages && <ChecklistReturn />}
        </div>
      </div>
    </Page>
  );
}

function ReachBadge({ reach }: { reach: Dashboard['reach'] }) {
  const { t } = useTranslation();
  const me = useMe();
  const workspace = useChosenWorkspace(me);
  const name = me.workspaces.find((one) => one.id === workspace)?.name ?? '';
  if (reach === 'organization') return <Badge>{t('dashboard.reach_organization')}</Badge>;
  return <Badge>{reach === 'own' ? t('dashboard.reach_own') : t('dashboard.reach_workspace', { name })}</Badge>;
}

function Loading({ height }: { height: string }) {
  const { t } = useTranslation();
  return (
    <Card>
      <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 p-4">
        <Skeleton className="h-4 w-1/3" />
        <Skeleton className={`${height} w-full`} />
      </div>
    </Card>
  );
}
