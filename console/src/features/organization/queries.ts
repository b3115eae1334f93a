import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { RoleCode, Workspace } from '@/api/types';

const firstPage = null as string | null;
const from = (token: string | null) => (token ? { page_token: token } : {});
/** Pages of a list that is short enough to be read whole. */
async function whole<T>(page: (token: string | null) => Promise<{ data: T[]; next_page_token?: string | null }>): Promise<T[]> {
  const all: T[] = [];
  for (let token: string | null = null; ;) {
    const { data, next_page_token } = await page(token);
    all.push(...data);
    if (!next_page_token) return all;
    token = next_page_token;
  }
}

export interface MemberFilter {
  q: string;
  role_code: RoleCode | '';
  state: 'active' | 'ended' | '';
}

export const membersQuery = (filter: MemberFilter) =>
  infiniteQueryOptions({
    queryKey: ['members', filter],
    initialPageParam: firstPage,
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/members', {
          params: {
            query: {
              limit: 50,
              ...(filter.q ? { q: filter.q } : {}),
              ...(filter.role_code ? { role_code: filter.role_code } : {}),
              ...(filter.state ? { is_active: filter.state === 'active' } : {}),
              ...from(pageParam),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_page_token,
  });

export const memberQuery = (user_id: string) =>
  queryOptions({ queryKey: ['members', 'one', user_id], queryFn: () => body(api.GET('/api/members/{user_id}', { params: { path: { user_id } } })) });

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ['invitations'],
  initialPageParam: firstPage,
  queryFn: ({ pageParam }) => body(api.GET('/api/invitations', { params: { query: { limit: 50, ...from(pageParam) } } })),
  getNextPageParam: (page) => page.next_page_token,
});

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: () => whole((token) => body(api.GET('/api/groups', { params: { query: { limit: 200, ...from(token) } } }))),
});

export const groupMembersQuery = (group_id: string) =>
  queryOptions({
    queryKey: ['groups', group_id, 'members'],
    queryFn: () => whole((token) => body(api.GET('/api/groups/{group_id}/members', { params: { path: { group_id }, query: { limit: 200, ...from(token) } } }))),
  });

export const assignmentsQuery = infiniteQueryOptions({
  queryKey: ['role-assignments'],
  initialPageParam: firstPage,
  queryFn: ({ pageParam }) => body(api.GET('/api/role-assignments', { params: { query: { limit: 100, ...from(pageParam) } } })),
  getNextPageParam: (page) => page.next_page_token,
});

export const matrixQuery = queryOptions({ queryKey: ['role-matrix'], staleTime: Infinity, queryFn: () => body(api.GET('/api/roles/matrix')) });

export const workspacesQuery = (state: 'active' | 'closed' = 'active') =>
  queryOptions({
    queryKey: ['workspaces', state],
    queryFn: (): Promise<Workspace[]> =>
      whole((token) => body(api.GET('/api/workspaces', { params: { query: { limit: 200, workspace_type: 'FUNCTIONAL', state, ...from(token) } } }))),
  });

/** With the version that a change must name. */
export const workspaceQuery = (workspace_id: string) =>
  queryOptions({
    queryKey: ['workspaces', 'one', workspace_id],
    queryFn: async () => {
      const { data, response } = await api.GET('/api/workspaces/{workspace_id}', { params: { path: { workspace_id } } });
      return { workspace: data as NonNullable<typeof data>, version: response.headers.get('etag') ?? '' };
    },
  });

export const workspacePeopleQuery = (workspace_id: string) =>
  infiniteQueryOptions({
    queryKey: ['workspaces', 'people', workspace_id],
    initialPageParam: firstPage,
    queryFn: ({ pageParam }) => body(api.GET('/api/workspaces/{workspace_id}/people', { params: { path: { workspace_id }, query: { limit: 100, ...from(pageParam) } } })),
    getNextPageParam: (page) => page.next_page_token,
  });

export const organizationSessionsQuery = infiniteQueryOptions({
  queryKey: ['organization-sessions'],
  initialPageParam: firstPage,
  queryFn: ({ pageParam }) => body(api.GET('/api/sessions', { params: { query: { limit: 50, ...from(pageParam) } } })),
  getNextPageParam: (page) => page.next_page_token,
});

/** With the version that a change must name. */
export const organizationQuery = queryOptions({
  queryKey: ['organization'],
  queryFn: async () => {
    const { data, response } = await api.GET('/api/organization');
    return { organization: data as NonNullable<typeof data>, version: response.headers.get('etag') ?? '' };
  },
});
