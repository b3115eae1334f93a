// What a program may, in words.
import { useTranslation } from 'react-i18next';
import { Badge } from '@/ui/badge';
import { programPermissions } from './queries';

export function PermissionBadges({ permissions }: { permissions: readonly string[] }) {
  const { t } = useTranslation();
  return permissions.map((permission) => {
    const known = programPermissions.find((one) => one === permission);
    return <Badge key={permission}>{known ? t(`service_accounts.permission_${known}`) : <code className="font-mono">{permission}</code>}</Badge>;
  });
}
