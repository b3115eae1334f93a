// The models that whoever is signed in may use, which several pages ask for.
import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client';

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  staleTime: 5 * 60_000,
  queryFn: async () => (await body(api.GET('/api/models'))).data,
});
