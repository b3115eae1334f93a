// Adding a provider, and changing its address and models. The key is given once; afterwards it is only replaced.
import { useMutation } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import type { Provider } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { cx } from '@/ui/classes';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { useRefusals } from '@/ui/refusals';
import { useToast } from '@/ui/toast';
import { draftOf, emptyLine, modelsOf, needsKey, newDraft, wrongIn, type Draft, type ModelLine } from './draft';
import { ifUnchanged, useRefreshProviders } from './queries';

export function ProviderDialog({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshProviders();
  const [draft, setDraft] = useState<Draft>(() => (provider ? draftOf(provider) : newDraft()));
  const [tried, setTried] = useState(false);
  const [attempt] = useState(() => attempts());
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const { fields, lines } = wrongIn(draft, provider);
  const asksForKey = needsKey(draft, provider);
  const save = useMutation({
    mutationFn: () => {
      const common = { base_url: draft.base_url.trim(), models: modelsOf(draft.models) };
      if (provider)
        return body(api.PATCH('/api/providers/{provider_id}', { ...ifUnchanged(provider), body: asksForKey ? { ...common, api_key: draft.api_key } : common }));
      const made = { ...common, name: draft.name, api_key: draft.api_key };
      return attempt(made, ({ headers }) => body(api.POST('/api/providers', { body: made, headers })));
    },
    onSuccess: async (saved) => {
      toast.done(t('providers.saved', { name: saved.name }));
      await refresh();
      onClose();
    },
    onError: (failure) => {
      if (hasCode(failure, 'precondition_failed')) void refresh();
    },
  });
  const refused = useRefusals(save.error, ['/name', '/base_url', '/api_key', '/models']);
  // Both are for an operator to lift.
  const operators = (['not_allowed', 'not_encrypted'] as const).find((code) => code === refused.codeAt('/base_url'));
  return (
    <Dialog open onClose={onClose} wide title={provider ? t('providers.edit_named', { name: provider.name }) : t('providers.add')} description={provider ? undefined : t('providers.add_text')}>
      <form
        noValidate
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (fields.size === 0 && lines.size === 0) save.mutate();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-[15rem_minmax(0,1fr)]">
          {!provider && (
            <Field
              label={t('providers.name')}
              hint={t('providers.name_hint')}
              error={fields.has('reserved') ? t('providers.name_reserved') : tried && fields.has('name') ? t('providers.name_wrong') : refused.at('/name')}
            >
              {(wiring) => <Input {...wiring} autoFocus maxLength={63} autoComplete="off" spellCheck={false} value={draft.name} placeholder="openai" onChange={(event) => set({ name: event.target.value.toLowerCase() })} />}
            </Field>
          )}
          <Field label={t('providers.base_url')} hint={t('providers.base_url_hint')} error={tried && fields.has('base_url') ? t('providers.base_url_wrong') : operators ? t(`providers.base_url_${operators}`) : refused.at('/base_url')} className={provider ? 'sm:col-span-2' : undefined}>
            {(wiring) => (
              <Input {...wiring} type="url" inputMode="url" maxLength={2048} spellCheck={false} value={draft.base_url} placeholder="https://api.openai.com/v1" onChange={(event) => set({ base_url: event.target.value })} className="font-mono !text-xs" />
            )}
          </Field>
        </div>
        {asksForKey && (
          <Field label={t('providers.key')} hint={t(provider ? 'providers.key_again_hint' : 'providers.key_hint')} error={tried && fields.has('api_key') ? t('providers.key_wrong') : refused.at('/api_key')}>
            {(wiring) => <Input {...wiring} type="password" autoComplete="off" maxLength={4096} value={draft.api_key} onChange={(event) => set({ api_key: event.target.value.trim() })} />}
          </Field>
        )}
        <Models lines={draft.models} onChange={(models) => set({ models })} wrong={tried ? lines : new Map()} problem={tried && fields.has('models') ? t('providers.models_missing') : refused.at('/models')} />
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {provider ? t('common.save') : t('providers.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ModelsProps {
  lines: readonly ModelLine[];
  onChange: (lines: ModelLine[]) => void;
  wrong: ReadonlyMap<string, 'name' | 'twice' | 'price'>;
  problem: string | undefined;
}

const tracks = 'grid grid-cols-2 gap-2 sm:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_5.5rem_5.5rem_1.75rem]';

function Models({ lines, onChange, wrong, problem: whole }: ModelsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('providers.models')}</legend>
      <div aria-hidden className={cx(tracks, 'text-2xs text-ink-faint max-sm:hidden')}>
        <span>{t('providers.model_name')}</span>
        <span>{t('providers.display_name')}</span>
        <span>{t('providers.input_price')}</span>
        <span>{t('providers.output_price')}</span>
      </div>
      {lines.map((line, at) => {
        const set = (change: Partial<ModelLine>) => onChange(lines.map((one) => (one.id === line.id ? { ...one, ...change } : one)));
        const problem = wrong.get(line.id);
        const note = `${line.id}-note`;
        const named = (what: string) => t('providers.of_model', { what, position: at + 1 });
        const wiring = (bad: boolean) => ({ 'aria-invalid': bad || undefined, 'aria-describedby': problem ? note : undefined });
        return (
          <div key={line.id} className="flex flex-col gap-1">
            <div className={cx(tracks, 'max-sm:rounded-md max-sm:border max-sm:border-line max-sm:p-2')}>
              <Labelled label={t('providers.model_name')} className="max-sm:col-span-2">
                <Input {...wiring(problem === 'name' || problem === 'twice')} aria-label={named(t('providers.model_name'))} placeholder="gpt-5-mini" maxLength={120} spellCheck={false} value={line.name} onChange={(event) => set({ name: event.target.value })} className="font-mono !text-xs" />
              </Labelled>
              <Labelled label={t('providers.display_name')} className="max-sm:col-span-2">
                <Input aria-label={named(t('providers.display_name'))} placeholder="GPT-5 mini" maxLength={200} value={line.display_name} onChange={(event) => set({ display_name: event.target.value })} />
              </Labelled>
              <Labelled label={t('providers.input_price')}>
                <Input {...wiring(problem === 'price')} aria-label={named(t('providers.input_price'))} placeholder={t('providers.free')} inputMode="decimal" value={line.input_price} onChange={(event) => set({ input_price: event.target.value })} className="tabular text-right" />
              </Labelled>
              <Labelled label={t('providers.output_price')}>
                <Input {...wiring(problem === 'price')} aria-label={named(t('providers.output_price'))} placeholder={t('providers.free')} inputMode="decimal" value={line.output_price} onChange={(event) => set({ output_price: event.target.value })} className="tabular text-right" />
              </Labelled>
              <IconButton label={t('providers.remove_model', { position: at + 1 })} onClick={() => onChange(lines.filter((one) => one.id !== line.id))} className="self-center max-sm:col-span-2 max-sm:justify-self-end">
                <Trash2 />
              </IconButton>
            </div>
            {problem && (
              <p id={note} role="alert" className="text-xs text-danger">
                {t(`providers.model_wrong_${problem}`)}
              </p>
            )}
          </div>
        );
      })}
      {whole && (
        <p role="alert" className="text-xs text-danger">
          {whole}
        </p>
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button size="sm" kind="quiet" onClick={() => onChange([...lines, emptyLine()])}>
          <Plus aria-hidden className="size-3.5" />
          {t('providers.add_model')}
        </Button>
        <span className="text-2xs text-ink-faint">{t('providers.price_hint')}</span>
      </div>
    </fieldset>
  );
}

/** A field under its label where there is no row of headings above it. */
function Labelled({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <span className={cx('flex min-w-0 flex-col gap-1', className)}>
      <span aria-hidden className="text-2xs text-ink-faint sm:hidden">
        {label}
      </span>
      {children}
    </span>
  );
}
