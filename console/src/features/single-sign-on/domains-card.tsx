// The organization's domains, with the record that proves each.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { Domain } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { CopyId } from '@/ui/copy';
import { ConfirmDialog } from '@/ui/dialog';
import { useFailureText } from '@/ui/failure';
import { Field, Input } from '@/ui/field';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { domainsQuery } from './queries';

export function DomainsCard({ manages }: { manages: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const { data: domains, error, isPending, refetch } = useQuery(domainsQuery);
  const [removing, setRemoving] = useState<Domain | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: domainsQuery.queryKey });
  const remove = useMutation({
    mutationFn: (domain: Domain) => api.DELETE('/api/domains/{domain_id}', { params: { path: { domain_id: domain.id } } }),
    onSuccess: async () => {
      setRemoving(null);
      await refresh();
    },
    onError: toast.failed,
  });
  return (
    <Card title={t('sso.domains')} description={t('sso.domains_hint')}>
      {isPending && <SkeletonRows rows={2} height="h-14" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {domains?.length === 0 && <p className="px-4 py-3 text-sm text-ink-faint">{t('sso.domains_none')}</p>}
      <ul aria-label={t('sso.domains')}>
        {domains?.map((domain) => (
          <li key={domain.id} data-domain={domain.domain} className="border-b border-line px-4 py-3 last:border-0">
            <DomainLine domain={domain} manages={manages} onRemove={() => setRemoving(domain)} onVerified={refresh} />
          </li>
        ))}
      </ul>
      {manages && <AddDomain onAdded={refresh} />}
      {removing && (
        <ConfirmDialog
          open
          onClose={() => setRemoving(null)}
          title={t('sso.domain_remove_title')}
          consequence={t('sso.domain_remove_consequence')}
          name={removing.domain}
          action={t('common.delete')}
          busy={remove.isPending}
          onConfirm={() => remove.mutate(removing)}
        />
      )}
    </Card>
  );
}

function DomainLine({ domain, manages, onRemove, onVerified }: { domain: Domain; manages: boolean; onRemove: () => void; onVerified: () => Promise<void> }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const verify = useMutation({
    mutationFn: () => body(api.POST('/api/domains/{domain_id}/verify', { params: { path: { domain_id: domain.id } } })),
    onSuccess: onVerified,
  });
  const why = (error: Error) => {
    const code = error instanceof ApiError ? error.code : '';
    if (code === 'conflict') return t('sso.domain_not_found');
    if (code === 'already_exists') return t('sso.domain_taken');
    if (code === 'upstream_failed') return t('sso.domain_unreachable');
    return failureText(error);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 text-sm font-medium break-all">{domain.domain}</span>
        {domain.is_verified ? <Badge tone="ok">{t('sso.domain_verified')}</Badge> : <Badge tone="warn">{t('sso.domain_pending')}</Badge>}
        {manages && (
          <IconButton label={t('sso.domain_remove', { domain: domain.domain })} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {!domain.is_verified && (
        <div className="flex flex-col gap-2 rounded-md bg-sunken p-3">
          <p className="text-xs text-ink-soft">{t('sso.domain_steps')}</p>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-1 text-xs">
            <dt className="text-ink-soft">{t('sso.record_type')}</dt>
            <dd className="px-1 font-mono text-2xs">TXT</dd>
            <dt className="text-ink-soft">{t('sso.record_name')}</dt>
            <dd>
              <CopyId value={domain.record_name} whole />
            </dd>
            <dt className="text-ink-soft">{t('sso.record_value')}</dt>
            <dd>
              <CopyId value={domain.record_value} whole />
            </dd>
          </dl>
          {verify.error && (
            <p role="alert" className="text-xs text-danger">
              {why(verify.error)}
            </p>
          )}
          {manages && (
            <Button size="sm" className="self-start" busy={verify.isPending} onClick={() => verify.mutate()}>
              {t('sso.domain_verify')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function AddDomain({ onAdded }: { onAdded: () => Promise<void> }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [name, setName] = useState('');
  const [attempt] = useState(() => attempts());
  const add = useMutation({
    mutationFn: () => {
      const made = { domain: name.trim().toLowerCase() };
      return attempt(made, ({ headers }) => body(api.POST('/api/domains', { body: made, headers })));
    },
    onSuccess: async () => {
      setName('');
      await onAdded();
    },
  });
  const why = (error: Error) => {
    const code = error instanceof ApiError ? error.code : '';
    if (code === 'validation_failed') return t('sso.domain_wrong');
    if (code === 'already_exists') return t('sso.domain_there');
    return failureText(error);
  };
  return (
    <form
      noValidate
      className="flex items-start gap-2 border-t border-line p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) add.mutate();
      }}
    >
      <Field label={t('sso.domain_add')} quiet error={add.error ? why(add.error) : undefined} className="max-w-sm flex-1">
        {(wiring) => <Input {...wiring} placeholder="acme.example" maxLength={253} autoComplete="off" spellCheck={false} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Button type="submit" busy={add.isPending} disabled={!name.trim()}>
        <Plus aria-hidden className="size-4" />
        {t('sso.domain_add')}
      </Button>
    </form>
  );
}
