// What policies decided about what was asked and answered, by day.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import { BarChart, type Series } from '@/ui/bar-chart';
import { Button } from '@/ui/button';
import { formatCompact, formatNumber } from '@/ui/format';
import { Card } from '@/ui/page';
import { Failure, Skeleton } from '@/ui/states';
import { decisionsQuery } from './queries';

export function DecisionsCard() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { data, error, isPending, refetch } = useQuery(decisionsQuery);
  const days = data?.days ?? [];
  const of = (pick: (day: (typeof days)[number]) => number) => days.map(pick);
  const series: Series[] = [
    { key: 'allow', name: t('dashboard.allowed'), fill: 'ok', values: of((day) => day.allow) },
    { key: 'warn', name: t('dashboard.warned'), fill: 'warn', values: of((day) => day.warn + day.require_approval) },
    { key: 'redact', name: t('dashboard.redacted'), fill: 'redact', values: of((day) => day.redact) },
    { key: 'block', name: t('dashboard.blocked'), fill: 'danger', values: of((day) => day.block) },
  ];
  const none = series.every((one) => one.values.every((value) => value === 0));
  return (
    <Card
      title={t('dashboard.decisions')}
      description={t('dashboard.days')}
      actions={
        allows(me, 'policies_read') && (
          <Button asChild size="sm" kind="quiet">
            <Link to="/policies">{t('nav.policies')}</Link>
          </Button>
        )
      }
    >
      {isPending && (
        <div role="status" aria-label={t('common.loading')} className="p-4">
          <Skeleton className="h-40 w-full" />
        </div>
      )}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && none && <p className="px-4 py-8 text-center text-sm text-ink-soft">{t('dashboard.no_decisions')}</p>}
      {data && !none && (
        <BarChart
          label={t('dashboard.chart', { what: t('dashboard.decisions') })}
          days={days.map((day) => day.day)}
          series={series}
          format={(value) => formatNumber(value, i18n.language)}
          formatShort={(value) => formatCompact(value, i18n.language)}
        />
      )}
    </Card>
  );
}
