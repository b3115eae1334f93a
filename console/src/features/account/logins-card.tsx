import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Logins } from '@/api/types';
import { Refused } from '@/features/single-sign-on/refused';
import { Button } from '@/ui/button';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { loginsQuery } from './logins-query';

/** `linked`: one was just added; `refused`: it was not. */
export function LoginsCard({ linked, refused, requestId }: { linked: boolean; refused: string | undefined; requestId: string | undefined }) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(loginsQuery);
  const link = useMutation({
    mutationFn: (provider: Logins['providers'][number]) => body(api.POST('/api/auth/logins', { body: { identity_provider_id: provider.id } })),
    onSuccess: ({ authorization_url }) => window.location.assign(authorization_url),
    onError: toast.failed,
  });
  const unlink = useMutation({
    mutationFn: (login: Logins['logins'][number]) => api.DELETE('/api/auth/logins/{login_id}', { params: { path: { login_id: login.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: loginsQuery.queryKey }),
    onError: toast.failed,
  });
  // Where there is nothing to sign in with there is nothing to say about it.
  if (data && data.logins.length === 0 && data.providers.length === 0) return null;
  return (
    <Card title={t('account.logins')} description={t('account.logins_hint')}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={1} height="h-14" />}
      {refused && (
        <div className="p-4 pb-0">
          <Refused reason={refused} requestId={requestId} />
        </div>
      )}
      {linked && !refused && (
        <p role="status" className="mx-4 mt-4 rounded-md bg-ok-soft px-3 py-2 text-sm text-ok">
          {t('account.login_added')}
        </p>
      )}
      <ul aria-label={t('account.logins')}>
        {data?.logins.map((login) => (
          <li key={login.id} className="flex min-h-14 items-center gap-3 border-b border-line px-4 py-2 last:border-0">
            <Fingerprint aria-hidden className="size-4 shrink-0 text-ink-faint" />
            <span className="min-w-0 flex-1">
              <span className="block truncate">{login.provider_name ?? login.issuer}</span>
              <span className="block truncate text-xs text-ink-faint">
                {login.last_sign_in_at ? (
                  <>
                    {t('account.login_used')} <Time value={login.last_sign_in_at} />
                  </>
                ) : (
                  t('account.login_unused')
                )}
              </span>
            </span>
            <Button size="sm" busy={unlink.isPending && unlink.variables.id === login.id} onClick={() => unlink.mutate(login)} aria-label={t('account.login_remove_named', { name: login.provider_name ?? login.issuer })}>
              {t('account.login_remove')}
            </Button>
          </li>
        ))}
      </ul>
      {data && data.providers.length > 0 && (
        <div className="flex flex-wrap gap-2 border-t border-line p-4">
          {data.providers.map((provider) => (
            <Button key={provider.id} size="sm" busy={link.isPending && link.variables.id === provider.id} onClick={() => link.mutate(provider)}>
              {t('account.login_add', { name: provider.name })}
            </Button>
          ))}
        </div>
      )}
    </Card>
  );
}
