import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { GovernanceRole, Member } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { useRefusals } from '@/ui/refusals';
import { Segmented } from '@/ui/segmented';
import { PersonPicker } from './person-picker';
import { assignmentsQuery, groupsQuery, workspacesQuery } from './queries';
import { governanceName, governanceRoles } from './words';

/** Gives a governance role to a person or a group. The server refuses what is above the giver's own. */
export function AssignDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const isAdministrator = me.role_code === 'OA';
  const offered = isAdministrator ? governanceRoles : governanceRoles.filter((one) => one === 'Operator' || one === 'Approver' || (one === 'WorkspaceAdmin' && me.role_code === 'WM'));
  const { data: workspaces } = useQuery(workspacesQuery());
  const { data: groups } = useQuery({ ...groupsQuery, enabled: allows(me, 'groups_read') });
  const [role, setRole] = useState<GovernanceRole>('Operator');
  const [workspace, setWorkspace] = useState('');
  const [holder, setHolder] = useState<'person' | 'group'>('person');
  const [member, setMember] = useState<Member | null>(null);
  const [group, setGroup] = useState('');
  const [attempt] = useState(() => attempts());
  const places = workspaces?.filter((one) => one.is_managed) ?? [];
  const assign = useMutation({
    mutationFn: () => {
      const draft = { role, workspace_id: workspace || null, ...(holder === 'person' ? { user_id: member?.user_id ?? null } : { group_id: group || null }) };
      return attempt(draft, ({ headers }) => body(api.POST('/api/role-assignments', { headers, body: draft })));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assignmentsQuery.queryKey });
      onClose();
    },
  });
  const refused = useRefusals(assign.error, ['/role', '/workspace_id', '/group_id']);
  const isReady = (isAdministrator || workspace !== '') && (holder === 'person' ? member !== null : group !== '');
  return (
    <Dialog open onClose={onClose} title={t('roles_page.assign')} description={t('roles_page.assign_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) assign.mutate();
        }}
      >
        <Field label={t('roles_page.role')} hint={t(`governance.${role}_hint`)} error={refused.at('/role')}>
          {(wiring) => (
            <Select {...wiring} value={role} onChange={(event) => setRole(governanceRoles.find((one) => one === event.target.value) ?? 'Operator')}>
              {offered.map((one) => (
                <option key={one} value={one}>
                  {governanceName(t, one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('roles_page.where')} error={refused.at('/workspace_id')}>
          {(wiring) => (
            <Select {...wiring} required={!isAdministrator} value={workspace} onChange={(event) => setWorkspace(event.target.value)}>
              <option value="">{isAdministrator ? t('roles_page.whole') : t('roles_page.choose_workspace')}</option>
              {places.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Segmented
          label={t('roles_page.holder')}
          value={holder}
          options={[
            { value: 'person', label: t('members.person') },
            { value: 'group', label: t('roles_page.group') },
          ]}
          onChange={setHolder}
        />
        {holder === 'person' ? (
          <PersonPicker chosen={member} onChoose={setMember} />
        ) : (
          <Field label={t('roles_page.group')} error={refused.at('/group_id')}>
            {(wiring) => (
              <Select {...wiring} value={group} onChange={(event) => setGroup(event.target.value)}>
                <option value="">{t('roles_page.choose_group')}</option>
                {groups?.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isReady} busy={assign.isPending}>
            {t('roles_page.assign')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
