import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '@/ui/classes';

const steps = ['account', 'organization', 'model', 'answer'] as const;
export type Step = (typeof steps)[number];

/** Where one is on the way from nothing to a first answer. */
export function Steps({ at }: { at: Step }) {
  const { t } = useTranslation();
  const current = steps.indexOf(at);
  return (
    <ol aria-label={t('wizard.steps')} className="mb-4 flex gap-x-4 text-xs">
      {steps.map((step, index) => (
        <li key={step} aria-current={index === current ? 'step' : undefined} className={cx('relative flex items-center gap-1.5', index === current ? 'font-medium text-ink' : 'text-ink-faint')}>
          <span aria-hidden className={cx('inline-flex size-4.5 items-center justify-center rounded-full border text-2xs', index <= current ? 'border-transparent bg-primary text-primary-ink' : 'border-line')}>
            {index < current ? <Check className="size-3" /> : index + 1}
          </span>
          <span className={index === current ? undefined : 'max-sm:sr-only'}>{t(`wizard.step_${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}
