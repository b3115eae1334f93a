// "Why may they?": one person, one permission or one action on a thing, and every step on the way to the answer.
import { useQuery } from '@tanstack/react-query';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import { allows } from '@/api/session';
import type { AclAction, Me } from '@/api/types';
import { PersonPicker } from '@/features/organization/person-picker';
import { workspacesQuery } from '@/features/organization/queries';
import { Button } from '@/ui/button';
import { Field, Input, Select } from '@/ui/field';
import { useFieldText } from '@/ui/failure';
import { Fold } from '@/ui/fold';
import { Card } from '@/ui/page';
import { Picked } from '@/ui/pick-list';
import { Segmented } from '@/ui/segmented';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { actions } from './grant-labels';
import { permissionGroups, permissionNames, type PermissionName } from './permissions';
import { explainQuery, type Question } from './queries';
import { Reasons } from './reasons';
import { ThingPicker } from './thing-picker';
import { grantable, type Grantable, type Thing } from './things';

const kinds = [...grantable, 'ORG'] as const;

/** What was asked, with the names that the answer is told with. */
interface Asked {
  question: Question;
  person: string;
  permission: PermissionName | null;
  thing: { kind: Grantable | 'ORG'; name: string | null; action: AclAction } | null;
}

export function ExplainView({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { data, error, isFetching, refetch } = useQuery({ ...explainQuery(asked?.question), enabled: asked !== null });
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-6xl items-start gap-4 p-4 sm:p-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <Card title={t('access.why_title')}>
          <Form me={me} onAsk={setAsked} busy={isFetching} error={error} />
        </Card>
        <section aria-label={t('access.answer')} aria-live="polite" className="min-w-0 rounded-lg border border-line bg-surface shadow-card">
          {asked === null && (
            <Empty icon={<CircleHelp />} title={t('access.why_title')}>
              {t('access.why_hint')}
            </Empty>
          )}
          {asked && isFetching && <SkeletonRows rows={4} />}
          {asked && error && !isFetching && <Failure error={error} onRetry={() => void refetch()} />}
          {asked && data && !isFetching && (
            <div className="flex flex-col gap-4 p-4 sm:p-5">
              <p className="text-xs text-ink-soft">
                <span translate="no">{asked.person}</span>
                {' · '}
                {asked.permission && t(`permissions.${asked.permission}`)}
                {asked.thing && `${t(`access.action_${asked.thing.action}`)} · ${t(`access.kind_${asked.thing.kind}`)}`}
                {asked.thing?.name && (
                  <>
                    {' · '}
                    <span translate="no">{asked.thing.name}</span>
                  </>
                )}
              </p>
              <Reasons told={data} onThing={asked.thing !== null} />
            </div>
          )}
        </section>
      </div>
    </div>
  );
}

