import { Link, useNavigate } from '@tanstack/react-router';
import { Building2, Check, ChevronsUpDown, CircleHelp, LogOut, Search, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Me } from '@/api/types';
import { viewedMember } from '@/api/view-as';
import { useChosenWorkspace } from '@/api/workspace';
import { currentLanguage, languages, type Language } from '@/i18n';
import { cx } from '@/ui/classes';
import { Kbd } from '@/ui/kbd';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu';
import { Mark } from './brand';
import { useShell } from './context';
import { useIdentityActions } from './identity';
import { pagesOf } from './pages';
import { usePreferences } from './preferences';
import { themes } from './theme';

const row = 'flex min-h-8 w-full items-center gap-2.5 rounded-md px-2 text-left text-sm transition-colors hover:bg-hover [&>svg]:size-4 [&>svg]:shrink-0';

export function Sidebar({ me, onNavigate }: { me: Me; onNavigate?: () => void }) {
  const { t } = useTranslation();
  const { openPalette } = useShell();
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      <OrganizationSwitcher me={me} />
      <button type="button" onClick={openPalette} className={cx(row, 'border border-line bg-surface text-ink-faint shadow-card')}>
        <Search aria-hidden />
        <span className="min-w-0 flex-1 truncate">{t('nav.search')}</span>
        <Kbd keys="mod+k" />
      </button>
      <nav aria-label={t('nav.main')} className="flex flex-col gap-0.5">
        {pagesOf(me).map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            {...(onNavigate ? { onClick: onNavigate } : {})}
            className={cx(row, 'text-ink-soft hover:text-ink')}
            activeProps={{ className: 'bg-hover font-medium !text-ink', 'aria-current': 'page' }}
          >
            <Icon aria-hidden />
            {t(name)}
          </Link>
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-0.5">
        <UserMenu me={me} />
      </div>
    </div>
  );
}

function OrganizationSwitcher({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { switchOrganization, switchWorkspace } = useIdentityActions(me);
  const workspace = useChosenWorkspace(me);
  const workspaceName = me.workspaces.find((one) => one.id === workspace)?.name;
  const title = me.organization?.name ?? t('nav.platform');
  const caption = workspaceName ?? (me.organization ? '' : t('nav.no_organization'));
  const face = (
    <>
      <Mark className="!size-7" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm leading-4.5 font-semibold">{title}</span>
        <span className="block truncate text-2xs leading-3.5 text-ink-faint">{caption}</span>
      </span>
    </>
  );
  const memberships = viewedMember() === null ? me.memberships : [];
  if (memberships.length + me.workspaces.length === 0) return <div className="flex min-h-10 items-center gap-2.5 px-1">{face}</div>;
  return (
    <Menu
      className="w-60"
      trigger={
        <button type="button" className={cx(row, 'min-h-10 px-1')}>
          {face}
          <span className="sr-only">{t('nav.switcher')}</span>
          <ChevronsUpDown aria-hidden className="text-ink-faint" />
        </button>
      }
    >
      {memberships.length > 0 && <MenuLabel>{t('nav.organizations')}</MenuLabel>}
      {memberships.map((membership) => (
        <MenuItem
          key={membership.organization_id}
          onSelect={() => {
            if (membership.organization_id !== me.organization?.id) void switchOrganization(membership.organization_id);
          }}
        >
          <Building2 aria-hidden />
          <span className="min-w-0 flex-1 truncate">{membership.name}</span>
          <span className="text-2xs text-ink-faint uppercase">{membership.region}</span>
          {membership.organization_id === me.organization?.id && <Check className="!text-accent" aria-label={t('nav.current')} />}
        </MenuItem>
      ))}
      {me.workspaces.length > 0 && (
        <>
          {memberships.length > 0 && <MenuSeparator />}
          <MenuLabel>{t('nav.workspaces')}</MenuLabel>
          <MenuChoice
            value={workspace ?? ''}
            options={me.workspaces.map((one) => ({ value: one.id, label: one.name }))}
            onChange={switchWorkspace}
          />
        </>
      )}
    </Menu>
  );
}

function UserMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { signOut } = useIdentityActions(me);
  const { openShortcuts } = useShell();
  const isSelf = viewedMember() === null;
  return (
    <Menu
      side="top"
      className="w-60"
      trigger={
        <button type="button" className={cx(row, 'min-h-10')}>
          <span aria-hidden className="inline-flex size-7 items-center justify-center rounded-full bg-accent-soft text-2xs font-semibold text-accent-ink">
            {me.user.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate leading-4.5">{me.user.name}</span>
            <span className="block truncate text-2xs leading-3.5 text-ink-faint">{me.role_code ? t(`roles.${me.role_code}`) : t('roles.MS')}</span>
          </span>
          <span className="sr-only">{t('nav.account_menu')}</span>
        </button>
      }
    >
      <MenuLabel>{me.user.email}</MenuLabel>
      {isSelf && <AccountItem />}
      <MenuItem onSelect={openShortcuts}>
        <CircleHelp aria-hidden />
        <span className="flex-1">{t('nav.shortcuts')}</span>
        <Kbd keys="?" />
      </MenuItem>
      {isSelf && <PreferenceItems me={me} />}
      <MenuSeparator />
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden />
        {t('nav.sign_out')}
      </MenuItem>
    </Menu>
  );
}

function PreferenceItems({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { chooseTheme, chooseLanguage } = usePreferences();
  return (
    <>
      <MenuSeparator />
      <MenuLabel>{t('preferences.theme')}</MenuLabel>
      <MenuChoice value={me.user.theme} options={themes.map((value) => ({ value, label: t(`preferences.theme_${value}`) }))} onChange={chooseTheme} />
      <MenuSeparator />
      <MenuLabel>{t('preferences.language')}</MenuLabel>
      <MenuChoice<Language>
        value={me.user.language ?? currentLanguage()}
        options={languages.map((value) => ({ value, label: t(`preferences.language_${value}`) }))}
        onChange={chooseLanguage}
      />
    </>
  );
}

function AccountItem() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <MenuItem onSelect={() => void navigate({ to: '/account' })}>
      <UserRound aria-hidden />
      {t('nav.account')}
    </MenuItem>
  );
}
