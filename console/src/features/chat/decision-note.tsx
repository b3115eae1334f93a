// What the policy did to one message, shown where it happened.
import { EyeOff, Hourglass, Info, OctagonX, ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Decision, Direction } from '@/api/types';
import { detectorName } from '@/features/policies/detector-name';
import { stampName } from '@/features/policies/stamp-name';
import { cx } from '@/ui/classes';
import { summarise } from './decision';

const looks = {
  warn: { icon: ShieldAlert, tone: 'text-warn', card: 'border-warn/30 bg-warn-soft' },
  redact: { icon: EyeOff, tone: 'text-redact', card: 'border-redact/25 bg-redact-soft' },
  require_approval: { icon: Hourglass, tone: 'text-warn', card: 'border-warn/30 bg-warn-soft' },
  block: { icon: OctagonX, tone: 'text-danger', card: 'border-danger/30 bg-danger-soft' },
} as const;

interface Props {
  decision: Decision;
  direction: Direction;
  /** The text stays in this browser, so what is shown is what was typed. */
  original?: boolean;
}

export function DecisionNote({ decision, direction, original = false }: Props) {
  const { t } = useTranslation();
  const { outcome, rules, found, left } = summarise(decision, direction);
  if (outcome === 'allow') return null;
  const { icon: Icon, tone, card } = looks[outcome];
  const counted = (list: typeof found) => list.map(({ name, count }) => t('decision.found', { name: detectorName(name, t), count })).join(', ');
  return (
    <div role="note" data-decision={outcome} className={cx('w-full rounded-lg border px-3 py-2 text-xs', card)}>
      <p className={cx('flex items-start gap-1.5 font-medium', tone)}>
        <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        <span className="min-w-0">
          {t(`decision.${direction}_${outcome}`)}
          {found.length > 0 && <span className="font-normal"> · {counted(found)}</span>}
        </span>
      </p>
      <ul className="mt-0.5 flex flex-col gap-0.5 pl-5 text-ink-soft">
        {rules.map((rule, at) => (
          <li key={at}>
            <span className="font-medium text-ink">{rule.name}</span>
            {rule.message && <> — {rule.message}</>}
          </li>
        ))}
      </ul>
      {left.length > 0 && <p className="mt-1 pl-5 text-2xs text-ink-soft">{t(`decision.${direction}_left`, { found: counted(left) })}</p>}
      {decision.stamps.length > 0 && <p className="mt-1 pl-5 text-2xs text-ink-soft">{t('decision.stamps', { stamps: decision.stamps.map((stamp) => stampName(stamp, t)).join(', ') })}</p>}
      {outcome === 'redact' && original && (
        <p className="mt-1 flex items-start gap-1.5 pl-5 text-ink-soft">
          <Info aria-hidden className="mt-0.5 size-3 shrink-0" />
          {t('decision.original_here')}
        </p>
      )}
    </div>
  );
}
