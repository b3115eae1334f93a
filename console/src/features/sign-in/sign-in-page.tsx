import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/errors';
import { adopt, infoQuery, replaceIdentity } from '@/api/session';
import type { Info, Me, SignInWays } from '@/api/types';
import { Refused } from '@/features/single-sign-on/refused';
import type { Language } from '@/i18n';
import { homeOf } from '@/router';
import { Field, Input } from '@/ui/field';
import { CodeField } from './code-field';
import { Alert, Frame, Submit } from './frame';
import { useRefusal } from './refusal';

export function SignInPage() {
  const { t } = useTranslation();
  const [challenge, setChallenge] = useState<string | null>(null);
  const [picked, pick] = useState<Language | null>(null);
  const finish = useFinish(picked);
  const first = challenge === null;
  return (
    <Frame title={first ? t('sign_in.title') : t('second_factor.step_title')} subtitle={first ? t('sign_in.subtitle') : t('second_factor.step_text')} onLanguage={pick}>
      {first ? <PasswordStep onChallenge={setChallenge} onDone={finish} /> : <CodeStep challenge={challenge} onDone={finish} onAgain={() => setChallenge(null)} />}
    </Frame>
  );
}

function useFinish(picked: Language | null) {
  const { next } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const router = useRouter();
  return async (signedIn: Me) => {
    let me = signedIn;
    if (picked !== null && picked !== me.user.language) {
      adopt(me);
      // Who chose a language here wants it on the account; that it cannot be saved is no reason to be refused.
      me = await body(api.PATCH('/api/auth/me', { body: { language: picked } })).catch(() => signedIn);
    }
    await replaceIdentity(client, me);
    if (next) router.history.replace(next);
    else await router.navigate({ to: homeOf(me), replace: true });
  };
}

/** The address first: it tells the providers that there are beside a password. */
function PasswordStep({ onChallenge, onDone }: { onChallenge: (challenge: string) => void; onDone: (me: Me) => Promise<void> }) {
  const { t } = useTranslation();
  const { next, reason, refused, request_id } = useSearch({ from: '/sign-in' });
  const refusal = useRefusal();
  const { data: info } = useQuery(infoQuery);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [ways, setWays] = useState<SignInWays | null>(null);
  const find = useMutation({
    mutationFn: () => body(api.POST('/api/auth/sso/start', { body: { email: email.trim() } })),
    onSuccess: setWays,
  });
  const signIn = useMutation({
    mutationFn: () => body(api.POST('/api/auth/sign-in', { body: { email: email.trim(), password } })),
    onSuccess: onDone,
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'second_factor_required' && error.challenge) onChallenge(error.challenge);
    },
  });
  const error = signIn.error ?? find.error;
  const pending = signIn.isPending || find.isPending;
  // Another address may have other ways.
  const forget = () => {
    setWays(null);
    signIn.reset();
    find.reset();
  };
  return (
    <>
      {refused && !error && !ways && <Refused reason={refused} requestId={request_id} />}
      {reason === 'expired' && !error && (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          {t('sign_in.expired')}
        </p>
      )}
      {reason === 'reset' && !error && (
        <p role="status" className="rounded-md bg-ok-soft px-3 py-2 text-sm text-ok">
          {t('password.reset_done')}
        </p>
      )}
      <Alert error={error}>{refusal(error)}</Alert>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (pending) return;
          if (ways) signIn.mutate();
          else find.mutate();
        }}
      >
        <Field label={t('sign_in.email')}>
          {(wiring) => (
            <Input
              {...wiring}
              type="email"
              name="email"
              autoComplete="username"
              inputMode="email"
              required
              autoFocus={!refused}
              value={email}
              onChange={(event) => {
                setEmail(event.target.value);
                if (ways) forget();
              }}
              className="!h-9"
            />
          )}
        </Field>
        {ways && ways.providers.length > 0 && <Providers ways={ways} email={email.trim()} next={next} />}
        {ways && (
          <Field label={t('sign_in.password')}>
            {(wiring) => (
              <Input {...wiring} type="password" name="password" autoComplete="current-password" required autoFocus={ways.providers.length === 0} value={password} onChange={(event) => setPassword(event.target.value)} className="!h-9" />
            )}
          </Field>
        )}
        <Submit busy={pending}>{t(ways ? 'sign_in.action' : 'sign_in.continue')}</Submit>
      </form>
      <p className="flex flex-wrap justify-between gap-x-4 gap-y-2 text-sm">
        <Link to="/forgot-password" className="text-accent-ink underline underline-offset-2">
          {t('password.forgot_link')}
        </Link>
        {info?.sign_up === 'found' && (
          <Link to="/sign-up" className="text-accent-ink underline underline-offset-2">
            {t('sign_up.link')}
          </Link>
        )}
      </p>
      {info?.demo && (
        <DemoAccounts
          accounts={info.demo_accounts}
          onChoose={(account) => {
            setEmail(account.email);
            setPassword(account.password);
            // Its way is known.
            signIn.reset();
            find.reset();
            setWays({ providers: [] });
          }}
        />
      )}
    </>
  );
}

