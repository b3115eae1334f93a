// Enrolling a second factor: password, QR code, first code, recovery codes.
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { CodeField } from '@/features/sign-in/code-field';
import { Alert } from '@/features/sign-in/frame';
import { useFieldProblem, useRefusal } from '@/features/sign-in/refusal';
import { Button } from '@/ui/button';
import { CopyButton, CopyId } from '@/ui/copy';
import { Field, Input } from '@/ui/field';
import { Failure, Skeleton } from '@/ui/states';
import { secondFactorQuery } from './second-factor-query';

const QrCode = lazy(() => import('./qr-code').then((module) => ({ default: module.QrCode })));

/** `onDone`: the recovery codes were seen. */
export function Enrolment({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const { data, error, refetch } = useQuery(secondFactorQuery);
  const [enrolment, setEnrolment] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24 w-full" />;
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (!enrolment) return <Begin hasPassword={data.has_password} onBegun={setEnrolment} {...(onCancel ? { onCancel } : {})} />;
  return <Confirm enrolment={enrolment} onConfirmed={setCodes} {...(onCancel ? { onCancel } : {})} />;
}

function Actions({ action, busy, onCancel }: { action: string; busy: boolean; onCancel?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex justify-end gap-2">
      {onCancel && <Button onClick={onCancel}>{t('common.cancel')}</Button>}
      <Button kind="primary" type="submit" busy={busy}>
        {action}
      </Button>
    </div>
  );
}

function Begin({ hasPassword, onBegun, onCancel }: { hasPassword: boolean; onBegun: (enrolment: { secret: string; uri: string }) => void; onCancel?: () => void }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const problem = useFieldProblem();
  const [password, setPassword] = useState('');
  const begin = useMutation({
    mutationFn: () => body(api.POST('/api/auth/second-factor', { body: hasPassword ? { password } : {} })),
    onSuccess: onBegun,
  });
  const wrong = problem(begin.error, '/password');
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!begin.isPending) begin.mutate();
      }}
    >
      <p className="text-sm text-ink-soft">{t('second_factor.begin_text')}</p>
      {!wrong && <Alert error={begin.error}>{refusal(begin.error)}</Alert>}
      {hasPassword && (
        <Field label={t('password.current')} error={wrong}>
          {(wiring) => <Input {...wiring} type="password" autoComplete="current-password" required autoFocus value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
      )}
      <Actions action={t('second_factor.begin')} busy={begin.isPending} {...(onCancel ? { onCancel } : {})} />
    </form>
  );
}

function Confirm({ enrolment, onConfirmed, onCancel }: { enrolment: { secret: string; uri: string }; onConfirmed: (codes: readonly string[]) => void; onCancel?: () => void }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => body(api.POST('/api/auth/second-factor/confirm', { body: { code } })),
    onSuccess: ({ recovery_codes }) => onConfirmed(recovery_codes),
    onError: () => setCode(''),
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!confirm.isPending) confirm.mutate();
      }}
    >
      <p className="text-sm text-ink-soft">{t('second_factor.scan')}</p>
      <div className="flex flex-wrap items-center gap-4">
        <Suspense fallback={<Skeleton className="size-48" />}>
          <QrCode text={enrolment.uri} label={t('second_factor.qr')} />
        </Suspense>
        <div className="min-w-0 flex-1">
          <span className="block text-xs text-ink-faint">{t('second_factor.by_hand')}</span>
          <CopyId value={enrolment.secret} whole className="-ml-1" />
        </div>
      </div>
      <Alert error={confirm.error}>{refusal(confirm.error)}</Alert>
      <CodeField value={code} onChange={setCode} label={t('second_factor.first_code')} />
      <Actions action={t('second_factor.confirm')} busy={confirm.isPending} {...(onCancel ? { onCancel } : {})} />
    </form>
  );
}

/** Shown once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-ink-soft">{t('second_factor.codes_text')}</p>
      <div className="relative rounded-md border border-line bg-sunken p-3">
        <CopyButton text={codes.join('\n')} label={t('second_factor.copy_codes')} className="absolute top-2 right-2" />
        <ul aria-label={t('second_factor.codes')} className="grid grid-cols-2 gap-x-6 gap-y-1 pr-8 font-mono text-sm">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <div className="flex justify-end">
        <Button kind="primary" onClick={onDone}>
          {t('second_factor.codes_kept')}
        </Button>
      </div>
    </div>
  );
}
