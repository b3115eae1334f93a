import { Slot } from 'radix-ui';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { cx } from './classes';
import { Spinner } from './spinner';
import { Tooltip } from './tooltip';

type Kind = 'primary' | 'secondary' | 'quiet' | 'danger';

const kinds: Record<Kind, string> = {
  primary: 'bg-primary text-primary-ink hover:bg-primary-hover shadow-card font-medium',
  secondary: 'bg-surface text-ink border border-line hover:bg-hover shadow-card font-medium',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-danger-solid text-white hover:opacity-90 shadow-card font-medium',
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  size?: 'sm' | 'md';
  busy?: boolean;
  /** Renders the only child (a link, say) with the looks of a button. */
  asChild?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = 'secondary', size = 'md', busy = false, asChild = false, className, children, disabled, ...rest }: Props) {
  const looks = cx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md whitespace-nowrap select-none transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55',
    size === 'sm' ? 'h-7 px-2 text-xs' : 'h-8 px-3 text-sm',
    kinds[kind],
    className,
  );
  if (asChild) return <Slot.Root className={looks}>{children}</Slot.Root>;
  return (
    <button type="button" className={looks} disabled={disabled ?? busy} aria-busy={busy || undefined} {...rest}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface IconProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  label: string;
  keys?: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that shows only an icon; its label is its name and its tooltip. */
export function IconButton({ label, keys, className, children, ...rest }: IconProps) {
  return (
    <Tooltip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-faint transition-colors duration-100',
          'hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-50 data-[state=open]:bg-hover [&_svg]:size-4',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
