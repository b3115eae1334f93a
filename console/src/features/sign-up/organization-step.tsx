import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Me } from '@/api/types';
import { BusinessFields, businessFields } from '@/features/organization/business-fields';
import { Alert, Submit } from '@/features/sign-in/frame';
import { useFieldProblem, useRefusal } from '@/features/sign-in/refusal';
import { Field, Input } from '@/ui/field';
import { useRefusals } from '@/ui/refusals';
import { Segmented } from '@/ui/segmented';
import { slugOf } from './slug';

/** Organization and business profile. */
export function OrganizationStep({ signUp, onFounded }: { signUp: string; onFounded: (me: Me) => Promise<void> }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const problem = useFieldProblem();
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const [business, setBusiness] = useState({ industry: '', size: '', country: '' });
  const [mode, setMode] = useState<'metadata_only' | 'full_content'>('metadata_only');
  const slug = typed ?? slugOf(name);
  const found = useMutation({
    mutationFn: () =>
      body(
        api.POST('/api/sign-up/organization', {
          body: {
            sign_up: signUp,
            name: name.trim(),
            slug,
            data_mode: mode,
            profile: Object.fromEntries(Object.entries(business).filter(([, value]) => value !== '')),
          },
        }),
      ),
    onSuccess: onFounded,
  });
  const taken = problem(found.error, '/slug');
  const refused = useRefusals(found.error, ['/slug', ...businessFields.map((field) => `/profile/${field}`)]);
  return (
    <>
      {refused.rest && <Alert error={found.error}>{refusal(found.error)}</Alert>}
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!found.isPending) found.mutate();
        }}
      >
        <Field label={t('sign_up.organization_name')}>
          {(wiring) => <Input {...wiring} name="organization" autoComplete="organization" required autoFocus maxLength={255} value={name} onChange={(event) => setName(event.target.value)} className="!h-9" />}
        </Field>
        <Field label={t('sign_up.slug')} hint={t('sign_up.slug_hint')} error={taken}>
          {(wiring) => <Input {...wiring} name="slug" required pattern="[a-z0-9]+(-[a-z0-9]+)*" maxLength={63} value={slug} onChange={(event) => setTyped(event.target.value)} className="!h-9 font-mono" />}
        </Field>
        <fieldset className="flex flex-col gap-4">
          <legend className="mb-2 text-xs font-medium text-ink-soft">{t('sign_up.profile')}</legend>
          <div className="grid gap-4 sm:grid-cols-2">
            <BusinessFields value={business} onChange={(change) => setBusiness({ ...business, ...change })} refused={refused.at} />
          </div>
        </fieldset>
        <div className="flex flex-col gap-1.5">
          <span className="text-xs font-medium text-ink-soft">{t('sign_up.data_mode')}</span>
          <Segmented
            label={t('sign_up.data_mode')}
            value={mode}
            onChange={setMode}
            options={[
              { value: 'metadata_only', label: t('sign_up.mode_metadata_only') },
              { value: 'full_content', label: t('sign_up.mode_full_content') },
            ]}
          />
          <p className="text-xs text-ink-faint">{t(`sign_up.mode_hint_${mode}`)}</p>
        </div>
        <Submit busy={found.isPending}>{t('sign_up.found')}</Submit>
      </form>
    </>
  );
}
