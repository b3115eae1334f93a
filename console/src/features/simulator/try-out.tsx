// What the engine says to a customer at this stage. Turns are model requests like any other: governed, metered, recorded.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleSlash, MessageCircleQuestion } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { modelsQuery } from '@/api/models';
import { allows, useMe } from '@/api/session';
import type { Stage, TurnReply } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { formatNumber } from '@/ui/format';
import { Empty } from '@/ui/states';
import { NextStep, OutcomeBadge } from './outcome';

interface Turn {
  message: string;
  answer: TurnReply;
}

/** `questions`: those of the version in force, in the order in which they are asked. */
export function TryOut({ stage, questions }: { stage: Stage; questions: readonly string[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const failureText = useFailureText();
  const client = useQueryClient();
  const runs = allows(me, 'simulator_run');
  const { data: models } = useQuery({ ...modelsQuery, enabled: allows(me, 'models_read') });
  const [name, setName] = useState('Ana');
  const [model, setModel] = useState('');
  const [message, setMessage] = useState('');
  const [marked, setMarked] = useState<readonly string[]>([]);
  const answered = questions.filter((question) => marked.includes(question));
  const [turns, setTurns] = useState<Turn[]>([]);
  const end = useRef<HTMLDivElement>(null);
  const send = useMutation({
    mutationFn: (words: string) =>
      body(
        api.POST('/api/tenants/{organization_id}/test', {
          params: { path: { organization_id: me.organization?.id ?? '' } },
          body: { stage, message: words, name: name.trim(), answered, ...(model ? { model } : {}) },
        }),
      ),
    onSuccess: (answer, words) => {
      setTurns((before) => [...before, { message: words, answer }]);
      setMessage('');
      void client.invalidateQueries({ queryKey: ['executions', stage] });
    },
  });
  const waiting = send.isPending ? send.variables : null;
  useEffect(() => {
    // Newer browsers give a promise, which an effect may not give on.
    if (turns.length > 0 || waiting !== null) end.current?.scrollIntoView({ block: 'nearest' });
  }, [turns, waiting]);
  return (
    <>
      <div tabIndex={0} role="region" aria-label={t('simulator.turns')} aria-live="polite" className="flex min-h-60 flex-1 flex-col gap-4 overflow-y-auto p-4 focus-visible:-outline-offset-2 sm:p-6 lg:min-h-0">
        {turns.length === 0 && waiting === null && (
          <Empty icon={<MessageCircleQuestion />} title={t('simulator.nothing_yet')}>
            {runs ? t('simulator.nothing_hint') : t('simulator.may_not_run')}
          </Empty>
        )}
        {turns.map((turn) => (
          <article key={turn.answer.execution_id} className="flex flex-col gap-2">
            <Said text={turn.message} />
            <Reply answer={turn.answer} />
          </article>
        ))}
        {waiting !== null && (
          <article aria-busy className="flex flex-col gap-2">
            <Said text={waiting} />
            <p role="status" className="animate-pulse-soft text-xs text-ink-faint">
              {t('simulator.answering')}
            </p>
          </article>
        )}
        <div ref={end} />
      </div>
      <form
        className="flex flex-col gap-3 border-t border-line bg-surface p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (message.trim() !== '' && !send.isPending) send.mutate(message.trim());
        }}
      >
        {send.error && (
          <p role="alert" className="text-sm text-danger">
            {failureText(send.error)}
          </p>
        )}
        {questions.length > 0 && <Questions questions={questions} answered={answered} disabled={!runs} onChange={setMarked} />}
        <div className="grid grid-cols-2 gap-3">
          <Field label={t('simulator.customer')}>{(wiring) => <Input {...wiring} value={name} maxLength={255} disabled={!runs} onChange={(event) => setName(event.target.value)} />}</Field>
          <Field label={t('simulator.model')}>
            {(wiring) => (
              <Select {...wiring} value={model} disabled={!runs} onChange={(event) => setModel(event.target.value)}>
                <option value="">{t('simulator.model_first')}</option>
                {models?.map((one) => (
                  <option key={one.name} value={one.name}>
                    {one.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <div className="flex items-end gap-2">
          <Field label={t('simulator.message')} className="flex-1">
            {(wiring) => <Input {...wiring} value={message} maxLength={4000} disabled={!runs} placeholder={t('simulator.message_placeholder')} onChange={(event) => setMessage(event.target.value)} />}
          </Field>
          <Button kind="primary" type="submit" busy={send.isPending} disabled={!runs || send.isPending || message.trim() === ''}>
            {t('simulator.send')}
          </Button>
        </div>
      </form>
    </>
  );
}

/** The engine asks the first that is not ticked. */
function Questions({ questions, answered, disabled, onChange }: { questions: readonly string[]; answered: readonly string[]; disabled: boolean; onChange: (answered: string[]) => void }) {
  const { t } = useTranslation();
  const next = questions.find((question) => !answered.includes(question));
  return (
    <fieldset disabled={disabled} className="flex max-h-36 flex-col gap-1 overflow-y-auto">
      <legend className="mb-1 text-xs font-medium text-ink-soft">{t('simulator.answered_questions')}</legend>
      {[...new Set(questions)].map((question) => (
        <Checkbox
          key={question}
          className="break-words"
          label={
            <span className="flex min-w-0 flex-wrap items-center gap-x-2">
              <span className="min-w-0 break-words">{question}</span>
              {question === next && <Badge tone="accent">{t('simulator.asked_next')}</Badge>}
            </span>
          }
          checked={answered.includes(question)}
          onChange={(event) => onChange(event.target.checked ? [...answered, question] : answered.filter((one) => one !== question))}
        />
      ))}
    </fieldset>
  );
}

function Said({ text }: { text: string }) {
  return <p className="ml-auto max-w-[85%] rounded-xl bg-accent-soft px-3 py-2 text-sm break-words whitespace-pre-wrap">{text}</p>;
}

function Reply({ answer }: { answer: TurnReply }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      {answer.outcome === 'gated' ? (
        <div data-gated className="flex max-w-[85%] gap-2 rounded-xl border border-danger/40 bg-danger-soft px-3 py-2 text-sm">
          <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          <div>
            <p className="font-medium">{answer.reply}</p>
            <p className="text-xs text-ink-soft">{t('simulator.gated_text')}</p>
          </div>
        </div>
      ) : (
        <p className="max-w-[85%] rounded-xl border border-line bg-surface px-3 py-2 text-sm break-words whitespace-pre-wrap">{answer.reply}</p>
      )}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-soft">
        <OutcomeBadge outcome={answer.outcome} />
        <NextStep action={answer.next_best_action} />
        {!answer.confidence_assumed && (
          <span className="tabular">{t('simulator.confidence', { percent: formatNumber(Math.round(answer.confidence * 100), i18n.language) })}</span>
        )}
        <span className="text-ink-faint">{t('simulator.version', { version: answer.config_version })}</span>
      </p>
    </>
  );
}
