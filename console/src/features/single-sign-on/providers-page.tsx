// Single sign-on of the organization: its identity providers and its domains.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Fingerprint, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card, Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { DomainsCard } from './domains-card';
import { identityProvidersQuery } from './queries';

export function IdentityProvidersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const manages = allows(me, 'identity_providers_manage');
  const { data: providers, error, isPending, refetch } = useQuery(identityProvidersQuery);
  return (
    <Page
      title={t('nav.sso')}
      description={t('sso.description')}
      actions={
        manages && (
          <Button kind="primary" asChild>
            <Link to="/identity-providers/new">
              <Plus aria-hidden className="size-4" />
              {t('sso.add')}
            </Link>
          </Button>
        )
      }
    >
      <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
        <Card title={t('sso.providers')}>
          {isPending && <SkeletonRows rows={2} height="h-14" />}
          {error && <Failure error={error} onRetry={() => void refetch()} />}
          {providers?.length === 0 && (
            <Empty icon={<Fingerprint />} title={t('sso.none')}>
              {t('sso.none_hint')}
            </Empty>
          )}
          {providers && providers.length > 0 && (
            <ul aria-label={t('sso.providers')}>
              {providers.map((provider) => (
                <li key={provider.id} className="border-b border-line last:border-0">
                  <Link to="/identity-providers/$providerId" params={{ providerId: provider.id }} className="flex min-h-14 items-center gap-3 px-4 py-2 hover:bg-hover">
                    <Fingerprint aria-hidden className="size-4 shrink-0 text-ink-faint" />
                    <span className="min-w-0 flex-1">
                      <span className="flex flex-wrap items-center gap-2">
                        <span className="truncate text-sm font-medium">{provider.name}</span>
                        {!provider.is_active && <Badge>{t('sso.off')}</Badge>}
                        {provider.jit && <Badge tone="accent">{t('sso.jit_badge')}</Badge>}
                      </span>
                      <span className="block truncate font-mono text-2xs text-ink-faint">{provider.issuer}</span>
                    </span>
                    <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-faint" />
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <DomainsCard manages={manages} />
      </div>
    </Page>
  );
}
