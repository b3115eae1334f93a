// Who is signed in: one query, kept in step with the headers of the client.
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { api, body, identify } from './client';
import { ApiError } from './errors';
import type { Me, Permission } from './types';

const workspaceKey = (organization: string) => `gatehouse.workspace.${organization}`;

/** The workspace chosen in this browser, or the person's default. */
export function chosenWorkspace(me: Me): string | null {
  if (!me.organization) return null;
  const kept = localStorage.getItem(workspaceKey(me.organization.id));
  return me.workspaces.some((workspace) => workspace.id === kept) ? kept : (me.default_workspace_id ?? null);
}

export function adopt(me: Me): Me {
  identify({ csrf_token: me.csrf_token ?? '', organization_id: me.organization?.id ?? null, workspace_id: chosenWorkspace(me) });
  return me;
}

export function chooseWorkspace(me: Me, workspace: string): void {
  if (me.organization) localStorage.setItem(workspaceKey(me.organization.id), workspace);
  adopt(me);
}

/** Null when nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Infinity,
  queryFn: async (): Promise<Me | null> => {
    try {
      return adopt(await body(api.GET('/api/auth/me')));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const infoQuery = queryOptions({
  queryKey: ['info'],
  staleTime: Infinity,
  retry: false,
  queryFn: () => body(api.GET('/api/info')),
});

/** Given by the shell, so that losing the session takes all pages away at once and none sees it happen. */
export const MeContext = createContext<Me | null>(null);

/** The person of the signed-in shell. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error('useMe is for pages inside the shell');
  return me;
}

export function allows(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission);
}

/** Forgets everything read under the former identity. */
export async function replaceIdentity(client: QueryClient, me: Me | null): Promise<void> {
  await client.cancelQueries();
  if (me) adopt(me);
  else identify(null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'info' && query.queryKey[0] !== 'me' });
  client.setQueryData(meQuery.queryKey, me);
}
