// One stage's configuration. Saving puts a new version in force; the versions before stay, and can be taken up again.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import type { StageVersion } from '@/api/types';
import { Button } from '@/ui/button';
import { Checkbox, Field, Input, Select, Textarea } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { useToast } from '@/ui/toast';
import { stagesQuery } from './queries';
import { changes, configOf, fieldsOf, type StageDraft, type StageFields } from './stage-draft';
import { Versions } from './versions';

const tones = ['formal', 'friendly', 'neutral', 'direct'] as const;
const styles = ['soft', 'direct', 'none'] as const;

export function StageForm({ stage, manages }: { stage: StageVersion; manages: boolean }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const toast = useToast();
  const client = useQueryClient();
  const [draft, setDraft] = useState<StageDraft>({});
  const set = (change: StageDraft) => setDraft({ ...draft, ...change });
  const fields: StageFields = { ...fieldsOf(stage.config), ...draft };
  const changed = changes(stage.config, draft);
  const refresh = () => client.invalidateQueries({ queryKey: stagesQuery.queryKey });
  const save = useMutation({
    mutationFn: () => body(api.PUT('/api/stages', { body: { stage: stage.stage, based_on: stage.version, config: configOf(fields) } })),
    onSuccess: async (made) => {
      toast.done(t('simulator.saved', { version: made.version }));
      client.setQueryData(stagesQuery.queryKey, (all) => all?.map((one) => (one.stage === made.stage ? made : one)));
      setDraft({});
      await refresh();
    },
    onError: (failure) => {
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
  });
  return (
    <form
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) save.mutate();
      }}
    >
      <fieldset disabled={!manages} className="contents">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('simulator.tone')}>
            {(wiring) => (
              <Select {...wiring} value={fields.tone} onChange={(event) => set({ tone: event.target.value as StageFields['tone'] })}>
                {tones.map((one) => (
                  <option key={one} value={one}>
                    {t(`simulator.tone_${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('simulator.cta')}>
            {(wiring) => (
              <Select {...wiring} value={fields.cta_style} onChange={(event) => set({ cta_style: event.target.value as StageFields['cta_style'] })}>
                {styles.map((one) => (
                  <option key={one} value={one}>
                    {t(`simulator.cta_${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Field label={t('simulator.fallback')} hint={t('simulator.fallback_hint')}>
          {(wiring) => <Textarea {...wiring} rows={3} maxLength={1000} required value={fields.template_fallback} onChange={(event) => set({ template_fallback: event.target.value })} />}
        </Field>
        <Field label={t('simulator.questions')} hint={t('simulator.one_a_line')}>
          {(wiring) => <Textarea {...wiring} rows={3} value={fields.questions} onChange={(event) => set({ questions: event.target.value })} />}
        </Field>
        <div className="flex flex-col gap-3 rounded-lg border border-line p-3">
          <Checkbox label={t('simulator.guardrails')} checked={fields.guarded} onChange={(event) => set({ guarded: event.target.checked })} />
          <Field label={t('simulator.topics')} hint={t('simulator.one_a_line')}>
            {(wiring) => <Textarea {...wiring} rows={3} value={fields.topics} onChange={(event) => set({ topics: event.target.value })} />}
          </Field>
          <Field label={t('simulator.max_tokens')} className="max-w-56">
            {(wiring) => <Input {...wiring} type="number" min={16} max={4096} required value={fields.max_tokens} onChange={(event) => set({ max_tokens: Number(event.target.value) })} />}
          </Field>
        </div>
        {save.error && (
          <p role="alert" className="text-sm text-danger">
            {failureText(save.error)}
          </p>
        )}
        {manages && (
          <div className="flex items-center gap-3">
            <Button kind="primary" type="submit" disabled={!changed} busy={save.isPending}>
              {t('simulator.put_in_force')}
            </Button>
            <span className="text-xs text-ink-faint">{t('simulator.version', { version: stage.version })}</span>
          </div>
        )}
      </fieldset>
      <Versions
        stage={stage}
        onTake={manages ? (one) => setDraft(fieldsOf(one.config)) : null}
      />
    </form>
  );
}
