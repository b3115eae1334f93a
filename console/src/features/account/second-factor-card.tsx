import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { meQuery } from '@/api/session';
import { CodeField } from '@/features/sign-in/code-field';
import { Alert } from '@/features/sign-in/frame';
import { useFieldProblem, useRefusal } from '@/features/sign-in/refusal';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { Enrolment, RecoveryCodes } from './enrolment';
import { secondFactorQuery } from './second-factor-query';

type Asking = 'enrol' | 'codes' | 'disable' | null;

export function SecondFactorCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(secondFactorQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => {
    setAsking(null);
    void client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  return (
    <Card title={t('second_factor.title')} description={t('second_factor.description')}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={1} height="h-14" />}
      {data && (
        <div className="flex flex-wrap items-center gap-3 p-4">
          <span className="flex min-w-0 flex-1 flex-wrap items-center gap-2 text-sm">
            {data.enrolled ? <Badge tone="ok">{t('second_factor.on')}</Badge> : <Badge>{t('second_factor.off')}</Badge>}
            {data.enrolled && <span className="text-xs text-ink-faint">{t('second_factor.codes_left', { count: data.recovery_codes_left })}</span>}
            {data.required && <span className="text-xs text-ink-faint">{t('second_factor.required')}</span>}
          </span>
          {data.enrolled ? (
            <>
              <Button size="sm" onClick={() => setAsking('codes')}>
                {t('second_factor.renew')}
              </Button>
              <Button size="sm" onClick={() => setAsking('disable')}>
                {t('second_factor.disable')}
              </Button>
            </>
          ) : (
            <Button size="sm" kind="primary" onClick={() => setAsking('enrol')}>
              {t('second_factor.enable')}
            </Button>
          )}
        </div>
      )}
      <Dialog open={asking === 'enrol'} onClose={close} title={t('second_factor.enable')}>
        <Enrolment onDone={close} onCancel={close} />
      </Dialog>
      <Dialog open={asking === 'codes'} onClose={close} title={t('second_factor.renew')}>
        <Renew onDone={close} />
      </Dialog>
      <Dialog open={asking === 'disable'} onClose={close} title={t('second_factor.disable')} description={t('second_factor.disable_text')}>
        <Disable hasPassword={data?.has_password ?? true} onDone={close} />
      </Dialog>
    </Card>
  );
}

function Renew({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const [code, setCode] = useState('');
  const renew = useMutation({ mutationFn: () => body(api.POST('/api/auth/second-factor/recovery-codes', { body: { code } })), onError: () => setCode('') });
  if (renew.data) return <RecoveryCodes codes={renew.data.recovery_codes} onDone={onDone} />;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!renew.isPending) renew.mutate();
      }}
    >
      <p className="text-sm text-ink-soft">{t('second_factor.renew_text')}</p>
      <Alert error={renew.error}>{refusal(renew.error)}</Alert>
      <CodeField value={code} onChange={setCode} />
      <div className="flex justify-end">
        <Button kind="primary" type="submit" busy={renew.isPending}>
          {t('second_factor.renew')}
        </Button>
      </div>
    </form>
  );
}

function Disable({ hasPassword, onDone }: { hasPassword: boolean; onDone: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const refusal = useRefusal();
  const problem = useFieldProblem();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const disable = useMutation({
    mutationFn: () => api.POST('/api/auth/second-factor/disable', { body: hasPassword ? { password, code } : { code } }),
    onSuccess: () => {
      toast.done(t('second_factor.disabled'));
      onDone();
    },
  });
  const wrong = problem(disable.error, '/password');
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!disable.isPending) disable.mutate();
      }}
    >
      {!wrong && <Alert error={disable.error}>{refusal(disable.error)}</Alert>}
      {hasPassword && (
        <Field label={t('password.current')} error={wrong}>
          {(wiring) => <Input {...wiring} type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
      )}
      <CodeField value={code} onChange={setCode} hint={t('second_factor.code_hint')} />
      <div className="flex justify-end">
        <Button kind="danger" type="submit" busy={disable.isPending}>
          {t('second_factor.disable')}
        </Button>
      </div>
    </form>
  );
}
