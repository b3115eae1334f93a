// Suspending, cancelling and activating a tenant: what it means, and its name to be typed where it stops people.
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Tenant, TenantStatus } from '@/api/types';
import { Button } from '@/ui/button';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { useToast } from '@/ui/toast';
import { useRefreshCore } from './queries';

/** What may follow (seed 003). */
export const followers: Record<TenantStatus, readonly TenantStatus[]> = {
  active: ['suspended', 'cancelled'],
  suspended: ['active', 'cancelled'],
  cancelled: ['active'],
};

interface Props {
  tenant: Tenant;
  status: TenantStatus;
  onClose: () => void;
}

export function StatusDialog({ tenant, status, onClose }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshCore();
  const change = useMutation({
    mutationFn: () => body(api.PATCH('/api/core/tenants/{tenant_id}/status', { params: { path: { tenant_id: tenant.id } }, body: { status } })),
    onSuccess: async () => {
      toast.done(t(`core.now_${status}`, { name: tenant.name }));
      onClose();
      await refresh();
    },
    onError: async (failure) => {
      toast.failed(failure);
      await refresh();
    },
  });
  const title = t(`core.to_${status}_title`);
  const action = t(`core.to_${status}`);
  if (status === 'active')
    return (
      <Dialog
        open
        onClose={onClose}
        title={title}
        description={t('core.to_active_text', { name: tenant.name })}
        footer={
          <>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button kind="primary" busy={change.isPending} onClick={() => change.mutate()}>
              {action}
            </Button>
          </>
        }
      />
    );
  return <ConfirmDialog open onClose={onClose} title={title} consequence={t(`core.to_${status}_text`)} name={tenant.name} action={action} busy={change.isPending} onConfirm={() => change.mutate()} />;
}
