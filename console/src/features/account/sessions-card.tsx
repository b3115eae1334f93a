import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { Session } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { More } from '@/ui/more';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { describeAgent } from './agent';
import { sessionsQuery } from './sessions-query';

export function SessionsCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(sessionsQuery);
  const revoke = useMutation({
    mutationFn: (session: Session) => api.DELETE('/api/auth/sessions/{session_id}', { params: { path: { session_id: session.id } } }),
    onSuccess: async () => {
      toast.done(t('account.session_ended'));
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: toast.failed,
  });
  return (
    <Card title={t('account.sessions')} description={t('account.sessions_hint')}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={2} height="h-14" />}
      <ul aria-label={t('account.sessions')}>
        {data?.pages
          .flatMap((page) => page.data)
          .map((session) => {
            const { browser, system } = describeAgent(session.user_agent ?? '');
            const name = browser && system ? t('account.agent', { browser, system }) : browser || system || t('account.agent_unknown');
            return (
              <li key={session.id} className="flex min-h-14 items-center gap-3 border-b border-line px-4 py-2 last:border-0">
                <Monitor aria-hidden className="size-4 shrink-0 text-ink-faint" />
                <span className="min-w-0 flex-1">
                  <span className="flex flex-wrap items-center gap-2">
                    <span className="truncate" title={session.user_agent ?? undefined}>
                      {name}
                    </span>
                    {session.is_current && <Badge tone="ok">{t('account.this_session')}</Badge>}
                  </span>
                  <span className="block truncate text-xs text-ink-faint">
                    {session.ip && `${session.ip} · `}
                    {t('account.last_seen')} <Time value={session.last_seen_at} /> · {t('account.signed_in')} <Time value={session.created_at} />
                  </span>
                </span>
                {!session.is_current && (
                  <Button size="sm" busy={revoke.isPending && revoke.variables.id === session.id} onClick={() => revoke.mutate(session)} aria-label={t('account.end_session_named', { name })}>
                    {t('account.end_session')}
                  </Button>
                )}
              </li>
            );
          })}
      </ul>
      <More {...{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </Card>
  );
}
