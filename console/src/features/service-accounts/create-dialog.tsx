import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import type { Me } from '@/api/types';
import { chosenWorkspace } from '@/api/workspace';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { useRefusals } from '@/ui/refusals';
import { PermissionsField } from './permissions-field';
import { serviceAccountsQuery } from './queries';

/** `onClose` is told the id of what was made. */
export function CreateDialog({ me, onClose }: { me: Me; onClose: (made: string | null) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [workspace, setWorkspace] = useState(chosenWorkspace(me) ?? '');
  const [permissions, setPermissions] = useState<string[]>(['gateway_call', 'models_read']);
  const [attempt] = useState(() => attempts());
  const create = useMutation({
    mutationFn: () => {
      const values = { name: name.trim(), description: description.trim(), workspace_id: workspace, permissions };
      return attempt(values, ({ headers }) => body(api.POST('/api/service-accounts', { headers, body: values })));
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey });
      onClose(made.id);
    },
  });
  const refused = useRefusals(create.error, ['/name', '/description', '/workspace_id', '/permissions']);
  return (
    <Dialog open onClose={() => onClose(null)} title={t('service_accounts.create')} description={t('service_accounts.create_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '' && permissions.length > 0) create.mutate();
        }}
      >
        <Field label={t('service_accounts.name')} error={refused.at('/name')}>
          {(wiring) => <Input {...wiring} autoFocus required maxLength={120} value={name} placeholder={t('service_accounts.name_placeholder')} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t('service_accounts.what_for')} error={refused.at('/description')}>
          {(wiring) => <Input {...wiring} maxLength={500} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
        <Field label={t('api_keys.workspace')} error={refused.at('/workspace_id')}>
          {(wiring) => (
            <Select {...wiring} value={workspace} onChange={(event) => setWorkspace(event.target.value)}>
              {me.workspaces.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <PermissionsField me={me} value={permissions} onChange={setPermissions} error={refused.at('/permissions')} />
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onClose(null)}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={name.trim() === '' || permissions.length === 0} busy={create.isPending}>
            {t('service_accounts.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
