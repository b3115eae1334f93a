import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Alert } from '@/features/sign-in/frame';
import { NewPasswordField } from '@/features/sign-in/new-password-field';
import { useFieldProblem, useRefusal } from '@/features/sign-in/refusal';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { Card } from '@/ui/page';
import { useToast } from '@/ui/toast';
import { secondFactorQuery } from './second-factor-query';
import { sessionsQuery } from './sessions-query';

/** Nothing for who has no password: their organization's provider signs them in. */
export function PasswordCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const refusal = useRefusal();
  const problem = useFieldProblem();
  const { data } = useQuery(secondFactorQuery);
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const change = useMutation({
    mutationFn: () => api.POST('/api/auth/password', { body: { current_password: current, new_password: wanted } }),
    onSuccess: async () => {
      setCurrent('');
      setWanted('');
      toast.done(t('password.changed'));
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  if (data && !data.has_password) return null;
  const wrongCurrent = problem(change.error, '/password');
  const wrongNew = problem(change.error, '/new_password');
  return (
    <Card title={t('password.title')} description={t('password.description')}>
      <form
        className="flex max-w-sm flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!change.isPending) change.mutate();
        }}
      >
        {!wrongCurrent && !wrongNew && <Alert error={change.error}>{refusal(change.error)}</Alert>}
        <Field label={t('password.current')} error={wrongCurrent}>
          {(wiring) => <Input {...wiring} type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} />}
        </Field>
        <NewPasswordField value={wanted} onChange={setWanted} error={wrongNew} />
        <Button type="submit" className="w-fit" busy={change.isPending}>
          {t('password.change')}
        </Button>
      </form>
    </Card>
  );
}
