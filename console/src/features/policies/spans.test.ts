import { describe, expect, it } from 'vitest';
import { moved } from './order';
import { spansOf, type Match } from './spans';

const match = (begin: number, end: number, detector = 'cpf'): Match => ({ rule_name: 'rule', detector, begin, end, score: 1, outcome: 'redact' });

describe('matches laid over a text', () => {
  it('are cut at code points, not at UTF-16 units', () => {
    const text = '😀é my cpf';
    expect(spansOf(text, [match(3, 5)]).find(({ matches }) => matches.length > 0)?.text).toBe('my');
  });

  it('give the whole text back, whatever they are', () => {
    const text = 'a😀bc\u0301d';
    for (let begin = 0; begin <= 7; begin++)
      for (let end = begin; end <= 9; end++) {
        expect(spansOf(text, [match(begin, end), match(1, 3)]).map((span) => span.text).join('')).toBe(text);
      }
  });

  it('share the piece where they overlap', () => {
    const spans = spansOf('abcdef', [match(0, 4, 'one'), match(2, 6, 'two')]);
    expect(spans.map(({ text, matches }) => [text, matches.map(({ detector }) => detector)])).toEqual([
      ['ab', ['one']],
      ['cd', ['one', 'two']],
      ['ef', ['two']],
    ]);
  });
});

describe('moving a rule', () => {
  it('moves down and up', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
  it('loses nothing at the ends', () => {
    expect(moved(['a', 'b'], 1, 9)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 7, 0)).toEqual(['a', 'b']);
  });
});
