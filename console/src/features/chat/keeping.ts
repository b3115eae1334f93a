// What this browser keeps, as the screens use it. Null where the server keeps everything itself.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Chat, Me } from '@/api/types';
import { keepingOf, type Keeping } from './keeping-store';

export function useKeeping(me: Me): Keeping | null {
  const user = me.user.id;
  const organization = me.organization?.data_mode === 'metadata_only' ? me.organization.id : null;
  return useMemo(() => (organization ? keepingOf(user, organization) : null), [user, organization]);
}

export const keptLabelsQuery = (keeping: Keeping | null) =>
  queryOptions({ queryKey: ['kept-labels'], enabled: keeping !== null, queryFn: async () => (await keeping?.labels()) ?? null });

export interface Labels {
  titleOf: (chat: Chat) => string;
  tagsOf: (chat: Chat) => readonly string[];
}

/** A person's words about a chat, from the server or from here. */
export function useLabels(me: Me): Labels {
  const { t } = useTranslation();
  const { data: kept } = useQuery(keptLabelsQuery(useKeeping(me)));
  return {
    titleOf: (chat) => chat.title ?? kept?.titles.get(chat.id) ?? t('chat.untitled'),
    tagsOf: (chat) => kept?.tags.get(chat.id) ?? chat.tags,
  };
}

export function useKeepLabels(me: Me): Pick<Keeping, 'keepTitle' | 'keepTags'> | null {
  const client = useQueryClient();
  const keeping = useKeeping(me);
  const shown = () => client.invalidateQueries({ queryKey: ['kept-labels'] });
  return (
    keeping && {
      keepTitle: async (chat, title) => {
        await keeping.keepTitle(chat, title);
        await shown();
      },
      keepTags: async (chat, tags) => {
        await keeping.keepTags(chat, tags);
        await shown();
      },
    }
  );
}
