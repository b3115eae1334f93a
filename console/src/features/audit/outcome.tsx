import { useTranslation } from 'react-i18next';
import type { AuditOutcome } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';

export const auditOutcomes: readonly AuditOutcome[] = ['success', 'denied', 'failed', 'unknown'];

const tones: Record<AuditOutcome, Tone> = { success: 'ok', denied: 'danger', failed: 'danger', unknown: 'warn' };

export function AuditOutcomeBadge({ outcome }: { outcome: AuditOutcome }) {
  const { t } = useTranslation();
  return <Badge tone={tones[outcome]}>{t(`audit.outcome_${outcome}`)}</Badge>;
}
