// Making a plan, and changing one. Empty limits are none.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import type { Plan } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Checkbox, Field, Input, Textarea } from '@/ui/field';
import { Fold } from '@/ui/fold';
import { FormAlert } from '@/ui/form-alert';
import { useRefusals } from '@/ui/refusals';
import { useToast } from '@/ui/toast';
import { featuresOf, limitOf, othersOf, planDraft, quotas, switches, type PlanDraft } from './plan-draft';
import { ifUnchanged, useRefreshCore } from './queries';

const places = ['/name', '/slug', '/max_requests_month', '/max_tenants', '/features', ...quotas.map((name) => `/features/${name}`)];
const labels = { max_users: 'core.max_users', requests_per_second: 'core.requests_second', workspace_requests_per_second: 'core.workspace_requests_second' } as const;

export function PlanDialog({ plan, onClose }: { plan: Plan | null; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshCore();
  const [draft, setDraft] = useState<PlanDraft>(() => planDraft(plan));
  const [hadOthers] = useState(draft.others !== '');
  const [tried, setTried] = useState(false);
  const set = (change: Partial<PlanDraft>) => setDraft({ ...draft, ...change });
  const requests = limitOf(draft.max_requests_month);
  const tenants = limitOf(draft.max_tenants);
  const features = featuresOf(draft);
  const save = useMutation({
    mutationFn: () => {
      const wanted = { name: draft.name.trim(), slug: draft.slug, max_requests_month: requests ?? null, max_tenants: tenants ?? null, features: features ?? {} };
      return plan ? body(api.PATCH('/api/core/plans/{plan_id}', { ...ifUnchanged(plan), body: wanted })) : body(api.POST('/api/core/plans', { body: wanted }));
    },
    onSuccess: async (saved) => {
      toast.done(t('core.plan_saved', { name: saved.name }));
      onClose();
      await refresh();
    },
    onError: (failure) => {
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
  });
  const refused = useRefusals(save.error, places);
  const taken = hasCode(save.error, 'already_exists');
  const wrongSlug = !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(draft.slug);
  return (
    <Dialog open onClose={onClose} title={plan ? t('core.plan_edit', { name: plan.name }) : t('core.plan_new')} description={plan ? t('core.plan_edit_text') : undefined}>
      <form
        noValidate
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (draft.name.trim() !== '' && !wrongSlug && requests !== undefined && tenants !== undefined && features !== undefined) save.mutate();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('core.name')} error={tried && draft.name.trim() === '' ? t('core.name_missing') : refused.at('/name')}>
            {(wiring) => <Input {...wiring} autoFocus maxLength={100} value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
          <Field label={t('core.slug')} error={tried && wrongSlug ? t('core.slug_wrong') : taken ? t('core.slug_taken') : refused.at('/slug')}>
            {(wiring) => <Input {...wiring} maxLength={63} spellCheck={false} value={draft.slug} onChange={(event) => set({ slug: event.target.value.toLowerCase() })} className="font-mono !text-xs" />}
          </Field>
          <Field label={t('core.requests_month')} hint={t('core.empty_unlimited')} error={requests === undefined ? t('core.number_wrong') : refused.at('/max_requests_month')}>
            {(wiring) => <Input {...wiring} inputMode="numeric" value={draft.max_requests_month} onChange={(event) => set({ max_requests_month: event.target.value })} className="tabular" />}
          </Field>
          <Field label={t('core.max_tenants')} hint={t('core.empty_unlimited')} error={tenants === undefined ? t('core.number_wrong') : refused.at('/max_tenants')}>
            {(wiring) => <Input {...wiring} inputMode="numeric" value={draft.max_tenants} onChange={(event) => set({ max_tenants: event.target.value })} className="tabular" />}
          </Field>
          {quotas.map((name) => (
            <Field key={name} label={t(labels[name])} hint={name === 'max_users' ? t('core.empty_unlimited') : t('core.empty_server')} error={limitOf(draft.quotas[name]) === undefined ? t('core.number_wrong') : refused.at(`/features/${name}`)}>
              {(wiring) => <Input {...wiring} inputMode="numeric" value={draft.quotas[name]} onChange={(event) => set({ quotas: { ...draft.quotas, [name]: event.target.value } })} className="tabular" />}
            </Field>
          ))}
        </div>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
          <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('core.features')}</legend>
          {switches.map((name) => (
            <Checkbox key={name} label={t(`core.feature_${name}`)} checked={draft.switches[name]} onChange={(event) => set({ switches: { ...draft.switches, [name]: event.target.checked } })} />
          ))}
        </fieldset>
        {hadOthers && (
          <Fold title={t('core.other_features')} forced={othersOf(draft.others) === undefined || refused.at('/features') !== undefined}>
            <Field label={t('core.other_features')} hint={t('core.other_features_hint')} error={othersOf(draft.others) === undefined ? t('core.features_wrong') : refused.at('/features')} quiet>
              {(wiring) => <Textarea {...wiring} rows={4} spellCheck={false} value={draft.others} onChange={(event) => set({ others: event.target.value })} className="font-mono !text-xs" />}
            </Field>
          </Fold>
        )}
        <FormAlert>{!taken && (refused.rest ?? (hadOthers ? undefined : refused.at('/features')))}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {plan ? t('common.save') : t('core.plan_create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
