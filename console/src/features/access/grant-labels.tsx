// Grants in words: what is allowed, for how long, under which conditions.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Grant } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';
import { profileFields } from './things';

export const actions = ['REA', 'WRI', 'UPD', 'MNG'] as const;

/** Monday is 1. */
export const weekdays = ['day_1', 'day_2', 'day_3', 'day_4', 'day_5', 'day_6', 'day_7'] as const;

const tones: Record<Grant['state'], Tone> = { active: 'ok', scheduled: 'accent', expired: 'warn', revoked: 'neutral' };

export function GrantState({ grant }: { grant: Grant }) {
  const { t } = useTranslation();
  return <Badge tone={tones[grant.state]}>{t(`access.state_${grant.state}`)}</Badge>;
}

/** One line for each condition. */
export function conditionsOf({ conditions, scope }: Grant['attributes'], t: TFunction): string[] {
  const lines: string[] = [];
  if (conditions?.ip_whitelist?.length) lines.push(t('access.from_addresses', { list: conditions.ip_whitelist.join(', ') }));
  const times = conditions?.time_restrictions;
  if (times) {
    const days = times.days_of_week?.length ? weekdays.filter((_, index) => times.days_of_week?.includes(index + 1)).map((day) => t(`access.${day}`)).join(', ') : t('access.every_day');
    lines.push(t('access.at_times', { days, hours: times.hours?.replace('-', '–') ?? t('access.whole_day'), zone: times.time_zone }));
  }
  if (scope?.fields_allowed?.length) lines.push(t('access.fields', { list: scope.fields_allowed.map((field) => fieldName(field, t)).join(', ') }));
  return lines;
}

function fieldName(field: string, t: TFunction): string {
  const known = profileFields.find((name) => name === field);
  return known ? t(`access.field_${known}`) : field;
}
