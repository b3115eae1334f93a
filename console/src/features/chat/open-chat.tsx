import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { MessageCircleOff } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { ApiError } from '@/api/errors';
import { useMe } from '@/api/session';
import type { ChatDetail, Me } from '@/api/types';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { Conversation } from './conversation';
import { useKeeping } from './keeping';
import { withKeptTexts } from './keeping-store';
import { chatQuery } from './queries';

export function OpenChat() {
  const { chatId } = useParams({ from: '/shell/chat/$chatId' });
  const me = useMe();
  return <Opening key={chatId} me={me} chatId={chatId} />;
}

/** Reads the chat once; from then on its stream tells what changes. */
function Opening({ me, chatId }: { me: Me; chatId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const keeping = useKeeping(me);
  const [created] = useState(() => {
    const known = client.getQueryData<ChatDetail>(chatQuery(chatId).queryKey);
    return known?.messages.length === 0 && known.chat.message_count === 0 ? known : undefined;
  });
  const { data, error, refetch } = useQuery({
    queryKey: ['opening', chatId],
    enabled: created === undefined,
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async () => {
      const detail = await body(api.GET('/api/chats/{chat_id}', { params: { path: { chat_id: chatId } } }));
      return keeping ? { ...detail, messages: withKeptTexts(detail.messages, await keeping.messagesOf(chatId)) } : detail;
    },
  });
  const detail = created ?? data;
  useEffect(() => {
    if (data) client.setQueryData(chatQuery(chatId).queryKey, data);
  }, [client, chatId, data]);

  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty icon={<MessageCircleOff />} title={t('chat.gone_title')}>
        {t('chat.gone_text')}
      </Empty>
    );
  }
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!detail) return <Loading />;
  return (
    <Suspense fallback={<Loading />}>
      <Conversation me={me} initial={detail} />
    </Suspense>
  );
}

function Loading() {
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-13 items-center border-b border-line px-4">
        <Skeleton className="h-4 w-48" />
      </div>
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-6">
        <Skeleton className="ml-auto h-10 w-1/2 !rounded-xl" />
        <Skeleton className="h-4 w-5/6" />
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-4 w-3/4" />
      </div>
    </div>
  );
}
