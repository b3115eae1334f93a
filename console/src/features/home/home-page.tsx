// Where an administrator begins: what is set up, and what is worth setting up next.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Circle, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import { Button } from '@/ui/button';
import { cx } from '@/ui/classes';
import { Card, Page } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';

type Item = 'provider' | 'answer' | 'policy' | 'second_factor' | 'invite' | 'sso' | 'connector';

export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const state = useQuery({
    queryKey: ['checklist'],
    queryFn: async () => {
      const [providers, chats, policies, members, identity] = await Promise.all([
        body(api.GET('/api/providers')),
        body(api.GET('/api/chats', { params: { query: { limit: 1 } } })),
        body(api.GET('/api/policies')),
        body(api.GET('/api/members', { params: { query: { limit: 2 } } })),
        body(api.GET('/api/identity-providers')),
      ]);
      return {
        provider: providers.data.some((one) => one.kind !== 'demo'),
        answer: chats.data.length > 0,
        policy: policies.data.length > 0,
        invite: members.data.length > 1,
        sso: identity.data.length > 0,
      };
    },
  });
  const done: Partial<Record<Item, boolean>> = { ...state.data, second_factor: me.second_factor.enrolled };
  const items: { item: Item; action?: ReactNode }[] = [
    { item: 'answer', action: <Link to="/chat">{t('home.answer_action')}</Link> },
    ...(allows(me, 'providers_manage') ? [{ item: 'provider' as const, action: <Link to="/providers">{t('home.provider_action')}</Link> }] : []),
    ...(allows(me, 'policies_manage') ? [{ item: 'policy' as const, action: <Link to="/policies">{t('home.policy_action')}</Link> }] : []),
    { item: 'second_factor', action: <Link to="/account">{t('home.second_factor_action')}</Link> },
    ...(allows(me, 'invitations_manage') ? [{ item: 'invite' as const, action: <Link to="/organization/invitations">{t('home.invite_action')}</Link> }] : []),
    ...(allows(me, 'identity_providers_manage') ? [{ item: 'sso' as const, action: <Link to="/identity-providers">{t('home.sso_action')}</Link> }] : []),
    { item: 'connector' },
  ];
  return (
    <Page title={t('nav.home')} description={me.organization?.name}>
      <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
        <Card title={t('home.checklist')} description={t('home.checklist_text')}>
          {state.error && <Failure error={state.error} onRetry={() => void state.refetch()} />}
          {state.isPending && <SkeletonRows rows={7} height="h-14" />}
          {state.data && (
            <ul aria-label={t('home.checklist')}>
              {items.map(({ item, action }) => (
                <li key={item} className="flex min-h-14 items-center gap-3 border-b border-line px-4 py-2 last:border-0">
                  {done[item] ? <CircleCheck aria-hidden className="size-5 shrink-0 text-ok" /> : <Circle aria-hidden className="size-5 shrink-0 text-ink-faint" />}
                  <span className="min-w-0 flex-1">
                    <span className={cx('block text-sm font-medium', done[item] && 'text-ink-soft')}>
                      {t(`home.${item}`)}
                      <span className="sr-only"> · {done[item] ? t('home.done') : t('home.open')}</span>
                    </span>
                    <span className="block text-xs text-ink-faint">{t(`home.${item}_text`)}</span>
                  </span>
                  {action && !done[item] && (
                    <Button asChild size="sm">
                      {action}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
    </Page>
  );
}
