// A rule's condition as the form edits it: groups of statements, each of which may be negated. The wire's tree has a node
// for every "not"; here it is a switch, so that nobody has to nest boxes to say "is not".
import type { Condition } from '@/api/types';

export type GroupMode = 'all' | 'any';
export const leafKinds = ['detectors', 'phrases', 'regex', 'role', 'model', 'workspace'] as const;
export type LeafKind = (typeof leafKinds)[number];

interface Common {
  id: string;
  negated: boolean;
}

export type Group = Common & { kind: 'group'; mode: GroupMode; children: Node[] };
export type Leaf = Common &
  (
    | { kind: 'detectors'; names: string[]; min_score: number | null; min_count: number | null }
    | { kind: 'phrases'; any: string[]; whole_word: boolean }
    | { kind: 'regex'; pattern: string }
    | { kind: 'role' | 'model' | 'workspace'; any: string[] }
  );
export type Node = Group | Leaf;

let serial = 0;
const identity = (negated: boolean): Common => ({ id: `node-${++serial}`, negated });

export function emptyLeaf(kind: LeafKind): Leaf {
  const common = identity(false);
  switch (kind) {
    case 'detectors':
      return { ...common, kind, names: [], min_score: null, min_count: null };
    case 'phrases':
      return { ...common, kind, any: [], whole_word: true };
    case 'regex':
      return { ...common, kind, pattern: '' };
    default:
      return { ...common, kind, any: [] };
  }
}

export function emptyGroup(mode: GroupMode, children: Node[] = []): Group {
  return { ...identity(false), kind: 'group', mode, children };
}

export function fromCondition(condition: Condition, negated = false): Node {
  if (condition.not) return fromCondition(condition.not, !negated);
  const common = identity(negated);
  if (condition.all) return { ...common, kind: 'group', mode: 'all', children: condition.all.map((child) => fromCondition(child)) };
  if (condition.any) return { ...common, kind: 'group', mode: 'any', children: condition.any.map((child) => fromCondition(child)) };
  if (condition.detectors) {
    const { names, min_score, min_count } = condition.detectors;
    return { ...common, kind: 'detectors', names, min_score: min_score ?? null, min_count: min_count ?? null };
  }
  if (condition.phrases) return { ...common, kind: 'phrases', any: condition.phrases.any, whole_word: condition.phrases.whole_word ?? false };
  if (condition.regex) return { ...common, kind: 'regex', pattern: condition.regex.pattern };
  if (condition.role) return { ...common, kind: 'role', any: condition.role.any };
  if (condition.model) return { ...common, kind: 'model', any: condition.model.any };
  return { ...common, kind: 'workspace', any: condition.workspace?.any ?? [] };
}

export function toCondition(node: Node): Condition {
  const positive = positiveOf(node);
  return node.negated ? { not: positive } : positive;
}

function positiveOf(node: Node): Condition {
  switch (node.kind) {
    case 'group':
      return node.mode === 'all' ? { all: node.children.map(toCondition) } : { any: node.children.map(toCondition) };
    case 'detectors':
      return {
        detectors: {
          names: node.names,
          ...(node.min_score === null ? {} : { min_score: node.min_score }),
          ...(node.min_count === null ? {} : { min_count: node.min_count }),
        },
      };
    case 'phrases':
      return { phrases: { any: node.any, whole_word: node.whole_word } };
    case 'regex':
      return { regex: { pattern: node.pattern } };
    case 'role':
      return { role: { any: node.any } };
    case 'model':
      return { model: { any: node.any } };
    case 'workspace':
      return { workspace: { any: node.any } };
  }
}

/** The form always has one group at its root. */
export function toRoot(condition: Condition): Group {
  const node = fromCondition(condition);
  return node.kind === 'group' ? node : emptyGroup('all', [node]);
}

/** The tree without the group the form put around a single statement. */
export function fromRoot(root: Group): Condition {
  const [only, ...rest] = root.children;
  return only && rest.length === 0 && !root.negated ? toCondition(only) : toCondition(root);
}

/** The ids of the nodes that say nothing yet. */
export function incomplete(node: Node): string[] {
  switch (node.kind) {
    case 'group':
      return node.children.length === 0 ? [node.id] : node.children.flatMap(incomplete);
    case 'detectors':
      return node.names.length === 0 ? [node.id] : [];
    case 'regex':
      return node.pattern === '' ? [node.id] : [];
    default:
      return node.any.length === 0 ? [node.id] : [];
  }
}
