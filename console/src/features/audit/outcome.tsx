import { useTranslation } from 'react-i18next';
import type { AuditOutcome } from '@/api/types';
import { OutcomeBadge } from '@/features/policies/outcome';
import { Badge, type Tone } from '@/ui/badge';

export const auditOutcomes: readonly AuditOutcome[] = ['success', 'denied', 'failed', 'unknown'];

const tones: Record<AuditOutcome, Tone> = { success: 'neutral', denied: 'danger', failed: 'danger', unknown: 'warn' };

export function AuditOutcomeBadge({ outcome }: { outcome: AuditOutcome }) {
  const { t } = useTranslation();
  return <Badge tone={tones[outcome]}>{t(`audit.outcome_${outcome}`)}</Badge>;
}

export const decisions = ['allow', 'warn', 'redact', 'require_approval', 'block'] as const;

/** What the policy decided about the event's texts: told apart where it was more than letting them pass. */
export function DecisionMark({ decision }: { decision: string | null | undefined }) {
  const { t } = useTranslation();
  const known = decisions.find((one) => one === decision);
  if (!known) return <span className="truncate text-xs text-ink-soft">{decision}</span>;
  if (known === 'allow') return <span className="truncate text-xs text-ink-faint">{t('outcome.allow')}</span>;
  return <OutcomeBadge outcome={known} />;
}
