import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { Group, Member } from '@/api/types';
import { useCreating } from '@/shell/use-creating';
import { Button } from '@/ui/button';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { Field, Input, Textarea } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Page } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { PersonPicker } from './person-picker';
import { groupMembersQuery, groupsQuery } from './queries';

type Doing = { what: 'edit' | 'people' | 'delete'; group: Group };

export function GroupsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const manages = allows(me, 'groups_manage');
  const { data: groups, error, isPending, refetch } = useQuery(groupsQuery);
  const [creating, setCreating] = useCreating();
  const [doing, setDoing] = useState<Doing | null>(null);
  const stop = () => setDoing(null);
  return (
    <Page
      title={t('organization.groups')}
      description={t('groups.description')}
      actions={
        manages && (
          <Button kind="primary" onClick={() => setCreating(true)}>
            <Plus aria-hidden className="size-4" />
            {t('groups.create')}
          </Button>
        )
      }
    >
      {isPending && <SkeletonRows rows={4} height="h-14" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {groups?.length === 0 && (
        <Empty icon={<UsersRound />} title={t('groups.none')}>
          {t('groups.none_hint')}
        </Empty>
      )}
      <ul aria-label={t('organization.groups')}>
        {groups?.map((group) => (
          <li key={group.id} className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 sm:px-6">
            <span className="min-w-0 flex-1 basis-52">
              <span className="block truncate font-medium">{group.name}</span>
              <span className="block truncate text-xs text-ink-faint">{[t('groups.people_count', { count: group.members }), group.description].filter(Boolean).join(' · ')}</span>
            </span>
            <Button size="sm" aria-label={t('groups.people_of', { name: group.name })} onClick={() => setDoing({ what: 'people', group })}>
              <UsersRound aria-hidden className="size-4" />
              {t('groups.people')}
            </Button>
            {manages && (
              <>
                <Button size="sm" kind="quiet" aria-label={t('groups.edit_named', { name: group.name })} onClick={() => setDoing({ what: 'edit', group })}>
                  {t('common.edit')}
                </Button>
                <Button size="sm" kind="quiet" aria-label={t('groups.delete_named', { name: group.name })} onClick={() => setDoing({ what: 'delete', group })}>
                  {t('common.delete')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {creating && manages && <GroupDialog group={null} onClose={() => setCreating(false)} />}
      {doing?.what === 'edit' && <GroupDialog group={doing.group} onClose={stop} />}
      {doing?.what === 'people' && <PeopleDialog group={doing.group} manages={manages} onClose={stop} />}
      {doing?.what === 'delete' && <DeleteDialog group={doing.group} onClose={stop} />}
    </Page>
  );
}

function GroupDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(group?.name ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const [attempt] = useState(() => attempts());
  const save = useMutation({
    mutationFn: () => {
      const draft = { name: name.trim(), description: description.trim() };
      return group
        ? body(api.PATCH('/api/groups/{group_id}', { params: { path: { group_id: group.id } }, body: draft }))
        : attempt(draft, ({ headers }) => body(api.POST('/api/groups', { headers, body: draft })));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: groupsQuery.queryKey });
      onClose();
    },
  });
  const refused = useRefusals(save.error, ['/name', '/description']);
  return (
    <Dialog open onClose={onClose} title={group ? t('groups.edit_named', { name: group.name }) : t('groups.create')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate();
        }}
      >
        <Field label={t('groups.name')} error={refused.at('/name')}>
          {(wiring) => <Input {...wiring} autoFocus required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t('groups.about')} error={refused.at('/description')}>
          {(wiring) => <Textarea {...wiring} rows={2} maxLength={1000} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!name.trim()} busy={save.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function PeopleDialog({ group, manages, onClose }: { group: Group; manages: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const { data: people, error, isPending, refetch } = useQuery(groupMembersQuery(group.id));
  const [chosen, setChosen] = useState<Member | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: groupsQuery.queryKey });
  const path = (user_id: string) => ({ params: { path: { group_id: group.id, user_id } } });
  const add = useMutation({
    mutationFn: (user_id: string) => api.PUT('/api/groups/{group_id}/members/{user_id}', path(user_id)),
    onSuccess: () => {
      setChosen(null);
      return refresh();
    },
    onError: toast.failed,
  });
  const remove = useMutation({ mutationFn: (user_id: string) => api.DELETE('/api/groups/{group_id}/members/{user_id}', path(user_id)), onSuccess: refresh, onError: toast.failed });
  return (
    <Dialog open onClose={onClose} title={t('groups.people_of', { name: group.name })} description={t('groups.people_hint')}>
      <div className="flex flex-col gap-4 pb-2">
        {manages && (
          <div className="flex flex-col gap-2">
            <PersonPicker chosen={chosen} onChoose={setChosen} />
            <Button kind="primary" className="self-end" disabled={!chosen} busy={add.isPending} onClick={() => chosen && add.mutate(chosen.user_id)}>
              {t('groups.add')}
            </Button>
          </div>
        )}
        {isPending && <SkeletonRows rows={2} />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {people?.length === 0 && <p className="text-sm text-ink-soft">{t('groups.nobody')}</p>}
        <ul aria-label={t('groups.people_of', { name: group.name })}>
          {people?.map((person) => (
            <li key={person.user_id} className="flex min-h-10 items-center gap-2 border-b border-line last:border-0">
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm">{person.name}</span>
                <span className="block truncate text-2xs text-ink-faint">{person.email}</span>
              </span>
              {manages && (
                <Button size="sm" kind="quiet" aria-label={t('groups.remove_named', { name: person.name })} onClick={() => remove.mutate(person.user_id)}>
                  {t('groups.remove')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function DeleteDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/groups/{group_id}', { params: { path: { group_id: group.id } } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: groupsQuery.queryKey });
      onClose();
    },
    onError: toast.failed,
  });
  return <ConfirmDialog open onClose={onClose} title={t('groups.delete_title')} consequence={t('groups.delete_consequence')} name={group.name} action={t('common.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} />;
}
