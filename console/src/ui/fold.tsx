import { ChevronRight } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { cx } from './classes';

interface Props {
  title: string;
  /** What is set inside, told while it is shut. */
  summary?: string | undefined;
  /** Opens it, as when something inside was refused. */
  forced?: boolean;
  children: ReactNode;
}

/** What few people need, folded away. */
export function Fold({ title, summary, forced = false, children }: Props) {
  const id = useId();
  const [chosen, setOpen] = useState(false);
  const open = chosen || forced;
  return (
    <div className="rounded-md border border-line">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-9 w-full items-center gap-1.5 rounded-md px-2.5 py-1.5 text-left text-sm font-medium text-ink-soft hover:text-ink"
      >
        <ChevronRight aria-hidden className={cx('size-4 shrink-0 text-ink-faint transition-transform duration-100', open && 'rotate-90')} />
        {title}
        {!open && summary && <span className="min-w-0 flex-1 truncate text-right text-xs font-normal text-ink-faint">{summary}</span>}
      </button>
      <div id={id} hidden={!open} className="flex flex-col gap-4 border-t border-line px-3 py-3">
        {children}
      </div>
    </div>
  );
}
