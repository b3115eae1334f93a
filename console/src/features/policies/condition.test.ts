import { describe, expect, it } from 'vitest';
import type { Condition } from '@/api/types';
import { emptyGroup, emptyLeaf, fromCondition, fromRoot, incomplete, leafKinds, toCondition, toRoot } from './condition';

const trees: Condition[] = [
  {},
  { detectors: { names: ['cpf', 'email'], min_score: 0.8, min_count: 2 } },
  { phrases: { texts: ['project aurora'], whole_word: false, min_count: 3 } },
  { regexes: { patterns: ['\\d{1,3}', 'x'], case_sensitive: true, min_count: 1 } },
  { roles: ['UR'] },
  { models: ['demo/echo', 'openai/*'] },
  { providers: ['demo'] },
  { workspaces: ['w'] },
  { stamps: ['PII', 'FIN'] },
  { none: [{ roles: ['OA'] }] },
  { none: [{ roles: ['OA'] }, { models: ['m'] }] },
  { none: [{ all: [{ roles: ['OA'] }, { models: ['m'] }] }] },
  { all: [{ any: [{ roles: ['UR'] }, { stamps: ['COF'] }] }, { none: [{ all: [{ models: ['m'] }, { none: [{ roles: ['WM'] }] }] }] }] },
];

describe('a condition in the editor', () => {
  it.each(trees.map((tree) => [JSON.stringify(tree), tree] as const))('comes back as it went in: %s', (_, tree) => {
    expect(toCondition(fromCondition(tree))).toEqual(tree);
    expect(fromRoot(toRoot(tree))).toEqual(tree);
  });

  it('says as several statements what one object says at once', () => {
    expect(fromRoot(toRoot({ roles: ['UR'], models: ['m'], none: [{ stamps: ['PII'] }] }))).toEqual({ all: [{ none: [{ stamps: ['PII'] }] }, { roles: ['UR'] }, { models: ['m'] }] });
  });

  it('has no double negation', () => {
    expect(toCondition(fromCondition({ none: [{ none: [{ roles: ['UR'] }] }] }))).toEqual({ roles: ['UR'] });
  });

  it('keeps "none" around a single group', () => {
    const tree: Condition = { none: [{ any: [{ roles: ['UR'] }, { roles: ['WM'] }] }] };
    expect(fromRoot(toRoot(tree))).toEqual(tree);
  });

  it('sends the defaults for what was left empty', () => {
    const leaf = emptyLeaf('detectors');
    expect(fromRoot(emptyGroup('all', [leaf]))).toEqual({ detectors: { names: [], min_score: 0.4, min_count: 1 } });
  });

  it.each(leafKinds)('is incomplete while %s says nothing', (kind) => {
    const leaf = emptyLeaf(kind);
    expect(incomplete(emptyGroup('all', [leaf]))).toEqual([leaf.id]);
  });

  it('is incomplete with an empty group, but not without any condition', () => {
    const empty = emptyGroup('any');
    expect(incomplete(emptyGroup('all', [empty, fromCondition({ roles: ['UR'] })]))).toEqual([empty.id]);
    expect(incomplete(emptyGroup('all'))).toEqual([]);
    expect(incomplete(empty)).toEqual([empty.id]);
  });
});
