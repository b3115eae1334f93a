// Who else may see or use a chat: added by address, taken away one by one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserRound, UsersRound, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import type { AclAction, Grant, GrantDraft } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { give, needsRead } from './give';
import { actions, conditionsOf } from './grant-labels';
import { grantsOnQuery } from './queries';

export function ShareDialog({ chatId, title, onClose }: { chatId: string; title: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = grantsOnQuery('CHT', chatId);
  const { data: grants, error, isPending, refetch } = useQuery(query);
  const refresh = () => client.invalidateQueries({ queryKey: ['grants'] });
  return (
    <Dialog open onClose={onClose} title={t('access.share_title', { title })} description={t('access.share_text')}>
      <div className="flex flex-col gap-4 pb-2">
        <AddPerson chatId={chatId} given={grants?.map(({ id }) => id) ?? []} onAdded={refresh} />
        {isPending && <SkeletonRows rows={2} />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {grants && grants.length === 0 && <p className="text-sm text-ink-faint">{t('access.shared_with_nobody')}</p>}
        {grants && grants.length > 0 && (
          <ul aria-label={t('access.shared_with')} className="flex flex-col divide-y divide-line">
            {grants.map((grant) => (
              <Holder key={grant.id} grant={grant} onChanged={refresh} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

/** `given`: the grants that are there, after whose change the same words ask for another one. */
function AddPerson({ chatId, given, onAdded }: { chatId: string; given: readonly string[]; onAdded: () => Promise<void> }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [email, setEmail] = useState('');
  const [action, setAction] = useState<AclAction>('REA');
  const [attempt] = useState(() => attempts());
  const add = useMutation({
    mutationFn: () => {
      const made: GrantDraft = { resource_kind: 'CHT', resource_id: chatId, action, created_for_email: email.trim() };
      return attempt([made, given], ({ headers }) => give(made, headers));
    },
    onSuccess: async () => {
      setEmail('');
      await onAdded();
    },
  });
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (email.trim() !== '') add.mutate();
      }}
    >
      <div className="flex flex-wrap items-start gap-2">
        <Field label={t('access.colleague')} error={add.error ? failureText(add.error) : undefined} className="min-w-40 flex-1">
          {(wiring) => <Input {...wiring} type="email" autoFocus required value={email} placeholder={t('access.email_placeholder')} onChange={(event) => setEmail(event.target.value)} />}
        </Field>
        <Field label={t('access.may')}>
          {(wiring) => (
            <Select {...wiring} value={action} onChange={(event) => setAction(event.target.value as AclAction)}>
              {actions.map((one) => (
                <option key={one} value={one}>
                  {t(`access.chat_${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button kind="primary" type="submit" busy={add.isPending} disabled={email.trim() === ''} className="mt-5.5">
          {t('access.share')}
        </Button>
      </div>
      {needsRead(action) && <p className="text-xs text-ink-soft">{t('access.with_read')}</p>}
    </form>
  );
}

function Holder({ grant, onChanged }: { grant: Grant; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const toast = useToast();
  const revoke = useMutation({
    mutationFn: () => body(api.POST('/api/grants/{grant_id}/revoke', { params: { path: { grant_id: grant.id } }, body: {} })),
    onSuccess: onChanged,
    onError: toast.failed,
  });
  const name = grant.created_for_name ?? t('access.somebody');
  return (
    <li className="flex min-h-11 items-center gap-2.5 py-1.5">
      {grant.created_for_group_id ? <UsersRound aria-hidden className="size-4 text-ink-faint" /> : <UserRound aria-hidden className="size-4 text-ink-faint" />}
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm">{name}</span>
        {conditionsOf(grant.attributes, t).map((line) => (
          <span key={line} className="block truncate text-2xs text-ink-faint">
            {line}
          </span>
        ))}
      </span>
      <Badge>{t(`access.chat_${grant.action}`)}</Badge>
      <IconButton label={t('access.revoke_named', { name })} onClick={() => revoke.mutate()} disabled={revoke.isPending}>
        <X />
      </IconButton>
    </li>
  );
}
