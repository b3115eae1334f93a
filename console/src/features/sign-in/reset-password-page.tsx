import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { hasCode } from '@/api/errors';
import { replaceIdentity } from '@/api/session';
import { Alert, Frame, Submit } from './frame';
import { NewPasswordField } from './new-password-field';
import { useFieldProblem, useRefusal } from './refusal';

export function ResetPasswordPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const refusal = useRefusal();
  const problem = useFieldProblem();
  // Behind the hash, which no server is sent.
  const [token] = useState(() => window.location.hash.slice(1));
  const [password, setPassword] = useState('');
  const reset = useMutation({
    mutationFn: () => api.POST('/api/auth/password/reset', { body: { token, password } }),
    onSuccess: async () => {
      // All sessions have ended, this browser's too.
      await replaceIdentity(client, null);
      await router.navigate({ to: '/sign-in', search: { reason: 'reset' }, replace: true });
    },
  });
  const wrong = problem(reset.error, '/password');
  const isOver = token === '' || hasCode(reset.error, 'invalid_link');
  return (
    <Frame title={t('password.reset_title')} subtitle={t('password.reset_text')}>
      {isOver ? (
        <>
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
            {t('password.link_over')}
          </p>
          <Link to="/forgot-password" className="w-fit text-sm text-accent-ink underline underline-offset-2">
            {t('password.ask_again')}
          </Link>
        </>
      ) : (
        <>
          {!wrong && <Alert error={reset.error}>{refusal(reset.error)}</Alert>}
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (!reset.isPending) reset.mutate();
            }}
          >
            <NewPasswordField value={password} onChange={setPassword} error={wrong} autoFocus />
            <Submit busy={reset.isPending}>{t('password.reset_action')}</Submit>
          </form>
        </>
      )}
    </Frame>
  );
}
