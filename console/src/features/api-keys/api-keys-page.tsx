import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { KeyRound, Plus } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { ApiKey, Me } from '@/api/types';
import { chosenWorkspace } from '@/api/workspace';
import { permissionName } from '@/features/service-accounts/permission-badges';
import { PermissionsField } from '@/features/service-accounts/permissions-field';
import { Button } from '@/ui/button';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Page } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { SecretShown } from '@/ui/secret-shown';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { RowButton, Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { KeyPanel } from './key-panel';
import { KeyState } from './key-state';
import { apiKeysQuery } from './queries';

export function ApiKeysPage() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const toast = useToast();
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(apiKeysQuery);
  const { create: creating } = useSearch({ from: '/shell/keys' });
  const navigate = useNavigate({ from: '/keys' });
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const manages = allows(me, 'api_keys_manage');
  const keys = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const refresh = () => client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => api.DELETE('/api/api-keys/{api_key_id}', { params: { path: { api_key_id: key.id } } }),
    onSuccess: async (_, key) => {
      toast.done(t('api_keys.revoked', { name: key.name }));
      await refresh();
    },
    onError: toast.failed,
  });
  const shown = keys.find((key) => key.id === opened);
  const columns = useColumns(me, setOpened, manages ? setRevoking : null);
  const create = manages && (
    <Button kind="primary" onClick={() => void navigate({ search: { create: true } })}>
      <Plus aria-hidden className="size-4" />
      {t('api_keys.create')}
    </Button>
  );
  return (
    <Page fill title={t('nav.api_keys')} description={t('api_keys.description')} actions={create}>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && keys.length === 0 && (
        <Empty icon={<KeyRound />} title={t('api_keys.none')}>
          {t('api_keys.none_hint')}
        </Empty>
      )}
      {keys.length > 0 && (
        <Table
          label={t('nav.api_keys')}
          rows={keys}
          columns={columns}
          idOf={(key) => key.id}
          rowHeight={52}
          onOpen={(key) => setOpened(key.id)}
          hasMore={hasNextPage}
          loadingMore={isFetchingNextPage}
          onMore={more}
        />
      )}
      {creating && manages && (
        <CreateDialog
          me={me}
          onClose={() => {
            void navigate({ search: {}, replace: true });
            void refresh();
          }}
        />
      )}
      {shown && <KeyPanel me={me} apiKey={shown} onClose={() => setOpened(null)} />}
      <ConfirmDialog
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t('api_keys.revoke_title')}
        consequence={t('api_keys.revoke_consequence')}
        name={revoking?.name ?? ''}
        action={t('api_keys.revoke')}
        onConfirm={() => {
          if (revoking) revoke.mutate(revoking);
          setRevoking(null);
        }}
      />
    </Page>
  );
}

function useColumns(me: Me, onOpen: (id: string) => void, onRevoke: ((key: ApiKey) => void) | null): ColumnDef<ApiKey>[] {
  const { t } = useTranslation();
  return useMemo<ColumnDef<ApiKey>[]>(
    () => [
      {
        id: 'name',
        header: t('api_keys.name'),
        cell: ({ row: { original: key } }) => (
          <span className="flex min-w-0 flex-col">
            <RowButton onOpen={() => onOpen(key.id)}>{key.name}</RowButton>
            <span className="truncate font-mono text-2xs text-ink-faint">gh_…{key.last_four}</span>
          </span>
        ),
        meta: { width: 'minmax(9rem, 1.5fr)' },
      },
      {
        id: 'workspace',
        header: t('api_keys.workspace'),
        cell: ({ row: { original: key } }) => <span className="truncate text-xs text-ink-soft">{me.workspaces.find(({ id }) => id === key.workspace_id)?.name ?? '—'}</span>,
        meta: { width: 'minmax(7rem, 1fr)', from: 720 },
      },
      {
        id: 'rights',
        header: t('service_accounts.permissions'),
        cell: ({ row: { original: key } }) => (
          <span className="flex min-w-0 flex-col text-xs text-ink-soft">
            <span className="truncate">{key.permissions.map((permission) => permissionName(permission, t)).join(', ') || t('api_keys.nothing')}</span>
            <span className="truncate font-mono text-2xs text-ink-faint">{key.allowed_addresses.join(', ') || t('api_keys.from_anywhere')}</span>
          </span>
        ),
        meta: { width: 'minmax(9rem, 1.5fr)', from: 640 },
      },
      {
        id: 'created',
        header: t('api_keys.created'),
        cell: ({ row: { original: key } }) => <Time value={key.created_at} className="text-xs text-ink-soft" />,
        meta: { width: '7rem', from: 940 },
      },
      {
        id: 'expires',
        header: t('api_keys.expires'),
        cell: ({ row: { original: key } }) => (key.expires_at ? <Time value={key.expires_at} className="text-xs text-ink-soft" /> : <span className="text-xs text-ink-faint">{t('api_keys.no_expiry')}</span>),
        meta: { width: '7rem', from: 820 },
      },
      {
        id: 'used',
        header: t('api_keys.last_used'),
        cell: ({ row: { original: key } }) => (key.last_used_at ? <Time value={key.last_used_at} className="text-xs text-ink-soft" /> : <span className="text-xs text-ink-faint">{t('api_keys.never')}</span>),
        meta: { width: '8rem', from: 560 },
      },
      {
        id: 'state',
        header: t('api_keys.state'),
        cell: ({ row: { original: key } }) => <KeyState apiKey={key} />,
        meta: { width: '6.5rem' },
      },
      ...(onRevoke
        ? [
            {
              id: 'revoke',
              header: () => <span className="sr-only">{t('api_keys.revoke')}</span>,
              cell: ({ row: { original: key } }: { row: { original: ApiKey } }) =>
                key.revoked_at === null && (
                  <Button
                    size="sm"
                    kind="quiet"
                    aria-label={t('api_keys.revoke_named', { name: key.name })}
                    onClick={(click) => {
                      click.stopPropagation();
                      onRevoke(key);
                    }}
                  >
                    {t('api_keys.revoke')}
                  </Button>
                ),
              meta: { width: '5rem', align: 'end' as const },
            },
          ]
        : []),
    ],
    [t, me, onOpen, onRevoke],
  );
}

