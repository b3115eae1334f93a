// The kept texts and titles as the screens use them. Null and empty where the server keeps everything itself.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Me } from '@/api/types';
import { keepingOf, type Keeping } from './keeping-store';

export function useKeeping(me: Me): Keeping | null {
  const user = me.user.id;
  const organization = me.organization?.data_mode === 'metadata_only' ? me.organization.id : null;
  return useMemo(() => (organization ? keepingOf(user, organization) : null), [user, organization]);
}

const none: ReadonlyMap<string, string> = new Map();

export function useTitles(me: Me): ReadonlyMap<string, string> {
  const keeping = useKeeping(me);
  const { data } = useQuery({ queryKey: ['kept-titles'], enabled: keeping !== null, queryFn: () => keeping?.titles() ?? new Map<string, string>() });
  return data ?? none;
}

export function useKeepTitle(me: Me): ((chat: string, title: string) => Promise<void>) | null {
  const client = useQueryClient();
  const keeping = useKeeping(me);
  return (
    keeping &&
    (async (chat, title) => {
      await keeping.keepTitle(chat, title);
      await client.invalidateQueries({ queryKey: ['kept-titles'] });
    })
  );
}
