// Pages that can stand alone, outside the shell: an unknown address, and a failure while opening a page.
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TooltipProvider } from '@/ui/tooltip';
import { Button } from '@/ui/button';
import { Failure, State } from '@/ui/states';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main className="flex h-full items-center justify-center">
      <title>{`${t('states.not_found_title')} · Gatehouse`}</title>
      <State
        heading="h1"
        icon={<Compass />}
        title={t('states.not_found_title')}
        action={
          <Button asChild kind="primary">
            <a href="/">{t('states.go_home')}</a>
          </Button>
        }
      >
        {t('states.not_found_text')}
      </State>
    </main>
  );
}

export function RouteFailure({ error, reset }: ErrorComponentProps) {
  return (
    <TooltipProvider>
      <main className="flex h-full items-center justify-center">
        <Failure error={error} onRetry={reset} />
      </main>
    </TooltipProvider>
  );
}
