// The rule as the form holds it, and as the wire wants it.
import type { Rule, RuleDraft } from '@/api/types';
import { emptyGroup, emptyLeaf, fromRoot, incomplete, toRoot, type Group } from './condition';

export interface Draft extends Omit<RuleDraft, 'condition' | 'redaction'> {
  root: Group;
  operator: Rule['redaction']['operator'];
  replacement: string;
}

export function newDraft(): Draft {
  return {
    name: '',
    state: 'shadow',
    directions: ['prompt', 'response'],
    outcome: 'redact',
    message: '',
    operator: 'mask',
    replacement: '',
    workspace_id: null,
    root: emptyGroup('all', [emptyLeaf('detectors')]),
  };
}

export function draftOf(rule: Rule): Draft {
  const { name, state, directions, outcome, message, workspace_id, redaction, condition } = rule;
  return { name, state, directions, outcome, message, workspace_id, operator: redaction.operator, replacement: redaction.replacement ?? '', root: toRoot(condition) };
}

export function toWire(draft: Draft): RuleDraft {
  const { name, state, directions, outcome, message, workspace_id, operator, replacement, root } = draft;
  return {
    name: name.trim(),
    state,
    directions,
    outcome,
    message: message.trim(),
    workspace_id: workspace_id ?? null,
    redaction: operator === 'replace' ? { operator, replacement } : { operator },
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
