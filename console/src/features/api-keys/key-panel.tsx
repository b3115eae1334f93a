// One API key: what it may, from where and until when.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey, Me } from '@/api/types';
import { PermissionBadges } from '@/features/service-accounts/permission-badges';
import { Badge } from '@/ui/badge';
import { CopyId } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { Time } from '@/ui/time';
import { KeyState } from './key-state';

export function KeyPanel({ me, apiKey, onClose }: { me: Me; apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const workspace = me.workspaces.find(({ id }) => id === apiKey.workspace_id);
  const moment = (value: string | null | undefined, otherwise: string) => (value ? <Time value={value} /> : otherwise);
  const networks = apiKey.allowed_addresses.map((one) => (
    <Badge key={one}>
      <code className="font-mono">{one}</code>
    </Badge>
  ));
  const facts: [string, ReactNode][] = [
    [t('api_keys.state'), <KeyState key="state" apiKey={apiKey} />],
    [t('service_accounts.permissions'), apiKey.permissions.length > 0 ? <Row key="permissions"><PermissionBadges permissions={apiKey.permissions} /></Row> : t('api_keys.nothing')],
    [t('api_keys.networks'), apiKey.allowed_addresses.length > 0 ? <Row key="networks">{networks}</Row> : t('api_keys.from_anywhere')],
    [t('api_keys.expires'), moment(apiKey.expires_at, t('api_keys.no_expiry'))],
    [t('api_keys.workspace'), workspace?.name ?? <CopyId value={apiKey.workspace_id} />],
    [t('api_keys.created'), <Time key="created" value={apiKey.created_at} />],
    [t('api_keys.last_used'), moment(apiKey.last_used_at, t('api_keys.never'))],
    ...(apiKey.revoked_at ? [[t('api_keys.state_revoked'), <Time key="revoked" value={apiKey.revoked_at} />] satisfies [string, ReactNode]] : []),
  ];
  return (
    <Dialog open onClose={onClose} title={apiKey.name} description={<code className="font-mono text-xs">gh_…{apiKey.last_four}</code>}>
      <dl className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3 gap-y-2.5 pb-3 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-xs leading-5 text-ink-faint">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function Row({ children }: { children: ReactNode }) {
  return <span className="flex flex-wrap gap-1">{children}</span>;
}
