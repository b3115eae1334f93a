import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { ChatDetail, Me } from '@/api/types';
import { modelsQuery } from '@/api/models';
import { IconButton } from '@/ui/button';
import { useFailureText } from '@/ui/failure';
import { ChatHeader } from './chat-header';
import { Composer } from './composer';
import { summarise, withoutOldWarnings } from './decision';
import { KeptHere } from './kept-here';
import { decisionOf, textOf, type ShownMessage } from './message';
import { MessageView } from './message-view';
import { useConversation } from './use-conversation';

/** How an answer that no longer streams came to its end. */
function endOf(answer: ShownMessage): 'complete' | 'stopped' | 'failed' | 'blocked' {
  const status = answer.metadata?.status;
  if (status === 'unknown') return 'failed';
  return status === undefined || status === 'streaming' ? 'complete' : status;
}

/** How near the end, in pixels, counts as reading along. */
const nearEnd = 80;

export function Conversation({ me, initial }: { me: Me; initial: ChatDetail }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { data: models } = useSuspenseQuery(modelsQuery);
  const [model, setModel] = useState(() => (models.some(({ name }) => name === initial.chat.model) ? initial.chat.model : (models[0]?.name ?? '')));
  const { messages, busy, waiting, error, keepsHere, ask, again, halt } = useConversation(me, initial, model);
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const lastText = messages.at(-1);

  useEffect(() => {
    const pane = scroller.current;
    if (pane && following) pane.scrollTop = pane.scrollHeight;
  }, [lastText, following, error]);

  const decided = messages.map((message, at) => decisionOf(message, messages[at + 1]));
  const decisions = decided.map((decision, at) => decision && withoutOldWarnings(decision, decided.slice(0, at).filter((one) => one !== null)));
  const marks = decisions.some((decision) => decision && (summarise(decision, 'prompt').outcome === 'redact' || summarise(decision, 'response').outcome === 'redact'));
  const last = messages.at(-1);
  const thinking = busy && (waiting || (last?.role === 'assistant' && textOf(last) === ''));

  return (
    <div className="flex h-full min-h-0 flex-col">
      <ChatHeader me={me} chatId={initial.chat.id} fallback={initial.chat} />
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t('chat.conversation')}
        onScroll={({ currentTarget: pane }) => setFollowing(pane.scrollHeight - pane.scrollTop - pane.clientHeight < nearEnd)}
        className="relative min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
      >
        <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 py-6">
          {messages.map((message, at) => {
            const isLast = at === messages.length - 1;
            return (
              <MessageView
                key={message.id}
                message={message}
                decision={decisions[at] ?? null}
                keepsHere={keepsHere}
                marks={marks}
                reader={me.user.id}
                live={busy && isLast && message.role === 'assistant'}
                onAgain={isLast && !busy && initial.actions.includes('WRI') && message.role === 'assistant' ? again : undefined}
              />
            );
          })}
          {thinking && (
            <p className="flex items-center gap-1.5 text-xs text-ink-faint">
              <span aria-hidden className="flex gap-1">
                <span className="size-1.5 animate-pulse-soft rounded-full bg-ink-faint" />
                <span className="size-1.5 animate-pulse-soft rounded-full bg-ink-faint [animation-delay:200ms]" />
                <span className="size-1.5 animate-pulse-soft rounded-full bg-ink-faint [animation-delay:400ms]" />
              </span>
              {t('chat.thinking')}
            </p>
          )}
          {error && (
            <p role="alert" className="rounded-lg border border-danger/30 bg-danger-soft px-3 py-2 text-sm text-danger">
              {failureText(error)}
            </p>
          )}
        </div>
      </div>
      <p role="status" className="sr-only">
        {busy ? t('chat.answering') : error ? t('chat.ended_failed') : last?.role === 'assistant' ? t(`chat.ended_${endOf(last)}`) : ''}
      </p>
      <div className="relative shrink-0 px-3 pb-1 sm:px-4">
        {!following && (
          <IconButton
            label={t('chat.to_end')}
            onClick={() => setFollowing(true)}
            className="!absolute -top-11 left-1/2 !size-8 -translate-x-1/2 rounded-full border border-line bg-raised shadow-pop"
          >
            <ArrowDown />
          </IconButton>
        )}
        {initial.actions.includes('WRI') ? (
          <Composer
            models={models}
          model={model}
          onModel={setModel}
          onSend={(text) => {
            setFollowing(true);
            ask(text);
          }}
          onStop={busy ? () => void halt() : undefined}
          busy={busy}
          note={<KeptHere shown={keepsHere} />}
          />
        ) : (
          <p className="pb-3 text-center text-xs text-ink-faint">{t('chat.read_only')}</p>
        )}
      </div>
    </div>
  );
}
