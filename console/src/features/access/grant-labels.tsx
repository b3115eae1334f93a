// Grants in words: what is allowed, for how long, under which conditions.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Grant } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';

export const actions = ['REA', 'WRI', 'UPD', 'MNG'] as const;

/** Monday is 1. */
const weekdays = ['day_1', 'day_2', 'day_3', 'day_4', 'day_5', 'day_6', 'day_7'] as const;

const tones: Record<Grant['state'], Tone> = { active: 'ok', scheduled: 'accent', expired: 'warn', revoked: 'neutral' };

export function GrantState({ grant }: { grant: Grant }) {
  const { t } = useTranslation();
  return <Badge tone={tones[grant.state]}>{t(`access.state_${grant.state}`)}</Badge>;
}

/** One line for each condition. */
export function conditionsOf(grant: Grant, t: TFunction): string[] {
  const conditions = grant.attributes.conditions;
  const lines: string[] = [];
  if (conditions?.ip_whitelist?.length) lines.push(t('access.from_addresses', { list: conditions.ip_whitelist.join(', ') }));
  const times = conditions?.time_restrictions;
  if (times) {
    const days = times.days_of_week?.length ? weekdays.filter((_, index) => times.days_of_week?.includes(index + 1)).map((day) => t(`access.${day}`)).join(', ') : t('access.every_day');
    lines.push(t('access.at_times', { days, hours: times.hours ?? t('access.whole_day'), zone: times.time_zone }));
  }
  const fields = grant.attributes.scope?.fields_allowed;
  if (fields?.length) lines.push(t('access.fields', { list: fields.join(', ') }));
  return lines;
}
