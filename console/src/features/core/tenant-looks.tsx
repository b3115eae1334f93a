// How a tenant's status and its use of the plan look, wherever they are shown.
import { useTranslation } from 'react-i18next';
import type { TenantStatus } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';
import { cx } from '@/ui/classes';
import { formatNumber } from '@/ui/format';
import { Meter } from '@/ui/meter';

const tones: Record<TenantStatus, Tone> = { active: 'ok', suspended: 'warn', cancelled: 'danger' };

export function StatusChip({ status }: { status: TenantStatus }) {
  const { t } = useTranslation();
  return <Badge tone={tones[status]}>{t(`core.status_${status}`)}</Badge>;
}

interface UsageProps {
  used: number;
  /** Null or absent: unlimited. */
  limit: number | null | undefined;
  className?: string;
}

/** A number against a limit, with a bar that warns before it blocks. */
export function UsageBar({ used, limit, className }: UsageProps) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => formatNumber(value, i18n.language);
  const text = limit == null ? t('core.usage_unlimited', { used: number(used) }) : t('core.usage_of', { used: number(used), limit: number(limit) });
  return (
    <span className={cx('flex w-full min-w-0 flex-col gap-1', className)}>
      <span className="tabular truncate text-xs text-ink-soft">{text}</span>
      {limit != null && <Meter label={t('core.usage')} used={used} limit={limit} text={text} />}
    </span>
  );
}
