// Who is signed in: one query, kept in step with the headers of the client.
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { api, body, identify } from './client';
import { ApiError } from './errors';
import type { Me, Permission } from './types';
import { forgetViewedMember, viewedMember } from './view-as';
import { chosenWorkspace } from './workspace';

export function adopt(me: Me): Me {
  identify({ csrf_token: me.csrf_token ?? '', organization_id: me.organization?.id ?? null, workspace_id: () => chosenWorkspace(me) });
  return me;
}

/** Null when nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Infinity,
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = adopt(await body(api.GET('/api/auth/me')));
      // What one may do depends on the workspace that was chosen, and which that is, on who one is.
      if (chosenWorkspace(me) === (me.default_workspace_id ?? null)) return me;
      return adopt(await body(api.GET('/api/auth/me')).catch(() => me));
    } catch (error) {
      // Who is signed in now may not look as that member: they look as themselves.
      const refusedToView = error instanceof ApiError && [403, 404].includes(error.status) && viewedMember() !== null;
      if (refusedToView || (error instanceof ApiError && error.status === 401)) forgetViewedMember();
      if (refusedToView) return adopt(await body(api.GET('/api/auth/me')));
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
  else {
    identify(null);
    forgetViewedMember();
  }
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'info' && query.queryKey[0] !== 'me' });
  client.setQueryData(meQuery.queryKey, me);
}
