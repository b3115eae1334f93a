// A rule's condition as the form edits it: groups of statements, each of which says one thing and may be negated. On the
// wire one object may say several things, all of which must hold; here each is a statement of its own.
import type { Condition } from '@/api/types';

export const groupModes = ['all', 'any', 'none'] as const;
export type GroupMode = (typeof groupModes)[number];
export const valueKinds = ['roles', 'models', 'providers', 'workspaces', 'stamps'] as const;
export type ValueKind = (typeof valueKinds)[number];
export const leafKinds = ['detectors', 'phrases', 'regexes', ...valueKinds] as const;
export type LeafKind = (typeof leafKinds)[number];

export const defaultScore = 0.4;
export const defaultCount = 1;

export interface Group {
  id: string;
  kind: 'group';
  mode: GroupMode;
  children: Node[];
}
/** Null stands for the default while the field is empty. */
type Counted = { min_count: number | null };
export type Leaf = { id: string; negated: boolean } & (
  | ({ kind: 'detectors'; names: string[]; min_score: number | null } & Counted)
  | ({ kind: 'phrases'; texts: string[]; whole_word: boolean } & Counted)
  | ({ kind: 'regexes'; patterns: string[]; case_sensitive: boolean } & Counted)
  | { kind: ValueKind; values: string[] }
);
export type Node = Group | Leaf;

let serial = 0;
const identity = () => `node-${++serial}`;

export function emptyLeaf(kind: LeafKind): Leaf {
  const common = { id: identity(), negated: false };
  switch (kind) {
    case 'detectors':
      return { ...common, kind, names: [], min_score: null, min_count: null };
    case 'phrases':
      return { ...common, kind, texts: [], whole_word: true, min_count: null };
    case 'regexes':
      return { ...common, kind, patterns: [], case_sensitive: false, min_count: null };
    default:
      return { ...common, kind, values: [] };
  }
}

export function emptyGroup(mode: GroupMode, children: Node[] = []): Group {
  return { id: identity(), kind: 'group', mode, children };
}

function partsOf(condition: Condition): Node[] {
  const { detectors, phrases, regexes } = condition;
  const parts: Node[] = [];
  for (const mode of groupModes) {
    const children = condition[mode]?.map(fromCondition);
    if (!children) continue;
    const [only, ...rest] = children;
    const negatable = mode === 'none' && only && rest.length === 0 && only.kind !== 'group';
    parts.push(negatable ? { ...only, negated: !only.negated } : emptyGroup(mode, children));
  }
  const common = () => ({ id: identity(), negated: false });
  if (detectors) parts.push({ ...common(), kind: 'detectors', ...detectors });
  if (phrases) parts.push({ ...common(), kind: 'phrases', ...phrases });
  if (regexes) parts.push({ ...common(), kind: 'regexes', ...regexes });
  for (const kind of valueKinds) {
    const values = condition[kind];
    if (values) parts.push({ ...common(), kind, values });
  }
  return parts;
}

export function fromCondition(condition: Condition): Node {
  const parts = partsOf(condition);
  const [only, ...rest] = parts;
  return only && rest.length === 0 ? only : emptyGroup('all', parts);
}

export function toCondition(node: Node): Condition {
  if (node.kind === 'group') return node.mode === 'all' && node.children.length === 0 ? {} : { [node.mode]: node.children.map(toCondition) };
  const positive = positiveOf(node);
  return node.negated ? { none: [positive] } : positive;
}

function positiveOf(leaf: Leaf): Condition {
  switch (leaf.kind) {
    case 'detectors':
      return { detectors: { names: leaf.names, min_score: leaf.min_score ?? defaultScore, min_count: leaf.min_count ?? defaultCount } };
    case 'phrases':
      return { phrases: { texts: leaf.texts, whole_word: leaf.whole_word, min_count: leaf.min_count ?? defaultCount } };
    case 'regexes':
      return { regexes: { patterns: leaf.patterns, case_sensitive: leaf.case_sensitive, min_count: leaf.min_count ?? defaultCount } };
    default:
      return { [leaf.kind]: leaf.values };
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
  return only && rest.length === 0 && root.mode !== 'none' ? toCondition(only) : toCondition(root);
}

/**
 * The node that a JSON pointer into the condition on the wire is about, with what the pointer says within that node; null if
 * there is none. The inverse of `fromRoot` for places.
 */
export function nodeAt(root: Group, pointer: string): { node: Node; rest: string[] } | null {
  const [only, ...others] = root.children;
  return descend(only && others.length === 0 && root.mode !== 'none' ? only : root, pointer.split('/').slice(1));
}

function descend(node: Node, path: string[]): { node: Node; rest: string[] } | null {
  if (node.kind !== 'group') return { node, rest: node.negated && path[0] === 'none' ? path.slice(2) : path };
  const [mode, at, ...rest] = path;
  if (mode !== node.mode || at === undefined) return { node, rest: path };
  const child = node.children[Number(at)];
  return child ? descend(child, rest) : null;
}

/** A rule without a condition holds for every message. */
export function isAlways(root: Group): boolean {
  return root.mode === 'all' && root.children.length === 0;
}

/** The ids of the nodes that say nothing yet. */
export function incomplete(root: Group): string[] {
  return isAlways(root) ? [] : saysNothing(root);
}

function saysNothing(node: Node): string[] {
  const nothing = (list: readonly unknown[]) => (list.length === 0 ? [node.id] : []);
  switch (node.kind) {
    case 'group':
      return node.children.length === 0 ? [node.id] : node.children.flatMap(saysNothing);
    case 'detectors':
      return nothing(node.names);
    case 'phrases':
      return nothing(node.texts);
    case 'regexes':
      return nothing(node.patterns);
    default:
      return nothing(node.values);
  }
}
