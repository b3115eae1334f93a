import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

// Fresh numbers whenever somebody comes back to the page.
export const dashboardQuery = queryOptions({ queryKey: ['dashboard'], staleTime: 0, queryFn: () => body(api.GET('/api/dashboard')) });
export const decisionsQuery = queryOptions({ queryKey: ['dashboard', 'decisions'], staleTime: 0, queryFn: () => body(api.GET('/api/dashboard/decisions')) });
export const checklistQuery = queryOptions({ queryKey: ['checklist'], staleTime: 0, queryFn: () => body(api.GET('/api/checklist')) });
