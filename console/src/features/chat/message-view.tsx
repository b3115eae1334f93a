import { RefreshCw } from 'lucide-react';
import { lazy, memo, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '@/api/types';
import { Badge } from '@/ui/badge';
import { IconButton } from '@/ui/button';
import { cx } from '@/ui/classes';
import { CopyButton } from '@/ui/copy';
import { formatCost, formatNumber } from '@/ui/format';
import { Tooltip } from '@/ui/tooltip';
import { summarise } from './decision';
import { DecisionNote } from './decision-note';
import { absenceOf, textOf, usageOf, type ShownMessage } from './message';
import { RedactedText } from './redacted-text';

const Markdown = lazy(() => import('./markdown').then((module) => ({ default: module.Markdown })));

interface Props {
  message: ShownMessage;
  decision: Decision | null;
  /** The texts of this chat live in this browser. */
  keepsHere: boolean;
  /** Whether any decision of the conversation redacted: then marks are shown as such. */
  marks: boolean;
  live: boolean;
  /** Whose screen it is: what others asked in the chat says so. */
  reader: string;
  onAgain?: (() => void) | undefined;
}

export const MessageView = memo(function MessageView(props: Props) {
  return props.message.role === 'user' ? <Question {...props} /> : <Answer {...props} />;
});

function Question({ message, decision, keepsHere, marks, reader }: Props) {
  const { t } = useTranslation();
  const asker = message.metadata?.asked_by;
  const name = asker && asker.user_id !== reader ? (asker.name ?? t('chat.somebody')) : null;
  const text = textOf(message);
  const redacts = decision !== null && summarise(decision, 'prompt').outcome === 'redact';
  return (
    <article
      aria-label={name === null ? t('chat.your_message') : t('chat.message_of', { name })}
      data-role="user"
      data-message={message.id}
      className="flex flex-col items-end gap-1.5"
    >
      {name !== null && <p className="max-w-[85%] truncate px-1 text-2xs text-ink-faint">{name}</p>}
      {text !== '' ? (
        <div
          className={cx(
            'max-w-[85%] rounded-xl rounded-br-sm px-3.5 py-2 text-base break-words whitespace-pre-wrap',
            message.metadata?.status === 'blocked' ? 'border border-dashed border-danger/50 text-ink-soft' : 'bg-hover',
          )}
        >
          {marks && redacts ? <RedactedText text={text} /> : text}
        </div>
      ) : (
        <NoText message={message} keepsHere={keepsHere} />
      )}
      {decision && (
        <div className="w-full max-w-[85%] empty:hidden sm:w-auto sm:min-w-80">
          <DecisionNote decision={decision} direction="prompt" original={keepsHere} />
        </div>
      )}
    </article>
  );
}

function Answer({ message, decision, keepsHere, marks, live, onAgain }: Props) {
  const { t, i18n } = useTranslation();
  const text = textOf(message);
  const usage = usageOf(message);
  const status = message.metadata?.status;
  const language = i18n.language;
  return (
    <article aria-label={t('chat.answer')} aria-busy={live} data-role="assistant" data-message={message.id} className="group flex flex-col gap-2">
      {text !== '' ? (
        <Suspense fallback={<div className="text-base whitespace-pre-wrap">{text}</div>}>
          <Markdown text={text} marks={marks} />
        </Suspense>
      ) : (
        !live && <NoText message={message} keepsHere={keepsHere} />
      )}
      {decision && (
        <div className="max-w-full self-start empty:hidden">
          <DecisionNote decision={decision} direction="response" />
        </div>
      )}
      {!live && (
        <footer className="tabular flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-ink-faint">
          {text !== '' && <CopyButton text={text} label={t('chat.copy_answer')} className="-ml-1.5" />}
          {onAgain && (
            <IconButton label={t('chat.again')} onClick={onAgain} className="-ml-1.5">
              <RefreshCw />
            </IconButton>
          )}
          {(status === 'stopped' || status === 'failed' || status === 'unknown') && <Badge tone={status === 'stopped' ? 'neutral' : 'danger'}>{t(`chat.status_${status}`)}</Badge>}
          {usage && (
            <>
              {usage.model && <span className="font-mono">{usage.model}</span>}
              <Tooltip text={t('chat.tokens_detail', { input: formatNumber(usage.input_tokens, language), output: formatNumber(usage.output_tokens, language) })}>
                <span tabIndex={0} className="rounded-sm">
                  {t('chat.tokens', { count: usage.input_tokens + usage.output_tokens, shown: formatNumber(usage.input_tokens + usage.output_tokens, language) })}
                </span>
              </Tooltip>
              <span>{formatCost(usage.cost, language)}</span>
              {usage.latency_ms !== null && <span>{t('chat.seconds', { seconds: formatNumber(Math.round(usage.latency_ms / 100) / 10, language) })}</span>}
            </>
          )}
        </footer>
      )}
    </article>
  );
}

function NoText({ message, keepsHere }: Pick<Props, 'message' | 'keepsHere'>) {
  const { t } = useTranslation();
  const absence = absenceOf(message, keepsHere);
  return <p className="rounded-lg border border-dashed border-line-strong/60 px-3 py-2 text-xs text-ink-faint">{t(absence === 'lost' && keepsHere ? 'chat.lost_here' : `chat.no_text_${absence}`)}</p>;
}
