import { describe, expect, it } from 'vitest';
import type { Condition } from '@/api/types';
import { toRoot, type Node } from './condition';
import { newDraft, type Draft } from './draft';
import { refusalsOf } from './refusals';

const regexes = (...patterns: string[]): Condition => ({ regexes: { patterns, case_sensitive: false, min_count: 1 } });
const phrases = (...texts: string[]): Condition => ({ phrases: { texts, whole_word: true, min_count: 1 } });
const draft = (condition: Condition): Draft => ({ ...newDraft(), root: toRoot(condition) });
const bad = (pointer: string) => ({ pointer, code: 'invalid_regex', message: 'missing )' });
const places = (condition: Condition, pointer: string) => {
  const { nodes, complete } = refusalsOf([bad(pointer)], draft(condition));
  return { at: [...nodes].map(([node, { value }]: [Node, { value: string | undefined }]) => [node.kind, value]), complete };
};

describe('what the server refused of a rule', () => {
  it('is found at the pattern, wherever its statement stands', () => {
    expect(places(regexes('a', '('), '/condition/regexes/patterns/1')).toEqual({ at: [['regexes', '(']], complete: true });
    expect(places({ none: [regexes('(')] }, '/condition/none/0/regexes/patterns/0')).toEqual({ at: [['regexes', '(']], complete: true });
    expect(places({ all: [phrases('x'), { any: [phrases('y'), { none: [regexes('b', '(')] }] }] }, '/condition/all/1/any/1/none/0/regexes/patterns/1')).toEqual({ at: [['regexes', '(']], complete: true });
    expect(places({ none: [phrases('x'), regexes('(')] }, '/condition/none/1/regexes/patterns/0')).toEqual({ at: [['regexes', '(']], complete: true });
  });

  it('is found at the statement or the group when it is about all of that', () => {
    expect(places(phrases('x'), '/condition/phrases/min_count')).toEqual({ at: [['phrases', undefined]], complete: true });
    expect(places({ any: [phrases('x'), phrases('y')] }, '/condition')).toEqual({ at: [['group', undefined]], complete: true });
  });

  it('is said at the fields of the rule', () => {
    expect(refusalsOf([{ pointer: '/name', code: 'taken', message: 'is taken' }], newDraft())).toMatchObject({ name: 'is taken', complete: true });
  });

  it('says when something has no place in the form', () => {
    expect(refusalsOf([bad('/condition/regexes/patterns/0'), { pointer: '', code: 'x', message: 'the rule other: no' }], draft(regexes('('))).complete).toBe(false);
    expect(places({ any: [phrases('x'), phrases('y')] }, '/condition/any/7/phrases').complete).toBe(false);
    expect(refusalsOf([], newDraft()).complete).toBe(false);
  });
});
