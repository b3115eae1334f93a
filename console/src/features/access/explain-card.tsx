// "Why may they?": one person, one permission, and every source of the answer.
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows } from '@/api/session';
import type { AccessReason, Explanation, Me } from '@/api/types';
import { Badge } from '@/ui/badge';
import { cx } from '@/ui/classes';
import { Field, Select } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { explainQuery } from './queries';

/** What people ask about; every permission can be asked for over the API. */
const asked = ['chats_read', 'chats_write', 'gateway_call', 'members_manage', 'workspaces_manage', 'policies_manage', 'providers_manage', 'audit_read', 'audit_export', 'roles_manage'] as const;

export function ExplainCard({ me }: { me: Me }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const seesPeople = allows(me, 'members_read');
  const [person, setPerson] = useState(me.user.id);
  const [permission, setPermission] = useState<(typeof asked)[number]>('chats_read');
  const people = useQuery({
    queryKey: ['explain-people'],
    enabled: seesPeople,
    queryFn: async () => (await body(api.GET('/api/members', { params: { query: { limit: 200 } } }))).data,
  });
  const { data, error } = useQuery(explainQuery({ user_id: person, permission }));
  return (
    <section aria-label={t('access.why_title')} className="flex flex-wrap items-start gap-x-6 gap-y-3 border-b border-line bg-sunken/40 px-4 py-3 sm:px-6">
      <div className="flex flex-wrap gap-3">
        {seesPeople && (
          <Field label={t('access.person')}>
            {(wiring) => (
              <Select {...wiring} value={person} onChange={(event) => setPerson(event.target.value)}>
                {(people.data ?? [{ user_id: me.user.id, name: me.user.name }]).map((one) => (
                  <option key={one.user_id} value={one.user_id}>
                    {one.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field label={t('access.permission')}>
          {(wiring) => (
            <Select {...wiring} value={permission} onChange={(event) => setPermission(event.target.value as (typeof asked)[number])}>
              {asked.map((one) => (
                <option key={one} value={one}>
                  {t(`access.permission_${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div aria-live="polite" className="min-w-60 flex-1">
        {error && <p className="text-sm text-danger">{failureText(error)}</p>}
        {data && <Answer told={data} />}
      </div>
    </section>
  );
}

/** Told only when it denies. */
const unremarkable = new Set<AccessReason['source']>(['membership', 'tenant_status']);

function Answer({ told }: { told: Explanation }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-center gap-2 text-sm font-medium">
        <Badge tone={told.allowed ? 'ok' : 'danger'}>{told.allowed ? t('access.allowed') : t('access.not_allowed')}</Badge>
        {told.reach && <span className="text-xs text-ink-soft">{t(`access.reach_${told.reach}`)}</span>}
      </p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {told.reasons
          .filter(({ source, effect }) => effect !== 'nothing' || !unremarkable.has(source))
          .map((reason, index) => (
            <ReasonLine key={index} reason={reason} />
          ))}
      </ul>
    </div>
  );
}

const names = ['active', 'inactive', 'suspended', 'cancelled', 'MS', 'OA', 'WM', 'UR', 'WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin', 'granted', 'no_grant', 'not_yet_valid', 'expired', 'address', 'time'] as const;

/** In the reader's language; of a name that this console does not know, what it is called on the wire. */
function nameOf(reason: AccessReason, t: TFunction): string {
  const known = names.find((name) => name === reason.name);
  return known ? t(`access.reason_${known}`) : reason.name;
}

const looks = {
  allows: { Icon: CircleCheck, tone: 'text-ok' },
  denies: { Icon: CircleX, tone: 'text-danger' },
  nothing: { Icon: CircleMinus, tone: 'text-ink-faint' },
} as const;

function ReasonLine({ reason }: { reason: AccessReason }) {
  const { t } = useTranslation();
  const { Icon, tone } = looks[reason.effect];
  return (
    <li className="inline-flex items-center gap-1.5 text-xs text-ink-soft">
      <Icon aria-hidden className={cx('size-3.5', tone)} />
      <span className="sr-only">{t(`access.effect_${reason.effect}`)}: </span>
      {t(`access.source_${reason.source}`)}: {nameOf(reason, t)}
    </li>
  );
}
