import { HardDrive } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Tooltip } from '@/ui/tooltip';

/** Says discreetly where the words are: in this browser, or under the organization's policies on the server. */
export function KeptHere({ shown }: { shown: boolean }) {
  const { t } = useTranslation();
  if (!shown) return <>{t('chat.governed')}</>;
  return (
    <Tooltip text={t('chat.kept_here_detail')}>
      <span tabIndex={0} className="inline-flex items-center gap-1.5 rounded-sm">
        <HardDrive aria-hidden className="size-3" />
        {t('chat.kept_here')}
      </span>
    </Tooltip>
  );
}
