import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, Ellipsis, FlaskConical, GripVertical, Pencil, Plus, ShieldCheck, Trash2 } from 'lucide-react';
import { useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import { allows, useMe } from '@/api/session';
import type { Rule } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { cx } from '@/ui/classes';
import { ConfirmDialog } from '@/ui/dialog';
import { Select } from '@/ui/field';
import { formatNumber } from '@/ui/format';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import { moved } from './order';
import { OutcomeBadge, StateBadge, states } from './outcome';
import { Playground } from './playground';
import { etagOf, evaluationKey, rulesQuery, useRefreshRules } from './queries';
import { summaryOf } from './summary';

export function PoliciesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { data: rules, error, isPending, refetch } = useQuery(rulesQuery);
  const [trying, setTrying] = useState(false);
  const manages = allows(me, 'policies_manage');
  return (
    <Page
      fill
      title={t('nav.policies')}
      description={t('policies.description')}
      actions={
        <>
          <Button onClick={() => setTrying(!trying)} aria-pressed={trying}>
            <FlaskConical aria-hidden className="size-4" />
            {t('playground.title')}
          </Button>
          {manages && (
            <Button asChild kind="primary">
              <Link to="/policies/new">
                <Plus aria-hidden className="size-4" />
                {t('policies.new')}
              </Link>
            </Button>
          )}
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <div className="min-w-0 lg:min-h-0 lg:flex-1 lg:overflow-y-auto">
          {isPending && <SkeletonRows rows={5} height="h-16" />}
          {error && <Failure error={error} onRetry={() => void refetch()} />}
          {rules?.length === 0 && (
            <Empty icon={<ShieldCheck />} title={t('policies.none')}>
              {t('policies.none_hint')}
            </Empty>
          )}
          {rules && rules.length > 0 && <RuleList rules={rules} manages={manages} />}
        </div>
        {trying && (
          <aside className="shrink-0 border-line max-lg:border-t lg:w-96 lg:overflow-y-auto lg:border-l">
            <Playground />
          </aside>
        )}
      </div>
    </Page>
  );
}

function RuleList({ rules, manages }: { rules: readonly Rule[]; manages: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, say] = useState('');
  const order = useMutation({
    mutationFn: async (next: Rule[]) => (await body(api.POST('/api/policies/order', { body: { rule_ids: next.map(({ id }) => id) } }))).data,
    onMutate: (next) => {
      client.setQueryData(rulesQuery.queryKey, next);
      return { before: rules };
    },
    onSuccess: (ordered) => {
      client.setQueryData(rulesQuery.queryKey, ordered);
      void client.invalidateQueries({ queryKey: [evaluationKey] });
    },
    onError: (failure, _next, context) => {
      if (context) client.setQueryData(rulesQuery.queryKey, [...context.before]);
      toast.failed(failure);
    },
  });
  const move = (from: number, to: number) => {
    const rule = rules[from];
    if (!rule || to < 0 || to >= rules.length || from === to) return;
    order.mutate(moved(rules, from, to));
    say(t('policies.moved', { name: rule.name, position: to + 1, count: rules.length }));
  };
  return (
    <>
      <ol aria-label={t('nav.policies')} className="flex flex-col">
        {rules.map((rule, at) => (
          <li
            key={rule.id}
            data-rule={rule.name}
            className={cx('border-b border-line', dragged === at && 'opacity-45', over === at && dragged !== null && (over < dragged ? 'shadow-[inset_0_2px_0_var(--accent)]' : 'shadow-[inset_0_-2px_0_var(--accent)]'))}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(at);
            }}
            onDrop={() => {
              if (dragged !== null) move(dragged, at);
              setDragged(null);
              setOver(null);
            }}
          >
            <RuleRow
              rule={rule}
              position={at + 1}
              manages={manages}
              onMove={(by) => move(at, at + by)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                setDragged(at);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
            />
          </li>
        ))}
      </ol>
      <p className="px-4 py-3 text-xs text-ink-faint sm:px-6">{t('policies.strongest')}</p>
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  );
}

