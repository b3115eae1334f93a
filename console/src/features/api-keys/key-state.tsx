import { useTranslation } from 'react-i18next';
import type { ApiKey } from '@/api/types';
import { Badge } from '@/ui/badge';

const isPast = (moment: string): boolean => Date.parse(moment) < Date.now();

export function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  if (apiKey.revoked_at) return <Badge>{t('api_keys.state_revoked')}</Badge>;
  if (apiKey.expires_at && isPast(apiKey.expires_at)) return <Badge tone="warn">{t('api_keys.state_expired')}</Badge>;
  return <Badge tone="ok">{t('api_keys.state_active')}</Badge>;
}
