import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import { allows, meQuery, useMe } from '@/api/session';
import type { Visibility, WorkspaceChange, WorkspaceDetail } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { contentKey } from '@/ui/content-key';
import { ConfirmDialog } from '@/ui/dialog';
import { Field, Input, Select, Textarea } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Card, Page } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { workspaceQuery, workspacesQuery } from './queries';
import { changeOf, draftOf } from './settings-draft';
import { SettingsFields, settingPlaces } from './settings-fields';
import { TiersField } from './tiers-field';
import { visibilities, visibilityName } from './words';
import { WorkspacePeople } from './workspace-people';

export function WorkspacePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { workspaceId } = useParams({ from: '/shell/organization/workspaces/$workspaceId' });
  const { data, error, isPending, refetch } = useQuery(workspaceQuery(workspaceId));
  const [closing, setClosing] = useState(false);
  const workspace = data?.workspace;
  const manages = workspace?.is_managed === true && allows(me, 'workspaces_manage');
  return (
    <Page
      title={workspace?.name ?? t('organization.workspaces')}
      actions={
        <>
          {workspace?.is_default && <Badge tone="accent">{t('workspaces.default')}</Badge>}
          {workspace && !workspace.is_active && <Badge>{t('workspaces.closed')}</Badge>}
          <Button size="sm" kind="quiet" asChild>
            <Link to="/organization/workspaces">
              <ChevronLeft aria-hidden className="size-4" />
              {t('workspaces.all')}
            </Link>
          </Button>
          {manages && !workspace.is_default && (
            <Button size="sm" onClick={() => setClosing(true)}>
              {t('workspaces.close')}
            </Button>
          )}
        </>
      }
    >
      {isPending && <SkeletonRows height="h-14" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && workspace && (
        <div className="mx-auto flex max-w-4xl flex-col gap-5 p-4 sm:p-6">
          <About
            key={contentKey('about', workspace.name, workspace.description, workspace.department, workspace.team, workspace.visibility, workspace.parent_workspace_id)}
            workspace={workspace}
            version={data.version}
            manages={manages}
          />
          <Settings
            key={contentKey('settings', draftOf(workspace.settings, workspace.setting_sources))}
            workspace={workspace}
            version={data.version}
            manages={manages}
          />
          {allows(me, 'members_read') && workspace.workspace_type === 'FUNCTIONAL' && workspace.is_active && (me.role_code !== 'WM' || workspace.is_managed) && <WorkspacePeople workspace={workspace} manages={manages} />}
        </div>
      )}
      {closing && workspace && <CloseDialog workspace={workspace} onClose={() => setClosing(false)} />}
    </Page>
  );
}

function useUpdate(workspace: WorkspaceDetail, version: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (change: WorkspaceChange) =>
      body(api.PATCH('/api/workspaces/{workspace_id}', { params: { path: { workspace_id: workspace.id }, header: { 'If-Match': version } }, body: change })),
    onSuccess: async () => {
      toast.done(t('settings.saved'));
      await Promise.all([client.invalidateQueries({ queryKey: ['workspaces'] }), client.invalidateQueries({ queryKey: meQuery.queryKey })]);
    },
    onError: (failure) => {
      if (hasCode(failure, 'precondition_failed')) void client.invalidateQueries({ queryKey: ['workspaces'] });
    },
  });
}

interface PartProps {
  workspace: WorkspaceDetail;
  version: string;
  manages: boolean;
}