function Form({ me, onAsk, busy, error }: { me: Me; onAsk: (asked: Asked) => void; busy: boolean; error: unknown }) {
  const { t } = useTranslation();
  const fieldText = useFieldText();
  const seesPeople = allows(me, 'members_read');
  const { data: workspaces } = useQuery({ ...workspacesQuery(), enabled: allows(me, 'workspaces_read') });
  const [person, setPerson] = useState<{ id: string; name: string; email: string } | null>({ ...me.user });
  const [about, setAbout] = useState<'permission' | 'thing'>('permission');
  const [permission, setPermission] = useState<PermissionName>('chats_read');
  const [kind, setKind] = useState<Grantable | 'ORG'>('CHT');
  const [chosen, setThing] = useState<Thing | null>(null);
  const [action, setAction] = useState<AclAction>('REA');
  const [workspace, setWorkspace] = useState('');
  const [address, setAddress] = useState('');
  const [time, setTime] = useState('');
  const thing = kind === 'ORG' ? me.organization && { id: me.organization.id, name: me.organization.name } : chosen;
  const isReady = person !== null && (about === 'permission' || thing !== null);
  const refused = error instanceof ApiError ? error.fields.find(({ pointer }) => pointer === '?address') : undefined;
  const circumstances = [workspaces?.find(({ id }) => id === workspace)?.name, address.trim(), time && t('access.at_another_time')].filter(Boolean);

  const ask = () => {
    if (!person || (about === 'thing' && !thing)) return;
    const question: Question = {
      user_id: person.id,
      ...(about === 'thing' && thing ? { resource_kind: kind, resource_id: thing.id, action } : { permission }),
      ...(workspace ? { in_workspace: workspace } : {}),
      ...(address.trim() ? { address: address.trim() } : {}),
      ...(time ? { time: new Date(time).toISOString() } : {}),
    };
    onAsk({ question, person: person.name, permission: about === 'permission' ? permission : null, thing: about === 'thing' && thing ? { kind, name: thing.name, action } : null });
  };

  return (
    <form
      aria-label={t('access.why_title')}
      className="flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Picked label={t('access.person')} chosen={person && { title: person.name, note: person.email }} onClear={seesPeople ? () => setPerson(null) : undefined}>
        {(focused) => <PersonPicker chosen={null} autoFocus={focused} onChoose={(member) => setPerson({ id: member.user_id, name: member.name, email: member.email })} />}
      </Picked>
      <Segmented
        label={t('access.about')}
        value={about}
        options={[
          { value: 'permission', label: t('access.permission') },
          { value: 'thing', label: t('access.on_a_thing') },
        ]}
        onChange={setAbout}
      />
      {about === 'permission' ? (
        <Field label={t('access.permission')}>
          {(wiring) => (
            <Select {...wiring} value={permission} onChange={(event) => setPermission(permissionNames.find((one) => one === event.target.value) ?? 'chats_read')}>
              {permissionGroups.map(({ area, permissions }) => (
                <optgroup key={area} label={t(`access.area_${area}`)}>
                  {permissions.map((one) => (
                    <option key={one} value={one}>
                      {t(`permissions.${one}`)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          )}
        </Field>
      ) : (
        <>
          <div className="grid grid-cols-2 gap-3">
            <Field label={t('access.kind')}>
              {(wiring) => (
                <Select
                  {...wiring}
                  value={kind}
                  onChange={(event) => {
                    setKind(kinds.find((one) => one === event.target.value) ?? 'CHT');
                    setThing(null);
                  }}
                >
                  {kinds.map((one) => (
                    <option key={one} value={one}>
                      {t(`access.kind_${one}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={t('access.may')}>
              {(wiring) => (
                <Select {...wiring} value={action} onChange={(event) => setAction(actions.find((one) => one === event.target.value) ?? 'REA')}>
                  {actions.map((one) => (
                    <option key={one} value={one}>
                      {t(`access.action_${one}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          {kind !== 'ORG' && <ThingPicker key={kind} me={me} kind={kind} chosen={chosen} onChoose={setThing} />}
        </>
      )}
      <Fold title={t('access.circumstances')} summary={circumstances.join(' · ') || t('access.here_and_now')} forced={refused !== undefined}>
        <Field label={t('access.in_workspace')}>
          {(wiring) => (
            <Select {...wiring} value={workspace} onChange={(event) => setWorkspace(event.target.value)}>
              <option value="">{t('access.own_workspace')}</option>
              {workspaces?.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('access.from_address')} hint={t('access.from_address_hint')} error={refused && fieldText(refused)}>
          {(wiring) => <Input {...wiring} maxLength={45} spellCheck={false} autoComplete="off" placeholder="192.0.2.7" value={address} onChange={(event) => setAddress(event.target.value)} />}
        </Field>
        <Field label={t('access.at_time')} hint={t('access.at_time_hint')}>
          {(wiring) => <Input {...wiring} type="datetime-local" value={time} onChange={(event) => setTime(event.target.value)} />}
        </Field>
      </Fold>
      <Button kind="primary" type="submit" disabled={!isReady} busy={busy} className="self-end">
        {t('access.explain')}
      </Button>
    </form>
  );
}
