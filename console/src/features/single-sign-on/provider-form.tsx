// What is written down of a provider.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityProvider, IdentityProviderPreset } from '@/api/types';
import { Button } from '@/ui/button';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Card } from '@/ui/page';
import { useFaultInView, useRefusals } from '@/ui/refusals';
import { draftOf, needsSecret, newDraft, wireOf, wrongIn, type Draft, type Written } from './draft';
import { MappingEditor } from './mapping-editor';
import { domainsQuery } from './queries';

interface Props {
  provider: IdentityProvider | null;
  preset: IdentityProviderPreset | undefined;
  initial: Draft | null;
  disabled: boolean;
  save: (draft: Written) => Promise<void>;
}

const claims = ['email', 'email_verified', 'name', 'groups'] as const;
const places = ['/name', '/issuer', '/client_id', '/client_auth', '/client_secret', '/scopes', '/domains', '/mapping', ...claims.map((claim) => `/claims/${claim}`)];
const ways = ['client_secret_basic', 'client_secret_post'] as const;

export function ProviderForm({ provider, preset, initial, disabled, save }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>(() => initial ?? (provider ? draftOf(provider) : newDraft()));
  const [tries, setTries] = useState(0);
  const tried = tries > 0;
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const saving = useMutation({ mutationFn: () => save(wireOf(draft)) });
  const wrong = wrongIn(draft, provider);
  const refused = useRefusals(saving.error, places);
  const issuerRefused = { not_allowed: t('providers.base_url_not_allowed'), not_encrypted: t('sso.issuer_not_encrypted') }[refused.codeAt('/issuer') ?? ''] ?? refused.at('/issuer');
  const form = useFaultInView(tries, saving.error);
  const asksForSecret = needsSecret(draft, provider);
  return (
    <form
      ref={form}
      noValidate
      aria-label={provider?.name ?? t('sso.add')}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTries(tries + 1);
        if (wrong.size === 0) saving.mutate();
      }}
    >
      <Card title={t('sso.connection')} description={preset && preset.name !== 'custom' ? <PresetHint preset={preset} /> : undefined}>
        <fieldset disabled={disabled} className="grid gap-4 p-4 sm:grid-cols-2">
          <Field label={t('sso.name')} hint={t('sso.name_hint')} error={tried && wrong.has('name') ? t('sso.name_wrong') : refused.at('/name')}>
            {(wiring) => <Input {...wiring} maxLength={120} autoComplete="off" value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
          <Field label={t('sso.issuer')} hint={t('sso.issuer_hint')} error={tried && wrong.has('issuer') ? t('sso.issuer_wrong') : issuerRefused}>
            {(wiring) => <Input {...wiring} type="url" inputMode="url" maxLength={2048} spellCheck={false} value={draft.issuer} onChange={(event) => set({ issuer: event.target.value })} className="font-mono !text-xs" />}
          </Field>
          <Field label={t('sso.client_id')} error={tried && wrong.has('client_id') ? t('sso.client_id_wrong') : refused.at('/client_id')}>
            {(wiring) => <Input {...wiring} maxLength={255} autoComplete="off" spellCheck={false} value={draft.client_id} onChange={(event) => set({ client_id: event.target.value })} className="font-mono !text-xs" />}
          </Field>
          <Field label={t('sso.client_auth')} error={refused.at('/client_auth')}>
            {(wiring) => (
              <Select {...wiring} value={draft.client_auth} onChange={(event) => set({ client_auth: ways.find((way) => way === event.target.value) ?? draft.client_auth })} className="w-full">
                {ways.map((way) => (
                  <option key={way} value={way}>
                    {t(`sso.auth_${way}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field
            label={t('sso.client_secret')}
            hint={provider && !asksForSecret ? (provider.secret_last_four ? t('sso.client_secret_kept', { last: provider.secret_last_four }) : t('sso.client_secret_stored')) : t('providers.key_hint')}
            error={tried && wrong.has('client_secret') ? t('sso.client_secret_wrong') : refused.at('/client_secret')}
          >
            {(wiring) => <Input {...wiring} type="password" autoComplete="off" maxLength={1024} value={draft.client_secret} onChange={(event) => set({ client_secret: event.target.value.trim() })} />}
          </Field>
          <Field label={t('sso.scopes')} error={refused.at('/scopes')}>
            {(wiring) => <Input {...wiring} maxLength={512} spellCheck={false} value={draft.scopes} onChange={(event) => set({ scopes: event.target.value })} className="font-mono !text-xs" />}
          </Field>
          {claims.map((claim) => (
            <Field key={claim} label={t(`sso.claim_${claim}`)} error={refused.at(`/claims/${claim}`)}>
              {(wiring) => <Input {...wiring} maxLength={128} spellCheck={false} value={draft.claims[claim]} onChange={(event) => set({ claims: { ...draft.claims, [claim]: event.target.value } })} className="font-mono !text-xs" />}
            </Field>
          ))}
        </fieldset>
      </Card>
      <People draft={draft} set={set} disabled={disabled} preset={preset} error={tried && wrong.has('domains') ? t('sso.domains_missing') : refused.at('/domains')} />
      <Card title={t('sso.mapping')} description={t('sso.mapping_hint')}>
        <div className="p-4">
          <MappingEditor draft={draft} onChange={set} tried={tried} disabled={disabled} />
          {refused.at('/mapping') && (
            <p role="alert" className="mt-3 text-xs text-danger">
              {refused.at('/mapping')}
            </p>
          )}
        </div>
      </Card>
      <FormAlert>{refused.rest}</FormAlert>
      {tried && wrong.size > 0 && (
        <p role="alert" className="text-xs text-danger">
          {t('sso.look_again')}
        </p>
      )}
      {!disabled && (
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={saving.isPending}>
            {provider ? t('common.save') : t('sso.add')}
          </Button>
        </div>
      )}
    </form>
  );
}

function PresetHint({ preset }: { preset: IdentityProviderPreset }) {
  const { t } = useTranslation();
  return (
    <>
      {t('sso.preset_hint', { title: preset.title })}{' '}
      <a href={preset.documentation} target="_blank" rel="noreferrer" className="text-accent-ink underline">
        {t('sso.documentation')}
      </a>
    </>
  );
}

interface PeopleProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  disabled: boolean;
  preset: IdentityProviderPreset | undefined;
  error: string | undefined;
}

function People({ draft, set, disabled, preset, error }: PeopleProps) {
  const { t } = useTranslation();
  const { data } = useQuery(domainsQuery);
  const verified = data?.filter((domain) => domain.is_verified).map((domain) => domain.domain) ?? [];
  // One that was given up since stays to be unticked.
  const shown = [...new Set([...verified, ...draft.domains])].sort();
  return (
    <Card title={t('sso.people')}>
      <fieldset disabled={disabled} className="flex flex-col gap-3 p-4">
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-xs font-medium text-ink-soft">{t('sso.for_domains')}</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {shown.map((domain) => (
              <Checkbox key={domain} label={domain} checked={draft.domains.includes(domain)} onChange={(event) => set({ domains: event.target.checked ? [...draft.domains, domain] : draft.domains.filter((one) => one !== domain) })} />
            ))}
          </div>
          <p className="text-xs text-ink-faint">{t(shown.length > 0 ? 'sso.for_domains_hint' : 'sso.for_domains_none')}</p>
          {error && (
            <p role="alert" className="text-xs text-danger">
              {error}
            </p>
          )}
        </fieldset>
        <Choice label={t('sso.jit')} hint={t('sso.jit_hint')} checked={draft.jit} onChange={(jit) => set({ jit })} />
        <Choice label={t('sso.vouches')} hint={t(preset?.omits_email_verified ? 'sso.vouches_needed' : 'sso.vouches_hint')} checked={draft.vouches_for_email} onChange={(vouches_for_email) => set({ vouches_for_email })} />
        <Choice label={t('sso.manages')} hint={t('sso.manages_hint')} checked={draft.manages_existing} onChange={(manages_existing) => set({ manages_existing })} />
      </fieldset>
    </Card>
  );
}

function Choice({ label, hint, checked, onChange }: { label: string; hint: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <div>
      <Checkbox label={label} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <p className="ml-6 text-xs text-ink-faint">{hint}</p>
    </div>
  );
}
