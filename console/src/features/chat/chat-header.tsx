import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Pin } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Chat, Me } from '@/api/types';
import { Badge } from '@/ui/badge';
import { formatCost, formatNumber } from '@/ui/format';
import { ChatMenu } from './chat-actions';
import { useLabels } from './keeping';
import { chatQuery } from './queries';

export function ChatHeader({ me, chatId, fallback }: { me: Me; chatId: string; fallback: Chat }) {
  const { t, i18n } = useTranslation();
  const { titleOf, tagsOf } = useLabels(me);
  const { data: chat = fallback } = useQuery({ ...chatQuery(chatId), enabled: false, select: (detail) => detail.chat });
  const title = titleOf(chat);
  return (
    <header className="flex min-h-13 shrink-0 items-center gap-2 border-b border-line px-3 sm:px-4">
      <title>{`${title} · Gatehouse`}</title>
      <Link to="/chat" aria-label={t('chat.back')} className="inline-flex size-7 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink md:hidden">
        <ArrowLeft aria-hidden className="size-4" />
      </Link>
      {chat.is_pinned && <Pin aria-label={t('chat.pinned')} className="size-3.5 shrink-0 text-ink-faint" />}
      <h1 className="min-w-0 truncate text-base font-semibold tracking-tight">{title}</h1>
      <span className="hidden gap-1 lg:flex">
        {tagsOf(chat).map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </span>
      <span className="flex-1" />
      <span className="tabular shrink-0 text-2xs whitespace-nowrap text-ink-faint">
        <span className="hidden sm:inline">{t('chat.tokens', { count: chat.total_tokens, shown: formatNumber(chat.total_tokens, i18n.language) })} · </span>
        {formatCost(chat.total_cost, i18n.language)}
      </span>
      {chat.user_id === me.user.id && <ChatMenu me={me} chat={chat} title={title} />}
    </header>
  );
}
