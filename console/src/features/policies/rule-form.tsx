import { useTranslation } from 'react-i18next';
import type { Direction, Me } from '@/api/types';
import { Card } from '@/ui/page';
import { Checkbox, Field, Input, Select, Textarea } from '@/ui/field';
import { Segmented } from '@/ui/segmented';
import { ConditionEditor } from './condition-editor';
import type { Draft, Missing } from './draft';
import { outcomes, states } from './outcome';
import type { Refusals } from './refusals';

interface Props {
  me: Me;
  draft: Draft;
  onChange: (draft: Draft) => void;
  disabled: boolean;
  /** Null until saving was tried. */
  missing: Missing | null;
  /** Null until the server refused it. */
  refused: Refusals | null;
  onSubmit: () => void;
}

const directions: readonly Direction[] = ['prompt', 'response'];
const operations: readonly Draft['operation'][] = ['mask', 'partial', 'replace', 'hash'];

export function RuleForm({ me, draft, onChange, disabled, missing, refused, onSubmit }: Props) {
  const { t } = useTranslation();
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <form
      className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Card title={t('policies.section_rule')}>
        <div className="grid gap-4 p-4 sm:grid-cols-2">
          <Field label={t('policies.name')} error={missing?.name ? t('policies.name_missing') : refused?.name} className="sm:col-span-2">
            {(wiring) => <Input {...wiring} value={draft.name} disabled={disabled} maxLength={120} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
          <div className="flex flex-col gap-1.5">
            <span className="text-xs font-medium text-ink-soft">{t('policies.state')}</span>
            <Segmented label={t('policies.state')} value={draft.state} disabled={disabled} onChange={(state) => set({ state })} options={states.map((value) => ({ value, label: t(`policies.state_${value}`) }))} />
            <p className="text-xs text-ink-faint">{t(`policies.state_hint_${draft.state}`)}</p>
          </div>
          <fieldset disabled={disabled} className="flex flex-col gap-1.5">
            <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('policies.applies_to')}</legend>
            <div className="flex gap-4">
              {directions.map((direction) => (
                <Checkbox
                  key={direction}
                  label={t(`direction.${direction}`)}
                  checked={draft.directions.includes(direction)}
                  onChange={(event) => set({ directions: directions.filter((one) => (one === direction ? event.target.checked : draft.directions.includes(one))) })}
                />
              ))}
            </div>
            {missing?.directions && <p className="text-xs text-danger">{t('policies.directions_missing')}</p>}
          </fieldset>
          <Field label={t('policies.scope')} className="sm:col-span-2">
            {(wiring) => (
              <Select {...wiring} value={draft.workspace_id ?? ''} disabled={disabled} onChange={(event) => set({ workspace_id: event.target.value || null })} className="w-fit">
                <option value="">{t('policies.scope_all')}</option>
                {me.workspaces.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      </Card>
      <Card title={t('policies.section_condition')} description={t('policies.section_condition_hint')}>
        <div className="p-4">
          <ConditionEditor me={me} root={draft.root} onChange={(root) => set({ root })} disabled={disabled} missing={missing?.nodes ?? new Set()} refused={refused?.nodes ?? new Map()} />
        </div>
      </Card>
      <Card title={t('policies.section_outcome')}>
        <div className="flex flex-col gap-4 p-4">
          <div className="flex flex-col gap-1.5">
            <Segmented label={t('policies.section_outcome')} value={draft.outcome} disabled={disabled} onChange={(outcome) => set({ outcome })} options={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))} />
            <p className="text-xs text-ink-faint">{t(`policies.outcome_hint_${draft.outcome}`)}</p>
          </div>
          {draft.outcome === 'redact' && (
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label={t('policies.operation')} hint={t(`policies.operation_hint_${draft.operation}`)}>
                {(wiring) => (
                  <Select {...wiring} value={draft.operation} disabled={disabled} onChange={(event) => set({ operation: event.target.value as Draft['operation'] })}>
                    {operations.map((operation) => (
                      <option key={operation} value={operation}>
                        {t(`policies.operation_${operation}`)}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              {draft.operation === 'partial' && (
                <Field label={t('policies.keep')}>
                  {(wiring) => (
                    <Input {...wiring} type="number" min={0} max={8} value={draft.keep} disabled={disabled} onChange={(event) => set({ keep: Math.min(8, Math.max(0, Math.trunc(Number(event.target.value)))) })} className="!w-20" />
                  )}
                </Field>
              )}
              {draft.operation === 'replace' && (
                <Field label={t('policies.replacement')}>
                  {(wiring) => <Input {...wiring} value={draft.replacement} disabled={disabled} onChange={(event) => set({ replacement: event.target.value })} />}
                </Field>
              )}
            </div>
          )}
          <Field label={t('policies.message')} hint={t('policies.message_hint')} error={refused?.message}>
            {(wiring) => <Textarea {...wiring} rows={2} maxLength={1000} value={draft.message} disabled={disabled} onChange={(event) => set({ message: event.target.value })} />}
          </Field>
        </div>
      </Card>
    </form>
  );
}
