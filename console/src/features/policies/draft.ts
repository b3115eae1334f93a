// The rule as the form holds it, and as the wire wants it.
import type { Rule, RuleDraft } from '@/api/types';
import { emptyGroup, emptyLeaf, fromRoot, incomplete, toRoot, type Group } from './condition';

export interface Draft extends Omit<RuleDraft, 'condition' | 'redaction'> {
  root: Group;
  operation: Rule['redaction']['operation'];
  replacement: string;
  keep: number;
}

export function newDraft(): Draft {
  return {
    name: '',
    state: 'shadow',
    directions: ['prompt', 'response'],
    outcome: 'redact',
    message: '',
    operation: 'mask',
    replacement: '',
    keep: 4,
    stamps: [],
    workspace_id: null,
    root: emptyGroup('all', [emptyLeaf('detectors')]),
  };
}

export function draftOf(rule: Rule): Draft {
  const { name, state, directions, outcome, message, workspace_id, redaction, stamps, condition } = rule;
  return { name, state, directions, outcome, message, workspace_id, stamps, ...redaction, root: toRoot(condition) };
}

export function toWire(draft: Draft): RuleDraft {
  const { name, state, directions, outcome, message, workspace_id, stamps, operation, replacement, keep, root } = draft;
  return {
    name: name.trim(),
    state,
    directions,
    outcome,
    message: message.trim(),
    workspace_id: workspace_id ?? null,
    stamps,
    redaction: { operation, replacement, keep },
    condition: fromRoot(root),
  };
}

/** The live rule as a draft among others, for the playground. */
export function asDraft(rule: Rule): RuleDraft {
  return { ...toWire(draftOf(rule)), condition: rule.condition };
}

export interface Missing {
  name: boolean;
  directions: boolean;
  nodes: ReadonlySet<string>;
}

export function missingIn(draft: Draft): Missing {
  return { name: draft.name.trim() === '', directions: draft.directions.length === 0, nodes: new Set(incomplete(draft.root)) };
}

export function isComplete(missing: Missing): boolean {
  return !missing.name && !missing.directions && missing.nodes.size === 0;
}
