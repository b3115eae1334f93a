// The organization's directory: where it provisions, by which token, and what it did.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { Scim, ScimToken } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy';
import { ConfirmDialog } from '@/ui/dialog';
import { Card, Page } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { ChangesCard } from './changes-card';
import { scimQuery } from './queries';
import { TokenDialog } from './token-dialog';

export function ScimPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, isPending, refetch } = useQuery(scimQuery);
  return (
    <Page title={t('nav.scim')} description={t('scim.description')}>
      <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
        {isPending && <SkeletonRows rows={4} height="h-16" />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {data && (
          <>
            <AddressCard scim={data} />
            <TokensCard scim={data} />
            {allows(me, 'audit_read') && <ChangesCard />}
          </>
        )}
      </div>
    </Page>
  );
}

function AddressCard({ scim }: { scim: Scim }) {
  const { t } = useTranslation();
  return (
    <Card title={t('scim.address')} description={t('scim.address_hint')}>
      <div className="flex flex-col gap-3 p-4">
        <div className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
          <code className="min-w-0 flex-1 font-mono text-xs break-all">{scim.base_url}</code>
          <CopyButton text={scim.base_url} />
        </div>
        <dl className="grid grid-cols-2 gap-3">
          <Figure name={t('scim.people')} value={scim.provisioned_people} />
          <Figure name={t('scim.groups')} value={scim.provisioned_groups} />
        </dl>
        <p className="text-xs text-ink-faint">{t('scim.domains_hint')}</p>
      </div>
    </Card>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="tabular text-lg font-semibold">{value}</dd>
    </div>
  );
}

function TokensCard({ scim }: { scim: Scim }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [making, setMaking] = useState<'create' | 'rotate' | null>(null);
  const [revoking, setRevoking] = useState<ScimToken | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: scimQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (token: ScimToken) => api.DELETE('/api/scim/tokens/{scim_token_id}', { params: { path: { scim_token_id: token.id } } }),
    onSuccess: async () => {
      toast.done(t('scim.revoked'));
      setRevoking(null);
      await refresh();
    },
    onError: toast.failed,
  });
  const hasCurrent = scim.tokens.some((token) => token.expires_at === null);
  const action = hasCurrent ? (
    <Button size="sm" onClick={() => setMaking('rotate')}>
      <RefreshCw aria-hidden className="size-3.5" />
      {t('scim.rotate')}
    </Button>
  ) : (
    <Button size="sm" kind="primary" onClick={() => setMaking('create')}>
      <Plus aria-hidden className="size-3.5" />
      {t('scim.create')}
    </Button>
  );
  return (
    <Card title={t('scim.token')} description={t('scim.token_hint')} actions={action}>
      {scim.tokens.length === 0 && <p className="px-4 py-3 text-sm text-ink-faint">{t('scim.none')}</p>}
      <ul aria-label={t('scim.token')}>
        {scim.tokens.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-3 last:border-0">
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="truncate font-mono text-sm">ghd_…{token.last_four}</span>
              <span className="text-xs text-ink-faint">
                {token.last_used_at ? (
                  <>
                    {t('scim.last_used')} <Time value={token.last_used_at} />
                  </>
                ) : (
                  t('scim.never_used')
                )}
              </span>
            </span>
            {token.expires_at ? (
              <Badge tone="warn">
                {t('scim.ends')} <Time value={token.expires_at} />
              </Badge>
            ) : (
              <Badge tone="ok">{t('scim.current')}</Badge>
            )}
            <Button size="sm" kind="quiet" aria-label={t('scim.revoke_named', { last: token.last_four })} onClick={() => setRevoking(token)}>
              {t('scim.revoke')}
            </Button>
          </li>
        ))}
      </ul>
      {making && (
        <TokenDialog
          kind={making}
          onClose={() => {
            setMaking(null);
            void refresh();
          }}
        />
      )}
      {revoking && (
        <ConfirmDialog
          open
          onClose={() => setRevoking(null)}
          title={t('scim.revoke_title')}
          consequence={t('scim.revoke_consequence')}
          name={revoking.last_four}
          action={t('scim.revoke')}
          busy={revoke.isPending}
          onConfirm={() => revoke.mutate(revoking)}
        />
      )}
    </Card>
  );
}
