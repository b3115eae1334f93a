// Making a plan, and changing one. Empty limits are none.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { ApiError, hasCode } from '@/api/errors';
import type { Plan } from '@/api/types';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Textarea } from '@/ui/field';
import { useFailureText, useFieldText } from '@/ui/failure';
import { useToast } from '@/ui/toast';
import { featuresOf, limitOf, planDraft, type PlanDraft } from './plan-draft';
import { ifUnchanged, useRefreshCore } from './queries';

export function PlanDialog({ plan, onClose }: { plan: Plan | null; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const failureText = useFailureText();
  const fieldText = useFieldText();
  const refresh = useRefreshCore();
  const [draft, setDraft] = useState<PlanDraft>(() => planDraft(plan));
  const [tried, setTried] = useState(false);
  const set = (change: Partial<PlanDraft>) => setDraft({ ...draft, ...change });
  const requests = limitOf(draft.max_requests_month);
  const tenants = limitOf(draft.max_tenants);
  const features = featuresOf(draft.features);
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
  const refused = (pointer: string) => {
    const field = save.error instanceof ApiError ? save.error.fields.find((one) => one.pointer.startsWith(pointer)) : undefined;
    return field && fieldText(field);
  };
  const taken = hasCode(save.error, 'already_exists');
  const wrongSlug = !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(draft.slug);
  const placed = taken || ['/name', '/slug', '/max_requests_month', '/max_tenants', '/features'].some((pointer) => refused(pointer) !== undefined);
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
          <Field label={t('core.name')} error={tried && draft.name.trim() === '' ? t('core.name_missing') : refused('/name')}>
            {(wiring) => <Input {...wiring} autoFocus maxLength={100} value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
          <Field label={t('core.slug')} error={tried && wrongSlug ? t('core.slug_wrong') : taken ? t('core.slug_taken') : refused('/slug')}>
            {(wiring) => <Input {...wiring} maxLength={63} spellCheck={false} value={draft.slug} onChange={(event) => set({ slug: event.target.value.toLowerCase() })} className="font-mono !text-xs" />}
          </Field>
          <Field label={t('core.requests_month')} hint={t('core.empty_unlimited')} error={requests === undefined ? t('core.number_wrong') : refused('/max_requests_month')}>
            {(wiring) => <Input {...wiring} inputMode="numeric" value={draft.max_requests_month} onChange={(event) => set({ max_requests_month: event.target.value })} className="tabular" />}
          </Field>
          <Field label={t('core.max_tenants')} hint={t('core.empty_unlimited')} error={tenants === undefined ? t('core.number_wrong') : refused('/max_tenants')}>
            {(wiring) => <Input {...wiring} inputMode="numeric" value={draft.max_tenants} onChange={(event) => set({ max_tenants: event.target.value })} className="tabular" />}
          </Field>
        </div>
        <Field label={t('core.features')} hint={t('core.features_hint')} error={features === undefined ? t('core.features_wrong') : refused('/features')}>
          {(wiring) => <Textarea {...wiring} rows={4} spellCheck={false} value={draft.features} onChange={(event) => set({ features: event.target.value })} className="font-mono !text-xs" />}
        </Field>
        {save.error && !placed && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-xs text-danger">
            {failureText(save.error)}
          </p>
        )}
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
