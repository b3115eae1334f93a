// From which cost on how many approvals are asked for: what is inherited, or what is set here, and the way from one to the
// other.
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { formatCost } from '@/ui/format';
import type { Draft, SharedSettings, Source, Tier } from './settings-draft';

const most = 5;
const microdollars = 1_000_000;

interface Props {
  settings: SharedSettings;
  source: Source | undefined;
  draft: Draft;
  onChange: (draft: Draft) => void;
  disabled?: boolean;
  error: string | undefined;
}

export function TiersField({ settings, source = 'default', draft, onChange, disabled = false, error }: Props) {
  const { t } = useTranslation();
  const note = useId();
  const own = draft.approval_tiers;
  const put = (approval_tiers: readonly Tier[] | undefined) => onChange({ ...draft, approval_tiers });
  // What would be inherited is not told while something is set here.
  const inherited = source === 'own' ? null : settings.approval_tiers;
  const sourceText = own ? t('settings.tiers_own') : source === 'own' ? t('settings.tiers_to_inherit') : t(`settings.tiers_from_${source}`);
  return (
    <fieldset disabled={disabled} aria-describedby={note} className="flex flex-col gap-2">
      <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('settings.tiers')}</legend>
      {own ? <Editor tiers={own} onChange={put} /> : inherited && <List tiers={inherited} />}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        {!disabled &&
          (own ? (
            <>
              {own.length < most && (
                <Button size="sm" onClick={() => put([...own, { name: '', minimum_cost_microdollars: 0, stamps: [], approvals: 1 }])}>
                  <Plus aria-hidden className="size-4" />
                  {t('settings.add_tier')}
                </Button>
              )}
              <Button size="sm" kind="quiet" onClick={() => put(undefined)}>
                {t('settings.inherit_tiers')}
              </Button>
            </>
          ) : (
            <Button size="sm" onClick={() => put(settings.approval_tiers)}>
              {t('settings.set_tiers')}
            </Button>
          ))}
        <p id={note} className="text-xs text-ink-faint">
          {sourceText}
        </p>
      </div>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function List({ tiers }: { tiers: readonly Tier[] }) {
  const { t, i18n } = useTranslation();
  if (tiers.length === 0) return <p className="text-xs text-ink-faint">{t('settings.no_tiers')}</p>;
  return (
    <ul aria-label={t('settings.tiers')} className="flex flex-col gap-1 text-sm">
      {tiers.map((tier, index) => (
        <li key={index} className="flex flex-wrap gap-x-2">
          <span className="font-medium break-words">{tier.name}</span>
          <span className="tabular text-ink-soft">{t('settings.tier_line', { cost: formatCost(tier.minimum_cost_microdollars, i18n.language), count: tier.approvals })}</span>
        </li>
      ))}
    </ul>
  );
}

function Editor({ tiers, onChange }: { tiers: readonly Tier[]; onChange: (tiers: Tier[]) => void }) {
  const { t } = useTranslation();
  const put = (index: number, change: Partial<Tier>) => onChange(tiers.map((tier, i) => (i === index ? { ...tier, ...change } : tier)));
  if (tiers.length === 0) return <p className="text-xs text-ink-faint">{t('settings.no_tiers')}</p>;
  return tiers.map((tier, index) => (
    <div key={index} className="grid grid-cols-[minmax(0,1fr)_7rem_6rem_auto] items-end gap-2 max-sm:grid-cols-2 max-sm:border-b max-sm:border-line max-sm:pb-3">
      <Field label={t('settings.tier_name')}>{(wiring) => <Input {...wiring} required maxLength={60} value={tier.name} onChange={(event) => put(index, { name: event.target.value })} />}</Field>
      <Field label={t('settings.tier_cost')}>
        {(wiring) => (
          <Input
            {...wiring}
            type="number"
            min={0}
            max={1_000_000}
            step="any"
            value={tier.minimum_cost_microdollars / microdollars}
            onChange={(event) => put(index, { minimum_cost_microdollars: Math.round(Number(event.target.value) * microdollars) })}
          />
        )}
      </Field>
      <Field label={t('settings.tier_approvals')}>
        {(wiring) => <Input {...wiring} type="number" min={1} max={10} required value={tier.approvals} onChange={(event) => put(index, { approvals: Number(event.target.value) })} />}
      </Field>
      <IconButton label={t('common.remove_value', { value: tier.name })} onClick={() => onChange(tiers.filter((_, i) => i !== index))}>
        <X />
      </IconButton>
    </div>
  ));
}
