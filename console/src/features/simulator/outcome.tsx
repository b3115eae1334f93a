// How a turn ended, and what comes next.
import { CircleCheck, CircleSlash, LifeBuoy, ShieldBan } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TurnReply } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';

const looks: Record<TurnReply['outcome'], { tone: Tone; icon: typeof CircleCheck }> = {
  answered: { tone: 'ok', icon: CircleCheck },
  fallback: { tone: 'warn', icon: LifeBuoy },
  guardrail: { tone: 'redact', icon: ShieldBan },
  gated: { tone: 'danger', icon: CircleSlash },
};

export function OutcomeBadge({ outcome }: { outcome: TurnReply['outcome'] }) {
  const { t } = useTranslation();
  const { tone, icon: Icon } = looks[outcome];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`simulator.outcome_${outcome}`)}
    </Badge>
  );
}

const known = ['answer_question', 'ask_question', 'negotiate_payment', 'schedule_meeting', 'retry', 'change_topic', 'contact_support'] as const;

/** In words, where it is one of the engine's own; a model may name others. */
export function NextStep({ action }: { action: string }) {
  const { t } = useTranslation();
  const own = known.find((one) => one === action);
  return (
    <span>
      {t('simulator.next_step')} {own ? t(`simulator.next_${own}`) : <code className="font-mono text-2xs">{action}</code>}
    </span>
  );
}

const reasons = ['tenant_suspended', 'tenant_cancelled', 'plan_limit_reached', 'blocked_topic', 'no_model', 'empty_answer', 'upstream_failed', 'policy_blocked'] as const;

export function Reason({ code }: { code: string }) {
  const { t } = useTranslation();
  const own = reasons.find((one) => one === code);
  return own ? <span>{t(`simulator.reason_${own}`)}</span> : <code className="font-mono text-2xs">{code}</code>;
}
