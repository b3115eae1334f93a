import { useTranslation } from 'react-i18next';
import { Field, Input } from '@/ui/field';

interface Props {
  value: string;
  onChange: (code: string) => void;
  label?: string;
  hint?: string;
  error?: string | undefined;
}

/** A code of six digits, or a recovery code; pasted from wherever, spaces and all. */
export function CodeField({ value, onChange, label, hint, error }: Props) {
  const { t } = useTranslation();
  return (
    <Field label={label ?? t('second_factor.code')} {...(hint ? { hint } : {})} error={error}>
      {(wiring) => (
        <Input
          {...wiring}
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={16}
          required
          autoFocus
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="!h-9 font-mono tracking-widest"
        />
      )}
    </Field>
  );
}
