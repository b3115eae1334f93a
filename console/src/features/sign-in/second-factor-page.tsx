// An organization that asks for a second factor lets nothing be done before it is there.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TooltipProvider } from '@/ui/tooltip';
import { api, body } from '@/api/client';
import { meQuery, replaceIdentity } from '@/api/session';
import type { Me } from '@/api/types';
import { Enrolment } from '@/features/account/enrolment';
import { homeOf } from '@/router';
import { CodeField } from './code-field';
import { Alert, Frame, Submit } from './frame';
import { useRefusal } from './refusal';

export function SecondFactorPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: '/second-factor' });
  const { data: me } = useQuery(meQuery);
  const goOn = async (known?: Me) => {
    const fresh = known ?? (await body(api.GET('/api/auth/me')));
    await replaceIdentity(client, fresh);
    if (next) router.history.replace(next);
    else await router.navigate({ to: homeOf(fresh), replace: true });
  };
  const leave = useMutation({
    mutationFn: () => api.POST('/api/auth/sign-out'),
    onSuccess: async () => {
      await replaceIdentity(client, null);
      await router.navigate({ to: '/sign-in', replace: true });
    },
  });
  if (!me) return null;
  const organization = me.organization?.name ?? '';
  return (
    <TooltipProvider delayDuration={350}>
      <Frame wide title={me.second_factor.enrolled ? t('second_factor.step_title') : t('second_factor.must_title')} subtitle={me.second_factor.enrolled ? t('second_factor.step_up', { organization }) : t('second_factor.must_text', { organization })}>
        {me.second_factor.enrolled ? <Verify onDone={goOn} /> : <Enrolment onDone={() => void goOn()} />}
        <button type="button" onClick={() => leave.mutate()} className="w-fit text-sm text-accent-ink underline underline-offset-2">
          {t('nav.sign_out')}
        </button>
      </Frame>
    </TooltipProvider>
  );
}

function Verify({ onDone }: { onDone: (me: Me) => Promise<void> }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const [code, setCode] = useState('');
  const verify = useMutation({
    mutationFn: () => body(api.POST('/api/auth/second-factor/verify', { body: { code } })),
    onSuccess: onDone,
    onError: () => setCode(''),
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!verify.isPending) verify.mutate();
      }}
    >
      <Alert error={verify.error}>{refusal(verify.error)}</Alert>
      <CodeField value={code} onChange={setCode} hint={t('second_factor.code_hint')} />
      <Submit busy={verify.isPending}>{t('second_factor.verify')}</Submit>
    </form>
  );
}
