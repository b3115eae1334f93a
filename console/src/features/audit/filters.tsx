import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '@/api/session';
import type { AuditOutcome, Me } from '@/api/types';
import type { AuditSearch } from '@/router';
import { Button } from '@/ui/button';
import { Input, Select } from '@/ui/field';
import { auditOutcomes } from './outcome';
import { membersQuery } from './queries';

interface Props {
  me: Me;
  search: AuditSearch;
  /** Actions and resources seen so far, to choose from. */
  actions: readonly string[];
  resources: readonly string[];
  onChange: (change: AuditSearch) => void;
}

const periods = [1, 24, 24 * 7, 24 * 30] as const;

export function Filters({ me, search, actions, resources, onChange }: Props) {
  const { t } = useTranslation();
  const { data: members = [] } = useQuery({ ...membersQuery, enabled: allows(me, 'members_read') });
  const ranged = search.from !== undefined || search.to !== undefined;
  const [custom, setCustom] = useState(ranged);
  const period = custom ? 'custom' : search.hours ? String(search.hours) : 'all';
  const filtered = (['actor', 'action', 'resource', 'outcome', 'hours', 'from', 'to'] as const).some((name) => search[name] !== undefined);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 sm:px-6" role="search" aria-label={t('audit.filters')}>
      <Select aria-label={t('audit.actor')} value={search.actor ?? ''} onChange={(event) => onChange({ actor: event.target.value || undefined })} className="max-w-44">
        <option value="">{t('audit.any_actor')}</option>
        {members.map((member) => (
          <option key={member.user_id} value={member.user_id}>
            {member.name}
          </option>
        ))}
        {search.actor && !members.some(({ user_id }) => user_id === search.actor) && <option value={search.actor}>{search.actor}</option>}
      </Select>
      <Words label={t('audit.action')} placeholder={t('audit.any_action')} value={search.action} known={actions} onChange={(action) => onChange({ action })} />
      <Words label={t('audit.resource')} placeholder={t('audit.any_resource')} value={search.resource} known={resources} onChange={(resource) => onChange({ resource })} />
      <Select aria-label={t('audit.outcome')} value={search.outcome ?? ''} onChange={(event) => onChange({ outcome: (event.target.value || undefined) as AuditOutcome | undefined })}>
        <option value="">{t('audit.any_outcome')}</option>
        {auditOutcomes.map((outcome) => (
          <option key={outcome} value={outcome}>
            {t(`audit.outcome_${outcome}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('audit.period')}
        value={period}
        onChange={({ target: { value } }) => {
          setCustom(value === 'custom');
          if (value !== 'custom') onChange({ hours: value === 'all' ? undefined : Number(value), from: undefined, to: undefined });
          else onChange({ hours: undefined });
        }}
      >
        <option value="all">{t('audit.period_all')}</option>
        {periods.map((hours) => (
          <option key={hours} value={hours}>
            {hours < 48 ? t('audit.period_hours', { count: hours }) : t('audit.period_days', { count: hours / 24 })}
          </option>
        ))}
        <option value="custom">{t('audit.period_custom')}</option>
      </Select>
      {custom && (
        <span className="flex flex-wrap items-center gap-2">
          <Moment label={t('audit.from')} value={search.from} onChange={(from) => onChange({ from })} />
          <span aria-hidden className="text-ink-faint">
            –
          </span>
          <Moment label={t('audit.to')} value={search.to} onChange={(to) => onChange({ to })} />
        </span>
      )}
      {filtered && (
        <Button
          kind="quiet"
          size="sm"
          onClick={() => {
            setCustom(false);
            onChange({ actor: undefined, action: undefined, resource: undefined, outcome: undefined, hours: undefined, from: undefined, to: undefined });
          }}
        >
          <X aria-hidden className="size-3.5" />
          {t('audit.clear')}
        </Button>
      )}
    </div>
  );
}

interface WordsProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  known: readonly string[];
  onChange: (value: string | undefined) => void;
}

/** Applies what was typed on Enter, on leaving, or when a suggestion is taken. */
function Words({ label, placeholder, value, known, onChange }: WordsProps) {
  const [typed, setTyped] = useState(value ?? '');
  const [shown, show] = useState(value);
  if (shown !== value) {
    show(value);
    setTyped(value ?? '');
  }
  const apply = (text: string) => {
    const next = text.trim() || undefined;
    if (next !== value) onChange(next);
  };
  const list = `known-${label}`;
  return (
    <>
      <Input
        aria-label={label}
        placeholder={placeholder}
        list={list}
        value={typed}
        className="!w-40"
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value === '' || known.includes(event.target.value)) apply(event.target.value);
        }}
        onBlur={() => apply(typed)}
        onKeyDown={(event) => event.key === 'Enter' && apply(typed)}
      />
      <datalist id={list}>
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

/** The viewer's local time in the field, UTC in the filter. */
function Moment({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const local = value ? toLocal(new Date(value)) : '';
  return <Input type="datetime-local" aria-label={label} value={local} className="!w-auto" onChange={(event) => onChange(event.target.value ? new Date(event.target.value).toISOString() : undefined)} />;
}

export function toLocal(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
