import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) => body(api.GET('/api/api-keys', { params: { query: { limit: 50, ...(pageParam ? { page_token: pageParam } : {}) } } })),
  getNextPageParam: (page) => page.next_page_token,
});
