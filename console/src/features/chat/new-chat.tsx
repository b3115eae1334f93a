import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { modelsQuery } from '@/api/models';
import { allows, useMe } from '@/api/session';
import type { ChatDetail } from '@/api/types';
import { Mark } from '@/shell/brand';
import { Failure } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { Composer } from './composer';
import { useKeeping } from './keeping';
import { KeptHere } from './kept-here';
import { leavePending } from './pending';
import { chatQuery, useRefreshChats } from './queries';

const modelKey = 'gatehouse.model';

export function NewChat() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const toast = useToast();
  const refresh = useRefreshChats();
  const keepsHere = useKeeping(me) !== null;
  const { data: models = [], error, refetch } = useQuery(modelsQuery);
  const [chosen, choose] = useState(() => localStorage.getItem(modelKey));
  const [busy, setBusy] = useState(false);
  const [attempt] = useState(() => attempts());
  const model = models.find(({ name }) => name === chosen)?.name ?? models[0]?.name ?? '';

  const start = async (text: string) => {
    setBusy(true);
    try {
      const chat = await attempt({ text, model }, ({ headers }) => body(api.POST('/api/chats', { body: { model }, headers })));
      leavePending(chat.id, { text, model });
      client.setQueryData<ChatDetail>(chatQuery(chat.id).queryKey, { chat, messages: [], actions: ['REA', 'WRI', 'UPD', 'MNG'] });
      refresh();
      await navigate({ to: '/chat/$chatId', params: { chatId: chat.id } });
    } catch (failure) {
      toast.failed(failure);
      throw failure;
    } finally {
      setBusy(false);
    }
  };

  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <div className="flex h-full flex-col">
      <title>{`${t('chat.new')} · Gatehouse`}</title>
      <div className="flex min-h-0 flex-1 flex-col items-center justify-center px-4 text-center max-md:sr-only">
        <Mark className="mb-4 size-10" />
        <h1 className="text-xl font-semibold tracking-tight">{t('chat.start_title')}</h1>
        <p className="mt-1 max-w-md text-sm text-balance text-ink-soft">{keepsHere ? t('chat.start_kept') : t('chat.start_text')}</p>
      </div>
      <div className="mt-auto px-3 pt-3 pb-1 sm:px-4">
        {allows(me, 'chats_write') && (
          <Composer
            models={models}
            model={model}
            onModel={(name) => {
              localStorage.setItem(modelKey, name);
              choose(name);
            }}
            onSend={start}
            busy={busy}
            note={<KeptHere shown={keepsHere} />}
          />
        )}
      </div>
    </div>
  );
}
