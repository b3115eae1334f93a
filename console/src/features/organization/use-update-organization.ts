import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import { meQuery } from '@/api/session';
import type { OrganizationChange } from '@/api/types';
import { useToast } from '@/ui/toast';
import { organizationQuery } from './queries';

/** Changes the organization as it was read. */
export function useUpdateOrganization(version: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (change: OrganizationChange) =>
      body(api.PATCH('/api/organization', { params: { header: { 'If-Match': version } }, body: change })),
    onSuccess: async () => {
      toast.done(t('settings.saved'));
      await Promise.all([client.invalidateQueries({ queryKey: organizationQuery.queryKey }), client.invalidateQueries({ queryKey: meQuery.queryKey })]);
    },
    onError: (failure) => {
      if (hasCode(failure, 'precondition_failed')) void client.invalidateQueries({ queryKey: organizationQuery.queryKey });
    },
  });
}
