// A chat, a workspace or a profile: found by its name, a chat of somebody else by its address.
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows } from '@/api/session';
import type { Me } from '@/api/types';
import { useKeeping, useLabels } from '@/features/chat/keeping';
import { PersonPicker } from '@/features/organization/person-picker';
import { workspacesQuery } from '@/features/organization/queries';
import { Picked, PickList } from '@/ui/pick-list';
import { idIn, type Grantable, type Thing } from './things';

interface Props {
  me: Me;
  kind: Grantable;
  chosen: Thing | null;
  /** Without it what is chosen stays. */
  onChoose: ((thing: Thing | null) => void) | undefined;
  error?: string | undefined;
  autoFocus?: boolean;
}

export function ThingPicker({ me, kind, chosen, onChoose, error, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const pick = (id: string, name: string | null) => onChoose?.({ kind, id, name });
  return (
    <Picked
      label={t(`access.kind_${kind}`)}
      chosen={chosen && (chosen.name === null ? { title: chosen.id } : { title: chosen.name })}
      onClear={onChoose && (() => onChoose(null))}
      error={error}
    >
      {(cleared) => {
        const focused = cleared || autoFocus;
        if (kind === 'CHT') return <ChatPicker me={me} onChoose={pick} autoFocus={focused} />;
        if (kind === 'WSP') return <WorkspacePicker onChoose={pick} autoFocus={focused} />;
        return allows(me, 'members_read') ? <PersonPicker chosen={null} autoFocus={focused} onChoose={(member) => pick(member.user_id, member.name)} /> : null;
      }}
    </Picked>
  );
}

interface ListProps {
  onChoose: (id: string, name: string | null) => void;
  autoFocus: boolean;
}

function ChatPicker({ me, onChoose, autoFocus }: ListProps & { me: Me }) {
  const { t } = useTranslation();
  const keepsHere = useKeeping(me) !== null;
  const { titleOf } = useLabels(me);
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const named = idIn(q);
  // Words that only this browser knows can only be searched here.
  const asked = keepsHere || named ? '' : q;
  const { data } = useQuery({
    queryKey: ['chats', 'picker', asked],
    queryFn: async () => (await body(api.GET('/api/chats', { params: { query: { archived: false, limit: keepsHere ? 200 : 6, ...(asked ? { q: asked } : {}) } } }))).data,
  });
  const listed = data?.map((chat) => ({ id: chat.id, title: titleOf(chat) }));
  const options = named ? (listed?.filter(({ id }) => id === named) ?? []) : listed?.filter(({ title }) => !keepsHere || title.toLowerCase().includes(q.toLowerCase())).slice(0, 6);
  return (
    <PickList
      label={t('access.kind_CHT')}
      placeholder={t('access.chat_search')}
      hint={allows(me, 'organization_manage') ? t('access.chat_address_hint') : undefined}
      found={t('access.things_found')}
      none={t('access.nothing_found')}
      text={text}
      onText={setText}
      options={named && options?.length === 0 ? [{ id: named, title: named }] : options}
      onChoose={(id) => onChoose(id, listed?.find((one) => one.id === id)?.title ?? null)}
      autoFocus={autoFocus}
    />
  );
}

function WorkspacePicker({ onChoose, autoFocus }: ListProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { data } = useQuery(workspacesQuery());
  const found = data?.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase())).slice(0, 6);
  return (
    <PickList
      label={t('access.kind_WSP')}
      placeholder={t('access.workspace_search')}
      found={t('access.things_found')}
      none={t('access.nothing_found')}
      text={text}
      onText={setText}
      options={found?.map(({ id, name, description }) => ({ id, title: name, note: description ?? undefined }))}
      onChoose={(id) => onChoose(id, data?.find((one) => one.id === id)?.name ?? null)}
      autoFocus={autoFocus}
    />
  );
}
