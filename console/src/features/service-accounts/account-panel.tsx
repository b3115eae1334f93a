// One service account: how it signs in, its secrets (each shown once) and certificates, and its switch.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileBadge, KeyRound, TriangleAlert, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import type { ServiceAccount } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { CopyButton } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { Field, Textarea } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { PermissionBadges } from './permission-badges';
import { serviceAccountsQuery } from './queries';

interface Props {
  account: ServiceAccount;
  manages: boolean;
  onClose: () => void;
}

export function AccountPanel({ account, manages, onClose }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey });
  const [secret, setSecret] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [attempt] = useState(() => attempts());
  const path = { service_account_id: account.id };
  const addSecret = useMutation({
    mutationFn: () =>
      attempt(
        account.secrets.map(({ id }) => id),
        ({ headers }) => body(api.POST('/api/service-accounts/{service_account_id}/secrets', { params: { path }, headers, body: {} })),
      ),
    onSuccess: async (made) => {
      setSecret(made.client_secret);
      await refresh();
    },
    onError: toast.failed,
  });
  const revokeSecret = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/service-accounts/{service_account_id}/secrets/{secret_id}', { params: { path: { ...path, secret_id: id } } }),
    onSuccess: refresh,
    onError: toast.failed,
  });
  const revokeCertificate = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/service-accounts/{service_account_id}/certificates/{certificate_id}', { params: { path: { ...path, certificate_id: id } } }),
    onSuccess: refresh,
    onError: toast.failed,
  });
  const turn = useMutation({
    mutationFn: async () => {
      const { response } = await api.GET('/api/service-accounts/{service_account_id}', { params: { path } });
      return api.PATCH('/api/service-accounts/{service_account_id}', {
        params: { path, header: { 'If-Match': response.headers.get('etag') ?? '' } },
        body: { is_active: !account.is_active },
      });
    },
    onSuccess: refresh,
    onError: toast.failed,
  });
  return (
    <Dialog open wide onClose={onClose} title={account.name} description={account.description || t('service_accounts.create_text')}>
      <div className="flex flex-col gap-5 pb-3">
        <div className="flex flex-wrap items-center gap-2">
          <PermissionBadges permissions={account.permissions} />
          <span className="flex-1" />
          {manages && (
            <Button size="sm" busy={turn.isPending} onClick={() => turn.mutate()}>
              {account.is_active ? t('service_accounts.switch_off') : t('service_accounts.switch_on')}
            </Button>
          )}
        </div>
        <Section title={t('service_accounts.client_id')}>
          <CodeLine text={account.client_id} />
        </Section>
        {secret && (
          <div className="flex flex-col gap-2">
            <p className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {t('service_accounts.secret_once')}
            </p>
            <CodeLine text={secret} secret />
          </div>
        )}
        <Section
          title={t('service_accounts.secrets')}
          action={
            manages && (
              <Button size="sm" busy={addSecret.isPending} onClick={() => addSecret.mutate()}>
                {t('service_accounts.add_secret')}
              </Button>
            )
          }
        >
          {account.secrets.length === 0 && <p className="text-sm text-ink-faint">{t('service_accounts.no_secrets')}</p>}
          {account.secrets.map((one) => (
            <Credential key={one.id} icon={<KeyRound aria-hidden />} name={`ghc_…${one.last_four}`} since={one.created_at} onRevoke={manages ? () => revokeSecret.mutate(one.id) : null} />
          ))}
        </Section>
        <Section
          title={t('service_accounts.certificates')}
          action={
            manages && (
              <Button size="sm" onClick={() => setAdding(true)}>
                {t('service_accounts.add_certificate')}
              </Button>
            )
          }
        >
          {account.certificates.length === 0 && <p className="text-sm text-ink-faint">{t('service_accounts.no_certificates')}</p>}
          {account.certificates.map((one) => (
            <Credential key={one.id} icon={<FileBadge aria-hidden />} name={one.subject} since={one.created_at} onRevoke={manages ? () => revokeCertificate.mutate(one.id) : null} />
          ))}
        </Section>
        <p className="text-xs text-ink-soft">{t('service_accounts.how_to', { address: `${window.location.origin}/api/oauth/token` })}</p>
      </div>
      {adding && <CertificateDialog account={account} onClose={() => setAdding(false)} onAdded={refresh} />}
    </Dialog>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <header className="flex items-center gap-2">
        <h3 className="flex-1 text-xs font-medium text-ink-soft">{title}</h3>
        {action}
      </header>
      {children}
    </section>
  );
}

function CodeLine({ text, secret = false }: { text: string; secret?: boolean }) {
  return (
    <div className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
      <code {...(secret ? { 'data-secret': true } : {})} className="min-w-0 flex-1 font-mono text-xs break-all">
        {text}
      </code>
      <CopyButton text={text} />
    </div>
  );
}

function Credential({ icon, name, since, onRevoke }: { icon: ReactNode; name: string; since: string; onRevoke: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <div className="flex min-h-9 items-center gap-2.5 border-b border-line text-sm last:border-0 [&>svg]:size-4 [&>svg]:text-ink-faint">
      {icon}
      <span className="min-w-0 flex-1 truncate font-mono text-xs">{name}</span>
      <Time value={since} className="text-xs text-ink-faint" />
      {onRevoke && (
        <IconButton label={t('service_accounts.revoke_named', { name })} onClick={onRevoke}>
          <X />
        </IconButton>
      )}
    </div>
  );
}

function CertificateDialog({ account, onClose, onAdded }: { account: ServiceAccount; onClose: () => void; onAdded: () => Promise<void> }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [pem, setPem] = useState('');
  const [attempt] = useState(() => attempts());
  const add = useMutation({
    mutationFn: () =>
      attempt(pem, ({ headers }) =>
        body(api.POST('/api/service-accounts/{service_account_id}/certificates', { params: { path: { service_account_id: account.id } }, headers, body: { pem } })),
      ),
    onSuccess: async () => {
      await onAdded();
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={t('service_accounts.add_certificate')} description={t('service_accounts.certificate_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (pem.trim() !== '') add.mutate();
        }}
      >
        <Field label={t('service_accounts.pem')} error={add.error ? failureText(add.error) : undefined}>
          {(wiring) => <Textarea {...wiring} autoFocus rows={8} spellCheck={false} className="font-mono !text-xs" value={pem} onChange={(event) => setPem(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={pem.trim() === ''} busy={add.isPending}>
            {t('service_accounts.add_certificate')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
