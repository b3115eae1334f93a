// Trying a provider: its documents from the server, then the whole way in this browser.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { IdentityProvider, ProviderTest } from '@/api/types';
import { Button } from '@/ui/button';
import { useFailureText } from '@/ui/failure';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { testQuery } from './queries';
import { refusalText } from './refusals';
import { Refused } from './refused';

interface Props {
  provider: IdentityProvider;
  /** A test that has come back. */
  test: string | undefined;
  refused: string | undefined;
  requestId: string | undefined;
}

export function TestCard({ provider, test, refused, requestId }: Props) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const begin = useMutation({
    mutationFn: () => body(api.POST('/api/identity-providers/{identity_provider_id}/test', { params: { path: { identity_provider_id: provider.id } } })),
    onSuccess: ({ authorization_url }) => {
      if (authorization_url) window.location.assign(authorization_url);
    },
  });
  const started = begin.data;
  return (
    <Card
      title={t('sso.test')}
      description={t('sso.test_hint')}
      actions={
        <Button size="sm" busy={begin.isPending || Boolean(started?.authorization_url)} onClick={() => begin.mutate()}>
          {t('sso.test_run')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3 p-4 empty:hidden">
        {begin.error && (
          <p role="alert" className="text-sm text-danger">
            {failureText(begin.error)}
          </p>
        )}
        {started && (
          <ul className="flex flex-col gap-1">
            {(['discovery', 'keys'] as const).map((step) => (
              <Step key={step} ok={started.passed.includes(step)}>
                {t(`sso.test_${step}`)}
              </Step>
            ))}
          </ul>
        )}
        {started?.reason && <Refused reason={started.reason} />}
        {!started && refused && <Refused reason={refused} requestId={requestId} />}
        {!started && test && !refused && <Outcome test={test} />}
      </div>
    </Card>
  );
}

function Outcome({ test }: { test: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(testQuery(test));
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} height="h-8" />;
  if (!data.outcome) return <p className="text-sm text-ink-faint">{t('sso.test_unfinished')}</p>;
  return <Found outcome={data.outcome} />;
}

function Found({ outcome }: { outcome: NonNullable<ProviderTest['outcome']> }) {
  const { t } = useTranslation();
  const role = (['OA', 'WM', 'UR'] as const).find((one) => one === outcome.role_code);
  return (
    <div role="status">
      <ul className="flex flex-col gap-1">
        <Step ok>{t('sso.test_signed_in')}</Step>
        <Step ok={outcome.has_email}>{outcome.has_email ? t(outcome.email_is_verified ? 'sso.test_email_verified' : 'sso.test_email') : t('sso.test_no_email')}</Step>
        {outcome.has_email && <Step ok={!outcome.address_refusal}>{outcome.address_refusal ? refusalText(outcome.address_refusal, t) : t('sso.test_address')}</Step>}
        <Step ok={role !== undefined}>{role ? t('sso.test_role', { role: t(`roles.${role}`) }) : t('sso.test_no_role')}</Step>
        <li className="mt-1 text-xs text-ink-faint">
          {t('sso.test_groups', { count: outcome.group_count, matched: outcome.matched_groups.length })}
          {outcome.matched_groups.length > 0 && <span className="font-mono text-2xs"> {outcome.matched_groups.join(', ')}</span>}
        </li>
        <li className="text-xs text-ink-faint">
          {t('sso.test_claims')} <span className="font-mono text-2xs break-words">{outcome.claims.join(', ')}</span>
        </li>
      </ul>
    </div>
  );
}

function Step({ ok, children }: { ok: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li className="flex items-start gap-2 text-sm">
      {ok ? <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" /> : <X aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />}
      <span className="sr-only">{t(ok ? 'sso.step_ok' : 'sso.step_failed')}</span>
      <span>{children}</span>
    </li>
  );
}
