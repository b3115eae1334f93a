// From nothing to a session: account, confirmation, and an organization to found or to join.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { infoQuery, replaceIdentity } from '@/api/session';
import type { Me, StartedSignUp } from '@/api/types';
import { CodeField } from '@/features/sign-in/code-field';
import { Alert, Frame, Submit } from '@/features/sign-in/frame';
import { NewPasswordField } from '@/features/sign-in/new-password-field';
import { useFieldProblem, useRefusal } from '@/features/sign-in/refusal';
import { currentLanguage } from '@/i18n';
import { Field, Input, Select } from '@/ui/field';
import { Spinner } from '@/ui/spinner';
import { OrganizationStep } from './organization-step';
import { Steps } from './steps';

type Stage = { at: 'account' } | { at: 'code'; email: string; started: StartedSignUp } | { at: 'organization'; signUp: string };

export function SignUpPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const { organization } = useSearch({ from: '/sign-up' });
  const { data: info, isPending } = useQuery(infoQuery);
  const joined = useQuery({
    queryKey: ['open-organization', organization],
    enabled: organization !== undefined,
    retry: false,
    queryFn: () => body(api.GET('/api/sign-up/organization', { params: { query: { slug: organization ?? '' } } })),
  });
  const [stage, setStage] = useState<Stage>({ at: 'account' });
  const enter = async (me: Me) => {
    await replaceIdentity(client, me);
    await router.navigate({ to: organization ? '/chat' : '/start', replace: true });
  };
  if (isPending || (organization !== undefined && joined.isPending)) return <Spinner />;
  const isClosed = organization === undefined ? info?.sign_up !== 'found' : !joined.data;
  const steps = organization === undefined ? <Steps at={stage.at === 'organization' ? 'organization' : 'account'} /> : undefined;
  if (isClosed)
    return (
      <Frame title={t('sign_up.title')} subtitle={organization === undefined ? t('sign_up.closed') : t('sign_up.not_open')}>
        <SignInInstead />
      </Frame>
    );
  if (stage.at === 'account')
    return (
      <Frame step={steps} title={joined.data ? t('sign_up.join_title', { organization: joined.data.name }) : t('sign_up.title')} subtitle={t('sign_up.subtitle')}>
        <AccountStep organization={organization} regions={info?.regions ?? []} onStarted={(email, started) => setStage({ at: 'code', email, started })} />
        <SignInInstead />
      </Frame>
    );
  if (stage.at === 'code')
    return (
      <Frame step={steps} title={t('sign_up.code_title')} subtitle={stage.started.sent ? t('sign_up.code_text', { email: stage.email }) : t('sign_up.code_demo')}>
        <ConfirmStep started={stage.started} organization={organization} onConfirmed={(signUp) => setStage({ at: 'organization', signUp })} onJoined={enter} />
        <button type="button" onClick={() => setStage({ at: 'account' })} className="w-fit text-sm text-accent-ink underline underline-offset-2">
          {t('sign_up.other_address')}
        </button>
      </Frame>
    );
  return (
    <Frame step={steps} title={t('sign_up.organization_title')} subtitle={t('sign_up.organization_text')}>
      <OrganizationStep signUp={stage.signUp} onFounded={enter} />
    </Frame>
  );
}

function SignInInstead() {
  const { t } = useTranslation();
  return (
    <Link to="/sign-in" className="w-fit text-sm text-accent-ink underline underline-offset-2">
      {t('sign_up.sign_in_instead')}
    </Link>
  );
}

function AccountStep({ organization, regions, onStarted }: { organization: string | undefined; regions: readonly string[]; onStarted: (email: string, started: StartedSignUp) => void }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const problem = useFieldProblem();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [region, setRegion] = useState<string | null>(null);
  const chosen = region ?? regions[0] ?? 'us';
  const start = useMutation({
    mutationFn: () =>
      body(
        api.POST('/api/sign-up', {
          body: {
            name: name.trim(),
            email: email.trim(),
            password,
            language: currentLanguage(),
            ...(organization ? { organization } : { region: chosen === 'eu' ? ('eu' as const) : ('us' as const) }),
          },
        }),
      ),
    onSuccess: (started) => onStarted(email.trim(), started),
  });
  const wrong = problem(start.error, '/password');
  return (
    <>
      {!wrong && <Alert error={start.error}>{refusal(start.error)}</Alert>}
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!start.isPending) start.mutate();
        }}
      >
        <Field label={t('sign_up.name')}>
          {(wiring) => <Input {...wiring} name="name" autoComplete="name" required autoFocus maxLength={255} value={name} onChange={(event) => setName(event.target.value)} className="!h-9" />}
        </Field>
        <Field label={t('sign_up.email')}>
          {(wiring) => (
            <Input {...wiring} type="email" name="email" autoComplete="username" inputMode="email" required value={email} onChange={(event) => setEmail(event.target.value)} className="!h-9" />
          )}
        </Field>
        <NewPasswordField label={t('sign_in.password')} value={password} onChange={setPassword} error={wrong} />
        {organization === undefined && regions.length > 1 && (
          <Field label={t('sign_up.region')} hint={t('sign_up.region_hint')}>
            {(wiring) => (
              <Select {...wiring} value={chosen} onChange={(event) => setRegion(event.target.value)}>
                {regions.map((one) => (
                  <option key={one} value={one}>
                    {one === 'eu' ? t('sign_up.region_eu') : t('sign_up.region_us')}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Submit busy={start.isPending}>{t('sign_up.start')}</Submit>
      </form>
    </>
  );
}

function ConfirmStep({ started, organization, onConfirmed, onJoined }: { started: StartedSignUp; organization: string | undefined; onConfirmed: (signUp: string) => void; onJoined: (me: Me) => Promise<void> }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: async () => {
      const { sign_up } = await body(api.POST('/api/sign-up/confirm', { body: { sign_up: started.sign_up, code } }));
      if (organization === undefined) onConfirmed(sign_up);
      else await onJoined(await body(api.POST('/api/sign-up/join', { body: { sign_up } })));
    },
    onError: () => setCode(''),
  });
  return (
    <>
      {started.demo_code && (
        <p role="note" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          {t('sign_up.demo_code')} <code className="font-mono font-semibold tracking-widest">{started.demo_code}</code>
        </p>
      )}
      <Alert error={confirm.error}>{refusal(confirm.error)}</Alert>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!confirm.isPending) confirm.mutate();
        }}
      >
        <CodeField value={code} onChange={setCode} label={t('sign_up.code')} />
        <Submit busy={confirm.isPending}>{t('sign_up.confirm')}</Submit>
      </form>
    </>
  );
}
