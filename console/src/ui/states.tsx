// What a screen shows when it has nothing, cannot, may not, or has not yet.
import { LockKeyhole, TriangleAlert } from 'lucide-react';
import { use, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import { MeContext } from '@/api/session';
import { Button } from './button';
import { cx } from './classes';
import { CopyId } from './copy';
import { useFailureText } from './failure';

interface StateProps {
  icon: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  tone?: 'neutral' | 'danger';
  /** A state that is the whole page has its heading. */
  heading?: 'h1' | 'h2';
}

export function State({ icon, title, children, action, tone = 'neutral', heading: Heading = 'h2' }: StateProps) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center px-6 py-14 text-center">
      <span
        className={cx(
          'mb-3 inline-flex size-10 items-center justify-center rounded-lg border border-line bg-surface shadow-card [&_svg]:size-5',
          tone === 'danger' ? 'text-danger' : 'text-ink-faint',
        )}
      >
        {icon}
      </span>
      <Heading className="text-base font-semibold">{title}</Heading>
      {children !== undefined && <div className="mt-1 text-sm text-ink-soft">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

export const Empty = State;

export function Forbidden({ heading }: Pick<StateProps, 'heading'>) {
  const { t } = useTranslation();
  // Null where a page fails before anybody is known.
  const me = use(MeContext);
  const place = me === null || me.organization ? 'member' : me.is_super_admin ? 'operator' : 'nobody';
  return (
    <State heading={heading} icon={<LockKeyhole />} title={t('states.forbidden_title')}>
      {t(`states.forbidden_${place}`)}
    </State>
  );
}

/** What happened, the request's id for whoever looks into it, and another try. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const textOf = useFailureText();
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  return (
    <div role="alert">
      <State
        tone="danger"
        icon={<TriangleAlert />}
        title={t('states.error_title')}
        action={onRetry && <Button onClick={onRetry}>{t('common.retry')}</Button>}
      >
        <p>{textOf(error)}</p>
        {error instanceof ApiError && error.requestId && (
          <p className="mt-2 flex items-center justify-center gap-1 text-xs text-ink-faint">
            {t('states.request_id')} <CopyId value={error.requestId} />
          </p>
        )}
      </State>
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('block animate-pulse-soft rounded-sm bg-hover', className)} />;
}

export function SkeletonRows({ rows = 8, height = 'h-11' }: { rows?: number; height?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={cx('flex items-center gap-4 border-b border-line px-4', height)}>
          <Skeleton className="h-3 w-1/4" />
          <Skeleton className="h-3 w-1/3" />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
