// The frame around every signed-in page: navigation, palette, shortcuts, and what happens when the session is lost.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useMatches, useNavigate, useRouter } from '@tanstack/react-router';
import { Eye, Menu as MenuIcon, Search } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onInterruption } from '@/api/client';
import { allows, MeContext, meQuery, replaceIdentity, useMe } from '@/api/session';
import { stopViewing, viewedMember } from '@/api/view-as';
import { onWorkspaceChosen } from '@/api/workspace';
import { Button, IconButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Forbidden } from '@/ui/states';
import { ToastProvider } from '@/ui/toast';
import { TooltipProvider } from '@/ui/tooltip';
import { Mark } from './brand';
import { ShellContext, type ShellActions } from './context';
import { allPagesOf } from './pages';
import { ShortcutsDialog } from './shortcuts-dialog';
import { useShortcuts } from './shortcuts';
import { Sidebar } from './sidebar';
import { Stopped } from './stopped';

const loadPalette = () => import('./palette').then((module) => ({ default: module.Palette }));
const Palette = lazy(loadPalette);

export function Shell() {
  const { data: me } = useQuery(meQuery);
  // Between losing the session and the sign-in page there is nobody to show anything to.
  if (!me) return null;
  return (
    <MeContext value={me}>
      <TooltipProvider delayDuration={350} skipDelayDuration={200}>
        <ToastProvider>
          <Frame />
        </ToastProvider>
      </TooltipProvider>
    </MeContext>
  );
}

function Frame() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'palette' | 'shortcuts' | 'menu' | null>(null);
  const close = () => setOpen(null);
  const actions = useMemo<ShellActions>(
    () => ({ openPalette: () => setOpen('palette'), openShortcuts: () => setOpen('shortcuts'), openMenu: () => setOpen('menu') }),
    [],
  );

  // Fetched once the page is at rest, so that ⌘K opens at once and no key typed after it is lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1000);
    return () => clearTimeout(timer);
  }, []);

  useFreshWorkspace();
  useShortcuts({
    'mod+k': () => setOpen((now) => (now === 'palette' ? null : 'palette')),
    '?': actions.openShortcuts,
    ...(allows(me, 'chats_write') ? { c: () => void navigate({ to: '/chat' }) } : {}),
    ...Object.fromEntries(allPagesOf(me).map((page) => [`g ${page.key}`, () => void navigate({ to: page.to })])),
  });

  return (
    <ShellContext value={actions}>
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2 focus:shadow-pop">
        {t('nav.skip')}
      </a>
      <div className="flex h-full flex-col lg:flex-row">
        <aside aria-label={t('nav.sidebar')} className="hidden w-58 shrink-0 border-r border-line lg:block">
          <Sidebar me={me} />
        </aside>
        <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3 lg:hidden">
          <IconButton label={t('nav.open_menu')} onClick={actions.openMenu}>
            <MenuIcon />
          </IconButton>
          <Mark className="size-6" />
          <span className="min-w-0 flex-1 truncate font-semibold">{me.organization?.name ?? t('nav.platform')}</span>
          <IconButton label={t('nav.search')} onClick={actions.openPalette}>
            <Search />
          </IconButton>
        </header>
        <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface outline-none">
          {viewedMember() !== null && <Viewing name={me.user.name} />}
          <div className="min-h-0 flex-1">
            <Permitted />
          </div>
        </main>
      </div>
      <Radix.Root open={open === 'menu'} onOpenChange={(next) => !next && close()}>
        <Radix.Portal>
          <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-black/45" />
          <Radix.Content aria-describedby={undefined} className="fixed inset-y-0 left-0 z-40 w-72 max-w-[85vw] animate-fade bg-canvas shadow-pop">
            <Radix.Title className="sr-only">{t('nav.main')}</Radix.Title>
            <Sidebar me={me} onNavigate={close} />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
      <Suspense>{open === 'palette' && <Palette me={me} onClose={close} onShortcuts={actions.openShortcuts} />}</Suspense>
      {open === 'shortcuts' && <ShortcutsDialog me={me} onClose={close} />}
      <Interruptions />
    </ShellContext>
  );
}

/** Said all the time that an administrator looks as somebody else. */
function Viewing({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-sm text-warn sm:px-6">
      <Eye aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 flex-1">{t('access.viewing_as', { name })}</span>
      <Button size="sm" onClick={stopViewing}>
        {t('access.stop_viewing')}
      </Button>
    </div>
  );
}

/** The page, or "forbidden" when any part of its path needs a permission the person lacks. */
function Permitted() {
  const me = useMe();
  const refused = useMatches({ select: (matches) => matches.some(({ staticData: { permission } }) => permission !== undefined && !allows(me, permission)) });
  const isPersonal = useMatches({ select: (matches) => matches.some(({ staticData: { personal } }) => personal === true) });
  const { organization } = me;
  if (organization && organization.status !== 'active' && !isPersonal) return <Stopped name={organization.name} status={organization.status} />;
  if (refused) return <Forbidden heading="h1" />;
  return (
    // Another organization is another set of screens: nothing of the former stays mounted.
    <Outlet key={me.organization?.id ?? 'platform'} />
  );
}

/** Another workspace, chosen here or in another tab, is another answer to most questions. */
function useFreshWorkspace(): void {
  const client = useQueryClient();
  const router = useRouter();
  useEffect(
    () =>
      onWorkspaceChosen(() => {
        void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'info' });
        void router.invalidate();
      }),
    [client, router],
  );
}

function Interruptions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const [switched, setSwitched] = useState(false);
  useEffect(() => {
    onInterruption((interruption) => {
      if (interruption === 'organization_switched') {
        setSwitched(true);
        return;
      }
      if (interruption === 'tenant_stopped') {
        void client.invalidateQueries({ queryKey: meQuery.queryKey });
        return;
      }
      const next = router.state.location.href;
      if (interruption === 'second_factor_missing') {
        void client.invalidateQueries({ queryKey: meQuery.queryKey }).then(() => router.navigate({ to: '/second-factor', search: { next } }));
        return;
      }
      void replaceIdentity(client, null).then(() => router.navigate({ to: '/sign-in', search: { next, reason: 'expired' } }));
    });
    return () => onInterruption(() => undefined);
  }, [client, router]);
  const reload = () => window.location.assign('/');
  return (
    <Dialog
      open={switched}
      onClose={reload}
      title={t('states.switched_title')}
      description={t('states.switched_text')}
      footer={
        <Button kind="primary" onClick={reload}>
          {t('states.switched_action')}
        </Button>
      }
    />
  );
}
