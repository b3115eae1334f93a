// Provisioning a tenant: name, owner, plan and region; then its secret, once.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import type { CreatedTenant } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { useRefusals } from '@/ui/refusals';
import { SecretShown } from '@/ui/secret-shown';
import { plansQuery, useRefreshCore } from './queries';

const empty = { name: '', slug: '', owner_email: '', owner_name: '', owner_password: '', plan_id: '', region: '' as '' | 'us' | 'eu', data_mode: 'metadata_only' as 'metadata_only' | 'full_content' };
type Draft = typeof empty;

const wrong: Partial<Record<keyof Draft, (draft: Draft) => boolean>> = {
  name: ({ name }) => name.trim() === '',
  slug: ({ slug }) => slug !== '' && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug),
  owner_email: ({ owner_email }) => !/^\S+@\S+\.\S+$/.test(owner_email.trim()),
  owner_password: ({ owner_password }) => owner_password !== '' && owner_password.length < 12,
  plan_id: ({ plan_id }) => plan_id === '',
  region: ({ region }) => region === '',
};

export function ProvisionDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefreshCore();
  const { data: plans } = useQuery(plansQuery);
  const [draft, setDraft] = useState(empty);
  const [tried, setTried] = useState(false);
  const [attempt] = useState(() => attempts());
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const bad = (field: keyof Draft) => tried && wrong[field]?.(draft);
  const make = useMutation({
    mutationFn: () => {
      const wanted = {
        name: draft.name.trim(),
        owner_email: draft.owner_email.trim(),
        plan_id: draft.plan_id,
        region: draft.region as 'us' | 'eu',
        data_mode: draft.data_mode,
        ...(draft.slug ? { slug: draft.slug } : {}),
        ...(draft.owner_name.trim() ? { owner_name: draft.owner_name.trim() } : {}),
        ...(draft.owner_password ? { owner_password: draft.owner_password } : {}),
      };
      return attempt(wanted, ({ headers }) => body(api.POST('/api/core/tenants', { body: wanted, headers })));
    },
    onSuccess: refresh,
  });
  const refused = useRefusals(make.error, ['/name', '/slug', '/owner_email', '/owner_name', '/owner_password', '/plan_id', '/region']);
  if (make.data) return <Made made={make.data} onClose={onClose} />;

  const taken = hasCode(make.error, 'already_exists');
  return (
    <Dialog open onClose={onClose} wide title={t('core.tenant_new')} description={t('core.tenant_new_text')}>
      <form
        noValidate
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!Object.values(wrong).some((check) => check(draft))) make.mutate();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('core.name')} error={bad('name') ? t('core.name_missing') : refused.at('/name')}>
            {(wiring) => <Input {...wiring} autoFocus maxLength={255} autoComplete="off" value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
          <Field label={t('core.slug')} hint={t('core.slug_hint')} error={bad('slug') ? t('core.slug_wrong') : taken ? t('core.slug_taken') : refused.at('/slug')}>
            {(wiring) => <Input {...wiring} maxLength={63} autoComplete="off" spellCheck={false} value={draft.slug} onChange={(event) => set({ slug: event.target.value.toLowerCase() })} className="font-mono !text-xs" />}
          </Field>
          <Field label={t('core.owner_email')} error={bad('owner_email') ? t('core.email_wrong') : refused.at('/owner_email')}>
            {(wiring) => <Input {...wiring} type="email" maxLength={254} autoComplete="off" value={draft.owner_email} onChange={(event) => set({ owner_email: event.target.value })} />}
          </Field>
          <Field label={t('core.owner_name')} error={refused.at('/owner_name')}>
            {(wiring) => <Input {...wiring} maxLength={255} autoComplete="off" value={draft.owner_name} onChange={(event) => set({ owner_name: event.target.value })} />}
          </Field>
          <Field label={t('core.owner_password')} hint={t('core.owner_password_hint')} error={bad('owner_password') ? t('core.password_short') : refused.at('/owner_password')} className="sm:col-span-2">
            {(wiring) => <Input {...wiring} type="password" maxLength={1024} autoComplete="new-password" value={draft.owner_password} onChange={(event) => set({ owner_password: event.target.value })} />}
          </Field>
          <Field label={t('core.plan')} error={bad('plan_id') ? t('core.choose') : refused.at('/plan_id')}>
            {(wiring) => (
              <Select {...wiring} value={draft.plan_id} onChange={(event) => set({ plan_id: event.target.value })}>
                <option value="">{t('core.choose')}</option>
                {plans?.filter((plan) => plan.is_active).map((plan) => (
                  <option key={plan.id} value={plan.id} translate="no">
                    {plan.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('core.region')} hint={t('core.region_hint')} error={bad('region') ? t('core.choose') : refused.at('/region')}>
            {(wiring) => (
              <Select {...wiring} value={draft.region} onChange={(event) => set({ region: event.target.value as Draft['region'] })}>
                <option value="">{t('core.choose')}</option>
                <option value="us">{t('core.region_us')}</option>
                <option value="eu">{t('core.region_eu')}</option>
              </Select>
            )}
          </Field>
          <Field label={t('core.data_mode')} hint={t(`core.data_mode_${draft.data_mode}_hint`)} className="sm:col-span-2">
            {(wiring) => (
              <Select {...wiring} value={draft.data_mode} onChange={(event) => set({ data_mode: event.target.value as Draft['data_mode'] })}>
                <option value="metadata_only">{t('core.data_mode_metadata_only')}</option>
                <option value="full_content">{t('core.data_mode_full_content')}</option>
              </Select>
            )}
          </Field>
        </div>
        <FormAlert>{!taken && refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={make.isPending}>
            {t('core.tenant_create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Made({ made, onClose }: { made: CreatedTenant; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('core.tenant_made', { name: made.tenant.name })}
      description={t(made.owner.is_new ? 'core.owner_new' : 'core.owner_known', { email: made.owner.email })}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('core.stored_it')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <SecretShown secret={made.secret} warning={t('core.secret_once')} />
        <p className="text-xs text-ink-soft">{t('core.secret_for')}</p>
      </div>
    </Dialog>
  );
}
