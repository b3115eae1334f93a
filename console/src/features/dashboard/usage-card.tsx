// Thirty days of requests, tokens or cost.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dashboard } from '@/api/types';
import { BarChart, type Series } from '@/ui/bar-chart';
import { formatCompact, formatCost, formatNumber } from '@/ui/format';
import { Card } from '@/ui/page';
import { Segmented } from '@/ui/segmented';

const measures = ['requests', 'tokens', 'cost'] as const;
type Measure = (typeof measures)[number];

export function UsageCard({ days }: { days: Dashboard['days'] }) {
  const { t, i18n } = useTranslation();
  const [measure, setMeasure] = useState<Measure>('requests');
  const number = (value: number) => formatNumber(value, i18n.language);
  const cost = (value: number) => formatCost(value, i18n.language);
  const series: Record<Measure, Series[]> = {
    requests: [
      { key: 'answered', name: t('dashboard.answered'), fill: 'accent', values: days.map((day) => day.requests - day.blocked - day.failed) },
      { key: 'stopped', name: t('dashboard.answer_blocked'), fill: 'redact', values: days.map((day) => day.blocked) },
      { key: 'failed', name: t('dashboard.failed'), fill: 'danger', values: days.map((day) => day.failed) },
    ],
    tokens: [
      { key: 'input', name: t('dashboard.input'), fill: 'neutral', values: days.map((day) => day.input_tokens) },
      { key: 'output', name: t('dashboard.output'), fill: 'accent', values: days.map((day) => day.output_tokens) },
    ],
    cost: [{ key: 'cost', name: t('dashboard.cost'), fill: 'accent', values: days.map((day) => day.cost) }],
  };
  const choice = <Segmented label={t('dashboard.measure')} value={measure} onChange={setMeasure} options={measures.map((value) => ({ value, label: t(`dashboard.${value}_by_day`) }))} />;
  return (
    <Card title={t('dashboard.usage')} description={t('dashboard.days')} actions={choice}>
      <BarChart
        key={measure}
        label={t('dashboard.chart', { what: t(`dashboard.${measure}_by_day`) })}
        days={days.map((day) => day.day)}
        series={series[measure]}
        format={measure === 'cost' ? cost : number}
        formatShort={measure === 'cost' ? cost : (value) => formatCompact(value, i18n.language)}
      />
    </Card>
  );
}
