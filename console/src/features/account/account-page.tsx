import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import type { Me } from '@/api/types';
import { keptLabelsQuery, useKeeping } from '@/features/chat/keeping';
import type { Keeping } from '@/features/chat/keeping-store';
import { currentLanguage, languages, type Language } from '@/i18n';
import { usePreferences } from '@/shell/preferences';
import { themes } from '@/shell/theme';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Card, Page } from '@/ui/page';
import { Segmented } from '@/ui/segmented';
import { useToast } from '@/ui/toast';
import { LoginsCard } from './logins-card';
import { PasswordCard } from './password-card';
import { ProfileCard } from './profile-card';
import { SecondFactorCard } from './second-factor-card';
import { SessionsCard } from './sessions-card';

export function AccountPage() {
  const { t } = useTranslation();
  const me = useMe();
  const keeping = useKeeping(me);
  const { linked, refused, request_id } = useSearch({ from: '/shell/account' });
  return (
    <Page title={t('nav.account')} description={me.user.email}>
      <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
        <Profile me={me} />
        {me.organization && <ProfileCard organization={me.organization.name} />}
        {!me.by_provider && <PasswordCard />}
        {!me.by_provider && <SecondFactorCard />}
        {me.organization && <LoginsCard linked={linked === true} refused={refused} requestId={request_id} />}
        <SessionsCard />
        {keeping && me.organization && <KeptCard keeping={keeping} organization={me.organization.name} />}
      </div>
    </Page>
  );
}

function Profile({ me }: { me: Me }) {
  const { t } = useTranslation();
  const toast = useToast();
  const { chooseTheme, chooseLanguage, save } = usePreferences();
  const [name, setName] = useState(me.user.name);
  const changed = name.trim() !== '' && name.trim() !== me.user.name;
  return (
    <Card title={t('account.profile')}>
      <div className="flex flex-col gap-4 p-4">
        <form
          className="flex items-start gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (changed) save({ name: name.trim() }, { onSuccess: () => toast.done(t('account.saved')) });
          }}
        >
          <Field label={t('account.name')} hint={me.by_provider ? t('account.name_by_provider') : undefined} className="max-w-sm flex-1">
            {(wiring) => <Input {...wiring} disabled={me.by_provider} value={name} maxLength={120} autoComplete="name" onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Button type="submit" disabled={!changed} className="mt-5.5">
            {t('common.save')}
          </Button>
        </form>
        <div className="flex flex-wrap gap-x-8 gap-y-4">
          <div className="flex flex-col gap-1.5">
            <span className="text-xs font-medium text-ink-soft">{t('preferences.theme')}</span>
            <Segmented label={t('preferences.theme')} value={me.user.theme} onChange={chooseTheme} options={themes.map((value) => ({ value, label: t(`preferences.theme_${value}`) }))} />
          </div>
          <div className="flex flex-col gap-1.5">
            <span className="text-xs font-medium text-ink-soft">{t('preferences.language')}</span>
            <Segmented<Language>
              label={t('preferences.language')}
              value={me.user.language ?? currentLanguage()}
              onChange={chooseLanguage}
              options={languages.map((value) => ({ value, label: t(`preferences.language_${value}`) }))}
            />
          </div>
        </div>
      </div>
    </Card>
  );
}

/** What this browser holds of a `metadata_only` organization, and the way to be rid of it. */
function KeptCard({ keeping, organization }: { keeping: Keeping; organization: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const { data: kept } = useQuery(keptLabelsQuery(keeping));
  const chats = kept?.titles.size ?? 0;
  return (
    <Card title={t('account.kept')} description={t('account.kept_hint', { organization })}>
      <div className="flex items-center justify-between gap-3 p-4">
        <span className="text-sm">{t('account.kept_chats', { count: chats })}</span>
        <Button size="sm" onClick={() => setAsking(true)} disabled={chats === 0}>
          {t('account.erase')}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('account.erase_title')}
        consequence={t('account.erase_consequence')}
        name={organization}
        action={t('account.erase')}
        onConfirm={() => {
          setAsking(false);
          void keeping.forgetAll().then(() => client.invalidateQueries({ queryKey: ['kept-labels'] }), toast.failed);
        }}
      />
    </Card>
  );
}
