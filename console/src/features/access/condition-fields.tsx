// Under which conditions a grant counts: all that are set must hold.
import { useTranslation } from 'react-i18next';
import { Checkbox, Field, Input } from '@/ui/field';
import { networksOf, type Draft, type placeOf } from './grant-draft';
import { weekdays } from './grant-labels';
import { profileFields, type Grantable } from './things';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/') && !zone.startsWith('Etc/'))];

interface Props {
  kind: Grantable;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  errorAt: (place: ReturnType<typeof placeOf>) => string | undefined;
}

const toggled = <T,>(list: readonly T[], one: T): readonly T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);

export function ConditionFields({ kind, draft, onChange, errorAt }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('access.from')} hint={t('access.from_hint')} error={errorAt('from')} className="max-w-60">
        {(wiring) => <Input {...wiring} type="datetime-local" value={draft.from} onChange={(event) => onChange({ from: event.target.value })} />}
      </Field>
      <Field label={t('access.networks')} hint={t('access.networks_hint')} error={errorAt('networks')}>
        {(wiring) => (
          <Input
            {...wiring}
            spellCheck={false}
            autoComplete="off"
            value={draft.networks}
            onChange={(event) => onChange({ networks: event.target.value })}
            onBlur={() => onChange({ networks: networksOf(draft.networks).join(', ') })}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('access.days_of_week')}</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {weekdays.map((name, index) => (
            <Checkbox key={name} label={t(`access.${name}`)} checked={draft.days.includes(index + 1)} onChange={() => onChange({ days: toggled(draft.days, index + 1) })} />
          ))}
        </div>
        <p className="text-xs text-ink-faint">{t('access.days_hint')}</p>
      </fieldset>
      <div className="grid items-start gap-x-3 gap-y-4 sm:grid-cols-[8rem_8rem_minmax(0,1fr)]">
        <Field label={t('access.begins')}>{(wiring) => <Input {...wiring} type="time" required={draft.ends !== ''} value={draft.begins} onChange={(event) => onChange({ begins: event.target.value })} />}</Field>
        <Field label={t('access.ends')}>{(wiring) => <Input {...wiring} type="time" required={draft.begins !== ''} value={draft.ends} onChange={(event) => onChange({ ends: event.target.value })} />}</Field>
        <Field label={t('access.zone')} error={errorAt('times')}>
          {(wiring) => (
            <>
              <Input {...wiring} list={`${wiring.id}-zones`} required maxLength={64} spellCheck={false} value={draft.zone} onChange={(event) => onChange({ zone: event.target.value })} />
              <datalist id={`${wiring.id}-zones`}>
                {zones.map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      {kind === 'PRL' && (
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('access.only_fields')}</legend>
          <div className="grid gap-x-4 gap-y-1 sm:grid-cols-3">
            {profileFields.map((field) => (
              <Checkbox key={field} label={t(`access.field_${field}`)} checked={draft.fields.includes(field)} onChange={() => onChange({ fields: toggled(draft.fields, field) })} />
            ))}
          </div>
          <p className="text-xs text-ink-faint">{t('access.fields_hint')}</p>
        </fieldset>
      )}
    </>
  );
}
