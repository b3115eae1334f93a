import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { useMe } from '@/api/session';
import type { GovernanceRole, RoleCode } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { useRefusals } from '@/ui/refusals';
import { SecretShown } from '@/ui/secret-shown';
import { workspacesQuery } from './queries';
import { governanceName, governanceRoles, roleCodes, roleName } from './words';

const lifetimes = [1, 7, 30, 90] as const;

/** Makes an invitation, and shows its link once: whoever invites passes it on. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<RoleCode>('UR');
  const [days, setDays] = useState(7);
  const [uses, setUses] = useState('1');
  const [chosen, setChosen] = useState<ReadonlyMap<string, GovernanceRole | null>>(new Map());
  const [attempt] = useState(() => attempts());
  const isAdministrator = me.role_code === 'OA';
  const create = useMutation({
    mutationFn: () => {
      const draft = {
        ...(email.trim() ? { email: email.trim(), max_uses: 1 } : { max_uses: Number(uses) }),
        note: '',
        role_code: role,
        expires_in_days: days,
        workspaces: [...chosen].map(([workspace_id, one]) => ({ workspace_id, role: one })),
      };
      return attempt(draft, ({ headers }) => body(api.POST('/api/invitations', { headers, body: draft })));
    },
  });
  const refused = useRefusals(create.error, ['/email', '/role_code', '/expires_in_days', '/max_uses']);
  if (create.data) return <LinkDialog link={create.data.link ?? null} email={create.data.invitation.email ?? null} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t('invitations.create')} description={t('invitations.create_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Field label={t('invitations.email')} hint={t('invitations.email_hint')} error={refused.at('/email')}>
          {(wiring) => <Input {...wiring} type="email" autoFocus autoComplete="off" maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} />}
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <Field label={t('members.role')} error={refused.at('/role_code')}>
            {(wiring) => (
              <Select {...wiring} value={role} disabled={!isAdministrator} onChange={(event) => setRole(roleCodes.find((one) => one === event.target.value) ?? 'UR')}>
                {roleCodes.map((one) => (
                  <option key={one} value={one}>
                    {roleName(t, one)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('invitations.expires_in')} error={refused.at('/expires_in_days')}>
            {(wiring) => (
              <Select {...wiring} value={days} onChange={(event) => setDays(Number(event.target.value))}>
                {lifetimes.map((count) => (
                  <option key={count} value={count}>
                    {t('invitations.days', { count })}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {!email.trim() && (
            <Field label={t('invitations.max_uses')} error={refused.at('/max_uses')}>
              {(wiring) => <Input {...wiring} type="number" min={1} max={1000} required value={uses} onChange={(event) => setUses(event.target.value)} />}
            </Field>
          )}
        </div>
        <Workspaces chosen={chosen} onChange={setChosen} />
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={create.isPending} disabled={!isAdministrator && chosen.size === 0}>
            {t('invitations.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Workspaces({ chosen, onChange }: { chosen: ReadonlyMap<string, GovernanceRole | null>; onChange: (next: ReadonlyMap<string, GovernanceRole | null>) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(workspacesQuery());
  // Those that one may invite into, and that are not everybody's anyway.
  const offered = data?.filter((workspace) => !workspace.is_default && workspace.is_managed) ?? [];
  if (offered.length === 0) return null;
  const put = (id: string, role: GovernanceRole | null | undefined) => {
    const next = new Map(chosen);
    if (role === undefined) next.delete(id);
    else next.set(id, role);
    onChange(next);
  };
  return (
    <fieldset>
      <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('invitations.workspaces')}</legend>
      <ul className="max-h-44 overflow-y-auto rounded-md border border-line">
        {offered.map((workspace) => (
          <li key={workspace.id} className="flex min-h-9 items-center gap-2 border-b border-line px-3 py-1 last:border-0">
            <Checkbox label={workspace.name} className="min-w-0 flex-1 break-words" checked={chosen.has(workspace.id)} onChange={(event) => put(workspace.id, event.target.checked ? null : undefined)} />
            {chosen.has(workspace.id) && (
              <Select
                aria-label={t('invitations.role_in', { name: workspace.name })}
                value={chosen.get(workspace.id) ?? ''}
                onChange={(event) => put(workspace.id, governanceRoles.find((one) => one === event.target.value) ?? null)}
              >
                <option value="">{t('workspaces.role_member')}</option>
                {governanceRoles.map((one) => (
                  <option key={one} value={one}>
                    {governanceName(t, one)}
                  </option>
                ))}
              </Select>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** Without a link: it was sent, and whoever comes by it shows that the address is theirs. */
function LinkDialog({ link, email, onClose }: { link: string | null; email: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  // Where this console is reached, which the server may be told differently about.
  const here = link && `${window.location.origin}/invite${new URL(link).hash}`;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('invitations.made')}
      footer={<Button kind="primary" onClick={onClose}>{here ? t('invitations.passed_on') : t('common.close')}</Button>}
    >
      <div className="flex flex-col gap-3">
        {here && <SecretShown secret={here} warning={t('invitations.shown_once')} />}
        <p className="text-xs text-ink-soft">{email ? t('invitations.for_one', { email }) : t('invitations.for_any')}</p>
        {!here && (
          <p role="status" className="text-xs text-ok">
            {t('invitations.sent', { email })}
          </p>
        )}
      </div>
    </Dialog>
  );
}
