import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '@/ui/classes';

interface Props {
  id?: string;
  label: string;
  values: readonly string[];
  placeholder: string;
  disabled: boolean;
  /** A comma is part of a word. */
  commas?: boolean;
  /** The word among them that is refused, and the id of the note that says why. */
  refused?: { value: string | undefined; note: string } | undefined;
  onChange: (values: string[]) => void;
}

/** A list of words: Enter adds one, as a comma does unless words have commas, Backspace on an empty line takes the last away. */
export function WordsInput({ id, label, values, placeholder, disabled, commas = false, refused, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const add = () => {
    const word = typed.trim();
    setTyped('');
    if (word !== '' && !values.includes(word)) onChange([...values, word]);
  };
  return (
    <div className={cx('flex min-h-8 flex-wrap items-center gap-1 rounded-md border bg-surface p-1 shadow-card focus-within:outline-2 focus-within:outline-accent', refused ? 'border-danger' : 'border-line-strong/60')}>
      {values.map((value) => (
        <span key={value} className={cx('inline-flex h-6 max-w-full items-center gap-0.5 rounded-sm pr-0.5 pl-2 text-xs', value === refused?.value ? 'bg-danger-soft text-danger' : 'bg-sunken dark:bg-hover')}>
          <span className="truncate">{value}</span>
          {!disabled && (
            <button type="button" aria-label={t('common.remove_value', { value })} onClick={() => onChange(values.filter((one) => one !== value))} className="inline-flex size-6 items-center justify-center rounded-sm text-ink-faint hover:text-ink">
              <X aria-hidden className="size-3" />
            </button>
          )}
        </span>
      ))}
      <input
        id={id}
        aria-label={label}
        aria-invalid={refused ? true : undefined}
        aria-describedby={refused?.note}
        value={typed}
        disabled={disabled}
        placeholder={values.length === 0 ? placeholder : ''}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || (event.key === ',' && !commas)) {
            event.preventDefault();
            add();
          } else if (event.key === 'Backspace' && typed === '') onChange(values.slice(0, -1));
        }}
        className="h-6 min-w-24 flex-1 bg-transparent px-1.5 text-sm outline-none"
      />
    </div>
  );
}
