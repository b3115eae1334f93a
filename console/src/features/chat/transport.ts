// The AI SDK's way to our chat endpoints, over the same guarded `send` as every other request.
import './no-eval';
import { DefaultChatTransport, type UIMessageChunk } from 'ai';
import { send } from '@/api/client';
import { ApiError } from '@/api/errors';
import { historyFor, type ShownMessage } from './message';

interface Options {
  chat: string;
  /** Whether the server has no history of its own and is sent ours. */
  sendsHistory: boolean;
}

/** Ends a stream at the server's word that the answer failed, so that this word is told from what else may break. */
export function failingByWord(): TransformStream<UIMessageChunk, UIMessageChunk> {
  return new TransformStream({
    transform: (chunk, controller) => {
      if (chunk.type === 'error') throw new ApiError(200, 'answer_failed', chunk.errorText, null, null);
      controller.enqueue(chunk);
    },
  });
}

class Transport extends DefaultChatTransport<ShownMessage> {
  protected override processResponseStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<UIMessageChunk> {
    return super.processResponseStream(stream).pipeThrough(failingByWord());
  }
}

export function chatTransport({ chat, sendsHistory }: Options): DefaultChatTransport<ShownMessage> {
  const path = `/api/chats/${chat}`;
  return new Transport({
    fetch: send,
    prepareSendMessagesRequest: ({ id, messages, trigger, messageId, body }) => ({
      api: `${path}/messages`,
      body: { id, messages: historyFor(messages, sendsHistory), trigger, ...(messageId ? { messageId } : {}), ...body },
    }),
    prepareReconnectToStreamRequest: () => ({ api: `${path}/stream` }),
  });
}
