import { infiniteQueryOptions, queryOptions, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Chat, ChatDetail } from '@/api/types';

export interface ChatFilter {
  q: string;
  archived: boolean;
  /** Those of others that were shared with the person, instead of one's own. */
  shared: boolean;
  tag: string | null;
}

export const chatsQuery = (filter: ChatFilter) =>
  infiniteQueryOptions({
    queryKey: ['chats', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/chats', {
          params: {
            query: {
              archived: filter.archived,
              ...(filter.shared ? { shared: true } : {}),
              limit: 50,
              ...(filter.q ? { q: filter.q } : {}),
              ...(filter.tag ? { tag: filter.tag } : {}),
              ...(pageParam ? { page_token: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_page_token,
  });

export const recentChatsQuery = queryOptions({
  queryKey: ['recent-chats'],
  queryFn: () => body(api.GET('/api/chats', { params: { query: { archived: false, limit: 8 } } })),
});

export const chatQuery = (id: string) =>
  queryOptions({
    queryKey: ['chat', id],
    // A conversation changes only through its own stream, which updates this entry.
    staleTime: 0,
    queryFn: () => body(api.GET('/api/chats/{chat_id}', { params: { path: { chat_id: id } } })),
  });

/** Puts a changed chat wherever it is shown, without asking for the lists again. */
export function showChat(client: QueryClient, chat: Chat): void {
  client.setQueryData<ChatDetail>(['chat', chat.id], (detail) => detail && { ...detail, chat });
  client.setQueriesData<InfiniteData<{ data: Chat[]; next_page_token: string | null }>>({ queryKey: ['chats'] }, (list) =>
    list && { ...list, pages: list.pages.map((page) => ({ ...page, data: page.data.map((one) => (one.id === chat.id ? chat : one)) })) },
  );
}

export function useRefreshChats(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ['chats'] });
    void client.invalidateQueries({ queryKey: ['recent-chats'] });
  };
}
