// One out of many: a search with what it found below, or, once something is chosen, that alone.
import { Check } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button';
import { cx } from './classes';
import { Field, Input } from './field';

export interface Option {
  id: string;
  title: string;
  note?: string | undefined;
}

interface ListProps {
  label: string;
  placeholder: string;
  found: string;
  none: string;
  text: string;
  onText: (text: string) => void;
  options: readonly Option[] | undefined;
  chosen?: string | undefined;
  onChoose: (id: string) => void;
  autoFocus?: boolean;
  hint?: string;
}

export function PickList({ label, placeholder, found, none, text, onText, options, chosen, onChoose, autoFocus = true, hint }: ListProps) {
  return (
    <div className="flex flex-col gap-2">
      <Field label={label} hint={hint}>
        {(wiring) => <Input {...wiring} type="search" autoFocus={autoFocus} autoComplete="off" maxLength={200} value={text} placeholder={placeholder} onChange={(event) => onText(event.target.value)} />}
      </Field>
      <ul aria-label={found} className="overflow-hidden rounded-md border border-line">
        {options?.map((option) => (
          <li key={option.id} className="border-b border-line last:border-0">
            <button
              type="button"
              aria-pressed={chosen === option.id}
              onClick={() => onChoose(option.id)}
              className={cx('flex min-h-10 w-full items-center gap-2 px-3 py-1 text-left hover:bg-hover focus-visible:-outline-offset-2', chosen === option.id && 'bg-accent-soft')}
            >
              <span className="min-w-0 flex-1" translate="no">
                <span className="block truncate text-sm">{option.title}</span>
                {option.note !== undefined && <span className="block truncate text-2xs text-ink-soft">{option.note}</span>}
              </span>
              {chosen === option.id && <Check aria-hidden className="size-4 shrink-0 text-accent" />}
            </button>
          </li>
        ))}
        {options?.length === 0 && <li className="px-3 py-2 text-xs text-ink-soft">{none}</li>}
      </ul>
    </div>
  );
}

interface PickedProps {
  label: string;
  chosen: Omit<Option, 'id'> | null;
  onClear?: (() => void) | undefined;
  error?: string | undefined;
  /** The way to choose; told whether the focus was on what it replaces. */
  children: (focused: boolean) => ReactNode;
}

/** Folds `children` away once something is chosen. The focus goes to what takes the place of what had it. */
export function Picked({ label, chosen, onClear, error, children }: PickedProps) {
  const { t } = useTranslation();
  const [cleared, setCleared] = useState(false);
  const [began] = useState(chosen === null);
  return (
    <div className="flex flex-col gap-1.5">
      {chosen === null ? (
        children(cleared)
      ) : (
        <>
          <span className="text-xs font-medium text-ink-soft">{label}</span>
          <div className="flex min-h-10 items-center gap-2 rounded-md border border-line bg-sunken/60 py-1 pr-1.5 pl-3">
            <span className="min-w-0 flex-1" translate="no">
              <span className="block truncate text-sm">{chosen.title}</span>
              {chosen.note !== undefined && <span className="block truncate text-2xs text-ink-soft">{chosen.note}</span>}
            </span>
            {onClear && (
              <Button
                size="sm"
                kind="quiet"
                autoFocus={began || cleared}
                aria-label={t('common.change_named', { name: label })}
                onClick={() => {
                  setCleared(true);
                  onClear();
                }}
              >
                {t('common.change')}
              </Button>
            )}
          </div>
        </>
      )}
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
