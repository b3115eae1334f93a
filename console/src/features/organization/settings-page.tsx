import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import type { Organization, OrganizationSettings, SettingSources } from '@/api/types';
import { Button } from '@/ui/button';
import { contentKey } from '@/ui/content-key';
import { Dialog } from '@/ui/dialog';
import { Checkbox, Field, Input } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { FormAlert } from '@/ui/form-alert';
import { Card, Page } from '@/ui/page';
import { useFaultInView, useRefusals } from '@/ui/refusals';
import { Failure, SkeletonRows } from '@/ui/states';
import { TimeZoneSelect } from '@/ui/time-zone-select';
import { BrandingCard } from './branding-card';
import { BusinessFields, businessFields } from './business-fields';
import { organizationQuery } from './queries';
import { changeOf, draftOf, signInChange } from './settings-draft';
import { SettingsFields, settingPlaces } from './settings-fields';
import { TiersField } from './tiers-field';
import { useUpdateOrganization } from './use-update-organization';
import { roleCodes, roleName } from './words';

export function SettingsPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(organizationQuery);
  const organization = data?.organization;
  return (
    <Page title={t('organization.settings')} description={t('settings.description')}>
      {isPending && <SkeletonRows height="h-14" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && organization?.settings && organization.setting_sources && (
        <div className="mx-auto flex max-w-4xl flex-col gap-5 p-4 sm:p-6">
          <Profile key={contentKey('profile', organization.name, organization.profile)} organization={organization} version={data.version} />
          <BrandingCard key={contentKey('branding', organization.branding)} organization={organization} version={data.version} />
          <Defaults
            key={contentKey('defaults', draftOf(organization.settings, organization.setting_sources))}
            settings={organization.settings}
            sources={organization.setting_sources}
            version={data.version}
          />
          <SignIn key={contentKey('sign-in', organization.settings.sign_in, organization.settings.allow_signup)} settings={organization.settings} version={data.version} />
          <DataMode key={organization.data_mode} organization={organization} version={data.version} />
        </div>
      )}
    </Page>
  );
}

const texts = ['domain', ...businessFields, 'timezone'] as const;
const profilePlaces = texts.map((field) => `/profile/${field}`);

