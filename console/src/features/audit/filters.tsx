import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '@/api/session';
import type { AuditOutcome, Me } from '@/api/types';
import type { AuditSearch } from '@/search';
import { Button } from '@/ui/button';
import { Checkbox, Input, Select } from '@/ui/field';
import { actionNames, type ActionName } from './actions';
import { auditOutcomes, decisions } from './outcome';
import { actorKeysQuery, membersQuery } from './queries';

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
  const { data: keys = [] } = useQuery({ ...actorKeysQuery, enabled: allows(me, 'api_keys_read') });
  const ranged = search.from !== undefined || search.to !== undefined;
  const [custom, setCustom] = useState(ranged);
  const period = custom ? 'custom' : search.hours ? String(search.hours) : 'all';
  const filtered = (['actor', 'action', 'resource', 'outcome', 'decision', 'reads', 'hours', 'from', 'to'] as const).some((name) => search[name] !== undefined);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2.5 sm:px-6" role="search" aria-label={t('audit.filters')}>
      <Select aria-label={t('audit.actor')} value={search.actor ?? ''} onChange={(event) => onChange({ actor: event.target.value || undefined })} className="max-w-44">
        <option value="">{t('audit.any_actor')}</option>
        {members.length > 0 && (
          <optgroup label={t('audit.actors_people')}>
            {members.map((member) => (
              <option key={member.user_id} value={member.user_id}>
                {member.name}
              </option>
            ))}
          </optgroup>
        )}
        {keys.length > 0 && (
          <optgroup label={t('audit.actors_keys')}>
            {keys.map((key) => (
              <option key={key.id} value={key.id}>
                {t('audit.actor_key', { name: key.name, last: key.last_four })}
              </option>
            ))}
          </optgroup>
        )}
        {search.actor && !members.some(({ user_id }) => user_id === search.actor) && !keys.some(({ id }) => id === search.actor) && <option value={search.actor}>{search.actor}</option>}
      </Select>
      <Words label={t('audit.action')} placeholder={t('audit.any_action')} value={search.action} known={actionNames(actions, t)} onChange={(action) => onChange({ action })} />
      <Words label={t('audit.resource')} placeholder={t('audit.any_resource')} value={search.resource} known={resources.map((value) => ({ value, name: value }))} onChange={(resource) => onChange({ resource })} />
      <Select aria-label={t('audit.outcome')} value={search.outcome ?? ''} onChange={(event) => onChange({ outcome: (event.target.value || undefined) as AuditOutcome | undefined })}>
        <option value="">{t('audit.any_outcome')}</option>
        {auditOutcomes.map((outcome) => (
          <option key={outcome} value={outcome}>
            {t(`audit.outcome_${outcome}`)}
          </option>
        ))}
      </Select>
      <Select aria-label={t('audit.decision')} value={search.decision ?? ''} onChange={(event) => onChange({ decision: (event.target.value || undefined) as AuditSearch['decision'] })}>
        <option value="">{t('audit.any_decision')}</option>
        {decisions.map((decision) => (
          <option key={decision} value={decision}>
            {t(`outcome.${decision}`)}
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
      <Checkbox role="switch" label={t('audit.hide_reads')} className="!min-h-7" checked={search.reads === false} onChange={(event) => onChange({ reads: event.target.checked ? false : undefined })} />
      {filtered && (
        <Button
          kind="quiet"
          size="sm"
          onClick={() => {
            setCustom(false);
            onChange({ actor: undefined, action: undefined, resource: undefined, outcome: undefined, decision: undefined, reads: undefined, hours: undefined, from: undefined, to: undefined });
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
  known: readonly ActionName[];
  onChange: (value: string | undefined) => void;
}

/** Whether a suggestion was taken, rather than a key pressed. */
const taken = (event: Event): boolean => !(event instanceof InputEvent) || event.inputType === 'insertReplacementText';

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
          if (event.target.value === '' || taken(event.nativeEvent)) apply(event.target.value);
        }}
        onBlur={() => apply(typed)}
        onKeyDown={(event) => event.key === 'Enter' && apply(typed)}
      />
      <datalist id={list}>
        {known.map((one) => (
          <option key={one.value} value={one.value} label={one.name} />
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
