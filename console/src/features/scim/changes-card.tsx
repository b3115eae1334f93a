// What the directory did last, from the audit log.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AuditOutcomeBadge } from '@/features/audit/outcome';
import { CopyId } from '@/ui/copy';
import { Card } from '@/ui/page';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { changeName } from './changes';
import { scimChangesQuery } from './queries';

export function ChangesCard() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(scimChangesQuery);
  const all = (
    <Link to="/audit" search={{ action: 'scim', reads: false }} className="text-xs font-medium text-accent-ink hover:underline">
      {t('scim.all_changes')}
    </Link>
  );
  return (
    <Card title={t('scim.changes')} description={t('scim.changes_hint')} actions={all}>
      {isPending && <SkeletonRows rows={3} height="h-10" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className="px-4 py-3 text-sm text-ink-faint">{t('scim.no_changes')}</p>}
      <ul aria-label={t('scim.changes')}>
        {data?.map((event) => (
          <li key={event.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-sm last:border-0">
            <span className="min-w-0 flex-1 truncate max-sm:basis-full">{changeName(event.action, t)}</span>
            {event.resource_id && <CopyId value={event.resource_id} />}
            {event.outcome !== 'success' && <AuditOutcomeBadge outcome={event.outcome} />}
            <Time value={event.recorded_at} className="text-xs text-ink-faint" />
          </li>
        ))}
      </ul>
    </Card>
  );
}
