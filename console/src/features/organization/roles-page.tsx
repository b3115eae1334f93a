import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BadgeCheck, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { RoleAssignment } from '@/api/types';
import { useCreating } from '@/shell/use-creating';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card, Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { AssignDialog } from './assign-dialog';
import { Matrix } from './matrix';
import { assignmentsQuery, matrixQuery } from './queries';
import { governanceName } from './words';

export function RolesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const manages = allows(me, 'roles_manage');
  const [assigning, setAssigning] = useCreating();
  const { data: matrix, error, isPending, refetch } = useQuery(matrixQuery);
  return (
    <Page
      title={t('organization.roles')}
      description={t('roles_page.description')}
      actions={
        manages && (
          <Button kind="primary" onClick={() => setAssigning(true)}>
            <Plus aria-hidden className="size-4" />
            {t('roles_page.assign')}
          </Button>
        )
      }
    >
      <div className="mx-auto flex max-w-6xl flex-col gap-5 p-4 sm:p-6">
        <Assignments manages={manages} />
        <Card title={t('roles_page.matrix')} description={t('roles_page.matrix_hint')}>
          {isPending && <SkeletonRows />}
          {error && <Failure error={error} onRetry={() => void refetch()} />}
          {matrix && <Matrix matrix={matrix} />}
        </Card>
      </div>
      {assigning && manages && <AssignDialog onClose={() => setAssigning(false)} />}
    </Page>
  );
}

function Assignments({ manages }: { manages: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(assignmentsQuery);
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const take = useMutation({
    mutationFn: (row: RoleAssignment) => api.DELETE('/api/role-assignments/{assignment_id}', { params: { path: { assignment_id: row.id } } }),
    onSuccess: async () => {
      toast.done(t('roles_page.taken'));
      await client.invalidateQueries({ queryKey: assignmentsQuery.queryKey });
    },
    onError: toast.failed,
  });
  return (
    <Card title={t('roles_page.assignments')} description={t('roles_page.assignments_hint')}>
      {isPending && <SkeletonRows rows={3} />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && rows.length === 0 && (
        <Empty icon={<BadgeCheck />} title={t('roles_page.none')}>
          {t('roles_page.none_hint')}
        </Empty>
      )}
      <ul aria-label={t('roles_page.assignments')}>
        {rows.map((row) => (
          <li key={row.id} className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0">
            <span className="min-w-0 flex-1 basis-56">
              <span className="flex flex-wrap items-center gap-2">
                <span className="truncate font-medium">{row.holder_name ?? '—'}</span>
                {row.group_id && <Badge>{t('roles_page.group')}</Badge>}
                <Badge tone="accent">{governanceName(t, row.role)}</Badge>
              </span>
              <span className="block truncate text-xs text-ink-faint">
                {row.workspace_name ?? t('roles_page.whole')} · <Time value={row.created_at} />
              </span>
            </span>
            {manages && (
              <Button
                size="sm"
                kind="quiet"
                busy={take.isPending && take.variables.id === row.id}
                aria-label={t('roles_page.take_named', { name: row.holder_name ?? '', role: governanceName(t, row.role) })}
                onClick={() => take.mutate(row)}
              >
                {t('roles_page.take')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div className="p-3 text-center">
          <Button size="sm" onClick={() => void fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </Card>
  );
}
