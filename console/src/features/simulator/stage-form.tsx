// One stage's configuration. Saving puts a new version in force; the versions before stay, and can be taken up again.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { StageConfig, StageVersion } from '@/api/types';
import { Button } from '@/ui/button';
import { Checkbox, Field, Input, Select, Textarea } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { useToast } from '@/ui/toast';
import { stagesQuery } from './queries';
import { Versions } from './versions';

const tones = ['formal', 'friendly', 'neutral', 'direct'] as const;
const styles = ['soft', 'direct', 'none'] as const;
const lines = (text: string): string[] => text.split('\n').map((one) => one.trim()).filter(Boolean);

export function StageForm({ stage, manages }: { stage: StageVersion; manages: boolean }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const toast = useToast();
  const client = useQueryClient();
  const [config, setConfig] = useState<StageConfig>(stage.config);
  const [topics, setTopics] = useState(stage.config.guardrails.blocked_topics.join('\n'));
  const [questions, setQuestions] = useState(stage.config.questions.join('\n'));
  const set = (change: Partial<StageConfig>) => setConfig({ ...config, ...change });
  const guard = (change: Partial<StageConfig['guardrails']>) => set({ guardrails: { ...config.guardrails, ...change } });
  const written: StageConfig = { ...config, guardrails: { ...config.guardrails, blocked_topics: lines(topics) }, questions: lines(questions) };
  const changed = JSON.stringify(written) !== JSON.stringify(stage.config);
  const save = useMutation({
    mutationFn: () => body(api.PUT('/api/stages', { body: { stage: stage.stage, based_on: stage.version, config: written } })),
    onSuccess: async (made) => {
      toast.done(t('simulator.saved', { version: made.version }));
      await client.invalidateQueries({ queryKey: stagesQuery.queryKey });
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
              <Select {...wiring} value={config.tone} onChange={(event) => set({ tone: event.target.value as StageConfig['tone'] })}>
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
              <Select {...wiring} value={config.cta_style} onChange={(event) => set({ cta_style: event.target.value as StageConfig['cta_style'] })}>
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
          {(wiring) => <Textarea {...wiring} rows={3} maxLength={1000} required value={config.template_fallback} onChange={(event) => set({ template_fallback: event.target.value })} />}
        </Field>
        <Field label={t('simulator.questions')} hint={t('simulator.one_a_line')}>
          {(wiring) => <Textarea {...wiring} rows={3} value={questions} onChange={(event) => setQuestions(event.target.value)} />}
        </Field>
        <div className="flex flex-col gap-3 rounded-lg border border-line p-3">
          <Checkbox label={t('simulator.guardrails')} checked={config.guardrails.on} onChange={(event) => guard({ on: event.target.checked })} />
          <Field label={t('simulator.topics')} hint={t('simulator.one_a_line')}>
            {(wiring) => <Textarea {...wiring} rows={3} value={topics} onChange={(event) => setTopics(event.target.value)} />}
          </Field>
          <Field label={t('simulator.max_tokens')} className="max-w-56">
            {(wiring) => <Input {...wiring} type="number" min={16} max={4096} required value={config.guardrails.max_tokens} onChange={(event) => guard({ max_tokens: Number(event.target.value) })} />}
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
        onTake={
          manages
            ? (one) => {
                setConfig(one.config);
                setTopics(one.config.guardrails.blocked_topics.join('\n'));
                setQuestions(one.config.questions.join('\n'));
              }
            : null
        }
      />
    </form>
  );
}
