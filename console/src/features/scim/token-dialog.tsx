// Making the directory's token, or its successor, and the one look at it.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { useFailureText } from '@/ui/failure';
import { Field, Select } from '@/ui/field';
import { SecretShown } from '@/ui/secret-shown';

const overlaps = [0, 1, 24, 168] as const;

export function TokenDialog({ kind, onClose }: { kind: 'create' | 'rotate'; onClose: () => void }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [hours, setHours] = useState('24');
  const [attempt] = useState(() => attempts());
  const make = useMutation({
    mutationFn: () =>
      attempt([kind, hours], ({ headers }) =>
        kind === 'create' ? body(api.POST('/api/scim/tokens', { headers })) : body(api.POST('/api/scim/tokens/rotate', { headers, body: { overlap_hours: Number(hours) } })),
      ),
  });
  const title = kind === 'create' ? t('scim.create') : t('scim.rotate');
  if (make.data) {
    return (
      <Dialog open onClose={onClose} title={t('scim.made_title')} footer={<Button kind="primary" onClick={onClose}>{t('api_keys.stored_it')}</Button>}>
        <div className="flex flex-col gap-3">
          <SecretShown secret={make.data.token} warning={t('core.secret_once')} />
          <p className="text-xs text-ink-soft">{t('scim.how_to', { address: make.data.scim.base_url })}</p>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={title} description={kind === 'create' ? t('scim.create_text') : t('scim.rotate_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!make.isPending) make.mutate();
        }}
      >
        {make.error && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
            {failureText(make.error)}
          </p>
        )}
        {kind === 'rotate' && (
          <Field label={t('scim.overlap')} hint={t('scim.overlap_hint')}>
            {(wiring) => (
              <Select {...wiring} value={hours} onChange={(event) => setHours(event.target.value)}>
                {overlaps.map((count) => (
                  <option key={count} value={count}>
                    {count === 0 ? t('scim.overlap_none') : t('scim.hours', { count })}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={make.isPending}>
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
