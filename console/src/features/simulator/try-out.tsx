// What the engine says to a customer at this stage. Turns are model requests like any other: governed, metered, recorded.
import { useMutation } from '@tanstack/react-query';
import { MessageCircleQuestion } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Me, Stage, TurnReply } from '@/api/types';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { formatNumber } from '@/ui/format';
import { Empty } from '@/ui/states';

interface Turn {
  message: string;
  answer: TurnReply;
}

const tones: Record<TurnReply['outcome'], Tone> = { answered: 'ok', fallback: 'warn', guardrail: 'redact', gated: 'danger' };

export function TryOut({ me, stage, runs }: { me: Me; stage: Stage; runs: boolean }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [name, setName] = useState('Ana');
  const [message, setMessage] = useState('');
  const [turns, setTurns] = useState<Turn[]>([]);
  const end = useRef<HTMLDivElement>(null);
  const send = useMutation({
    mutationFn: (words: string) => body(api.POST('/api/tenants/{organization_id}/test', { params: { path: { organization_id: me.organization?.id ?? '' } }, body: { stage, message: words, name: name.trim(), answered: [] } })),
    onSuccess: (answer, words) => {
      setTurns((before) => [...before, { message: words, answer }]);
      setMessage('');
    },
  });
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [turns]);
  return (
    <section aria-label={t('simulator.try_out')} className="flex min-h-96 flex-col bg-sunken/40">
      <div tabIndex={0} role="region" aria-label={t('simulator.turns')} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4 sm:p-6">
        {turns.length === 0 && (
          <Empty icon={<MessageCircleQuestion />} title={t('simulator.nothing_yet')}>
            {t('simulator.nothing_hint')}
          </Empty>
        )}
        {turns.map((turn) => (
          <article key={turn.answer.execution_id} className="flex flex-col gap-2">
            <p className="ml-auto max-w-[85%] rounded-xl bg-accent-soft px-3 py-2 text-sm whitespace-pre-wrap">{turn.message}</p>
            <p className="max-w-[85%] rounded-xl border border-line bg-surface px-3 py-2 text-sm whitespace-pre-wrap">{turn.answer.reply}</p>
            <Outcome answer={turn.answer} />
          </article>
        ))}
        <div ref={end} />
      </div>
      <form
        className="flex flex-col gap-2 border-t border-line bg-surface p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (message.trim() !== '') send.mutate(message.trim());
        }}
      >
        {send.error && (
          <p role="alert" className="text-sm text-danger">
            {failureText(send.error)}
          </p>
        )}
        <div className="flex flex-wrap items-end gap-2">
          <Field label={t('simulator.customer')} className="w-32">
            {(wiring) => <Input {...wiring} value={name} maxLength={255} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t('simulator.message')} className="min-w-40 flex-1">
            {(wiring) => <Input {...wiring} value={message} maxLength={4000} disabled={!runs} placeholder={t('simulator.message_placeholder')} onChange={(event) => setMessage(event.target.value)} />}
          </Field>
          <Button kind="primary" type="submit" busy={send.isPending} disabled={!runs || message.trim() === ''}>
            {t('simulator.send')}
          </Button>
        </div>
      </form>
    </section>
  );
}

function Outcome({ answer }: { answer: TurnReply }) {
  const { t, i18n } = useTranslation();
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs text-ink-soft">
      <Badge tone={tones[answer.outcome]}>{t(`simulator.outcome_${answer.outcome}`)}</Badge>
      <span>
        {t('simulator.next_step')} <code className="font-mono text-2xs">{answer.next_best_action}</code>
      </span>
      <span className="tabular">{t('simulator.confidence', { percent: formatNumber(Math.round(answer.confidence * 100), i18n.language) })}</span>
      <span className="text-ink-faint">{t('simulator.version', { version: answer.config_version })}</span>
    </p>
  );
}
