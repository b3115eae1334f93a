import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { infoQuery } from '@/api/session';
import { Field, Input } from '@/ui/field';
import { Alert, Frame, Submit } from './frame';
import { useRefusal } from './refusal';

/** The same page whether the address has an account or not. */
export function ForgotPasswordPage() {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const { data: info } = useQuery(infoQuery);
  const [email, setEmail] = useState('');
  const ask = useMutation({ mutationFn: () => api.POST('/api/auth/password/forgot', { body: { email: email.trim() } }) });
  const back = (
    <Link to="/sign-in" className="w-fit text-sm text-accent-ink underline underline-offset-2">
      {t('password.back')}
    </Link>
  );
  if (info && !info.mail)
    return (
      <Frame title={t('password.forgot_title')} subtitle={t('password.no_mail')}>
        {back}
      </Frame>
    );
  if (ask.isSuccess)
    return (
      <Frame title={t('password.sent_title')}>
        <p role="status" className="text-sm text-ink-soft">
          {t('password.sent_text', { email })}
        </p>
        {back}
      </Frame>
    );
  return (
    <Frame title={t('password.forgot_title')} subtitle={t('password.forgot_text')}>
      <Alert error={ask.error}>{refusal(ask.error)}</Alert>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ask.isPending) ask.mutate();
        }}
      >
        <Field label={t('sign_in.email')}>
          {(wiring) => (
            <Input {...wiring} type="email" name="email" autoComplete="username" inputMode="email" required autoFocus value={email} onChange={(event) => setEmail(event.target.value)} className="!h-9" />
          )}
        </Field>
        <Submit busy={ask.isPending}>{t('password.forgot_action')}</Submit>
      </form>
      {back}
    </Frame>
  );
}