interface RowProps {
  rule: Rule;
  position: number;
  manages: boolean;
  onMove: (by: number) => void;
  onDragStart: (event: DragEvent) => void;
  onDragEnd: () => void;
}

function RuleRow({ rule, position, manages, onMove, onDragStart, onDragEnd }: RowProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const toast = useToast();
  const refresh = useRefreshRules();
  const [deleting, setDeleting] = useState(false);
  const path = { params: { path: { rule_id: rule.id }, header: { 'If-Match': etagOf(rule) } } };
  const settled = {
    onError: (failure: unknown) => {
      toast.failed(failure);
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
    onSuccess: () => refresh(),
  };
  const setState = useMutation({ mutationFn: (state: Rule['state']) => body(api.PATCH('/api/policies/{rule_id}', { ...path, body: { state } })), ...settled });
  const remove = useMutation({ mutationFn: () => api.DELETE('/api/policies/{rule_id}', path), ...settled });
  const onKey = (event: KeyboardEvent) => {
    if (!manages || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <div className="group relative flex min-h-16 flex-wrap items-center gap-3 px-4 py-2.5 hover:bg-hover/50 sm:flex-nowrap sm:px-6" onKeyDown={onKey}>
      {manages ? (
        <span draggable onDragStart={onDragStart} onDragEnd={onDragEnd} title={t('policies.drag')} className="relative z-1 -my-2 -ml-4 hidden cursor-grab py-3 pl-1 text-ink-faint opacity-40 group-hover:opacity-100 sm:block">
          <GripVertical aria-hidden className="size-4" />
        </span>
      ) : null}
      <span className="tabular w-4 shrink-0 text-right text-xs text-ink-faint">{position}</span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link to="/policies/$ruleId" params={{ ruleId: rule.id }} draggable={false} className={cx('min-h-6 leading-6 font-medium sm:truncate after:absolute after:inset-0', rule.state === 'disabled' && 'text-ink-faint')}>
            {rule.name}
          </Link>
          <OutcomeBadge outcome={rule.outcome} />
        </span>
        <span className="block text-xs break-words text-ink-faint sm:truncate">
          <span className="text-ink-soft">{rule.directions.map((direction) => t(`direction.${direction}`)).join(' + ')}</span> · {summaryOf(rule.condition, t, i18n.language)}
        </span>
      </span>
      <Tooltip text={t('policies.hits_hint')}>
        <span className="tabular relative hidden shrink-0 text-xs text-ink-soft sm:block">{t('policies.hits', { count: rule.hits_30d, shown: formatNumber(rule.hits_30d, i18n.language) })}</span>
      </Tooltip>
      <span className="relative shrink-0 max-sm:order-last max-sm:basis-full max-sm:pl-7">
        {manages ? (
          <Select aria-label={t('policies.state_of', { name: rule.name })} value={rule.state} disabled={setState.isPending} onChange={(event) => setState.mutate(event.target.value as Rule['state'])} className="w-28">
            {states.map((state) => (
              <option key={state} value={state}>
                {t(`policies.state_${state}`)}
              </option>
            ))}
          </Select>
        ) : (
          <StateBadge state={rule.state} />
        )}
      </span>
      {manages && (
        <span className="relative">
          <Menu
            align="end"
            trigger={
              <IconButton label={t('policies.actions', { name: rule.name })}>
                <Ellipsis />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => void navigate({ to: '/policies/$ruleId', params: { ruleId: rule.id } })}>
              <Pencil aria-hidden />
              {t('common.edit')}
            </MenuItem>
            <MenuItem onSelect={() => onMove(-1)}>
              <ArrowUp aria-hidden />
              {t('policies.move_up')}
            </MenuItem>
            <MenuItem onSelect={() => onMove(1)}>
              <ArrowDown aria-hidden />
              {t('policies.move_down')}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setDeleting(true)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </MenuItem>
          </Menu>
        </span>
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={t('policies.delete_title')}
        consequence={t('policies.delete_consequence')}
        name={rule.name}
        action={t('common.delete')}
        busy={remove.isPending}
        onConfirm={() => {
          setDeleting(false);
          remove.mutate();
        }}
      />
    </div>
  );
}
