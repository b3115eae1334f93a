import { useMutation } from '@tanstack/react-query';
import { BadgeCheck, CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Verification } from '@/api/types';
import { Button } from '@/ui/button';
import { cx } from '@/ui/classes';
import { CopyId } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { formatExact, formatNumber } from '@/ui/format';
import { Failure } from '@/ui/states';
import { Spinner } from '@/ui/spinner';

/** Has the server read every record again and follow the chain from its first event to its head. */
export function VerifyButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const verify = useMutation({ mutationFn: () => body(api.POST('/api/audit/verify')) });
  return (
    <>
      <Button
        onClick={() => {
          setOpen(true);
          verify.mutate();
        }}
      >
        <BadgeCheck aria-hidden className="size-4" />
        {t('audit.verify')}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('audit.verify_title')} description={t('audit.verify_text')} footer={<Button onClick={() => setOpen(false)}>{t('common.close')}</Button>}>
        <div className="min-h-28">
          {verify.isPending && (
            <p role="status" className="flex items-center gap-2 text-sm text-ink-soft">
              <Spinner />
              {t('audit.verifying')}
            </p>
          )}
          {verify.error && <Failure error={verify.error} onRetry={() => verify.mutate()} />}
          {verify.data && <Result {...verify.data} />}
        </div>
      </Dialog>
    </>
  );
}

function Result({ ok, events, first_sequence, last_sequence, head_hash, checked_at, problems }: Verification) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => formatNumber(value, i18n.language);
  return (
    <div className="flex flex-col gap-3" data-verified={ok ? 'ok' : 'broken'}>
      <p className={cx('flex items-center gap-2 rounded-md px-3 py-2.5 text-sm font-medium', ok ? 'bg-ok-soft text-ok' : 'bg-danger-soft text-danger')}>
        {ok ? <CircleCheck aria-hidden className="size-4.5 shrink-0" /> : <CircleX aria-hidden className="size-4.5 shrink-0" />}
        {ok ? t('audit.verify_ok', { count: events, shown: number(events) }) : t('audit.verify_broken', { count: problems.length })}
      </p>
      {problems.length > 0 && (
        <ul className="max-h-60 divide-y divide-line overflow-y-auto rounded-md border border-line">
          {problems.map((problem, at) => (
            <li key={at} className="flex flex-col gap-0.5 px-3 py-2 text-xs">
              <span className="font-medium">
                {`#${problem.sequence} · `}
                <span className="font-mono">{problem.kind}</span>
              </span>
              <span className="text-ink-soft">{problem.message}</span>
            </li>
          ))}
        </ul>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1.5 text-xs">
        <dt className="text-ink-faint">{t('audit.verify_range')}</dt>
        <dd className="tabular">{events > 0 ? `${number(first_sequence)} – ${number(last_sequence)}` : '—'}</dd>
        <dt className="text-ink-faint">{t('audit.verify_head')}</dt>
        <dd>{head_hash ? <CopyId value={`${last_sequence}:${head_hash}`} whole hint={t('audit.verify_head_hint')} /> : '—'}</dd>
        <dt className="text-ink-faint">{t('audit.verify_at')}</dt>
        <dd>{formatExact(checked_at, i18n.language)}</dd>
      </dl>
    </div>
  );
}
