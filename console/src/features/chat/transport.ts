// The AI SDK's way to our chat endpoints, over the same guarded `send` as every other request.
import './no-eval';
import { DefaultChatTransport } from 'ai';
import { send } from '@/api/client';
import { historyFor, type ShownMessage } from './message';

interface Options {
  chat: string;
  /** Whether the server has no history of its own and is sent ours. */
  sendsHistory: boolean;
}

export function chatTransport({ chat, sendsHistory }: Options): DefaultChatTransport<ShownMessage> {
  const path = `/api/chats/${chat}`;
  return new DefaultChatTransport<ShownMessage>({
    fetch: send,
    prepareSendMessagesRequest: ({ id, messages, trigger, messageId, body }) => ({
      api: `${path}/messages`,
      body: { id, messages: historyFor(messages, sendsHistory), trigger, ...(messageId ? { messageId } : {}), ...body },
    }),
    prepareReconnectToStreamRequest: () => ({ api: `${path}/stream` }),
  });
}
