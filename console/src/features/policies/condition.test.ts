import { describe, expect, it } from 'vitest';
import type { Condition } from '@/api/types';
import { emptyGroup, emptyLeaf, fromCondition, fromRoot, incomplete, leafKinds, toCondition, toRoot } from './condition';

const trees: Condition[] = [
  { detectors: { names: ['cpf', 'email'], min_score: 0.8, min_count: 2 } },
  { detectors: { names: ['cpf'] } },
  { phrases: { any: ['project aurora'], whole_word: true } },
  { regex: { pattern: '\\d+' } },
  { role: { any: ['UR'] } },
  { model: { any: ['demo/echo'] } },
  { workspace: { any: ['w'] } },
  { not: { role: { any: ['OA'] } } },
  { all: [{ any: [{ phrases: { any: ['a'], whole_word: false } }, { regex: { pattern: 'b' } }] }, { not: { all: [{ model: { any: ['m'] } }, { not: { role: { any: ['WM'] } } }] } }] },
];

describe('a condition in the editor', () => {
  it.each(trees.map((tree) => [JSON.stringify(tree), tree] as const))('comes back as it went in: %s', (_, tree) => {
    expect(toCondition(fromCondition(tree))).toEqual(tree);
    expect(fromRoot(toRoot(tree))).toEqual(tree);
  });

  it('has no double negation', () => {
    expect(toCondition(fromCondition({ not: { not: { role: { any: ['UR'] } } } }))).toEqual({ role: { any: ['UR'] } });
  });

  it('keeps the negation of a group around a single statement', () => {
    const tree: Condition = { not: { any: [{ role: { any: ['UR'] } }] } };
    expect(fromRoot(toRoot(tree))).toEqual(tree);
  });

  it.each(leafKinds)('is incomplete while %s says nothing', (kind) => {
    const leaf = emptyLeaf(kind);
    expect(incomplete(emptyGroup('all', [leaf]))).toEqual([leaf.id]);
  });

  it('is incomplete with an empty group', () => {
    const empty = emptyGroup('any');
    expect(incomplete(emptyGroup('all', [empty, fromCondition({ regex: { pattern: 'x' } })]))).toEqual([empty.id]);
  });
});