function Profile({ organization, version }: { organization: Organization; version: string }) {
  const { t } = useTranslation();
  const update = useUpdateOrganization(version);
  const refused = useRefusals(update.error, ['/name', ...profilePlaces]);
  const form = useFaultInView(update.error);
  const [name, setName] = useState(organization.name);
  const [profile, setProfile] = useState<Record<(typeof texts)[number], string>>(() => {
    const { domain, industry, size, country, timezone } = organization.profile;
    return { domain: domain ?? '', industry: industry ?? '', size: size ?? '', country: country ?? '', timezone: timezone ?? '' };
  });
  const changed = Object.fromEntries(texts.filter((field) => profile[field].trim() !== (organization.profile[field] ?? '')).map((field) => [field, profile[field].trim() || null]));
  const isChanged = name.trim() !== organization.name || Object.keys(changed).length > 0;
  return (
    <Card title={t('settings.profile')} description={t('settings.profile_hint')}>
      <form
        ref={form}
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ ...(name.trim() !== organization.name ? { name: name.trim() } : {}), ...(Object.keys(changed).length > 0 ? { profile: changed } : {}) });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('settings.name')} error={refused.at('/name')}>
            {(wiring) => <Input {...wiring} required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t('settings.domain')} hint={t('settings.domain_hint')} error={refused.at('/profile/domain')}>
            {(wiring) => <Input {...wiring} maxLength={100} value={profile.domain} onChange={(event) => setProfile({ ...profile, domain: event.target.value.toLowerCase() })} />}
          </Field>
          <BusinessFields value={profile} onChange={(change) => setProfile({ ...profile, ...change })} refused={refused.at} />
          <Field label={t('settings.timezone')} error={refused.at('/profile/timezone')}>
            {(wiring) => <TimeZoneSelect {...wiring} own={profile.timezone} none={t('business.unsaid')} value={profile.timezone} onChange={(event) => setProfile({ ...profile, timezone: event.target.value })} />}
          </Field>
        </div>
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end">
          <Button kind="primary" type="submit" disabled={!isChanged || !name.trim()} busy={update.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Defaults({ settings, sources, version }: { settings: OrganizationSettings; sources: SettingSources; version: string }) {
  const { t } = useTranslation();
  const update = useUpdateOrganization(version);
  const refused = useRefusals(update.error, settingPlaces);
  const form = useFaultInView(update.error);
  const [before] = useState(() => draftOf(settings, sources));
  const [draft, setDraft] = useState(before);
  const change = changeOf(before, draft);
  return (
    <Card title={t('settings.defaults')} description={t('settings.defaults_hint')}>
      <form
        ref={form}
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ settings: change });
        }}
      >
        <SettingsFields settings={settings} sources={sources} draft={draft} onChange={setDraft} refused={refused.at} />
        <TiersField settings={settings} source={sources['approval_tiers']} draft={draft} onChange={setDraft} error={refused.at('/settings/approval_tiers')} />
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end">
          <Button kind="primary" type="submit" disabled={Object.keys(change).length === 0} busy={update.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function SignIn({ settings, version }: { settings: OrganizationSettings; version: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const failureText = useFailureText();
  const update = useUpdateOrganization(version);
  const { allow_signup } = settings;
  const { password, second_factor_roles } = settings.sign_in;
  const [draft, setDraft] = useState({ password, allow_signup, roles: second_factor_roles });
  const change = signInChange({ password, allow_signup, roles: second_factor_roles }, draft);
  const asksOneself = !me.by_provider && !me.second_factor.enrolled && roleCodes.some((role) => role === me.role_code && draft.roles.includes(role) && !second_factor_roles.includes(role));
  return (
    <Card title={t('settings.sign_in')} description={t('settings.sign_in_hint')}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ settings: change });
        }}
      >
        <Checkbox label={t('settings.password')} checked={draft.password} onChange={(event) => setDraft({ ...draft, password: event.target.checked })} />
        <Checkbox label={t('settings.signup')} checked={draft.allow_signup} onChange={(event) => setDraft({ ...draft, allow_signup: event.target.checked })} />
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
          <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('settings.second_factor')}</legend>
          {roleCodes.map((role) => (
            <Checkbox
              key={role}
              label={roleName(t, role)}
              checked={draft.roles.includes(role)}
              onChange={(event) => setDraft({ ...draft, roles: event.target.checked ? [...draft.roles, role] : draft.roles.filter((one) => one !== role) })}
            />
          ))}
        </fieldset>
        <p className="text-xs text-ink-faint">{t('settings.second_factor_hint')}</p>
        {asksOneself && (
          <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-xs text-warn">
            {t('settings.second_factor_self')}
          </p>
        )}
        <FormAlert>{update.error && failureText(update.error)}</FormAlert>
        <div className="flex justify-end">
          <Button kind="primary" type="submit" disabled={Object.keys(change).length === 0} busy={update.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function DataMode({ organization, version }: { organization: Organization; version: string }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const update = useUpdateOrganization(version);
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const next = organization.data_mode === 'full_content' ? 'metadata_only' : 'full_content';
  return (
    <Card
      title={t('settings.data_mode')}
      description={t(`settings.data_${organization.data_mode}_text`)}
      actions={
        <Button size="sm" onClick={() => setAsking(true)}>
          {t(`settings.change_to_${next}`)}
        </Button>
      }
    >
      <p className="px-4 py-3 text-sm">{t(`settings.data_${organization.data_mode}`)}</p>
      {asking && (
        <Dialog open onClose={() => setAsking(false)} title={t(`settings.change_to_${next}`)} description={t(`settings.change_to_${next}_text`)}>
          <form
            className="flex flex-col gap-4 pb-2"
            onSubmit={(event) => {
              event.preventDefault();
              update.mutate({ data_mode: next, confirmation: typed.trim() });
            }}
          >
            <Field
              label={
                <>
                  {t('confirm.type_name')} <span className="font-semibold text-ink select-all">{organization.slug}</span>
                </>
              }
              error={update.error ? failureText(update.error) : undefined}
            >
              {(wiring) => <Input {...wiring} autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />}
            </Field>
            <div className="flex justify-end gap-2">
              <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
              <Button kind="danger" type="submit" disabled={typed.trim() !== organization.slug} busy={update.isPending}>
                {t(`settings.change_to_${next}`)}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </Card>
  );
}

