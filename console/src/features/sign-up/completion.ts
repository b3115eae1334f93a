// One question to the models' API, as an application asks it, with the answer as it streams.
import { send } from '@/api/client';
import { ApiError } from '@/api/errors';

interface Chunk {
  choices?: { delta?: { content?: string } }[];
  error?: { message?: string; code?: string };
}

/** Calls `onText` with the answer so far. Throws `ApiError` if the model could not be asked or failed on the way. */
export async function ask(model: string, question: string, onText: (text: string) => void): Promise<string> {
  const response = await send('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: question }] }),
  });
  let text = '';
  let rest = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const read = await reader?.read();
    if (!read || read.done) return text;
    rest += read.value;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ') || line.startsWith('data: [DONE]')) continue;
      const chunk = JSON.parse(line.slice('data: '.length)) as Chunk;
      if (chunk.error) throw new ApiError(200, chunk.error.code ?? 'answer_failed', chunk.error.message ?? '', null, null);
      text += chunk.choices?.[0]?.delta?.content ?? '';
      onText(text);
    }
  }
}
