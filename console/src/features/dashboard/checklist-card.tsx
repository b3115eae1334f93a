// What is set up, ticked from what is there, and what is worth setting up next. Each person can put it away.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Circle, CircleCheck, CircleDashed, ListChecks, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { useMe } from '@/api/session';
import type { Checklist } from '@/api/types';
import { viewedMember } from '@/api/view-as';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { cx } from '@/ui/classes';
import { formatNumber } from '@/ui/format';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { checklistQuery } from './queries';

type Item = 'profile' | 'model' | 'answer' | 'policy' | 'people' | 'second_factor' | 'sso';

function usePutAway() {
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (put_away: boolean) => body(api.PATCH('/api/checklist', { body: { put_away } })),
    onSuccess: (checklist) => client.setQueryData(checklistQuery.queryKey, checklist),
    onError: toast.failed,
  });
}

function stateOf(item: Item, list: Checklist, hasSecondFactor: boolean): 'open' | 'pending' | 'done' {
  const ticked = {
    profile: list.profile,
    model: list.model !== 'none',
    answer: list.answer,
    policy: list.policy,
    people: list.people === 'joined',
    second_factor: hasSecondFactor,
    sso: list.single_sign_on,
  };
  if (item === 'people' && list.people === 'invited') return 'pending';
  return ticked[item] ? 'done' : 'open';
}

export function ChecklistCard() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { data, error, isPending, refetch } = useQuery(checklistQuery);
  const putAway = usePutAway();
  if (data?.put_away) return null;
  const needed: { item: Item; action: ReactNode }[] = [
    { item: 'profile', action: <Link to="/organization/settings">{t('checklist.profile_action')}</Link> },
    { item: 'model', action: <Link to="/providers">{t('checklist.model_action')}</Link> },
    { item: 'answer', action: <Link to="/chat">{t('checklist.answer_action')}</Link> },
    { item: 'policy', action: <Link to="/policies">{t('checklist.policy_action')}</Link> },
    { item: 'people', action: <Link to="/organization/invitations">{t('checklist.people_action')}</Link> },
  ];
  const further: typeof needed = [
    { item: 'second_factor', action: <Link to="/account">{t('checklist.second_factor_action')}</Link> },
    { item: 'sso', action: <Link to="/identity-providers">{t('checklist.sso_action')}</Link> },
  ];
  const number = (value: number) => formatNumber(value, i18n.language);
  const done = data ? needed.filter(({ item }) => stateOf(item, data, me.second_factor.enrolled) === 'done').length : 0;
  const line = ({ item, action }: (typeof needed)[number]) => data && <Line key={item} item={item} state={stateOf(item, data, me.second_factor.enrolled)} demo={item === 'model' && data.model === 'demo'} action={action} />;
  return (
    <Card
      title={t('checklist.title')}
      description={data && (done === needed.length ? t('checklist.all') : t('checklist.some', { done: number(done), all: number(needed.length) }))}
      actions={
        data &&
        viewedMember() === null && (
          <IconButton label={t('checklist.put_away')} onClick={() => putAway.mutate(true)}>
            <X />
          </IconButton>
        )
      }
    >
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <SkeletonRows rows={5} height="h-14" />}
      {data && (
        <>
          <ul aria-label={t('checklist.title')} className="divide-y divide-line">
            {needed.map(line)}
          </ul>
          <h3 className="border-t border-line bg-sunken/50 px-4 py-1.5 text-2xs font-medium text-ink-faint">{t('checklist.further')}</h3>
          <ul aria-label={t('checklist.further')} className="divide-y divide-line border-t border-line">
            {further.map(line)}
          </ul>
        </>
      )}
    </Card>
  );
}

const marks = {
  open: <Circle aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-faint" />,
  pending: <CircleDashed aria-hidden className="mt-0.5 size-4.5 shrink-0 text-warn" />,
  done: <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ok" />,
};

function Line({ item, state, demo, action }: { item: Item; state: keyof typeof marks; demo: boolean; action: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li data-item={item} data-state={state} className="flex items-start gap-2.5 px-4 py-2.5">
      {marks[state]}
      <span className="min-w-0 flex-1">
        <span className={cx('flex flex-wrap items-center gap-x-2 text-sm font-medium', state === 'done' && 'text-ink-soft')}>
          {t(`checklist.${item}`)}
          {demo && <Badge tone="accent">{t('checklist.demo')}</Badge>}
          <span className="sr-only">· {t(`checklist.${state}`)}</span>
        </span>
        {state === 'pending' && <span className="block text-xs text-warn">{t('checklist.people_invited')}</span>}
        {state === 'open' && <span className="block text-xs text-ink-faint">{t(`checklist.${item}_text`)}</span>}
        {demo && <span className="block text-xs text-ink-faint">{t('checklist.model_demo')}</span>}
      </span>
      {(state !== 'done' || demo) && (
        <Button asChild size="sm">
          {action}
        </Button>
      )}
    </li>
  );
}

/** Where a list that was put away comes back from. */
export function ChecklistReturn() {
  const { t } = useTranslation();
  const { data } = useQuery(checklistQuery);
  const putAway = usePutAway();
  if (!data?.put_away || viewedMember() !== null) return null;
  return (
    <Button kind="quiet" size="sm" className="self-start" busy={putAway.isPending} onClick={() => putAway.mutate(false)}>
      <ListChecks aria-hidden className="size-4" />
      {t('checklist.bring_back')}
    </Button>
  );
}
