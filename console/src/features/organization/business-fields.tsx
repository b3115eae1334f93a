import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Select } from '@/ui/field';
import { countriesIn } from './countries';

const industries = ['services', 'retail', 'finance', 'health', 'education', 'manufacturing', 'technology', 'public', 'other'] as const;
const sizes = ['1-10', '11-50', '51-200', '201-1000', '1000+'];
export const businessFields = ['industry', 'size', 'country'] as const;
type Business = Record<(typeof businessFields)[number], string>;

interface Props {
  value: Business;
  onChange: (change: Partial<Business>) => void;
  /** The words for what the server refused at `/profile/…`. */
  refused: (place: string) => string | undefined;
}

/** What the company is, chosen from lists; what is set and in none of them can stay. */
export function BusinessFields({ value, onChange, refused }: Props) {
  const { t, i18n } = useTranslation();
  const countries = useMemo(() => countriesIn(i18n.language), [i18n.language]);
  const options: Record<keyof Business, [string, string][]> = {
    industry: industries.map((one) => [one, t(`business.industry_${one}`)]),
    size: sizes.map((one) => [one, one]),
    country: countries.map(({ code, name }) => [code, name]),
  };
  return businessFields.map((field) => (
    <Field key={field} label={t(`business.${field}`)} error={refused(`/profile/${field}`)}>
      {(wiring) => (
        <Select {...wiring} name={field} value={value[field]} onChange={(event) => onChange({ [field]: event.target.value })}>
          <option value="">{t('business.unsaid')}</option>
          {options[field].every(([code]) => code !== value[field]) && value[field] !== '' && <option value={value[field]}>{value[field]}</option>}
          {options[field].map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  ));
}
