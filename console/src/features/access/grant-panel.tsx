// One grant: all that was agreed, how it was used, and how it ended.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows } from '@/api/session';
import type { Grant, Me } from '@/api/types';
import { memberQuery } from '@/features/organization/queries';
import { Button } from '@/ui/button';
import { CopyId } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { formatNumber } from '@/ui/format';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { conditionsOf, GrantState } from './grant-labels';
import { grantQuery } from './queries';

export function GrantPanel({ me, id, onClose }: { me: Me; id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { data: grant, error, refetch } = useQuery(grantQuery(id));
  const [revoking, setRevoking] = useState(false);
  if (revoking && grant) return <RevokeDialog grant={grant} onClose={onClose} />;
  const revokes = grant && grant.state !== 'revoked' && allows(me, 'grants_manage') && grant.created_for_user_id !== me.user.id;
  return (
    <Dialog
      open
      onClose={onClose}
      title={grant ? t('access.grant_title', { action: t(`access.action_${grant.action}`), kind: t(`access.kind_${grant.resource_kind}`) }) : t('access.grant')}
      description={grant ? <GrantState grant={grant} /> : t('common.loading')}
      footer={
        revokes && (
          <Button kind="danger" onClick={() => setRevoking(true)}>
            {t('access.revoke')}
          </Button>
        )
      }
    >
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!grant && !error && <SkeletonRows rows={4} />}
      {grant && <Facts me={me} grant={grant} />}
    </Dialog>
  );
}

function Facts({ me, grant }: { me: Me; grant: Grant }) {
  const { t, i18n } = useTranslation();
  const { data: profile } = useQuery({ ...memberQuery(grant.resource_id), enabled: grant.resource_kind === 'PRL' && allows(me, 'members_read') });
  const person = (id: string | null | undefined, name: string | null | undefined) => (id === me.user.id ? t('access.you') : (name ?? t('access.somebody')));
  const conditions = conditionsOf(grant.attributes, t);
  const facts: [string, ReactNode][] = [
    [t('access.thing'), grant.resource_name ?? profile?.name ?? <CopyId value={grant.resource_id} />],
    [t('access.holder'), person(grant.created_for_user_id, grant.created_for_name)],
    [t('access.giver'), person(grant.created_by_user_id, grant.created_by_name)],
    [t('access.given_at'), <Time key="at" value={grant.created_at} />],
    [t('access.reason'), grant.attributes.granted_reason],
    [t('access.from'), <Time key="from" value={grant.valid_from} />],
    [t('access.until'), grant.valid_to ? <Time key="to" value={grant.valid_to} /> : t('access.no_end')],
    [
      t('access.conditions'),
      conditions.length === 0
        ? t('access.unconditional')
        : conditions.map((line) => (
            <span key={line} className="block">
              {line}
            </span>
          )),
    ],
    [
      t('access.uses'),
      <span key="uses">
        {formatNumber(grant.access_count, i18n.language)}
        {grant.last_access_at && (
          <>
            {' · '}
            <Time value={grant.last_access_at} />
          </>
        )}
      </span>,
    ],
    [t('access.violations'), grant.violations_count > 0 && formatNumber(grant.violations_count, i18n.language)],
    [t('access.revoked_at'), grant.revoked_at && <Time value={grant.revoked_at} />],
    [t('access.revoke_reason'), grant.revoke_reason],
  ];
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-2 pb-2 text-sm">
      {facts
        .filter(([, value]) => Boolean(value))
        .map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-xs leading-5 text-ink-faint">{label}</dt>
            <dd className="break-words" translate={label === t('access.thing') ? 'no' : undefined}>
              {value}
            </dd>
          </div>
        ))}
    </dl>
  );
}

export function RevokeDialog({ grant, onClose }: { grant: Grant; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const revoke = useMutation({
    mutationFn: () =>
      body(api.POST('/api/grants/{grant_id}/revoke', { params: { path: { grant_id: grant.id } }, body: reason.trim() ? { reason: reason.trim() } : {} })),
    onSuccess: async () => {
      toast.done(t('access.revoked'));
      await client.invalidateQueries({ queryKey: ['grants'] });
      onClose();
    },
    onError: toast.failed,
  });
  return (
    <Dialog open onClose={onClose} title={t('access.revoke_title')} description={t('access.revoke_text', { name: grant.created_for_name ?? t('access.somebody') })}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          revoke.mutate();
        }}
      >
        <Field label={t('access.reason')} hint={t('access.reason_hint')}>
          {(wiring) => <Input {...wiring} autoFocus maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" type="submit" busy={revoke.isPending}>
            {t('access.revoke')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
