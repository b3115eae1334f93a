// A message as the chat shows it: the AI SDK's shape, with what Gatehouse knows about it.
import type { UIMessage } from 'ai';
import type { Decision, Message } from '@/api/types';

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cost: number;
  model: string;
  latency_ms: number | null;
}

interface Metadata {
  status: Message['status'];
  decision: Decision | null;
  usage: Usage | null;
  created_at: string;
  /** The text was not kept, neither here nor there. */
  lost: boolean;
  asked_by: Message['asked_by'];
}

export type ShownMessage = UIMessage<Partial<Metadata>, { decision: Decision; usage: Usage }>;

export function toShown(message: Message): ShownMessage {
  const usage: Usage | null =
    message.role === 'user' || message.input_tokens + message.output_tokens === 0
      ? null
      : { input_tokens: message.input_tokens, output_tokens: message.output_tokens, cost: message.cost, model: message.model, latency_ms: null };
  const text = message.text ?? null;
  return {
    id: message.id,
    role: message.role,
    parts: text === null ? [] : [{ type: 'text', text }],
    metadata: { status: message.status, decision: message.decision ?? null, usage, created_at: message.created_at, lost: text === null, asked_by: message.asked_by },
  };
}

export function textOf(message: ShownMessage): string {
  return message.parts.reduce((text, part) => (part.type === 'text' ? text + part.text : text), '');
}

/**
 * Why a message shows no text: there was one that is not here (`lost`), the answer was `stopped` or `blocked` before it had
 * any, or there was `none`. `keepsHere`: the server has no text of any message, so that only tokens tell of one.
 */
export function absenceOf(message: ShownMessage, keepsHere: boolean): 'lost' | 'none' | 'stopped' | 'blocked' {
  const { status, lost } = message.metadata ?? {};
  if (message.role === 'user' || (keepsHere && (usageOf(message)?.output_tokens ?? 0) > 0)) return 'lost';
  if (status === 'stopped' || status === 'blocked') return status;
  return lost && status !== 'failed' ? 'lost' : 'none';
}

/** The decision on an answer, or with `prompt` the one its stream carried about the question before it. */
function streamed(message: ShownMessage, about: 'prompt' | 'response'): Decision | null {
  for (const part of message.parts) {
    if (part.type === 'data-decision' && (part.id === 'response') === (about === 'response')) return part.data;
  }
  return null;
}

/** What the policy did to this message. A question's decision arrives in the stream of its answer. */
export function decisionOf(message: ShownMessage, next: ShownMessage | undefined): Decision | null {
  if (message.metadata?.decision) return message.metadata.decision;
  if (message.role === 'assistant') return streamed(message, 'response');
  return next?.role === 'assistant' ? streamed(next, 'prompt') : null;
}

export function usageOf(message: ShownMessage): Usage | null {
  if (message.metadata?.usage) return message.metadata.usage;
  for (const part of message.parts) if (part.type === 'data-usage') return part.data;
  return null;
}

export function withMetadata(message: ShownMessage, metadata: Partial<Metadata>): ShownMessage {
  return { ...message, metadata: { ...message.metadata, ...metadata } };
}

/** What the model may see of the conversation: texts only, and nothing that a rule refused. */
export function historyFor(messages: readonly ShownMessage[], everything: boolean): { id: string; role: string; parts: { type: 'text'; text: string }[] }[] {
  const sendable = messages.filter((message) => message.metadata?.status !== 'blocked' && textOf(message) !== '');
  const lastUser = sendable.findLastIndex(({ role }) => role === 'user');
  const chosen = everything ? sendable : sendable.slice(lastUser, lastUser + 1);
  return chosen.map((message) => ({ id: message.id, role: message.role, parts: [{ type: 'text', text: textOf(message) }] }));
}

/**
 * What the server stored, with the prompts that only this page knows (refused before they became messages) where they were
 * asked: behind as many messages as stood before them.
 */
export function withRefused(stored: readonly ShownMessage[], shown: readonly ShownMessage[]): ShownMessage[] {
  const known = new Set(stored.map(({ id }) => id));
  const isRefused = (message: ShownMessage) => message.role === 'user' && message.metadata?.status === 'blocked' && !known.has(message.id);
  const result = [...stored];
  shown.forEach((message, at) => {
    if (isRefused(message)) result.splice(Math.min(at, result.length), 0, message);
  });
  return result;
}

/** A title out of the first words of a text. */
export function titleFrom(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line.length <= 60) return line;
  const cut = line.slice(0, 60);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 30))}…`;
}
