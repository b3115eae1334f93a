// What a program may, in words.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Badge } from '@/ui/badge';
import { programPermissions } from './queries';

/** One that this console has no words for keeps its name. */
export function permissionName(permission: string, t: TFunction): string {
  const known = programPermissions.find((one) => one === permission);
  return known ? t(`service_accounts.permission_${known}`) : permission;
}

export function PermissionBadges({ permissions }: { permissions: readonly string[] }) {
  const { t } = useTranslation();
  return permissions.map((permission) => <Badge key={permission}>{permissionName(permission, t)}</Badge>);
}
