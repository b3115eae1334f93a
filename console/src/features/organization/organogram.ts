// Workspaces as a forest: each below the one above it, those whose parent is not in sight at the top.
import type { Workspace } from '@/api/types';

export interface Branch {
  workspace: Workspace;
  depth: number;
}

export function branchesOf(workspaces: readonly Workspace[]): Branch[] {
  const known = new Set(workspaces.map((one) => one.id));
  const below = new Map<string | null, Workspace[]>();
  for (const one of workspaces) {
    const parent = one.parent_workspace_id && known.has(one.parent_workspace_id) ? one.parent_workspace_id : null;
    below.set(parent, [...(below.get(parent) ?? []), one]);
  }
  const branches: Branch[] = [];
  const walk = (parent: string | null, depth: number) => {
    for (const workspace of below.get(parent) ?? []) {
      branches.push({ workspace, depth });
      walk(workspace.id, depth + 1);
    }
  };
  walk(null, 0);
  return branches;
}
