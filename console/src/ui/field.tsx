import { ChevronDown } from 'lucide-react';
import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react';
import { cx } from './classes';

const box =
  'focus-visible:border-accent focus-visible:ring-1 focus-visible:ring-accent focus-visible:outline-none w-full rounded-md border border-line-strong/60 bg-surface text-sm text-ink shadow-card transition-colors hover:border-line-strong disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-danger';

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Keeps the label for screen readers only. */
  quiet?: boolean;
  className?: string;
  children: (wiring: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }) => ReactNode;
}

/** A labelled control with its hint or its error. */
export function Field({ label, hint, error, quiet = false, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className={quiet ? 'sr-only' : 'text-xs font-medium text-ink-soft'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': error ? true : undefined })}
      {note && (
        <p id={`${id}-note`} role={error ? 'alert' : undefined} className={cx('text-xs', error ? 'text-danger' : 'text-ink-faint')}>
          {note}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return <input className={cx(box, 'h-8 px-2.5', className)} {...rest} />;
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  return <textarea className={cx(box, 'px-2.5 py-2 leading-5', className)} {...rest} />;
}

/** The platform's own list: right on phones and for assistive technology. */
export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={cx('relative inline-flex min-w-0', className)}>
      <select className={cx(box, 'h-8 appearance-none truncate pr-7 pl-2.5')} {...rest}>
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-ink-faint" />
    </span>
  );
}

export function Checkbox({ label, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & { label: ReactNode }) {
  return (
    <label className={cx('inline-flex min-h-6 items-center gap-2 text-sm text-ink', className)}>
      <input type="checkbox" className="size-4 shrink-0 rounded-sm accent-primary" {...rest} />
      {label}
    </label>
  );
}
