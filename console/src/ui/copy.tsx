import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button';
import { cx } from './classes';
import { Tooltip } from './tooltip';

/** Copies, and says so for a moment. */
export function useCopy(): [copied: boolean, copy: (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void navigator.clipboard.writeText(text).then(() => setCopied(true))];
}

/** An identifier: shortened, whole in the tooltip, copied by a click. `hint`: what one would copy it for. */
export function CopyId({ value, whole = false, hint, className }: { value: string; whole?: boolean; hint?: string; className?: string }) {
  const { t } = useTranslation();
  const [copied, copy] = useCopy();
  const shown = whole || value.length <= 14 ? value : `${value.slice(0, 8)}…${value.slice(-4)}`;
  return (
    <Tooltip text={copied ? t('common.copied') : (hint ?? (whole ? t('common.copy') : value))}>
      <button
        type="button"
        onClick={(event) => {
          event.stopPropagation();
          copy(value);
        }}
        className={cx('inline-flex min-h-6 max-w-full items-center gap-1 rounded-sm px-1 text-left font-mono text-2xs text-ink-soft hover:bg-hover hover:text-ink', className)}
      >
        <span className={whole ? 'break-all' : 'truncate'}>{shown}</span>
        <span className="sr-only">{t('common.copy')}</span>
        {copied ? <Check aria-hidden className="size-3 shrink-0 text-ok" /> : <Copy aria-hidden className="size-3 shrink-0 opacity-60" />}
      </button>
    </Tooltip>
  );
}

export function CopyButton({ text, label, className }: { text: string; label?: string; className?: string }) {
  const { t } = useTranslation();
  const [copied, copy] = useCopy();
  return (
    <IconButton label={copied ? t('common.copied') : (label ?? t('common.copy'))} onClick={() => copy(text)} {...(className ? { className } : {})}>
      {copied ? <Check className="text-ok" /> : <Copy />}
    </IconButton>
  );
}
