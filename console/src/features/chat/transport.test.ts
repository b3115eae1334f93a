import type { UIMessageChunk } from 'ai';
import { describe, expect, it } from 'vitest';
import { hasCode } from '@/api/errors';
import { failingByWord } from './transport';

async function read(...chunks: UIMessageChunk[]): Promise<{ seen: UIMessageChunk[]; failure: unknown }> {
  const seen: UIMessageChunk[] = [];
  const stream = new ReadableStream<UIMessageChunk>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const reader = stream.pipeThrough(failingByWord()).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) seen.push(next.value);
    return { seen, failure: null };
  } catch (failure) {
    return { seen, failure };
  }
}

describe('the stream of an answer', () => {
  it('ends with the words in which the server said that it failed, behind all that came before', async () => {
    const { seen, failure } = await read({ type: 'start' }, { type: 'start-step' }, { type: 'error', errorText: 'The provider answered with status 500' });
    expect(seen).toEqual([{ type: 'start' }, { type: 'start-step' }]);
    expect(failure).toMatchObject({ message: 'The provider answered with status 500' });
    expect(hasCode(failure, 'answer_failed')).toBe(true);
  });

  it('is left as it is otherwise', async () => {
    expect(await read({ type: 'start' }, { type: 'finish' })).toEqual({ seen: [{ type: 'start' }, { type: 'finish' }], failure: null });
  });
});
