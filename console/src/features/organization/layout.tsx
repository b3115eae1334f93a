// The pages about an organization's people and settings: one place in the navigation, with a row of tabs by permission.
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { organizationPagesOf } from './pages';

export function OrganizationLayout() {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const tabs = useRef<HTMLElement>(null);
  // On a phone the row is wider than the screen.
  useEffect(() => {
    tabs.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <nav ref={tabs} aria-label={t('nav.organization')} className="flex h-10 shrink-0 gap-1 overflow-x-auto border-b border-line px-3 sm:px-5">
        {organizationPagesOf(me).map(({ to, name }) => (
          <Link
            key={to}
            to={to}
            className="inline-flex h-full shrink-0 items-center border-b-2 border-transparent px-2 text-sm text-ink-soft hover:text-ink focus-visible:-outline-offset-2"
            activeProps={{ className: '!border-accent font-medium !text-ink', 'aria-current': 'page' }}
          >
            {t(name)}
          </Link>
        ))}
      </nav>
      <div className="min-h-0 flex-1">
        <Outlet />
      </div>
    </div>
  );
}
