// What the pages around the shell share: a mark, a heading, a form, a language.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { infoQuery } from '@/api/session';
import { languages, setLanguage, type Language } from '@/i18n';
import { Mark } from '@/shell/brand';
import { cx } from '@/ui/classes';
import { Select } from '@/ui/field';
import { Spinner } from '@/ui/spinner';

interface Props {
  title: string;
  subtitle?: ReactNode;
  /** Where one is in a sequence, above the heading: its names take the width. */
  step?: ReactNode;
  wide?: boolean;
  onLanguage?: ((language: Language) => void) | undefined;
  children: ReactNode;
}

export function Frame({ title, subtitle, step, wide = false, onLanguage, children }: Props) {
  return (
    <div className="flex min-h-full flex-col overflow-y-auto">
      <title>{`${title} · Gatehouse`}</title>
      <main className={cx('m-auto flex w-full flex-col px-4 py-10', wide || step ? 'max-w-lg' : 'max-w-88')}>
        <Mark className="mb-5 size-9" />
        {step}
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {subtitle !== undefined && <p className="mt-1 text-sm text-ink-soft">{subtitle}</p>}
        <div className="mt-6 flex flex-col gap-4">{children}</div>
      </main>
      <Foot onLanguage={onLanguage} />
    </div>
  );
}

/** The language of who is not signed in, and what this is. */
export function Foot({ onLanguage }: Pick<Props, 'onLanguage'>) {
  const { t, i18n } = useTranslation();
  const { data: info } = useQuery(infoQuery);
  return (
    <footer className="flex items-center justify-center gap-3 px-4 pb-6 text-xs text-ink-faint">
      <Select
        aria-label={t('preferences.language')}
        value={i18n.language}
        onChange={(event) => {
          const language = event.target.value as Language;
          onLanguage?.(language);
          void setLanguage(language);
        }}
      >
        {languages.map((language) => (
          <option key={language} value={language}>
            {t(`preferences.language_${language}`)}
          </option>
        ))}
      </Select>
      {info && (
        <span>
          {info.name} {info.version}
        </span>
      )}
    </footer>
  );
}

/** A failure above a form; takes the focus, so that it is read out. */
export function Alert({ error, children }: { error: unknown; children: ReactNode }) {
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => alert.current?.focus(), [error]);
  if (!error) return null;
  return (
    <p ref={alert} role="alert" tabIndex={-1} className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
      {children}
    </p>
  );
}

export function Submit({ busy, children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { busy: boolean }) {
  return (
    <button
      type="submit"
      disabled={busy}
      className="mt-1 inline-flex h-9 items-center justify-center gap-2 rounded-md bg-primary px-4 font-medium text-primary-ink shadow-card transition-colors hover:bg-primary-hover disabled:opacity-60"
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
