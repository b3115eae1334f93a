import { describe, expect, it } from 'vitest';
import type { Workspace } from '@/api/types';
import { branchesOf } from './organogram';

const workspace = (id: string, parent: string | null = null) => ({ id, parent_workspace_id: parent }) as Workspace;

describe('the organogram', () => {
  it('puts each workspace below the one above it, in the order given', () => {
    const branches = branchesOf([workspace('a'), workspace('c', 'b'), workspace('b', 'a'), workspace('d')]);
    expect(branches.map(({ workspace: { id }, depth }) => `${id}${depth}`)).toEqual(['a0', 'b1', 'c2', 'd0']);
  });

  it('shows at the top what stands below a workspace that one may not see', () => {
    expect(branchesOf([workspace('b', 'hidden')]).map(({ depth }) => depth)).toEqual([0]);
  });
});
