import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Boxes, Ellipsis, KeyRound, Pencil, Plus, Power, PowerOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import { allows, useMe } from '@/api/session';
import type { Provider } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { ConfirmDialog } from '@/ui/dialog';
import { formatCost } from '@/ui/format';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { Card, Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { upstreamName } from './draft';
import { KeyDialog } from './key-dialog';
import { ProviderDialog } from './provider-dialog';
import { ifUnchanged, providersQuery, useRefreshProviders } from './queries';

interface Doing {
  what: 'edit' | 'rotate' | 'delete';
  id: string;
}

export function ProvidersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { data: providers, error, isPending, refetch } = useQuery(providersQuery);
  const { create: adding } = useSearch({ from: '/shell/providers' });
  const navigate = useNavigate({ from: '/providers' });
  const [doing, setDoing] = useState<Doing | null>(null);
  const manages = allows(me, 'providers_manage');
  const stop = () => setDoing(null);
  // By id, so that a dialog that meets another's change goes on from what is now true.
  const about = doing ? providers?.find(({ id }) => id === doing.id) : undefined;
  return (
    <Page
      title={t('nav.providers')}
      description={t('providers.description')}
      actions={
        manages && (
          <Button kind="primary" onClick={() => void navigate({ search: { create: true } })}>
            <Plus aria-hidden className="size-4" />
            {t('providers.add')}
          </Button>
        )
      }
    >
      {isPending && <SkeletonRows rows={4} height="h-14" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {providers?.length === 0 && (
        <Empty icon={<Boxes />} title={t('providers.none')}>
          {t('providers.none_hint')}
        </Empty>
      )}
      {providers && providers.length > 0 && (
        <ul aria-label={t('nav.providers')} className="mx-auto flex max-w-4xl flex-col gap-4 p-4 sm:p-6">
          {providers.map((provider) => (
            <li key={provider.id} data-provider={provider.name}>
              <ProviderCard provider={provider} manages={manages} onDo={(what) => setDoing({ what, id: provider.id })} />
            </li>
          ))}
        </ul>
      )}
      {adding && manages && <ProviderDialog provider={null} onClose={() => void navigate({ search: {}, replace: true })} />}
      {doing?.what === 'edit' && about && <ProviderDialog provider={about} onClose={stop} />}
      {doing?.what === 'rotate' && about && <KeyDialog provider={about} onClose={stop} />}
      {doing?.what === 'delete' && about && <DeleteDialog provider={about} onClose={stop} />}
    </Page>
  );
}

interface CardProps {
  provider: Provider;
  manages: boolean;
  onDo: (what: 'edit' | 'rotate' | 'delete') => void;
}

function ProviderCard({ provider, manages, onDo }: CardProps) {
  const { t } = useTranslation();
  const isDemo = provider.kind === 'demo';
  // Of a key too short to show the end of, only that there is one.
  const keyText = provider.key_last_four ? t('providers.key_ends', { last: provider.key_last_four }) : provider.has_key ? t('providers.key_set') : t('providers.no_key');
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          {provider.name}
          {isDemo && <Badge tone="warn">{t('chat.demo')}</Badge>}
          {!provider.is_active && <Badge>{t('providers.off')}</Badge>}
        </span>
      }
      description={
        isDemo ? (
          t('providers.demo_text')
        ) : (
          <span className="flex flex-wrap gap-x-3">
            <span className="font-mono text-2xs break-all">{provider.base_url}</span>
            <span className="whitespace-nowrap">{keyText}</span>
          </span>
        )
      }
      actions={manages && <ProviderMenu provider={provider} onDo={onDo} />}
    >
      <Models provider={provider} />
    </Card>
  );
}

function ProviderMenu({ provider, onDo }: Omit<CardProps, 'manages'>) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshProviders();
  const toggle = useMutation({
    mutationFn: () => body(api.PATCH('/api/providers/{provider_id}', { ...ifUnchanged(provider), body: { is_active: !provider.is_active } })),
    onSuccess: () => refresh(),
    onError: (failure) => {
      toast.failed(failure);
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
  });
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t('providers.actions', { name: provider.name })}>
          <Ellipsis />
        </IconButton>
      }
    >
      {provider.kind !== 'demo' && (
        <>
          <MenuItem onSelect={() => onDo('edit')}>
            <Pencil aria-hidden />
            {t('common.edit')}
          </MenuItem>
          <MenuItem onSelect={() => onDo('rotate')}>
            <KeyRound aria-hidden />
            {t('providers.rotate')}
          </MenuItem>
        </>
      )}
      <MenuItem onSelect={() => toggle.mutate()}>
        {provider.is_active ? <PowerOff aria-hidden /> : <Power aria-hidden />}
        {provider.is_active ? t('providers.switch_off') : t('providers.switch_on')}
      </MenuItem>
      {provider.kind !== 'demo' && (
        <>
          <MenuSeparator />
          <MenuItem danger onSelect={() => onDo('delete')}>
            <Trash2 aria-hidden />
            {t('common.delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function Models({ provider }: { provider: Provider }) {
  const { t, i18n } = useTranslation();
  if (provider.models.length === 0) return <p className="px-4 py-3 text-xs text-ink-faint">{t('providers.no_models')}</p>;
  const price = (value: number) => (value === 0 ? t('providers.free') : formatCost(value, i18n.language));
  return (
    <table className="w-full table-fixed text-left">
      <caption className="sr-only">{t('providers.models_of', { name: provider.name })}</caption>
      <thead>
        <tr className="h-8 border-b border-line text-2xs text-ink-faint">
          <th scope="col" className="px-4 font-medium">{t('providers.model')}</th>
          <th scope="col" className="w-24 px-2 text-right font-medium">{t('providers.input')}</th>
          <th scope="col" className="w-24 pr-4 pl-2 text-right font-medium">{t('providers.output')}</th>
        </tr>
      </thead>
      <tbody>
        {provider.models.map((model) => (
          <tr key={model.id} className="h-11 border-b border-line last:border-0">
            <td className="px-4">
              <span className="block truncate text-sm">{model.display_name === model.name ? upstreamName(provider, model.name) : model.display_name}</span>
              <span className="block truncate font-mono text-2xs text-ink-faint">{model.name}</span>
            </td>
            <td className="tabular px-2 text-right text-xs text-ink-soft">{price(model.input_price)}</td>
            <td className="tabular pr-4 pl-2 text-right text-xs text-ink-soft">{price(model.output_price)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DeleteDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshProviders();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/providers/{provider_id}', { params: { path: { provider_id: provider.id } } }),
    onSuccess: async () => {
      toast.done(t('providers.deleted', { name: provider.name }));
      onClose();
      await refresh();
    },
    onError: toast.failed,
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('providers.delete_title')}
      consequence={t('providers.delete_consequence', { count: provider.models.length })}
      name={provider.name}
      action={t('common.delete')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
    />
  );
}
