import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: () => body(api.GET('/api/auth/second-factor')),
});