function About({ workspace, version, manages }: PartProps) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: all } = useQuery(workspacesQuery());
  const update = useUpdate(workspace, version);
  const refused = useRefusals(update.error, ['/name', '/visibility', '/department', '/team', '/parent_workspace_id', '/description']);
  const [name, setName] = useState(workspace.name);
  const [description, setDescription] = useState(workspace.description ?? '');
  const [department, setDepartment] = useState(workspace.department ?? '');
  const [team, setTeam] = useState(workspace.team ?? '');
  const [visibility, setVisibility] = useState<Visibility>(workspace.visibility);
  const [parent, setParent] = useState(workspace.parent_workspace_id ?? '');
  const isAdministrator = me.role_code === 'OA';
  const orNull = (text: string) => text.trim() || null;
  const change = {
    ...(name.trim() !== workspace.name ? { name: name.trim() } : {}),
    ...(orNull(description) !== (workspace.description ?? null) ? { description: orNull(description) } : {}),
    ...(orNull(department) !== (workspace.department ?? null) ? { department: orNull(department) } : {}),
    ...(orNull(team) !== (workspace.team ?? null) ? { team: orNull(team) } : {}),
    ...(visibility !== workspace.visibility ? { visibility } : {}),
    ...(parent !== (workspace.parent_workspace_id ?? '') ? { parent_workspace_id: parent || null } : {}),
  };
  return (
    <Card title={t('workspaces.about')}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate(change);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('workspaces.name')} error={refused.at('/name')}>
            {(wiring) => <Input {...wiring} required maxLength={255} disabled={!manages} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t('workspaces.visibility')} hint={t(`workspaces.visibility_${visibility}_hint`)} error={refused.at('/visibility')}>
            {(wiring) => (
              <Select {...wiring} disabled={!manages} value={visibility} onChange={(event) => setVisibility(visibilities.find((one) => one === event.target.value) ?? visibility)}>
                {visibilities.map((one) => (
                  <option key={one} value={one}>
                    {visibilityName(t, one)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('members.department')} error={refused.at('/department')}>{(wiring) => <Input {...wiring} maxLength={100} disabled={!manages} value={department} onChange={(event) => setDepartment(event.target.value)} />}</Field>
          <Field label={t('workspaces.team')} error={refused.at('/team')}>{(wiring) => <Input {...wiring} maxLength={100} disabled={!manages} value={team} onChange={(event) => setTeam(event.target.value)} />}</Field>
          <Field label={t('workspaces.parent')} error={refused.at('/parent_workspace_id')} className="sm:col-span-2">
            {(wiring) => (
              <Select {...wiring} disabled={!manages || !isAdministrator} value={parent} onChange={(event) => setParent(event.target.value)}>
                <option value="">{t('workspaces.no_parent')}</option>
                {all
                  ?.filter((one) => one.id !== workspace.id)
                  .map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
        </div>
        <Field label={t('groups.about')} error={refused.at('/description')}>{(wiring) => <Textarea {...wiring} rows={2} maxLength={1000} disabled={!manages} value={description} onChange={(event) => setDescription(event.target.value)} />}</Field>
        <FormAlert>{refused.rest}</FormAlert>
        {manages && (
          <div className="flex flex-wrap justify-end gap-2">
            {isAdministrator && !workspace.is_default && (
              <Button busy={update.isPending} onClick={() => update.mutate({ is_default: true })}>
                {t('workspaces.make_default')}
              </Button>
            )}
            <Button kind="primary" type="submit" disabled={Object.keys(change).length === 0 || !name.trim()} busy={update.isPending}>
              {t('common.save')}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}

function Settings({ workspace, version, manages }: PartProps) {
  const { t } = useTranslation();
  const update = useUpdate(workspace, version);
  const refused = useRefusals(update.error, [...settingPlaces, '/settings/data_mode']);
  const [before] = useState(() => draftOf(workspace.settings, workspace.setting_sources));
  const [draft, setDraft] = useState(before);
  const change = changeOf(before, draft);
  return (
    <Card title={t('organization.settings')} description={t('workspaces.settings_hint')}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ settings: change });
        }}
      >
        <SettingsFields settings={workspace.settings} sources={workspace.setting_sources} draft={draft} onChange={setDraft} disabled={!manages} refused={refused.at} />
        <Field label={t('settings.data_mode')} hint={t('settings.data_mode_workspace')} error={refused.at('/settings/data_mode')}>
          {(wiring) => (
            <Select
              {...wiring}
              disabled={!manages}
              value={draft.data_mode ?? ''}
              onChange={(event) => setDraft({ ...draft, data_mode: (['metadata_only', 'full_content'] as const).find((one) => one === event.target.value) })}
            >
              <option value="">{t('settings.inherit', { value: t(`settings.data_${workspace.settings.data_mode}`) })}</option>
              <option value="metadata_only">{t('settings.data_metadata_only')}</option>
              <option value="full_content">{t('settings.data_full_content')}</option>
            </Select>
          )}
        </Field>
        <TiersField settings={workspace.settings} source={workspace.setting_sources['approval_tiers']} draft={draft} onChange={setDraft} disabled={!manages} error={refused.at('/settings/approval_tiers')} />
        <FormAlert>{refused.rest}</FormAlert>
        {manages && (
          <div className="flex justify-end">
            <Button kind="primary" type="submit" disabled={Object.keys(change).length === 0} busy={update.isPending}>
              {t('common.save')}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}

function CloseDialog({ workspace, onClose }: { workspace: WorkspaceDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const close = useMutation({
    mutationFn: () => api.DELETE('/api/workspaces/{workspace_id}', { params: { path: { workspace_id: workspace.id } } }),
    onSuccess: async () => {
      toast.done(t('workspaces.closed_done', { name: workspace.name }));
      await navigate({ to: '/organization/workspaces' });
      await Promise.all([client.invalidateQueries({ queryKey: ['workspaces'] }), client.invalidateQueries({ queryKey: meQuery.queryKey })]);
    },
    onError: (failure) => {
      toast.failed(failure);
      onClose();
    },
  });
  return <ConfirmDialog open onClose={onClose} title={t('workspaces.close_title')} consequence={t('workspaces.close_consequence')} name={workspace.name} action={t('workspaces.close')} busy={close.isPending} onConfirm={() => close.mutate()} />;
}
