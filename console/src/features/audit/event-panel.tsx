// One event with everything the record holds, and the proof that can be checked here.
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditRecord } from '@/api/types';
import { stampName } from '@/features/policies/stamp-name';
import { IconButton } from '@/ui/button';
import { cx } from '@/ui/classes';
import { CopyButton, CopyId } from '@/ui/copy';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { AuditOutcomeBadge, DecisionMark } from './outcome';
import { eventQuery } from './queries';
import { prove } from './proof';
import { stampsIn } from './stamps';

export function EventPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(eventQuery(id));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <aside
      aria-label={t('audit.event')}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="absolute inset-0 z-20 flex animate-slide flex-col border-line bg-surface md:left-auto md:w-112 md:border-l md:shadow-pop xl:static xl:shadow-none"
    >
      <header className="flex min-h-12 items-center gap-2 border-b border-line pr-3 pl-4">
        <h2 ref={heading} tabIndex={-1} className="min-w-0 flex-1 truncate font-mono text-sm font-semibold outline-none">
          {data?.event.action ?? t('audit.event')}
        </h2>
        {data && <AuditOutcomeBadge outcome={data.event.outcome} />}
        <IconButton label={t('common.close')} onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div tabIndex={0} role="region" aria-label={t('audit.event')} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
        {error && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <SkeletonRows rows={8} height="h-9" />}
        {data && <Record {...data} />}
      </div>
    </aside>
  );
}

function Record({ event, record }: AuditRecord) {
  const { t } = useTranslation();
  const classified = stampsIn(event.payload);
  return (
    <div className="flex flex-col gap-5 p-4">
      <Verdict found={{ event, record }} />
      <Group title={t('audit.what')}>
        <Row name={t('audit.sequence')}>{event.sequence}</Row>
        <Row name={t('audit.recorded_at')}>
          <Time value={event.recorded_at} exact />
        </Row>
        <Row name={t('audit.sealed_at')}>
          <Time value={event.sealed_at} exact />
        </Row>
        <Row name={t('audit.event_id')}>
          <CopyId value={event.id} />
        </Row>
        {event.decision && <Row name={t('audit.decision')}><DecisionMark decision={event.decision} /></Row>}
        {classified.length > 0 && <Row name={t('condition.kind_stamps')}>{classified.map((stamp) => stampName(stamp, t)).join(', ')}</Row>}
      </Group>
      <Group title={t('audit.who')}>
        <Row name={t('audit.actor')}>{event.actor_name ?? t(`audit.actor_${event.actor_type}`)}</Row>
        <Row name={t('audit.actor_type')}>{t(`audit.actor_${event.actor_type}`)}</Row>
        <Row name={t('audit.actor_id')}>{event.actor_id && <CopyId value={event.actor_id} />}</Row>
        <Row name={t('audit.ip')}>{event.ip}</Row>
        <Row name={t('audit.user_agent')}>
          <span className="break-words">{event.user_agent}</span>
        </Row>
        <Row name={t('audit.request_id')}>{event.request_id && <CopyId value={event.request_id} />}</Row>
      </Group>
      <Group title={t('audit.on_what')}>
        <Row name={t('audit.resource')}>{event.resource_type}</Row>
        <Row name={t('audit.resource_id')}>{event.resource_id && <CopyId value={event.resource_id} />}</Row>
        <Row name={t('audit.workspace_id')}>{event.workspace_id && <CopyId value={event.workspace_id} />}</Row>
      </Group>
      <Code title={t('audit.payload')} text={JSON.stringify(event.payload, null, 2)} />
      <Proof hash={event.hash} previous={event.prev_hash} />
      <Code title={t('audit.record')} text={record} wrap />
    </div>
  );
}

/** The verdict first, then what it rests on. */
function Verdict({ found }: { found: AuditRecord }) {
  const { t } = useTranslation();
  const { data: proof } = useQuery({ queryKey: ['proof', found], staleTime: Infinity, queryFn: () => prove(found) });
  const holds = proof === 'ok';
  return (
    <section className={cx('min-h-18 rounded-lg border px-3 py-2.5', proof === undefined ? 'border-line' : holds ? 'border-ok/30 bg-ok-soft' : 'border-danger/40 bg-danger-soft')} {...(proof ? { 'data-proof': holds ? 'ok' : 'broken' } : {})}>
      <h3 className={cx('flex items-center gap-1.5 text-sm font-semibold', proof !== undefined && (holds ? 'text-ok' : 'text-danger'))}>
        {proof !== undefined && (holds ? <CircleCheck aria-hidden className="size-4 shrink-0" /> : <CircleX aria-hidden className="size-4 shrink-0" />)}
        {proof === undefined ? t('audit.proof') : holds ? t('audit.proof_holds') : t('audit.proof_broken')}
      </h3>
      {proof !== undefined && <p className="mt-0.5 text-xs text-ink-soft">{t(`audit.proof_${proof}`)}</p>}
    </section>
  );
}

function Proof({ hash, previous }: { hash: string; previous: string }) {
  const { t } = useTranslation();
  return (
    <Group title={t('audit.proof')}>
      <p className="pb-1 text-xs text-ink-soft">{t('audit.proof_how')}</p>
      <Row name={t('audit.hash')}>
        <CopyId value={hash} whole />
      </Row>
      <Row name={t('audit.prev_hash')}>
        <CopyId value={previous} whole />
      </Row>
    </Group>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-2xs font-medium text-ink-faint">{title}</h3>
      <div className="flex flex-col">{children}</div>
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-8 grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-2 border-b border-line py-1 text-sm last:border-0">
      <span className="text-xs text-ink-faint">{name}</span>
      <span className="min-w-0 text-xs">{children === null || children === '' ? '—' : children}</span>
    </div>
  );
}

function Code({ title, text, wrap = false }: { title: string; text: string; wrap?: boolean }) {
  return (
    <section>
      <div className="mb-1 flex items-center justify-between">
        <h3 className="text-2xs font-medium text-ink-faint">{title}</h3>
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0} role="region" aria-label={title} className={cx('max-h-72 overflow-auto rounded-md border border-line bg-sunken p-2.5 font-mono text-2xs leading-4.5', wrap && 'break-all whitespace-pre-wrap')}>
        {text}
      </pre>
    </section>
  );
}
