import { useTranslation } from 'react-i18next';
import { Field, Input } from '@/ui/field';

interface Props {
  value: string;
  onChange: (password: string) => void;
  label?: string;
  error?: string | undefined;
  autoFocus?: boolean;
}

export function NewPasswordField({ value, onChange, label, error, autoFocus = false }: Props) {
  const { t } = useTranslation();
  return (
    <Field label={label ?? t('password.new')} hint={t('password.rule')} error={error}>
      {(wiring) => (
        <Input {...wiring} type="password" name="new-password" autoComplete="new-password" minLength={12} required autoFocus={autoFocus} value={value} onChange={(event) => onChange(event.target.value)} className="!h-9" />
      )}
    </Field>
  );
}
