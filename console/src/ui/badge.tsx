import type { ReactNode } from 'react';
import { cx } from './classes';

export type Tone = 'neutral' | 'ok' | 'warn' | 'danger' | 'redact' | 'accent';

const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-soft',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  redact: 'bg-redact-soft text-redact',
  accent: 'bg-accent-soft text-accent-ink',
};

export function Badge({ tone = 'neutral', className, children }: { tone?: Tone; className?: string; children: ReactNode }) {
  return (
    <span className={cx('inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap [&_svg]:size-3', tones[tone], className)}>
      {children}
    </span>
  );
}
