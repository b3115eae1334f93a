import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/errors';
import { adopt, infoQuery, replaceIdentity } from '@/api/session';
import type { Info, SignInWays } from '@/api/types';
import { Refused } from '@/features/single-sign-on/refused';
import { languages, setLanguage, type Language } from '@/i18n';
import { homeOf } from '@/router';
import { Mark } from '@/shell/brand';
import { Field, Input, Select } from '@/ui/field';
import { Spinner } from '@/ui/spinner';

export function SignInPage() {
  const { t, i18n } = useTranslation();
  const { next, reason, refused, request_id } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const router = useRouter();
  const { data: info } = useQuery(infoQuery);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [picked, pick] = useState<Language | null>(null);
  const [ways, setWays] = useState<SignInWays | null>(null);
  const alert = useRef<HTMLParagraphElement>(null);
  const find = useMutation({
    mutationFn: () => body(api.POST('/api/auth/sso/start', { body: { email: email.trim() } })),
    onSuccess: setWays,
  });
  const signIn = useMutation({
    mutationFn: async () => {
      const me = await body(api.POST('/api/auth/sign-in', { body: { email: email.trim(), password } }));
      if (picked === null || picked === me.user.language) return me;
      adopt(me);
      // Who chose a language here wants it on the account; that it cannot be saved is no reason to be refused.
      return body(api.PATCH('/api/auth/me', { body: { language: picked } })).catch(() => me);
    },
    onSuccess: async (me) => {
      await replaceIdentity(client, me);
      if (next) router.history.replace(next);
      else await router.navigate({ to: homeOf(me), replace: true });
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
  useEffect(() => alert.current?.focus(), [error]);
  return (
    <div className="flex min-h-full flex-col overflow-y-auto">
      <title>{`${t('sign_in.title')} · Gatehouse`}</title>
      <main className="m-auto flex w-full max-w-88 flex-col px-4 py-10">
        <Mark className="mb-5 size-9" />
        <h1 className="text-xl font-semibold tracking-tight">{t('sign_in.title')}</h1>
        <p className="mt-1 mb-6 text-sm text-ink-soft">{t('sign_in.subtitle')}</p>
        {refused && !error && !ways && (
          <div className="mb-4">
            <Refused reason={refused} requestId={request_id} />
          </div>
        )}
        {reason === 'expired' && !error && (
          <p role="status" className="mb-4 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
            {t('sign_in.expired')}
          </p>
        )}
        {error && (
          <p ref={alert} role="alert" tabIndex={-1} className="mb-4 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
            <Refusal error={error} />
          </p>
        )}
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
          {ways?.password && (
            <Field label={t('sign_in.password')}>
              {(wiring) => (
                <Input {...wiring} type="password" name="password" autoComplete="current-password" required autoFocus={ways.providers.length === 0} value={password} onChange={(event) => setPassword(event.target.value)} className="!h-9" />
              )}
            </Field>
          )}
          {ways && !ways.password && ways.providers.length === 0 && <p className="text-sm text-ink-soft">{t('sign_in.no_way')}</p>}
          {(!ways || ways.password) && (
            <button
              type="submit"
              disabled={pending}
              className="mt-1 inline-flex h-9 items-center justify-center gap-2 rounded-md bg-primary font-medium text-primary-ink shadow-card transition-colors hover:bg-primary-hover disabled:opacity-60"
            >
              {pending && <Spinner />}
              {t(ways ? 'sign_in.action' : 'sign_in.continue')}
            </button>
          )}
        </form>
        {info?.demo && (
          <DemoAccounts
            accounts={info.demo_accounts}
            onChoose={(account) => {
              setEmail(account.email);
              setPassword(account.password);
              // Its way is known.
              signIn.reset();
              find.reset();
              setWays({ password: true, providers: [] });
            }}
          />
        )}
      </main>
      <footer className="flex items-center justify-center gap-3 px-4 pb-6 text-xs text-ink-faint">
        <Select aria-label={t('preferences.language')} value={i18n.language} onChange={(event) => {
            const language = event.target.value as Language;
            pick(language);
            void setLanguage(language);
          }}>
          {languages.map((language) => (
            <option key={language} value={language}>
              {t(`preferences.language_${language}`)}
            </option>
          ))}
        </Select>
        {info && (
          <span>
            {info.name} {info.version}
          </span>
        )}
      </footer>
    </div>
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
      {ways.password && <p className="mt-1 text-center text-xs text-ink-faint">{t('sign_in.or_password')}</p>}
    </div>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  const code = error instanceof ApiError ? error.code : '';
  const wait = error instanceof ApiError ? error.retryAfter : null;
  switch (code) {
    case 'invalid_credentials':
      return t('sign_in.invalid');
    case 'rate_limited':
      return wait === null ? t('sign_in.limited') : t('sign_in.limited_for', { count: wait });
    case 'overloaded':
      return t('sign_in.overloaded');
    case 'unreachable':
      return t('failure.unreachable');
    default:
      return error.message || t('failure.unexpected');
  }
}

type DemoAccount = NonNullable<Info['demo_accounts']>[number];

function DemoAccounts({ accounts, onChoose }: { accounts: readonly DemoAccount[]; onChoose: (account: DemoAccount) => void }) {
  const { t } = useTranslation();
  const roleName = (code: string) => {
    const role = (['MS', 'OA', 'WM', 'UR'] as const).find((one) => one === code);
    return role ? t(`roles.${role}`) : code;
  };
  return (
    <section aria-labelledby="demo-accounts" className="mt-8">
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
