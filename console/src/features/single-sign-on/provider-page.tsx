// One identity provider: chosen from the presets, written down, changed, tried, switched off.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, SearchX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import { allows, useMe } from '@/api/session';
import type { IdentityProvider, IdentityProviderPreset } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { CopyId } from '@/ui/copy';
import { ConfirmDialog } from '@/ui/dialog';
import { Card, Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { newDraft } from './draft';
import { ProviderForm } from './provider-form';
import { identityProvidersQuery, ifUnchanged, presetsQuery, useRefreshProviders } from './queries';
import { TestCard } from './test-card';

function Frame({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Page title={title} description={t('sso.description')} actions={actions}>
      <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
        <Link to="/identity-providers" className="inline-flex min-h-6 items-center gap-1.5 self-start rounded-sm text-xs text-ink-soft hover:text-ink">
          <ArrowLeft aria-hidden className="size-3.5" />
          {t('nav.sso')}
        </Link>
        {children}
      </div>
    </Page>
  );
}

export function NewIdentityProviderPage() {
  const { t } = useTranslation();
  const { preset: chosen } = useSearch({ from: '/shell/identity-providers/new' });
  const navigate = useNavigate();
  const toast = useToast();
  const refresh = useRefreshProviders();
  const [attempt] = useState(() => attempts());
  const { data: presets, error, refetch } = useQuery(presetsQuery);
  const preset = presets?.find(({ name }) => name === chosen);
  if (error) return <Frame title={t('sso.add')}><Failure error={error} onRetry={() => void refetch()} /></Frame>;
  if (!presets) return <Frame title={t('sso.add')}><SkeletonRows rows={4} height="h-14" /></Frame>;
  if (!preset) return <Frame title={t('sso.add')}><Presets presets={presets} /></Frame>;
  return (
    <Frame title={t('sso.add')}>
      <ProviderForm
        provider={null}
        preset={preset}
        initial={newDraft(preset)}
        disabled={false}
        save={async (draft) => {
          const wanted = { ...draft, client_secret: draft.client_secret ?? '', is_active: true };
          const made = await attempt(wanted, ({ headers }) => body(api.POST('/api/identity-providers', { body: wanted, headers })));
          await refresh();
          toast.done(t('sso.saved', { name: made.name }));
          await navigate({ to: '/identity-providers/$providerId', params: { providerId: made.id } });
        }}
      />
    </Frame>
  );
}

function Presets({ presets }: { presets: readonly IdentityProviderPreset[] }) {
  const { t } = useTranslation();
  return (
    <Card title={t('sso.choose')} description={t('sso.choose_hint')}>
      <ul aria-label={t('sso.choose')} className="grid gap-2 p-4 sm:grid-cols-2">
        {presets.map((preset) => (
          <li key={preset.name}>
            <Link to="/identity-providers/new" search={{ preset: preset.name }} className="flex min-h-14 flex-col justify-center rounded-md border border-line px-3 py-2 hover:bg-hover">
              <span className="text-sm font-medium">{preset.title}</span>
              <span className="text-2xs text-ink-faint">{preset.name === 'custom' ? t('sso.custom_hint') : t('sso.untried')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function IdentityProviderPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { providerId } = useParams({ from: '/shell/identity-providers/$providerId' });
  const { test, refused, request_id } = useSearch({ from: '/shell/identity-providers/$providerId' });
  const { data: providers, error, refetch } = useQuery(identityProvidersQuery);
  const { data: presets } = useQuery(presetsQuery);
  const provider = providers?.find(({ id }) => id === providerId);
  const manages = allows(me, 'identity_providers_manage');
  if (error) return <Frame title={t('nav.sso')}><Failure error={error} onRetry={() => void refetch()} /></Frame>;
  if (!providers) return <Frame title={t('nav.sso')}><SkeletonRows rows={4} height="h-14" /></Frame>;
  if (!provider) return <Frame title={t('nav.sso')}><Empty icon={<SearchX />} title={t('sso.gone')} /></Frame>;
  return (
    <Frame title={provider.name} actions={manages && <Actions provider={provider} />}>
      {!provider.is_active && (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          {t('sso.off_hint')}
        </p>
      )}
      {manages && <TestCard provider={provider} test={test} refused={refused} requestId={request_id} />}
      <Addresses provider={provider} />
      <EditForm key={provider.version} provider={provider} preset={presets?.find(({ name }) => name === provider.preset)} disabled={!manages} />
    </Frame>
  );
}

function EditForm({ provider, preset, disabled }: { provider: IdentityProvider; preset: IdentityProviderPreset | undefined; disabled: boolean }) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshProviders();
  return (
    <ProviderForm
      provider={provider}
      preset={preset}
      initial={null}
      disabled={disabled}
      save={async (written) => {
        const draft: Partial<typeof written> = { ...written };
        // What it was made from stays.
        delete draft.preset;
        try {
          const saved = await body(api.PATCH('/api/identity-providers/{identity_provider_id}', { ...ifUnchanged(provider), body: draft }));
          toast.done(t('sso.saved', { name: saved.name }));
          await refresh();
        } catch (failure) {
          if (hasCode(failure, 'precondition_failed')) void refresh();
          throw failure;
        }
      }}
    />
  );
}

/** What has to be written down at the provider. */
function Addresses({ provider }: { provider: IdentityProvider }) {
  const { t } = useTranslation();
  const lines = [
    ['callback', provider.callback_url],
    ['start', provider.start_url],
    ['backchannel', provider.backchannel_logout_url],
    ['post_logout', provider.post_logout_url],
  ] as const;
  return (
    <Card title={t('sso.addresses')} description={t('sso.addresses_hint')}>
      <dl className="flex flex-col gap-2 p-4">
        {lines.map(([name, value]) => (
          <div key={name} className="flex flex-col">
            <dt className="px-1 text-xs font-medium text-ink-soft">{t(`sso.address_${name}`)}</dt>
            <dd>
              <CopyId value={value} whole />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Actions({ provider }: { provider: IdentityProvider }) {
  const { t } = useTranslation();
  const toast = useToast();
  const navigate = useNavigate();
  const refresh = useRefreshProviders();
  const [asking, setAsking] = useState(false);
  const toggle = useMutation({
    mutationFn: () => body(api.PATCH('/api/identity-providers/{identity_provider_id}', { ...ifUnchanged(provider), body: { is_active: !provider.is_active } })),
    onSuccess: refresh,
    onError: (failure) => {
      toast.failed(failure);
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/identity-providers/{identity_provider_id}', { params: { path: { identity_provider_id: provider.id } } }),
    onSuccess: async () => {
      await refresh();
      await navigate({ to: '/identity-providers' });
    },
    onError: toast.failed,
  });
  return (
    <>
      <Badge tone={provider.is_active ? 'ok' : 'neutral'}>{t(provider.is_active ? 'sso.on' : 'sso.off')}</Badge>
      <Button size="sm" busy={toggle.isPending} onClick={() => toggle.mutate()}>
        {t(provider.is_active ? 'sso.switch_off' : 'sso.switch_on')}
      </Button>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t('common.delete')}
      </Button>
      <ConfirmDialog open={asking} onClose={() => setAsking(false)} title={t('sso.delete_title')} consequence={t('sso.delete_consequence')} name={provider.name} action={t('common.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} />
    </>
  );
}
