import { Ban, CircleCheck, EyeOff, Hourglass, ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Outcome, Rule } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';

export const outcomes: readonly Outcome[] = ['allow', 'warn', 'redact', 'block'];
export const states: readonly Rule['state'][] = ['enabled', 'shadow', 'disabled'];

const looks: Record<Outcome, { tone: Tone; icon: typeof Ban }> = {
  allow: { tone: 'ok', icon: CircleCheck },
  warn: { tone: 'warn', icon: ShieldAlert },
  redact: { tone: 'redact', icon: EyeOff },
  require_approval: { tone: 'warn', icon: Hourglass },
  block: { tone: 'danger', icon: Ban },
};

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const { tone, icon: Icon } = looks[outcome];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}

const stateTones: Record<Rule['state'], Tone> = { enabled: 'ok', shadow: 'accent', disabled: 'neutral' };

export function StateBadge({ state }: { state: Rule['state'] }) {
  const { t } = useTranslation();
  return <Badge tone={stateTones[state]}>{t(`policies.state_${state}`)}</Badge>;
}
