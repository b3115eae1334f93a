import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const loginsQuery = queryOptions({
  queryKey: ['logins'],
  queryFn: () => body(api.GET('/api/auth/logins')),
});
