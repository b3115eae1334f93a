import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { MessagesSquare, Pin, Search, SquarePen, X } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '@/api/session';
import type { Chat, Me } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { cx } from '@/ui/classes';
import { formatRelative } from '@/ui/format';
import { Segmented } from '@/ui/segmented';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { ChatMenu } from './chat-actions';
import { useKeeping, useLabels } from './keeping';
import { chatsQuery } from './queries';

/** Pinned first; within each, the order the server gave: newest activity first. */
export function pinnedFirst(chats: readonly Chat[]): Chat[] {
  return [...chats.filter((chat) => chat.is_pinned), ...chats.filter((chat) => !chat.is_pinned)];
}

export function ChatList({ me }: { me: Me }) {
  const { t } = useTranslation();
  const keepsHere = useKeeping(me) !== null;
  const { titleOf, tagsOf } = useLabels(me);
  const [typed, setTyped] = useState('');
  const [shelf, setShelf] = useState<'active' | 'archived' | 'shared'>('active');
  const [tag, setTag] = useState<string | null>(null);
  const search = useDeferredValue(typed.trim());
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    chatsQuery({ q: keepsHere ? '' : search, archived: shelf === 'archived', shared: shelf === 'shared', tag: keepsHere ? null : tag }),
  );
  const all = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  // Words that only this browser knows can only be searched here.
  const found = keepsHere ? all.filter((chat) => titleOf(chat).toLowerCase().includes(search.toLowerCase()) && (tag === null || tagsOf(chat).includes(tag))) : all;
  const chats = pinnedFirst(found);
  const tags = [...new Set(all.flatMap(tagsOf))].slice(0, 8);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: chats.length, getScrollElement: () => scroller.current, estimateSize: () => 52, overscan: 8 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= chats.length - 8) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, last, chats.length, fetchNextPage]);

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-col gap-2 p-3">
        <div className="flex items-center gap-2">
          <h2 className="flex-1 text-base font-semibold tracking-tight">{t('nav.chat')}</h2>
          {allows(me, 'chats_write') && (
            <Button asChild size="sm">
              <Link to="/chat">
                <SquarePen aria-hidden className="size-3.5" />
                {t('chat.new')}
              </Link>
            </Button>
          )}
        </div>
        <label className="flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2 shadow-card focus-within:outline-2 focus-within:outline-accent">
          <Search aria-hidden className="size-4 text-ink-faint" />
          <input
            type="search"
            value={typed}
            aria-label={t('chat.search')}
            placeholder={t('chat.search')}
            onChange={(event) => setTyped(event.target.value)}
            className="min-w-0 flex-1 bg-transparent text-sm outline-none"
          />
        </label>
        <Segmented
          label={t('chat.shelf')}
          value={shelf}
          onChange={setShelf}
          options={[
            { value: 'active', label: t('chat.active') },
            { value: 'archived', label: t('chat.archived') },
            { value: 'shared', label: t('chat.shared') },
          ]}
          className="w-full [&>*]:flex-1 [&>*]:justify-center [&>*]:px-1.5"
        />
        {(tags.length > 0 || tag) && (
          <div className="flex flex-wrap gap-1" role="group" aria-label={t('chat.tags')}>
            {(tag && !tags.includes(tag) ? [tag, ...tags] : tags).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === tag}
                onClick={() => setTag(one === tag ? null : one)}
                className={cx('inline-flex h-6 items-center gap-1 rounded-sm px-2 text-2xs font-medium', one === tag ? 'bg-accent-soft text-accent-ink' : 'bg-sunken text-ink-soft hover:bg-hover')}
              >
                {one}
                {one === tag && <X aria-hidden className="size-3" />}
              </button>
            ))}
          </div>
        )}
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {isPending && <SkeletonRows rows={6} />}
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {data && chats.length === 0 && (
          <Empty icon={<MessagesSquare />} title={search || tag ? t('chat.none_found') : shelf === 'archived' ? t('chat.none_archived') : shelf === 'shared' ? t('chat.none_shared') : t('chat.none')}>
            {!search && !tag && shelf === 'active' ? t('chat.none_hint') : undefined}
          </Empty>
        )}
        {chats.length > 0 && <ul className="relative" style={{ height: virtual.getTotalSize() }} aria-label={t('chat.list')}>
          {items.map((item) => {
            const chat = chats[item.index];
            return (
              chat && (
                <li key={chat.id} className="absolute inset-x-0" style={{ height: item.size, transform: `translateY(${item.start}px)` }}>
                  <Row me={me} chat={chat} title={titleOf(chat)} tags={tagsOf(chat)} />
                </li>
              )
            );
          })}
        </ul>}
      </div>
    </div>
  );
}

function Row({ me, chat, title, tags }: { me: Me; chat: Chat; title: string; tags: readonly string[] }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="group relative h-full py-0.5">
      <Link
        to="/chat/$chatId"
        params={{ chatId: chat.id }}
        className="flex h-full flex-col justify-center rounded-md pr-9 pl-2.5 hover:bg-hover"
        activeProps={{ className: 'bg-hover', 'aria-current': 'page' }}
      >
        <span className="flex items-center gap-1.5">
          {chat.is_pinned && <Pin aria-label={t('chat.pinned')} className="size-3 shrink-0 text-ink-faint" />}
          <span className="truncate text-sm">{title}</span>
        </span>
        <span className="flex items-center gap-1.5 overflow-hidden text-2xs text-ink-faint">
          {chat.is_streaming ? <span className="font-medium text-accent-ink">{t('chat.answering')}</span> : <span className="shrink-0">{formatRelative(chat.updated_at, i18n.language)}</span>}
          {tags.slice(0, 2).map((tag) => (
            <Badge key={tag} className="!h-4">
              {tag}
            </Badge>
          ))}
        </span>
      </Link>
      {chat.user_id === me.user.id && (
        <div className="absolute top-1/2 right-1.5 -translate-y-1/2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100 max-md:opacity-100">
          <ChatMenu me={me} chat={chat} title={title} />
        </div>
      )}
    </div>
  );
}
