import { useTranslation } from 'react-i18next';
import type { RoleMatrix } from '@/api/types';
import { cx } from '@/ui/classes';

const reaches = ['own', 'workspace', 'workspaces', 'organization', 'scope'] as const;
const heads = ['MS', 'OA', 'WM', 'UR'] as const;
const governed = ['WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin'] as const;

/** Which role opens which permission, and how far: the table that the server decides by. */
export function Matrix({ matrix }: { matrix: RoleMatrix }) {
  const { t, i18n } = useTranslation();
  const columnName = (column: string) => {
    const role = heads.find((one) => one === column);
    if (role) return t(`roles.${role}`);
    const governance = governed.find((one) => one === column);
    return governance ? t(`governance.${governance}`) : t('roles_page.programs');
  };
  const cellName = (cell: string) => {
    const reach = reaches.find((one) => one === cell);
    return reach ? t(`roles_page.reach_${reach}`) : '–';
  };
  // A permission that is newer than this console is called what the wire calls it.
  const permissionName = (permission: string) => (i18n.exists(`permissions.${permission}`) ? i18n.t(`permissions.${permission}` as never) : permission);
  return (
    <div tabIndex={0} role="region" aria-label={t('roles_page.matrix')} className="overflow-x-auto focus-visible:-outline-offset-2">
      <table className="w-max min-w-full border-separate border-spacing-0 text-left text-xs">
        <thead>
          <tr>
            <th scope="col" className="sticky left-0 z-10 h-9 border-b border-line bg-surface px-4 text-2xs font-medium text-ink-faint">
              {t('roles_page.permission')}
            </th>
            {matrix.columns.map((column) => (
              <th key={column} scope="col" className="border-b border-line px-2 text-2xs font-medium whitespace-nowrap text-ink-faint">
                {columnName(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map((row) => (
            <tr key={row.permission}>
              <th scope="row" className="sticky left-0 z-10 h-8 max-w-56 border-b border-line bg-surface px-4 font-normal">
                <span className="block truncate" title={row.permission}>
                  {permissionName(row.permission)}
                </span>
              </th>
              {row.cells.map((cell, i) => (
                <td key={matrix.columns[i]} className={cx('border-b border-line px-2 whitespace-nowrap', cell === '-' ? 'text-ink-faint' : cell === 'organization' ? 'font-medium' : 'text-ink-soft')}>
                  {cellName(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