/** On to the organization's provider, by a plain link: what follows is between the browser and it. */
function Providers({ ways, email, next }: { ways: SignInWays; email: string; next: string | undefined }) {
  const { t } = useTranslation();
  const query = new URLSearchParams({ login_hint: email, ...(next ? { return_to: next } : {}) });
  return (
    <div className="flex flex-col gap-2">
      {ways.providers.map((provider) => (
        <a
          key={provider.start_path}
          href={`${provider.start_path}?${query.toString()}`}
          className="inline-flex min-h-9 items-center justify-center rounded-md border border-line-strong/60 bg-surface px-3 py-1.5 text-center font-medium shadow-card transition-colors hover:bg-hover"
        >
          {t('sign_in.with', { name: provider.name })}
        </a>
      ))}
      <p className="mt-1 text-center text-xs text-ink-faint">{t('sign_in.or_password')}</p>
    </div>
  );
}

function CodeStep({ challenge, onDone, onAgain }: { challenge: string; onDone: (me: Me) => Promise<void>; onAgain: () => void }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const [code, setCode] = useState('');
  const signIn = useMutation({
    mutationFn: () => body(api.POST('/api/auth/sign-in/second-factor', { body: { challenge, code } })),
    onSuccess: onDone,
    onError: () => setCode(''),
  });
  const { error } = signIn;
  const isOver = error instanceof ApiError && error.code === 'invalid_credentials';
  return (
    <>
      <Alert error={error}>{isOver ? t('second_factor.too_late') : refusal(error)}</Alert>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!signIn.isPending) signIn.mutate();
        }}
      >
        <CodeField value={code} onChange={setCode} hint={t('second_factor.code_hint')} />
        <Submit busy={signIn.isPending}>{t('sign_in.action')}</Submit>
      </form>
      <button type="button" onClick={onAgain} className="w-fit text-sm text-accent-ink underline underline-offset-2">
        {t('second_factor.again')}
      </button>
    </>
  );
}

type DemoAccount = NonNullable<Info['demo_accounts']>[number];

function DemoAccounts({ accounts, onChoose }: { accounts: readonly DemoAccount[]; onChoose: (account: DemoAccount) => void }) {
  const { t } = useTranslation();
  const roleName = (code: string) => {
    const role = (['MS', 'OA', 'WM', 'UR'] as const).find((one) => one === code);
    return role ? t(`roles.${role}`) : code;
  };
  return (
    <section aria-labelledby="demo-accounts" className="mt-4">
      <h2 id="demo-accounts" className="text-xs font-medium text-ink-soft">
        {t('sign_in.demo_title')}
      </h2>
      <p className="mb-2 text-xs text-ink-faint">{t('sign_in.demo_hint')}</p>
      <ul className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
        {accounts.map((account) => (
          <li key={account.email} className="border-b border-line last:border-0">
            <button type="button" onClick={() => onChoose(account)} className="flex min-h-10 w-full items-center justify-between gap-3 px-3 py-1.5 text-left hover:bg-hover">
              <span className="shrink-0 text-sm">{account.email}</span>
              <span className="min-w-0 text-right text-2xs text-balance text-ink-faint">
                {account.organization && <span className="capitalize">{account.organization} · </span>}
                <span className="inline-block">{roleName(account.role)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
