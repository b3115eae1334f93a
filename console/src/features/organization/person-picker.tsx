import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Member } from '@/api/types';
import { cx } from '@/ui/classes';
import { Field, Input } from '@/ui/field';

/** One of the organization's active people, found by name or e-mail. */
export function PersonPicker({ chosen, onChoose }: { chosen: Member | null; onChoose: (member: Member) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const { data } = useQuery({
    queryKey: ['members', 'picker', q],
    queryFn: async () => (await body(api.GET('/api/members', { params: { query: { limit: 6, is_active: true, ...(q ? { q } : {}) } } }))).data,
  });
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('members.person')}>
        {(wiring) => <Input {...wiring} type="search" autoFocus autoComplete="off" maxLength={100} value={text} placeholder={t('members.search')} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <ul aria-label={t('members.found')} className="overflow-hidden rounded-md border border-line">
        {data?.map((member) => (
          <li key={member.user_id} className="border-b border-line last:border-0">
            <button
              type="button"
              aria-pressed={chosen?.user_id === member.user_id}
              onClick={() => onChoose(member)}
              className={cx('flex min-h-10 w-full items-center gap-2 px-3 py-1 text-left hover:bg-hover', chosen?.user_id === member.user_id && 'bg-accent-soft')}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm">{member.name}</span>
                <span className="block truncate text-2xs text-ink-soft">{member.email}</span>
              </span>
              {chosen?.user_id === member.user_id && <Check aria-hidden className="size-4 shrink-0 text-accent" />}
            </button>
          </li>
        ))}
        {data?.length === 0 && <li className="px-3 py-2 text-xs text-ink-soft">{t('members.none_found')}</li>}
      </ul>
    </div>
  );
}
