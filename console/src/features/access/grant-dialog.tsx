import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { ApiError } from '@/api/errors';
import { allows } from '@/api/session';
import type { AclAction, Me, Member } from '@/api/types';
import { PersonPicker } from '@/features/organization/person-picker';
import { groupsQuery } from '@/features/organization/queries';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { useFailureText, useFieldText } from '@/ui/failure';
import { Fold } from '@/ui/fold';
import { Picked } from '@/ui/pick-list';
import { Segmented } from '@/ui/segmented';
import { useToast } from '@/ui/toast';
import { ConditionFields } from './condition-fields';
import { give, needsRead } from './give';
import { emptyDraft, isComplete, placeOf, terms, toGrant, type Draft } from './grant-draft';
import { conditionsOf } from './grant-labels';
import { ThingPicker } from './thing-picker';
import { actionsOn, kindsOf, meanings, type Grantable } from './things';

/** One right on one thing, for a person or a group. The server refuses what is not the giver's to give. */
export function GrantDialog({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const failureText = useFailureText();
  const fieldText = useFieldText();
  const kinds = kindsOf(me);
  const [kind, setKind] = useState<Grantable>('CHT');
  const [began, setBegan] = useState(false);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const [attempt] = useState(() => attempts());
  const giving = useMutation({
    mutationFn: () => attempt(draft, ({ headers, begun }) => give(toGrant(draft, begun), headers)),
    onSuccess: async () => {
      toast.done(t('access.given'));
      await client.invalidateQueries({ queryKey: ['grants'] });
      onClose();
    },
  });
  const refusals = giving.error instanceof ApiError ? giving.error.fields : [];
  const refusedAt = (place: ReturnType<typeof placeOf>) => {
    const field = refusals.find(({ pointer }) => placeOf(pointer) === place);
    return field && fieldText(field);
  };
  const isPlaced = refusals.length > 0 && refusals.every(({ pointer }) => placeOf(pointer) !== 'form');
  const isRefusedInside = (['from', 'networks', 'times'] as const).some((place) => refusedAt(place) !== undefined);
  const conditions = toConditions(draft, t);
  const meaning = meanings.find((one) => one === `${kind}_${draft.action}`);
  return (
    <Dialog open onClose={onClose} wide title={t('access.give')} description={t('access.give_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete(draft)) giving.mutate();
        }}
      >
        <div className="grid items-start gap-x-5 gap-y-4 sm:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-2.5">
            <Segmented
              label={t('access.thing')}
              value={kind}
              options={kinds.map((value) => ({ value, label: t(`access.kind_${value}`) }))}
              onChange={(next) => {
                setKind(next);
                setBegan(true);
                set({ thing: next === 'PRL' && me.role_code !== 'OA' ? ownProfile(me) : null, action: 'REA', fields: [] });
              }}
            />
            <ThingPicker key={kind} autoFocus={!began} me={me} kind={kind} chosen={draft.thing} onChoose={kind === 'PRL' && me.role_code !== 'OA' ? undefined : (thing) => set({ thing })} error={refusedAt('thing')} />
          </div>
          <Holder me={me} draft={draft} onChange={set} error={refusedAt('holder')} />
        </div>
        <div className="grid items-start gap-x-5 gap-y-4 sm:grid-cols-2">
          <Field label={t('access.may')} hint={meaning && [t(`access.meaning_${meaning}`), needsRead(draft.action) && t('access.with_read')].filter(Boolean).join(' ')}>
            {(wiring) => (
              <Select {...wiring} value={draft.action} onChange={(event) => set({ action: actionsOn[kind].find((one) => one === event.target.value) ?? 'REA' })}>
                {actionsOn[kind].map((one: AclAction) => (
                  <option key={one} value={one}>
                    {t(`access.action_${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('access.term')} error={refusedAt('until')}>
            {(wiring) => (
              <span className="flex flex-wrap gap-2">
                <Select {...wiring} value={draft.term} onChange={(event) => set({ term: terms.find((one) => one === event.target.value) ?? '' })}>
                  {terms.map((one) => (
                    <option key={one} value={one}>
                      {one === '' ? t('access.no_end') : one === 'date' ? t('access.a_date') : t('access.days', { count: Number(one) })}
                    </option>
                  ))}
                </Select>
                {draft.term === 'date' && (
                  <Input type="datetime-local" required aria-label={t('access.until')} value={draft.until} onChange={(event) => set({ until: event.target.value })} className="!w-auto min-w-0 flex-1" />
                )}
              </span>
            )}
          </Field>
        </div>
        <Field label={t('access.reason')} hint={t('access.given_reason_hint')}>
          {(wiring) => <Input {...wiring} maxLength={500} value={draft.reason} onChange={(event) => set({ reason: event.target.value })} />}
        </Field>
        <Fold title={t('access.conditions')} summary={conditions.join(' · ') || t('access.unconditional')} forced={isRefusedInside}>
          <ConditionFields kind={kind} draft={draft} onChange={set} errorAt={refusedAt} />
        </Fold>
        {giving.error && !isPlaced && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-xs text-danger">
            {failureText(giving.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isComplete(draft)} busy={giving.isPending}>
            {t('access.give_action')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The only profile that who is no administrator may open to others. */
const ownProfile = (me: Me) => ({ kind: 'PRL', id: me.user.id, name: me.user.name }) as const;

/** What the folded part holds, as the grant's row will say it. */
function toConditions(draft: Draft, t: ReturnType<typeof useTranslation>['t']): string[] {
  const thing = draft.thing ?? { kind: 'PRL' as const, id: '', name: null };
  const { attributes } = toGrant({ ...draft, thing, term: '' }, 0);
  return conditionsOf(attributes ?? {}, t);
}

function Holder({ me, draft, onChange, error }: { me: Me; draft: Draft; onChange: (change: Partial<Draft>) => void; error: string | undefined }) {
  const { t } = useTranslation();
  const seesGroups = allows(me, 'groups_read');
  const { data: groups } = useQuery({ ...groupsQuery, enabled: seesGroups });
  const [person, setPerson] = useState<Member | null>(null);
  const choose = (member: Member | null) => {
    setPerson(member);
    onChange({ person: member?.user_id ?? null });
  };
  return (
    <div className="flex min-w-0 flex-col gap-2.5">
      {seesGroups && (
        <Segmented
          label={t('access.holder')}
          value={draft.holder}
          options={[
            { value: 'person', label: t('members.person') },
            { value: 'group', label: t('roles_page.group') },
          ]}
          onChange={(holder) => onChange({ holder })}
        />
      )}
      {draft.holder === 'group' && (
        <Field label={t('roles_page.group')} error={error}>
          {(wiring) => (
            <Select {...wiring} value={draft.group} onChange={(event) => onChange({ group: event.target.value })}>
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
      {draft.holder === 'person' && allows(me, 'members_read') && (
        <Picked label={t('members.person')} chosen={person && { title: person.name, note: person.email }} onClear={() => choose(null)} error={error}>
          {(focused) => <PersonPicker chosen={null} onChoose={choose} autoFocus={focused} />}
        </Picked>
      )}
      {draft.holder === 'person' && !allows(me, 'members_read') && (
        <Field label={t('access.colleague')} error={error}>
          {(wiring) => <Input {...wiring} type="email" value={draft.email} placeholder={t('access.email_placeholder')} onChange={(event) => onChange({ email: event.target.value })} />}
        </Field>
      )}
    </div>
  );
}

