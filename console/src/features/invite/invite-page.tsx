// Where an invitation's link leads: what it opens, and coming in, as a new person or as who is signed in.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouteContext, useRouter } from '@tanstack/react-router';
import { Building2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { replaceIdentity } from '@/api/session';
import type { Me } from '@/api/types';
import { Foot } from '@/features/sign-in/frame';
import { homeOf } from '@/router';
import { Mark } from '@/shell/brand';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { Skeleton } from '@/ui/states';

const leastPassword = 12;

// The code stands behind the `#`, which no server is sent; over a sign-in it waits in this tab.
const kept = 'gatehouse.invitation';
const readCode = (): string => window.location.hash.replace(/^#/, '') || sessionStorage.getItem(kept) || '';

export function InvitePage() {
  const { t } = useTranslation();
  const { me } = useRouteContext({ from: '/invite' });
  const failureText = useFailureText();
  const [code] = useState(readCode);
  const { data: preview, error, isPending } = useQuery({
    queryKey: ['invitation', code],
    retry: false,
    staleTime: Infinity,
    queryFn: () => body(api.POST('/api/invitations/preview', { body: { code: code || '-' } })),
  });
  const logo = preview?.logo_url?.startsWith('data:image/') ? preview.logo_url : null;
  return (
    <div className="flex min-h-full flex-col overflow-y-auto">
      <title>{`${t('invite.title')} · Gatehouse`}</title>
      <main className="m-auto flex w-full max-w-96 flex-col px-4 py-10">
        {logo ? <img src={logo} alt="" className="mb-5 size-10 object-contain" /> : <Mark className="mb-5 size-9" />}
        {isPending && (
          <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3">
            <Skeleton className="h-6 w-2/3" />
            <Skeleton className="h-4 w-full" />
          </div>
        )}
        {error && (
          <>
            <h1 className="text-xl font-semibold tracking-tight">{t('invite.invalid')}</h1>
            <p className="mt-2 text-sm text-ink-soft">{error.message === '' ? failureText(error) : t('invite.invalid_hint')}</p>
            <Link to="/" className="mt-5 text-sm text-accent underline">
              {t('invite.home')}
            </Link>
          </>
        )}
        {preview && (
          <>
            <h1 className="text-xl font-semibold tracking-tight break-words">{t('invite.to', { organization: preview.organization_name })}</h1>
            <p className="mt-1 text-sm text-ink-soft">{t('invite.by', { name: preview.invited_by_name, role: t(`roles.${preview.role_code}`) })}</p>
            {preview.workspaces.length > 0 && (
              <ul aria-label={t('organization.workspaces')} className="mt-3 flex flex-wrap gap-1.5">
                {preview.workspaces.map((name) => (
                  <li key={name} className="inline-flex items-center gap-1 rounded-sm bg-sunken px-1.5 py-0.5 text-xs text-ink-soft">
                    <Building2 aria-hidden className="size-3" />
                    {name}
                  </li>
                ))}
              </ul>
            )}
            <div className="mt-6">{me ? <Joining me={me} code={code} /> : <Coming code={code} hint={preview.email_hint ?? null} takesPasswords={preview.takes_passwords} />}</div>
          </>
        )}
      </main>
      <Foot />
    </div>
  );
}

/** Whoever is signed in comes as who they are, and goes on in the organization they came to. */
function Joining({ me, code }: { me: Me; code: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const failureText = useFailureText();
  const join = useMutation({
    mutationFn: async () => {
      const joined = await body(api.POST('/api/invitations/join', { body: { code } }));
      return body(api.POST('/api/auth/switch', { body: { organization_id: joined.organization_id } }));
    },
    onSuccess: async (next) => {
      sessionStorage.removeItem(kept);
      await replaceIdentity(client, next);
      await router.navigate({ to: homeOf(next), replace: true });
    },
  });
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm">{t('invite.as', { name: me.user.name, email: me.user.email })}</p>
      {join.error && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          {failureText(join.error)}
        </p>
      )}
      <Button kind="primary" className="!h-9" busy={join.isPending} onClick={() => join.mutate()}>
        {t('invite.join')}
      </Button>
    </div>
  );
}

function Coming({ code, hint, takesPasswords }: { code: string; hint: string | null; takesPasswords: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const failureText = useFailureText();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useMutation({
    mutationFn: async () => {
      await body(api.POST('/api/invitations/accept', { body: { code, email: email.trim(), name: name.trim(), password } }));
      return body(api.POST('/api/auth/sign-in', { body: { email: email.trim(), password } }));
    },
    onSuccess: async (me) => {
      await replaceIdentity(client, me);
      await router.navigate({ to: homeOf(me), replace: true });
    },
  });
  const signIn = (
    <Link to="/sign-in" search={{ next: '/invite' }} onClick={() => sessionStorage.setItem(kept, code)} className="text-sm text-accent underline">
      {t('invite.sign_in')}
    </Link>
  );
  if (!takesPasswords)
    return (
      <div className="flex flex-col gap-3">
        <p className="text-sm text-ink-soft">{t('invite.by_provider')}</p>
        {signIn}
      </div>
    );
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!accept.isPending) accept.mutate();
      }}
    >
      {accept.error && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          {failureText(accept.error)}
        </p>
      )}
      <Field label={t('sign_in.email')} hint={hint ? t('invite.email_hint', { hint }) : undefined}>
        {(wiring) => <Input {...wiring} type="email" name="email" autoComplete="username" required autoFocus maxLength={254} className="!h-9" value={email} onChange={(event) => setEmail(event.target.value)} />}
      </Field>
      <Field label={t('invite.name')}>
        {(wiring) => <Input {...wiring} name="name" autoComplete="name" required maxLength={255} className="!h-9" value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t('sign_in.password')} hint={t('invite.password_hint', { count: leastPassword })}>
        {(wiring) => <Input {...wiring} type="password" name="password" autoComplete="new-password" required minLength={leastPassword} maxLength={1024} className="!h-9" value={password} onChange={(event) => setPassword(event.target.value)} />}
      </Field>
      <Button kind="primary" type="submit" className="!h-9" busy={accept.isPending}>
        {t('invite.accept')}
      </Button>
      <p className="text-sm text-ink-soft">
        {t('invite.have_account')} {signIn}
      </p>
    </form>
  );
}
