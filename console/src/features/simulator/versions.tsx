// The versions of a stage's configuration: what each changed, and taking an earlier one up again.
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StageVersion } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { cx } from '@/ui/classes';
import { Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { differenceOf, type Change } from './difference';
import { mostVersions, versionsQuery } from './queries';

export function Versions({ stage, onTake }: { stage: StageVersion; onTake: ((version: StageVersion) => void) | null }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(versionsQuery(stage.stage));
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section aria-label={t('simulator.versions')} className="flex flex-col border-t border-line pt-4">
      <h2 className="pb-1 text-xs font-medium text-ink-soft">{t('simulator.versions')}</h2>
      {isPending && <SkeletonRows rows={2} />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <ul className="divide-y divide-line">
        {data?.slice(0, mostVersions).map((one, i) => {
          const before = data[i + 1];
          const isOpen = open === one.version;
          return (
            <li key={one.version} className="py-1.5">
              <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                <button
                  type="button"
                  aria-expanded={isOpen}
                  disabled={!before}
                  className="-ml-1 inline-flex min-h-7 items-center gap-1 rounded-md px-1 hover:bg-hover disabled:hover:bg-transparent"
                  onClick={() => setOpen(isOpen ? null : one.version)}
                >
                  <ChevronRight aria-hidden className={cx('size-4 text-ink-faint transition-transform', isOpen && 'rotate-90', !before && 'invisible')} />
                  {t('simulator.version', { version: one.version })}
                </button>
                {one.version === stage.version && <Badge tone="ok">{t('simulator.in_force')}</Badge>}
                <span className="flex-1 text-xs text-ink-faint">
                  <Time value={one.created_at} />
                </span>
                {onTake && one.version !== stage.version && (
                  <Button size="sm" kind="quiet" aria-label={t('simulator.take_named', { version: one.version })} onClick={() => onTake(one)}>
                    {t('simulator.take')}
                  </Button>
                )}
              </div>
              {isOpen && before && <Changes changes={differenceOf(before.config, one.config)} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Changes({ changes }: { changes: Change[] }) {
  const { t } = useTranslation();
  /** Codes have words; what people wrote stands as it is. */
  const said = (field: Change['field'], value: string) => {
    if (field === 'tone') return t(`simulator.tone_${value as 'formal'}`);
    if (field === 'cta') return t(`simulator.cta_${value as 'soft'}`);
    if (field === 'guardrails') return value === 'true' ? t('simulator.on') : t('simulator.off');
    return value;
  };
  if (changes.length === 0) return <p className="py-1 pl-6 text-xs text-ink-faint">{t('simulator.no_changes')}</p>;
  return (
    <dl className="flex flex-col gap-2 py-1 pl-6 text-xs">
      {changes.map((change) => (
        <div key={change.field}>
          <dt className="text-ink-faint">{t(`simulator.${change.field}`)}</dt>
          {('from' in change ? [change.from] : change.removed).map((one) => (
            <Side key={`-${one}`} sign="−" word={t('simulator.before')} text={said(change.field, one)} />
          ))}
          {('from' in change ? [change.to] : change.added).map((one) => (
            <Side key={`+${one}`} sign="+" word={t('simulator.after')} text={said(change.field, one)} />
          ))}
        </div>
      ))}
    </dl>
  );
}

function Side({ sign, word, text }: { sign: '−' | '+'; word: string; text: string }) {
  return (
    <dd className={cx('flex gap-2 rounded-sm px-1.5 py-0.5 break-words whitespace-pre-wrap', sign === '+' ? 'bg-ok-soft text-ok' : 'bg-danger-soft text-danger')}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{word}</span>
      <span className="min-w-0 flex-1">{text}</span>
    </dd>
  );
}
