// What the server refused of a rule, by the place in the form where it is to be mended.
import type { FieldProblem } from '@/api/errors';
import { nodeAt, type Node } from './condition';
import type { Draft } from './draft';

export interface Refusals {
  name: string | undefined;
  message: string | undefined;
  /** By node as it was sent: one that has been edited since is another. */
  nodes: ReadonlyMap<Node, Refusal>;
  /** Whether each has its place. */
  complete: boolean;
}

export interface Refusal {
  /** The word or pattern of the node that is meant, if one is. */
  value: string | undefined;
  code: string;
  message: string;
}

const conditionAt = '/condition';

export function refusalsOf(fields: readonly FieldProblem[], sent: Draft): Refusals {
  const nodes = new Map<Node, Refusal>();
  const messages = new Map<string, string>();
  let complete = fields.length > 0;
  for (const { pointer, code, message } of fields) {
    const found = pointer === conditionAt || pointer.startsWith(`${conditionAt}/`) ? nodeAt(sent.root, pointer.slice(conditionAt.length)) : null;
    if (found && !nodes.has(found.node)) nodes.set(found.node, { value: valueAt(found.node, found.rest), code, message });
    else if (pointer === '/name' || pointer === '/message') messages.set(pointer, message);
    else complete = complete && found !== null;
  }
  return { name: messages.get('/name'), message: messages.get('/message'), nodes, complete };
}

function valueAt(node: Node, [kind, list, at]: string[]): string | undefined {
  if (node.kind === 'regexes' && kind === 'regexes' && list === 'patterns') return node.patterns[Number(at)];
  if (node.kind === 'phrases' && kind === 'phrases' && list === 'texts') return node.texts[Number(at)];
  return undefined;
}
