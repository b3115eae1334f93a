// The second half of the wizard, in the new session: a model that answers, and its first answer.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, send } from '@/api/client';
import { modelsQuery } from '@/api/models';
import { meQuery } from '@/api/session';
import type { ProviderDraft } from '@/api/types';
import { priceOf } from '@/features/providers/draft';
import { Alert, Frame, Submit } from '@/features/sign-in/frame';
import { useRefusal } from '@/features/sign-in/refusal';
import { Button } from '@/ui/button';
import { Field, Input, Select, Textarea } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/states';
import { TooltipProvider } from '@/ui/tooltip';
import { ask } from './completion';
import { Steps } from './steps';

export function StartPage() {
  const { t } = useTranslation();
  const { model } = useSearch({ from: '/start' });
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  return (
    <TooltipProvider delayDuration={350}>
      {model ? (
        <Frame step={<Steps at="answer" />} title={t('wizard.answer_title')} subtitle={t('wizard.answer_text')}>
          <FirstAnswer model={model} />
        </Frame>
      ) : (
        <Frame step={<Steps at="model" />} title={t('wizard.model_title')} subtitle={t('wizard.model_text', { organization: me.organization?.name ?? '' })}>
          <ModelStep onChosen={(chosen) => void navigate({ to: '/start', search: { model: chosen } })} />
        </Frame>
      )}
    </TooltipProvider>
  );
}

const Markdown = lazy(() => import('@/features/chat/markdown').then((module) => ({ default: module.Markdown })));

const known = {
  openai: { label: 'OpenAI', base_url: 'https://api.openai.com/v1', model: 'gpt-5-mini' },
  groq: { label: 'Groq', base_url: 'https://api.groq.com/openai/v1', model: 'llama-3.3-70b-versatile' },
  other: { label: '', base_url: '', model: '' },
} as const;
type Known = keyof typeof known;

function ModelStep({ onChosen }: { onChosen: (model: string) => void }) {
  const { t } = useTranslation();
  const { data: models, isPending } = useQuery(modelsQuery);
  const demo = models?.find((model) => model.name === 'demo/assistant') ?? models?.find((model) => model.name.startsWith('demo/'));
  const [picked, setPicked] = useState<'demo' | 'key' | null>(null);
  const way = picked ?? (demo ? 'demo' : 'key');
  if (isPending) return <Skeleton className="h-24 w-full" />;
  return (
    <>
      {demo && (
        <Segmented
          label={t('wizard.way')}
          value={way}
          onChange={setPicked}
          options={[
            { value: 'demo', label: t('wizard.way_demo') },
            { value: 'key', label: t('wizard.way_key') },
          ]}
        />
      )}
      {way === 'demo' && demo ? (
        <>
          <p className="text-sm text-ink-soft">{t('wizard.demo_text')}</p>
          <Submit type="button" busy={false} onClick={() => onChosen(demo.name)}>
            {t('wizard.use_demo')}
          </Submit>
        </>
      ) : (
        <KeyForm onTested={onChosen} />
      )}
    </>
  );
}

