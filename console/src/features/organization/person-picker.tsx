import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Member } from '@/api/types';
import { PickList } from '@/ui/pick-list';

/** One of the organization's active people, found by name or e-mail. */
export function PersonPicker({ chosen, onChoose, autoFocus = true }: { chosen: Member | null; onChoose: (member: Member) => void; autoFocus?: boolean }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim().slice(0, 100));
  const { data } = useQuery({
    queryKey: ['members', 'picker', q],
    queryFn: async () => (await body(api.GET('/api/members', { params: { query: { limit: 6, is_active: true, ...(q ? { q } : {}) } } }))).data,
  });
  return (
    <PickList
      label={t('members.person')}
      placeholder={t('members.search')}
      found={t('members.found')}
      none={t('members.none_found')}
      text={text}
      onText={setText}
      options={data?.map((member) => ({ id: member.user_id, title: member.name, note: member.email }))}
      chosen={chosen?.user_id}
      onChoose={(id) => {
        const member = data?.find((one) => one.user_id === id);
        if (member) onChoose(member);
      }}
      autoFocus={autoFocus}
    />
  );
}
