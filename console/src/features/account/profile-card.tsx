// What the active organization is told about oneself: job, department, how to be reached.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { OwnProfile } from '@/api/types';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Card } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { Failure, SkeletonRows } from '@/ui/states';
import { TimeZoneSelect } from '@/ui/time-zone-select';
import { useToast } from '@/ui/toast';
import { profileQuery } from './profile-query';

const longest = { job_title: 100, department: 100, phone: 32, location: 200 } as const;
const texts = ['job_title', 'department', 'phone', 'location'] as const;
const fields = [...texts, 'timezone'] as const;
const places = fields.map((field) => `/profile/${field}`);
const completes = { job_title: 'organization-title', department: 'off', phone: 'tel', location: 'off' } as const;

export function ProfileCard({ organization }: { organization: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(profileQuery);
  return (
    <Card title={t('account.own_profile', { organization })} description={t('account.own_profile_hint')}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} height="h-14" />}
      {data && <ProfileForm key={JSON.stringify(data)} profile={data} />}
    </Card>
  );
}

function ProfileForm({ profile }: { profile: OwnProfile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => Object.fromEntries(fields.map((field) => [field, profile[field] ?? ''])) as Record<(typeof fields)[number], string>);
  const change = Object.fromEntries(fields.filter((field) => draft[field].trim() !== (profile[field] ?? '')).map((field) => [field, draft[field].trim() || null]));
  const save = useMutation({
    mutationFn: () => body(api.PATCH('/api/profile', { body: { profile: change } })),
    onSuccess: async (saved) => {
      client.setQueryData(profileQuery.queryKey, saved.profile);
      toast.done(t('account.saved'));
      await client.invalidateQueries({ queryKey: ['members'] });
    },
  });
  const refused = useRefusals(save.error, places);
  return (
    <form
      className="flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (Object.keys(change).length > 0) save.mutate();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {texts.map((field) => (
          <Field key={field} label={t(`members.${field}`)} error={refused.at(`/profile/${field}`)}>
            {(wiring) => (
              <Input
                {...wiring}
                {...(field === 'phone' ? { type: 'tel' } : {})}
                maxLength={longest[field]}
                autoComplete={completes[field]}
                value={draft[field]}
                onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t('members.timezone')} error={refused.at('/profile/timezone')}>
          {(wiring) => <TimeZoneSelect {...wiring} own={profile.timezone} none={t('account.no_timezone')} value={draft.timezone} onChange={(event) => setDraft({ ...draft, timezone: event.target.value })} />}
        </Field>
      </div>
      <FormAlert>{refused.rest}</FormAlert>
      <Button type="submit" className="w-fit" disabled={Object.keys(change).length === 0} busy={save.isPending}>
        {t('common.save')}
      </Button>
    </form>
  );
}
