import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows, useMe } from '@/api/session';
import type { MemberDetail, RoleCode } from '@/api/types';
import { viewAs } from '@/api/view-as';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { memberQuery } from './queries';
import { PasswordLink } from './password-link';
import { governanceName, roleCodes, roleName } from './words';

/** A person: profile, workspaces, groups and roles; changed by whoever manages members. */
export function MemberDialog({ userId, onClose }: { userId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: member, error, refetch } = useQuery(memberQuery(userId));
  const [confirming, setConfirming] = useState<'end' | 'owner' | null>(null);
  if (confirming && member) return <Confirmation what={confirming} member={member} onClose={() => setConfirming(null)} onDone={onClose} />;
  return (
    <Dialog open onClose={onClose} title={member?.name ?? t('members.person')} description={member?.email ?? t('common.loading')}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!member && !error && <SkeletonRows rows={4} />}
      {member && (
        <div className="flex flex-col gap-4 pb-2">
          {allows(me, 'members_manage') && <Management member={member} onConfirm={setConfirming} />}
          {allows(me, 'members_manage') && member.is_active && !member.is_owner && member.user_id !== me.user.id && <PasswordLink member={member} />}
          <Facts member={member} />
          {allows(me, 'access_view_as') && member.is_active && member.user_id !== me.user.id && <ViewAs member={member} />}
        </div>
      )}
    </Dialog>
  );
}

function useChange(member: MemberDetail) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { role_code?: RoleCode; is_active?: boolean; is_owner?: boolean }) =>
      body(api.PATCH('/api/members/{user_id}', { params: { path: { user_id: member.user_id } }, body: change })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
}

function Management({ member, onConfirm }: { member: MemberDetail; onConfirm: (what: 'end' | 'owner') => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const toast = useToast();
  const failureText = useFailureText();
  const change = useChange(member);
  const mineIsOwner = me.memberships.find((one) => one.organization_id === me.organization?.id)?.is_owner ?? false;
  if (member.is_owner) return <p className="rounded-md bg-sunken px-3 py-2 text-sm text-ink-soft">{t('members.is_owner')}</p>;
  return (
    <div className="flex flex-col gap-3">
      <Field label={t('members.role')} hint={t('members.role_hint')} error={change.error ? failureText(change.error) : undefined}>
        {(wiring) => (
          <Select
            {...wiring}
            value={member.role_code ?? 'UR'}
            disabled={change.isPending || !member.is_active}
            onChange={(event) => {
              const role_code = roleCodes.find((role) => role === event.target.value);
              if (role_code) change.mutate({ role_code }, { onSuccess: () => toast.done(t('members.role_changed', { name: member.name, role: roleName(t, role_code) })) });
            }}
          >
            {roleCodes.map((role) => (
              <option key={role} value={role}>
                {roleName(t, role)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        {member.is_active ? (
          <Button size="sm" onClick={() => onConfirm('end')}>
            {t('members.end')}
          </Button>
        ) : (
          <Button size="sm" busy={change.isPending} onClick={() => change.mutate({ is_active: true }, { onSuccess: () => toast.done(t('members.opened', { name: member.name })) })}>
            {t('members.open')}
          </Button>
        )}
        {mineIsOwner && member.is_active && member.role_code === 'OA' && (
          <Button size="sm" onClick={() => onConfirm('owner')}>
            {t('members.hand_over')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Confirmation({ what, member, onClose, onDone }: { what: 'end' | 'owner'; member: MemberDetail; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const change = useChange(member);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t(`members.${what}_title`)}
      consequence={t(`members.${what}_consequence`)}
      name={member.name}
      action={t(what === 'end' ? 'members.end' : 'members.hand_over')}
      busy={change.isPending}
      onConfirm={() =>
        change.mutate(what === 'end' ? { is_active: false } : { is_owner: true }, {
          onSuccess: () => {
            toast.done(t(`members.${what}_done`, { name: member.name }));
            onDone();
          },
          onError: toast.failed,
        })
      }
    />
  );
}

/** Says what it is before it begins: the page is then another's until it is stopped. */
function ViewAs({ member }: { member: MemberDetail }) {
  const { t } = useTranslation();
  return (
    <section className="flex flex-col items-start gap-2 border-t border-line pt-3">
      <p className="text-xs text-ink-soft">{t('members.view_as_text')}</p>
      <Button size="sm" onClick={() => viewAs(member.user_id)}>
        <Eye aria-hidden className="size-4" />
        {t('access.view_as', { name: member.name })}
      </Button>
    </section>
  );
}

function Facts({ member }: { member: MemberDetail }) {
  const { t } = useTranslation();
  const { job_title, department, phone, location, timezone } = member.profile;
  const places = new Map(member.workspaces.map((one) => [one.id, one.name]));
  const badges = (names: string[]) =>
    names.length > 0 && (
      <span className="flex flex-wrap gap-1">
        {names.map((name, i) => (
          <Badge key={i}>{name}</Badge>
        ))}
      </span>
    );
  const facts: [string, ReactNode][] = [
    [t('members.job_title'), job_title],
    [t('members.department'), department],
    [t('members.phone'), phone],
    [t('members.location'), location],
    [t('members.timezone'), timezone],
    [t('organization.workspaces'), badges(member.workspaces.map((one) => one.name))],
    [t('organization.groups'), badges(member.groups.map((one) => one.name))],
    [
      t('organization.roles'),
      badges(member.roles.map((one) => t('members.role_in', { role: governanceName(t, one.role), place: one.workspace_id ? (places.get(one.workspace_id) ?? t('members.a_workspace')) : t('roles_page.whole') }))),
    ],
  ];
  const shown = facts.filter(([, value]) => Boolean(value));
  if (shown.length === 0) return null;
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-2 border-t border-line pt-3 text-sm">
      {shown.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-xs leading-5 text-ink-faint">{label}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
