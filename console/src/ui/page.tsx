import type { ReactNode } from 'react';
import { cx } from './classes';

/** A screen: its heading with actions, and a body that scrolls by itself. */
export function Page({ title, description, actions, fill = false, children }: { title: string; description?: ReactNode; actions?: ReactNode; fill?: boolean; children: ReactNode }) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <title>{`${title} · Gatehouse`}</title>
      <header className="flex min-h-13 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5 sm:px-6">
        <div className="min-w-0 flex-1 max-sm:min-w-fit">
          <h1 className="truncate max-sm:break-words max-sm:whitespace-normal text-base font-semibold tracking-tight">{title}</h1>
          {description !== undefined && <p className="text-xs text-ink-faint max-sm:hidden">{description}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className={cx('min-h-0 flex-1', fill ? 'flex flex-col' : 'overflow-y-auto')}>{children}</div>
    </div>
  );
}

export function Card({ title, description, actions, children, className }: { title?: ReactNode; description?: ReactNode; actions?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={cx('rounded-lg border border-line bg-surface shadow-card', className)}>
      {(title !== undefined || actions !== undefined) && (
        <header className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3">
          <div className="min-w-0 flex-1">
            <h2 className="text-sm font-semibold">{title}</h2>
            {description !== undefined && <p className="mt-0.5 text-xs text-ink-faint">{description}</p>}
          </div>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
