// This month's requests against the plan; a word before the plan is used up, and a louder one after.
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Dashboard } from '@/api/types';
import { cx } from '@/ui/classes';
import { formatNumber } from '@/ui/format';
import { Meter, nearlyUsedUp } from '@/ui/meter';
import { Card } from '@/ui/page';

export function PlanCard({ dashboard }: { dashboard: Dashboard }) {
  const { t, i18n } = useTranslation();
  const { requests, plan, users, reach } = dashboard;
  const number = (value: number) => formatNumber(value, i18n.language);
  const until = new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(requests.resets_at));
  const limit = requests.limit ?? null;
  const share = limit === null ? 0 : limit === 0 ? 1 : requests.used / limit;
  const text = limit === null ? number(requests.used) : t('core.usage_of', { used: number(requests.used), limit: number(limit) });
  return (
    <Card title={t('dashboard.month')} description={reach === 'organization' ? (plan ? t('dashboard.plan', { name: plan.name }) : t('dashboard.no_plan')) : t('dashboard.month_share')}>
      <div className="flex flex-col gap-3 p-4">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="tabular text-xl font-semibold">{number(requests.used)}</span>
          <span className="text-sm text-ink-soft">{limit === null ? t('dashboard.requests', { count: requests.used }) : t('dashboard.of_limit', { limit: number(limit) })}</span>
        </p>
        {limit !== null && <Meter thick label={t('core.usage')} used={requests.used} limit={limit} text={text} />}
        {share >= nearlyUsedUp && (
          <p role={share >= 1 ? 'alert' : 'note'} className={cx('flex gap-2 rounded-md px-3 py-2 text-sm', share >= 1 ? 'bg-danger-soft text-danger' : 'bg-warn-soft text-warn')}>
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span>{share >= 1 ? t('dashboard.used_up', { date: until }) : t('dashboard.nearly', { percent: number(Math.floor(share * 100)), date: until })}</span>
          </p>
        )}
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-y-1 text-xs text-ink-faint">
          <dt>{t('dashboard.resets')}</dt>
          <dd>{until}</dd>
          {users && (
            <>
              <dt>{t('core.users')}</dt>
              <dd className="tabular">{users.limit == null ? number(users.used) : t('core.usage_of', { used: number(users.used), limit: number(users.limit) })}</dd>
            </>
          )}
        </dl>
      </div>
    </Card>
  );
}
