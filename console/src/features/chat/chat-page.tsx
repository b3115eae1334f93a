import { Outlet, useMatchRoute } from '@tanstack/react-router';
import { useMe } from '@/api/session';
import { cx } from '@/ui/classes';
import { ChatList } from './chat-list';

/** The list beside the conversation; on a phone the list is above the empty composer, and a conversation has the screen. */
export function ChatPage() {
  const me = useMe();
  const open = useMatchRoute()({ to: '/chat/$chatId' }) !== false;
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <section className={cx('min-h-0 shrink-0 border-line md:w-70 md:border-r', open ? 'hidden md:block' : 'max-md:flex-1')}>
        <ChatList me={me} />
      </section>
      <div className={cx('min-h-0 min-w-0', open ? 'flex-1' : 'max-md:shrink-0 md:flex-1')}>
        <Outlet />
      </div>
    </div>
  );
}