const lifetimes = [30, 90, 365] as const;

function CreateDialog({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [workspace, setWorkspace] = useState(chosenWorkspace(me) ?? '');
  const [days, setDays] = useState('90');
  const [permissions, setPermissions] = useState<string[]>(['gateway_call', 'models_read']);
  const [networks, setNetworks] = useState('');
  const [attempt] = useState(() => attempts());
  const create = useMutation({
    mutationFn: () =>
      attempt([name.trim(), workspace, days, permissions, networks], ({ headers, begun }) =>
        body(
          api.POST('/api/api-keys', {
            headers,
            body: {
              name: name.trim(),
              permissions,
              allowed_addresses: networks.split(',').map((one) => one.trim()).filter(Boolean),
              ...(workspace ? { workspace_id: workspace } : {}),
              ...(days ? { expires_at: new Date(begun + Number(days) * 86_400_000).toISOString() } : {}),
            },
          }),
        ),
      ),
  });
  const refused = useRefusals(create.error, ['/name', '/workspace_id', '/permissions', '/allowed_addresses', '/expires_at']);
  if (create.data) {
    return (
      <Dialog open onClose={onClose} title={t('api_keys.created_title')} footer={<Button kind="primary" onClick={onClose}>{t('api_keys.stored_it')}</Button>}>
        <div className="flex flex-col gap-3">
          <SecretShown secret={create.data.secret} warning={t('api_keys.shown_once')} />
          <p className="text-xs text-ink-soft">{t('api_keys.how_to', { address: `${window.location.origin}/v1` })}</p>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={t('api_keys.create')} description={t('api_keys.create_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') create.mutate();
        }}
      >
        <Field label={t('api_keys.name')} error={refused.at('/name')}>
          {(wiring) => <Input {...wiring} autoFocus required maxLength={120} value={name} placeholder={t('api_keys.name_placeholder')} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('api_keys.workspace')} error={refused.at('/workspace_id')}>
            {(wiring) => (
              <Select {...wiring} value={workspace} onChange={(event) => setWorkspace(event.target.value)}>
                {me.workspaces.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('api_keys.expires')} error={refused.at('/expires_at')}>
            {(wiring) => (
              <Select {...wiring} value={days} onChange={(event) => setDays(event.target.value)}>
                {lifetimes.map((count) => (
                  <option key={count} value={count}>
                    {t('api_keys.days', { count })}
                  </option>
                ))}
                <option value="">{t('api_keys.no_expiry')}</option>
              </Select>
            )}
          </Field>
        </div>
        <PermissionsField me={me} value={permissions} onChange={setPermissions} error={refused.at('/permissions')} />
        <Field label={t('api_keys.addresses')} hint={t('api_keys.addresses_hint')} error={refused.at('/allowed_addresses')}>
          {(wiring) => <Input {...wiring} value={networks} onChange={(event) => setNetworks(event.target.value)} />}
        </Field>
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={name.trim() === '' || permissions.length === 0} busy={create.isPending}>
            {t('api_keys.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
