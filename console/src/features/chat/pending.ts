// The first message of a chat that was just created, on its way from the empty composer to the opened chat.

export interface Pending {
  text: string;
  model: string;
}

const waiting = new Map<string, Pending>();

export function leavePending(chat: string, pending: Pending): void {
  waiting.set(chat, pending);
}

export function takePending(chat: string): Pending | undefined {
  const pending = waiting.get(chat);
  waiting.delete(chat);
  return pending;
}
