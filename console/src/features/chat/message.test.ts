import { describe, expect, it } from 'vitest';
import type { Decision, Message } from '@/api/types';
import { absenceOf, decisionOf, historyFor, titleFrom, toShown, usageOf, withMetadata, withRefused, type ShownMessage } from './message';

const decision = (outcome: Decision['outcome']): Decision => ({ outcome, rules: [], detectors: [], stamps: [] });
const said = (id: string, role: 'user' | 'assistant', text: string): ShownMessage => ({ id, role, parts: [{ type: 'text', text }], metadata: {} });

describe('a prompt that was refused', () => {
  const refused = withMetadata(said('no', 'user', 'refused'), { status: 'blocked' });

  it('stays where it was asked when the server tells what it stored', () => {
    const shown = [said('1', 'user', 'one'), said('2', 'assistant', 'two'), refused, said('3', 'user', 'three'), said('live', 'assistant', 'four')];
    const stored = [said('1', 'user', 'one'), said('2', 'assistant', 'two'), said('3', 'user', 'three'), said('4', 'assistant', 'four')];
    expect(withRefused(stored, shown).map(({ id }) => id)).toEqual(['1', '2', 'no', '3', '4']);
  });

  it('is not there twice when it was stored', () => {
    expect(withRefused([refused], [refused])).toEqual([refused]);
  });
});

describe('the history sent to the model', () => {
  const conversation = [said('1', 'user', 'one'), said('2', 'assistant', 'two'), withMetadata(said('3', 'user', 'refused'), { status: 'blocked' }), said('4', 'user', 'four')];

  it('is the whole conversation, without what was refused, where the server keeps none', () => {
    expect(historyFor(conversation, true).map(({ id }) => id)).toEqual(['1', '2', '4']);
  });

  it('is the last question alone where the server has its own', () => {
    expect(historyFor(conversation, false).map(({ id }) => id)).toEqual(['4']);
  });

  it('carries texts and nothing else', () => {
    const answer: ShownMessage = { id: 'a', role: 'assistant', parts: [{ type: 'data-decision', id: 'response', data: decision('allow') }, { type: 'text', text: 'hi' }], metadata: { status: 'complete' } };
    expect(historyFor([answer], true)).toEqual([{ id: 'a', role: 'assistant', parts: [{ type: 'text', text: 'hi' }] }]);
  });

  it('is empty rather than wrong when there is no question', () => {
    expect(historyFor([], false)).toEqual([]);
  });
});

describe('the decision on a message', () => {
  const answer: ShownMessage = {
    id: 'a',
    role: 'assistant',
    parts: [
      { type: 'data-decision', id: 'prompt', data: decision('redact') },
      { type: 'data-decision', id: 'response', data: decision('warn') },
    ],
    metadata: {},
  };

  it('of a question comes with the stream of its answer', () => {
    expect(decisionOf(said('q', 'user', 'x'), answer)?.outcome).toBe('redact');
  });

  it('of an answer is the one about the response', () => {
    expect(decisionOf(answer, undefined)?.outcome).toBe('warn');
  });

  it('is the stored one once there is one', () => {
    expect(decisionOf(withMetadata(answer, { decision: decision('allow') }), undefined)?.outcome).toBe('allow');
  });
});

describe('a stored message', () => {
  it('without text is marked as lost and has no usage before it is metered', () => {
    const shown = toShown({ id: 'm', role: 'user', status: 'complete', text: null, model: '', input_tokens: 0, output_tokens: 0, cost: 0, decision: null, created_at: '2026-01-01T00:00:00Z' });
    expect(shown.metadata?.lost).toBe(true);
    expect(usageOf(shown)).toBeNull();
  });
});

describe('a message without text', () => {
  const empty = (status: Message['status'], text: string | null = null, output_tokens = 0): ShownMessage =>
    toShown({ id: 'm', role: 'assistant', status, text, model: 'm', input_tokens: 5, output_tokens, cost: 0, decision: null, created_at: '2026-01-01T00:00:00Z' });

  it('is no answer where there was none, and says why', () => {
    expect((['failed', 'stopped', 'blocked'] as const).map((status) => absenceOf(empty(status), false))).toEqual(['none', 'stopped', 'blocked']);
    expect(absenceOf(empty('complete', ''), false)).toBe('none');
    expect(absenceOf({ id: 'live', role: 'assistant', parts: [] }, false)).toBe('none');
  });

  it('is lost where there was one', () => {
    expect(absenceOf(empty('complete'), false)).toBe('lost');
    expect(absenceOf(empty('stopped', null, 7), true)).toBe('lost');
    expect(absenceOf(empty('stopped', null, 0), true)).toBe('stopped');
    expect(absenceOf(said('q', 'user', ''), false)).toBe('lost');
  });
});

describe('a title', () => {
  it('is the text when that is short', () => expect(titleFrom('  Hello\n world ')).toBe('Hello world'));
  it('ends at a word when it is not', () => expect(titleFrom('word '.repeat(30))).toMatch(/^(word )+word…$/));
  it('ends somewhere even when there is no word to end at', () => expect(titleFrom('x'.repeat(200)).length).toBeLessThanOrEqual(61));
});
