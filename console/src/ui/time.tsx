import { useTranslation } from 'react-i18next';
import { formatExact, formatMoment, formatRelative } from './format';
import { Tooltip } from './tooltip';

/** A time in the viewer's zone; the exact value on hover. */
export function Time({ value, exact = false, className }: { value: string; exact?: boolean; className?: string }) {
  const { i18n } = useTranslation();
  const text = exact ? formatMoment(value, i18n.language) : formatRelative(value, i18n.language);
  return (
    <Tooltip text={`${formatExact(value, i18n.language)} · ${value}`}>
      <time dateTime={value} className={className}>
        {text}
      </time>
    </Tooltip>
  );
}
