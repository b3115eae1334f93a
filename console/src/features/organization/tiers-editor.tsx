import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OrganizationSettings } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { Field, Input } from '@/ui/field';

type Tier = OrganizationSettings['approval_tiers'][number];

const most = 5;
const microdollars = 1_000_000;

/** From which cost on how many approvals are asked for. */
export function TiersEditor({ tiers, onChange }: { tiers: readonly Tier[]; onChange: (tiers: Tier[]) => void }) {
  const { t } = useTranslation();
  const put = (index: number, change: Partial<Tier>) => onChange(tiers.map((tier, i) => (i === index ? { ...tier, ...change } : tier)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('settings.tiers')}</legend>
      {tiers.length === 0 && <p className="text-xs text-ink-faint">{t('settings.no_tiers')}</p>}
      {tiers.map((tier, index) => (
        <div key={index} className="grid grid-cols-[minmax(0,1fr)_7rem_6rem_auto] items-end gap-2 max-sm:grid-cols-2">
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
      ))}
      {tiers.length < most && (
        <Button size="sm" className="self-start" onClick={() => onChange([...tiers, { name: '', minimum_cost_microdollars: 0, stamps: [], approvals: 1 }])}>
          <Plus aria-hidden className="size-4" />
          {t('settings.add_tier')}
        </Button>
      )}
    </fieldset>
  );
}
