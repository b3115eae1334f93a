import { Link } from '@tanstack/react-router';
import { UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { Mark } from '@/shell/brand';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';

/** For those who belong to no organization: what there is for them, and nothing they cannot use. */
export function WelcomePage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page title={t('nav.welcome')}>
      <div className="mx-auto flex max-w-lg flex-col items-start gap-4 px-6 py-16">
        <Mark className="size-10" />
        <div>
          <h2 className="text-xl font-semibold tracking-tight">{t('welcome.title', { name: me.user.name })}</h2>
          <p className="mt-2 text-base text-ink-soft">{me.is_super_admin ? t('welcome.operator') : t('welcome.nobody')}</p>
        </div>
        <Button asChild kind="primary">
          <Link to="/account">
            <UserRound aria-hidden className="size-4" />
            {t('welcome.account')}
          </Link>
        </Button>
      </div>
    </Page>
  );
}
