import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: async () => (await body(api.GET('/api/profile'))).profile,
});
