// One conversation: the AI SDK's stream joined with what the server stored, or with what this browser keeps.
import './no-eval';
import { useChat } from '@ai-sdk/react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { ChatDetail, Me } from '@/api/types';
import { useToast } from '@/ui/toast';
import { useKeeping, useKeepLabels } from './keeping';
import { withKeptTexts } from './keeping-store';
import { decisionOf, textOf, titleFrom, toShown, withMetadata, withRefused, type ShownMessage } from './message';
import { takePending } from './pending';
import { chatQuery, showChat, useRefreshChats } from './queries';
import { chatTransport } from './transport';
import { newId } from './uuid';

/** The stored chat as messages to show. An answer still under way is left out: its stream is replayed whole. */
export function shownOf(detail: ChatDetail, streaming: boolean): ShownMessage[] {
  return detail.messages.filter((message) => !(streaming && message.role === 'assistant' && message.status === 'streaming')).map(toShown);
}

export function useConversation(me: Me, initial: ChatDetail, model: string) {
  const chat = initial.chat.id;
  const client = useQueryClient();
  const toast = useToast();
  const keeping = useKeeping(me);
  const keepLabels = useKeepLabels(me);
  const refreshChats = useRefreshChats();
  const transport = useMemo(() => chatTransport({ chat, sendsHistory: keeping !== null }), [chat, keeping]);
  const opening = useMemo(() => shownOf(initial, initial.chat.is_streaming), [initial]);

  const { messages, setMessages, sendMessage, regenerate, resumeStream, stop, status, error, clearError } = useChat<ShownMessage>({
    id: chat,
    messages: opening,
    generateId: () => newId(),
    transport,
    experimental_throttle: 40,
    onError: (failure) => void onFailure(failure),
    onFinish: ({ message, messages: all, isAbort, isError }) => void onFinish(message, all, isAbort || isError),
  });

  const busy = status === 'submitted' || status === 'streaming';

  /** Takes over what is stored: the texts after policy, the ids, the totals. */
  async function settle(): Promise<void> {
    const detail = await body(api.GET('/api/chats/{chat_id}', { params: { path: { chat_id: chat } } }));
    const kept = keeping ? await keeping.messagesOf(chat) : [];
    const settled = { ...detail, messages: keeping ? withKeptTexts(detail.messages, kept) : detail.messages };
    client.setQueryData(chatQuery(chat).queryKey, detail);
    setMessages((shown) => withRefused(shownOf(settled, detail.chat.is_streaming), shown));
    showChat(client, detail.chat);
    await nameChat(settled);
    refreshChats();
  }

  /** Titles come from the stored text, so that a title never says what the text may not. */
  async function nameChat(detail: ChatDetail): Promise<void> {
    const first = detail.messages.find(({ role, status: state, text }) => role === 'user' && state !== 'blocked' && text);
    if (!first?.text) return;
    if (keeping && keepLabels) {
      if (!(await keeping.labels()).titles.has(chat)) await keepLabels.keepTitle(chat, titleFrom(first.text));
    } else if (detail.chat.title == null) {
      showChat(client, await body(api.PATCH('/api/chats/{chat_id}', { params: { path: { chat_id: chat } }, body: { title: titleFrom(first.text) } })));
    }
  }

  async function keep(message: ShownMessage, state: 'complete' | 'blocked' | 'stopped' | 'failed'): Promise<void> {
    const text = textOf(message);
    if (!keeping || text === '' || message.role === 'system') return;
    const created_at = message.metadata?.created_at ?? new Date().toISOString();
    await keeping.keepMessage({ id: message.id, chat_id: chat, role: message.role, text, status: state, decision: decisionOf(message, undefined), created_at });
  }

  async function onFinish(answer: ShownMessage, all: ShownMessage[], interrupted: boolean): Promise<void> {
    try {
      const question = all.findLast(({ role }) => role === 'user');
      if (question && question.metadata?.status !== 'blocked') await keep(question, 'complete');
      if (answer.role === 'assistant') await keep(answer, interrupted ? 'stopped' : 'complete');
      if (!refused.current) await settle();
    } catch (failure) {
      toast.failed(failure);
    }
  }

  const refused = useRef(false);

  async function onFailure(failure: Error): Promise<void> {
    const decision = failure instanceof ApiError && failure.code === 'policy_blocked' ? failure.decision : null;
    if (!decision) return;
    refused.current = true;
    setMessages((shown) => {
      const at = shown.findLastIndex(({ role }) => role === 'user');
      return shown.map((message, index) => (index === at ? withMetadata(message, { status: 'blocked', decision }) : message));
    });
    const question = last.current;
    if (question) await keep(withMetadata(question, { status: 'blocked', decision }), 'blocked');
    clearError();
    refreshChats();
  }

  const last = useRef<ShownMessage | null>(null);

  function ask(text: string, withModel: string = model): void {
    refused.current = false;
    const question: ShownMessage = {
      id: newId(),
      role: 'user',
      parts: [{ type: 'text', text }],
      metadata: { status: 'complete', created_at: new Date().toISOString() },
    };
    last.current = question;
    if (keeping) void keep(question, 'complete');
    void sendMessage(question, { body: { model: withModel } });
  }

  function again(): void {
    refused.current = false;
    void regenerate({ body: { model } });
  }

  const open = useEffectEvent(() => {
    const pending = takePending(chat);
    if (pending) ask(pending.text, pending.model);
    else if (initial.chat.is_streaming) void resumeStream();
  });
  useEffect(() => open(), []);

  // What was redacted shows as soon as the decision is known, not only after the answer.
  const redactedEarly = useRef<string | null>(null);
  const question = messages.findLast(({ role }) => role === 'user');
  const answer = messages.at(-1);
  const outcome = question && answer?.role === 'assistant' ? decisionOf(question, answer)?.outcome : undefined;
  const showRedacted = useEffectEvent(async (id: string) => {
    if (keeping || redactedEarly.current === id) return;
    redactedEarly.current = id;
    try {
      const { messages: stored } = await body(api.GET('/api/chats/{chat_id}', { params: { path: { chat_id: chat } } }));
      const text = stored.findLast(({ role }) => role === 'user')?.text;
      if (text) setMessages((shown) => shown.map((message) => (message.id === id ? { ...message, parts: [{ type: 'text', text }] } : message)));
    } catch {
      // The whole chat is read again when the answer ends; until then the prompt stays as typed.
      redactedEarly.current = null;
    }
  });
  const questionId = question?.id;
  useEffect(() => {
    if (busy && outcome === 'redact' && questionId) void showRedacted(questionId);
  }, [busy, outcome, questionId]);

  return {
    messages,
    busy,
    waiting: status === 'submitted',
    error: error ?? null,
    keepsHere: keeping !== null,
    ask,
    again,
    halt: async () => {
      try {
        await api.POST('/api/chats/{chat_id}/stop', { params: { path: { chat_id: chat } } });
      } catch (failure) {
        toast.failed(failure);
      }
      await stop();
    },
  };
}
