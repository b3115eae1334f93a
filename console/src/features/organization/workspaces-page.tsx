import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LayoutGrid, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { allows, meQuery, useMe } from '@/api/session';
import type { Visibility, Workspace } from '@/api/types';
import { useCreating } from '@/shell/use-creating';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Page } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { Segmented } from '@/ui/segmented';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { branchesOf } from './organogram';
import { workspacesQuery } from './queries';
import { visibilities, visibilityName } from './words';

export function WorkspacesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const [state, setState] = useState<'active' | 'closed'>('active');
  const [creating, setCreating] = useCreating();
  const { data: workspaces, error, isPending, refetch } = useQuery(workspacesQuery(state));
  const creates = allows(me, 'workspaces_create');
  return (
    <Page
      title={t('organization.workspaces')}
      description={t('workspaces.description')}
      actions={
        <>
          {creates && (
            <Segmented
              label={t('members.state')}
              value={state}
              options={[
                { value: 'active', label: t('workspaces.active') },
                { value: 'closed', label: t('workspaces.closed') },
              ]}
              onChange={setState}
            />
          )}
          {creates && (
            <Button kind="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden className="size-4" />
              {t('workspaces.create')}
            </Button>
          )}
        </>
      }
    >
      {isPending && <SkeletonRows height="h-14" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {workspaces?.length === 0 && (
        <Empty icon={<LayoutGrid />} title={t('workspaces.none')}>
          {t(state === 'closed' ? 'workspaces.none_closed' : 'workspaces.none_hint')}
        </Empty>
      )}
      <ul aria-label={t('organization.workspaces')}>
        {workspaces && branchesOf(workspaces).map(({ workspace, depth }) => <Row key={workspace.id} workspace={workspace} depth={depth} />)}
      </ul>
      {creating && creates && <CreateDialog workspaces={workspaces ?? []} onClose={() => setCreating(false)} />}
    </Page>
  );
}

const indents = ['', 'pl-10 sm:pl-12', 'pl-16 sm:pl-18', 'pl-20 sm:pl-24', 'pl-24 sm:pl-30', 'pl-28 sm:pl-36', 'pl-30 sm:pl-42', 'pl-32 sm:pl-48'];

function Row({ workspace, depth }: { workspace: Workspace; depth: number }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const toast = useToast();
  const path = { params: { path: { workspace_id: workspace.id } } };
  const refresh = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['workspaces'] }), client.invalidateQueries({ queryKey: meQuery.queryKey })]);
  };
  const join = useMutation({ mutationFn: () => api.POST('/api/workspaces/{workspace_id}/join', path), onSuccess: refresh, onError: toast.failed });
  const leave = useMutation({ mutationFn: () => api.POST('/api/workspaces/{workspace_id}/leave', path), onSuccess: refresh, onError: toast.failed });
  const joins = allows(me, 'workspaces_join') && workspace.is_active;
  return (
    <li className={`flex min-h-14 items-center gap-3 border-b border-line px-4 py-2 sm:px-6 ${indents[depth] ?? ''}`}>
      <span aria-hidden className="inline-flex size-7 shrink-0 items-center justify-center rounded-md border border-line bg-sunken text-sm">
        {workspace.icon ?? workspace.name.slice(0, 1).toUpperCase()}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link to="/organization/workspaces/$workspaceId" params={{ workspaceId: workspace.id }} className="truncate font-medium hover:underline">
            {workspace.name}
          </Link>
          {workspace.is_default && <Badge tone="accent">{t('workspaces.default')}</Badge>}
          {!workspace.is_active && <Badge>{t('workspaces.closed')}</Badge>}
          {workspace.is_member && <Badge tone="ok">{t('workspaces.yours')}</Badge>}
        </span>
        <span className="block truncate text-xs text-ink-faint">{[visibilityName(t, workspace.visibility), workspace.department, workspace.team, workspace.description].filter(Boolean).join(' · ')}</span>
      </span>
      {joins && !workspace.is_member && workspace.visibility === 'public' && (
        <Button size="sm" busy={join.isPending} aria-label={t('workspaces.join_named', { name: workspace.name })} onClick={() => join.mutate()}>
          {t('workspaces.join')}
        </Button>
      )}
      {joins && workspace.is_member && !workspace.is_default && (
        <Button size="sm" kind="quiet" busy={leave.isPending} aria-label={t('workspaces.leave_named', { name: workspace.name })} onClick={() => leave.mutate()}>
          {t('workspaces.leave')}
        </Button>
      )}
    </li>
  );
}

function CreateDialog({ workspaces, onClose }: { workspaces: readonly Workspace[]; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [visibility, setVisibility] = useState<Visibility>('organization');
  const [parent, setParent] = useState('');
  const [attempt] = useState(() => attempts());
  const create = useMutation({
    mutationFn: () => {
      const draft = { name: name.trim(), visibility, parent_workspace_id: parent || null };
      return attempt(draft, ({ headers }) => body(api.POST('/api/workspaces', { headers, body: draft })));
    },
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: ['workspaces'] }), client.invalidateQueries({ queryKey: meQuery.queryKey })]);
      onClose();
    },
  });
  const refused = useRefusals(create.error, ['/name', '/visibility', '/parent_workspace_id']);
  return (
    <Dialog open onClose={onClose} title={t('workspaces.create')} description={t('workspaces.create_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) create.mutate();
        }}
      >
        <Field label={t('workspaces.name')} error={refused.at('/name')}>
          {(wiring) => <Input {...wiring} autoFocus required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t('workspaces.visibility')} hint={t(`workspaces.visibility_${visibility}_hint`)} error={refused.at('/visibility')}>
          {(wiring) => (
            <Select {...wiring} value={visibility} onChange={(event) => setVisibility(visibilities.find((one) => one === event.target.value) ?? 'organization')}>
              {visibilities.map((one) => (
                <option key={one} value={one}>
                  {visibilityName(t, one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('workspaces.parent')} error={refused.at('/parent_workspace_id')}>
          {(wiring) => (
            <Select {...wiring} value={parent} onChange={(event) => setParent(event.target.value)}>
              <option value="">{t('workspaces.no_parent')}</option>
              {workspaces.filter((one) => one.is_active).map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!name.trim()} busy={create.isPending}>
            {t('workspaces.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
