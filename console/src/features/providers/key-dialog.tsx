import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import type { Provider } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { useToast } from '@/ui/toast';
import { ifUnchanged, useRefreshProviders } from './queries';

/** A new key in place of the one there is, which is gone with it. */
export function KeyDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const failureText = useFailureText();
  const refresh = useRefreshProviders();
  const [key, setKey] = useState('');
  const rotate = useMutation({
    mutationFn: () => body(api.PATCH('/api/providers/{provider_id}', { ...ifUnchanged(provider), body: { api_key: key } })),
    onSuccess: async () => {
      toast.done(t('providers.rotated', { name: provider.name }));
      await refresh();
      onClose();
    },
    onError: (failure) => {
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
  });
  return (
    <Dialog open onClose={onClose} title={t('providers.rotate_named', { name: provider.name })} description={t('providers.rotate_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (key !== '') rotate.mutate();
        }}
      >
        <Field label={t('providers.new_key')} hint={t('providers.key_hint')} error={rotate.error ? failureText(rotate.error) : undefined}>
          {(wiring) => <Input {...wiring} type="password" autoFocus autoComplete="off" maxLength={4096} value={key} onChange={(event) => setKey(event.target.value.trim())} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={key === ''} busy={rotate.isPending}>
            {t('providers.rotate')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
