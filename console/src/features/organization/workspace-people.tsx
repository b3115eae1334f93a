import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { useMe } from '@/api/session';
import type { Member, WorkspaceDetail, WorkspacePerson } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Select } from '@/ui/field';
import { More } from '@/ui/more';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { PersonPicker } from './person-picker';
import { workspacePeopleQuery } from './queries';
import { rolesInWorkspace } from './words';

/** Who is in a workspace and what they are there. */
export function WorkspacePeople({ workspace, manages }: { workspace: WorkspaceDetail; manages: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const toast = useToast();
  const [adding, setAdding] = useState(false);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(workspacePeopleQuery(workspace.id));
  const people = data?.pages.flatMap((page) => page.data) ?? [];
  const path = (user_id: string) => ({ params: { path: { workspace_id: workspace.id, user_id } } });
  const refresh = () => client.invalidateQueries({ queryKey: ['workspaces'] });
  const put = useMutation({
    mutationFn: ({ user_id, role }: { user_id: string; role: WorkspacePerson['role_in_workspace'] }) =>
      body(api.PUT('/api/workspaces/{workspace_id}/people/{user_id}', { ...path(user_id), body: { role_in_workspace: role } })),
    onSuccess: refresh,
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: (user_id: string) => api.DELETE('/api/workspaces/{workspace_id}/people/{user_id}', path(user_id)),
    onSuccess: refresh,
    onError: toast.failed,
  });
  // Administrators of a workspace are named by a workspace manager or above.
  const names = manages && (me.role_code === 'OA' || me.role_code === 'WM');
  return (
    <Card
      title={t('workspaces.people')}
      description={t('workspaces.people_hint')}
      actions={
        manages && (
          <Button size="sm" onClick={() => setAdding(true)}>
            <UserPlus aria-hidden className="size-4" />
            {t('workspaces.add_person')}
          </Button>
        )
      }
    >
      {isPending && <SkeletonRows rows={3} />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <ul aria-label={t('workspaces.people')}>
        {people.map((person) => (
          <li key={person.user_id} className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0">
            <span className="min-w-0 flex-1 basis-44">
              <span className="block truncate text-sm">{person.name}</span>
              <span className="block truncate text-2xs text-ink-faint">{person.email}</span>
            </span>
            {names ? (
              <Select
                aria-label={t('workspaces.role_of', { name: person.name })}
                value={person.role_in_workspace}
                onChange={(event) => {
                  const role = rolesInWorkspace.find((one) => one === event.target.value);
                  if (role) put.mutate({ user_id: person.user_id, role });
                }}
              >
                {rolesInWorkspace.map((role) => (
                  <option key={role} value={role}>
                    {t(`workspaces.role_${role}`)}
                  </option>
                ))}
              </Select>
            ) : (
              <Badge>{t(`workspaces.role_${person.role_in_workspace}`)}</Badge>
            )}
            {manages && (
              <Button size="sm" kind="quiet" aria-label={t('groups.remove_named', { name: person.name })} onClick={() => remove.mutate(person.user_id)}>
                {t('groups.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <More {...{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
      {adding && <AddDialog onAdd={(user_id) => put.mutate({ user_id, role: 'member' })} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function AddDialog({ onAdd, onClose }: { onAdd: (user_id: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Member | null>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('workspaces.add_person')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            kind="primary"
            disabled={!chosen}
            onClick={() => {
              if (chosen) onAdd(chosen.user_id);
              onClose();
            }}
          >
            {t('groups.add')}
          </Button>
        </>
      }
    >
      <PersonPicker chosen={chosen} onChoose={setChosen} />
    </Dialog>
  );
}
