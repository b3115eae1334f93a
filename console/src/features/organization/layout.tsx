// The pages about an organization's people and settings: one place in the navigation, with a row of tabs by permission.
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';

const tabs = [
  { to: '/organization/members', name: 'organization.members', permission: 'members_read' },
  { to: '/organization/invitations', name: 'organization.invitations', permission: 'invitations_read' },
  { to: '/organization/workspaces', name: 'organization.workspaces', permission: 'workspaces_read' },
  { to: '/organization/groups', name: 'organization.groups', permission: 'groups_read' },
  { to: '/organization/roles', name: 'organization.roles', permission: 'roles_read' },
  { to: '/organization/sessions', name: 'organization.sessions', permission: 'sessions_read' },
  { to: '/organization/settings', name: 'organization.settings', permission: 'organization_manage' },
] as const;

export function OrganizationLayout() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className="flex h-full min-h-0 flex-col">
      <nav aria-label={t('nav.organization')} className="flex h-10 shrink-0 gap-1 overflow-x-auto border-b border-line px-3 sm:px-5">
        {tabs
          .filter(({ permission }) => allows(me, permission))
          .map(({ to, name }) => (
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