/** Stores the key, then asks the model for a word. What does not answer is not kept, and can be mended on the spot. */
function KeyForm({ onTested }: { onTested: (model: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const failureText = useFailureText();
  const [kind, setKind] = useState<Known>('openai');
  const [name, setName] = useState('openai');
  const [url, setUrl] = useState<string>(known.openai.base_url);
  const [model, setModel] = useState<string>(known.openai.model);
  const [key, setKey] = useState('');
  const [prices, setPrices] = useState({ input: '', output: '' });
  const [wasRemoved, setWasRemoved] = useState(false);
  const [tried, setTried] = useState(false);
  const choose = (next: Known) => {
    setKind(next);
    setName(next === 'other' ? '' : next);
    setUrl(known[next].base_url);
    setModel(known[next].model);
    setPrices({ input: '', output: '' });
  };
  const price = (text: string) => (text.trim() === '' ? null : priceOf(text));
  const [input_price, output_price] = [price(prices.input), price(prices.output)];
  const test = useMutation({
    mutationFn: async (wanted: ProviderDraft['models'][number]) => {
      setWasRemoved(false);
      const provider = await body(api.POST('/api/providers', { body: { name: name.trim(), base_url: url.trim(), api_key: key, models: [wanted] } }));
      const full = `${provider.name}/${wanted.name}`;
      try {
        await untilCallable(full, true);
        await ask(full, 'Say: ready', () => undefined);
      } catch (failure) {
        await api.DELETE('/api/providers/{provider_id}', { params: { path: { provider_id: provider.id } } });
        await untilCallable(full, false);
        setWasRemoved(true);
        throw failure;
      }
      return full;
    },
    onSuccess: async (full) => {
      await client.invalidateQueries({ queryKey: modelsQuery.queryKey });
      onTested(full);
    },
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!test.isPending && input_price !== null && output_price !== null) test.mutate({ name: model.trim(), input_price, output_price });
      }}
    >
      <Alert error={test.error}>{wasRemoved ? t('wizard.no_answer', { reason: failureText(test.error) }) : failureText(test.error)}</Alert>
      <Field label={t('wizard.provider')}>
        {(wiring) => (
          <Select {...wiring} value={kind} onChange={(event) => choose(event.target.value as Known)}>
            {(Object.keys(known) as Known[]).map((one) => (
              <option key={one} value={one}>
                {known[one].label || t('wizard.provider_other')}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {kind === 'other' && (
        <>
          <Field label={t('wizard.provider_name')} hint={t('wizard.provider_name_hint')}>
            {(wiring) => <Input {...wiring} required pattern="[a-z0-9]+(-[a-z0-9]+)*" value={name} onChange={(event) => setName(event.target.value)} className="font-mono" />}
          </Field>
          <Field label={t('wizard.base_url')}>
            {(wiring) => <Input {...wiring} type="url" required value={url} onChange={(event) => setUrl(event.target.value)} className="font-mono" />}
          </Field>
        </>
      )}
      <Field label={t('wizard.model')}>
        {(wiring) => <Input {...wiring} required value={model} onChange={(event) => setModel(event.target.value)} className="font-mono" />}
      </Field>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('wizard.prices')}</legend>
        <div className="grid grid-cols-2 gap-4">
          {(['input', 'output'] as const).map((side) => (
            <Field key={side} label={t(`wizard.price_${side}`)} error={tried && price(prices[side]) === null ? t('providers.model_wrong_price') : undefined}>
              {(wiring) => <Input {...wiring} required inputMode="decimal" autoComplete="off" value={prices[side]} onChange={(event) => setPrices({ ...prices, [side]: event.target.value })} className="tabular" />}
            </Field>
          ))}
        </div>
        <p className="text-xs text-ink-faint">{t('wizard.prices_hint')}</p>
      </fieldset>
      <Field label={t('wizard.key')} hint={t('wizard.key_hint')}>
        {(wiring) => <Input {...wiring} type="password" autoComplete="off" required value={key} onChange={(event) => setKey(event.target.value)} className="font-mono" />}
      </Field>
      <Submit busy={test.isPending}>{t('wizard.test')}</Submit>
    </form>
  );
}

/** What was added or removed is in force within a second or two, everywhere. */
async function untilCallable(model: string, callable: boolean): Promise<void> {
  for (let attempt = 0; attempt < 20; ++attempt) {
    const { data } = (await (await send('/v1/models')).json()) as { data: { id: string }[] };
    if (data.some((one) => one.id === model) === callable) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function FirstAnswer({ model }: { model: string }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const [question, setQuestion] = useState(t('wizard.question'));
  const [text, setText] = useState('');
  const answer = useMutation({
    mutationFn: () => {
      setText('');
      return ask(model, question, setText);
    },
  });
  return (
    <>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!answer.isPending) answer.mutate();
        }}
      >
        <Field label={t('wizard.your_question')} hint={model}>
          {(wiring) => <Textarea {...wiring} rows={3} required value={question} onChange={(event) => setQuestion(event.target.value)} />}
        </Field>
        <Submit busy={answer.isPending}>{t('wizard.ask')}</Submit>
      </form>
      <Alert error={answer.error}>{refusal(answer.error)}</Alert>
      {(text !== '' || answer.isPending) && (
        <section aria-label={t('chat.answer')} aria-live="polite" aria-busy={answer.isPending} className="rounded-lg border border-line bg-surface p-4 text-sm break-words shadow-card">
          {text ? (
            <Suspense fallback={text}>
              <Markdown text={text} marks={false} />
            </Suspense>
          ) : (
            <Skeleton className="h-4 w-1/2" />
          )}
        </section>
      )}
      {answer.isSuccess && <p role="status" className="text-sm text-ok">{t('wizard.answered')}</p>}
      <div className="flex justify-end gap-2">
        <Button asChild kind={answer.isSuccess ? 'primary' : 'quiet'}>
          <Link to="/home">{answer.isSuccess ? t('wizard.go_on') : t('wizard.later')}</Link>
        </Button>
      </div>
    </>
  );
}
