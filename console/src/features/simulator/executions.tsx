// What the engine said at this stage, newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Execution, Stage } from '@/api/types';
import { formatCost, formatNumber } from '@/ui/format';
import { More } from '@/ui/more';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { NextStep, OutcomeBadge, Reason } from './outcome';
import { executionsQuery } from './queries';

export function Executions({ stage }: { stage: Stage }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(executionsQuery(stage));
  const turns = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div tabIndex={0} role="region" aria-label={t('simulator.log')} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
      {isPending && <SkeletonRows rows={5} height="h-16" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && turns.length === 0 && (
        <Empty icon={<ScrollText />} title={t('simulator.log_empty')}>
          {t('simulator.log_empty_hint')}
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {turns.map((turn) => (
          <Turn key={turn.id} turn={turn} />
        ))}
      </ul>
      <More {...{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </div>
  );
}

function Turn({ turn }: { turn: Execution }) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => formatNumber(value, i18n.language);
  return (
    <li data-execution={turn.id} className="flex flex-col gap-1.5 px-4 py-3 sm:px-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-soft">
        <OutcomeBadge outcome={turn.outcome} />
        {turn.reason && <Reason code={turn.reason} />}
        <span className="flex-1" />
        <span className="text-ink-faint">
          <Time value={turn.created_at} />
        </span>
      </div>
      {turn.message === null && turn.reply === null ? (
        <p className="text-xs text-ink-faint">{t('simulator.not_kept')}</p>
      ) : (
        <>
          {turn.message !== null && <p className="line-clamp-2 text-sm break-words">{turn.message}</p>}
          {turn.reply !== null && <p className="line-clamp-3 border-l-2 border-line pl-2 text-sm break-words text-ink-soft">{turn.reply}</p>}
        </>
      )}
      <div className="flex flex-wrap gap-x-3 gap-y-1 text-xs text-ink-faint">
        <NextStep action={turn.next_best_action} />
        <span>{t('simulator.version', { version: turn.config_version })}</span>
        {turn.model && <span className="font-mono text-2xs leading-4.5">{turn.model}</span>}
        {turn.input_tokens + turn.output_tokens > 0 && (
          <span className="tabular">
            {t('chat.tokens', { count: turn.input_tokens + turn.output_tokens, shown: number(turn.input_tokens + turn.output_tokens) })} · {formatCost(turn.cost, i18n.language)}
          </span>
        )}
      </div>
    </li>
  );
}
