// Tries a text against the rules in force, or against the rule being edited among them. Stores nothing.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import type { Direction, Evaluation, Outcome, RuleDraft } from '@/api/types';
import { strongest } from '@/features/chat/decision';
import { RedactedText } from '@/features/chat/redacted-text';
import { cx } from '@/ui/classes';
import { Field, Textarea } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { formatNumber } from '@/ui/format';
import { Segmented } from '@/ui/segmented';
import { Tooltip } from '@/ui/tooltip';
import { detectorName } from './detector-name';
import { OutcomeBadge, StateBadge } from './outcome';
import { evaluationKey } from './queries';
import { spansOf, type Match } from './spans';

function useSettled<T>(value: T, ms: number): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export function Playground({ rules }: { rules?: RuleDraft[] | undefined }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [text, setText] = useState('');
  const [direction, setDirection] = useState<Direction>('prompt');
  const asked = useSettled(JSON.stringify({ text, direction, rules }), 250);
  const { data, error } = useQuery({
    queryKey: [evaluationKey, asked],
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
    queryFn: async () => {
      const request = JSON.parse(asked) as { text: string; direction: Direction; rules?: RuleDraft[] };
      return { text: request.text, result: await body(api.POST('/api/policies/evaluate', { body: request })) };
    },
  });
  return (
    <section aria-label={t('playground.title')} className="flex flex-col gap-4 p-4 sm:px-5">
      <header>
        <h2 className="text-sm font-semibold">{t('playground.title')}</h2>
        <p className="text-xs text-ink-faint">{rules ? t('playground.about_draft') : t('playground.about_live')}</p>
      </header>
      <Segmented
        label={t('playground.direction')}
        value={direction}
        onChange={setDirection}
        options={[
          { value: 'prompt', label: t('direction.prompt') },
          { value: 'response', label: t('direction.response') },
        ]}
      />
      <Field label={t('playground.text')}>
        {(wiring) => <Textarea {...wiring} rows={5} value={text} placeholder={t('playground.placeholder')} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <div aria-live="polite" className="flex flex-col gap-4">
        {error && (
          <p className="rounded-md bg-danger-soft px-3 py-2 text-xs text-danger">{failureText(error)}</p>
        )}
        {data && !error && text.trim() !== '' && <Result text={data.text} result={data.result} />}
      </div>
    </section>
  );
}

function Result({ text, result }: { text: string; result: Evaluation }) {
  const { t } = useTranslation();
  const deciding = result.decision.rules.find((rule) => !rule.shadow && rule.outcome === result.outcome);
  const shadows = result.decision.rules.filter((rule) => rule.shadow);
  const would = shadows.length > 0 ? strongest(shadows.map((rule) => rule.outcome)) : null;
  const said = [deciding ? t('playground.decided_by', { name: deciding.name }) : would === null && t('playground.no_rule'), would && t(`playground.would_${would}`)];
  return (
    <>
      <div className="flex flex-col gap-1">
        <span className="flex items-center gap-2">
          <OutcomeBadge outcome={result.outcome} />
          <span className="text-xs text-ink-soft">{said.filter(Boolean).join(' · ')}</span>
        </span>
        {deciding?.message && <p className="text-xs text-ink-soft">“{deciding.message}”</p>}
      </div>
      <Labelled label={t('playground.matches')}>
        {spansOf(text, result.matches).map((span, at) =>
          span.matches.length === 0 ? (
            <span key={at}>{span.text}</span>
          ) : (
            <Tooltip key={at} text={<MatchList matches={span.matches} />}>
              <mark tabIndex={0} data-outcome={outcomeOf(span.matches)} className={cx('rounded-sm px-0.5 underline decoration-dotted underline-offset-3', markTones[outcomeOf(span.matches)])}>
                {span.text}
              </mark>
            </Tooltip>
          ),
        )}
      </Labelled>
      {result.matches.length > 0 && <Legend matches={result.matches} />}
      {result.outcome === 'redact' && (
        <Labelled label={t('playground.redacted')}>
          <RedactedText text={result.redacted_text} />
        </Labelled>
      )}
      {(result.decision.rules.length > 1 || would !== null) && (
        <div>
          <h3 className="mb-1 text-2xs font-medium text-ink-faint">{t('playground.all_matching')}</h3>
          <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
            {result.decision.rules.map((rule, at) => (
              <li key={at} className="flex min-h-8 items-center gap-2 px-2.5 text-xs">
                <span className="min-w-0 flex-1 truncate">{rule.name}</span>
                {rule.shadow && <StateBadge state="shadow" />}
                <OutcomeBadge outcome={rule.outcome} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

const markTones: Record<Outcome, string> = {
  allow: 'bg-transparent text-ink-soft outline-1 -outline-offset-1 outline-dashed outline-line-strong',
  warn: 'bg-warn-soft text-warn',
  redact: 'bg-redact-soft text-redact',
  require_approval: 'bg-warn-soft text-warn',
  block: 'bg-danger-soft text-danger',
};

const outcomeOf = (matches: readonly Match[]): Outcome => strongest(matches.map(({ outcome }) => outcome));

function MatchList({ matches }: { matches: readonly Match[] }) {
  const { t, i18n } = useTranslation();
  return (
    <span className="flex flex-col">
      {matches.map((match, at) => (
        <span key={at}>{t('playground.match', { what: detectorName(match.detector, t), score: formatNumber(match.score, i18n.language), rule: match.rule_name ?? t('playground.match_no_rule') })}</span>
      ))}
    </span>
  );
}

/** What the marks stand for: what a rule does with the match, or that none does anything. */
function Legend({ matches }: { matches: readonly Match[] }) {
  const { t } = useTranslation();
  const kinds = [...new Set(matches.map(({ outcome, rule_name }) => (rule_name == null ? 'no_rule' : outcome)))];
  return (
    <ul aria-label={t('playground.legend')} className="-mt-2.5 flex flex-wrap gap-x-3 gap-y-1 text-2xs text-ink-soft">
      {kinds.map((kind) => (
        <li key={kind} className="inline-flex items-center gap-1.5">
          <span aria-hidden className={cx('size-3 rounded-sm', markTones[kind === 'no_rule' ? 'allow' : kind])} />
          <span className="inline-block first-letter:uppercase">{kind === 'no_rule' ? t('playground.match_no_rule') : t(`outcome.${kind}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 text-2xs font-medium text-ink-faint">{label}</h3>
      <div className="rounded-md border border-line bg-sunken px-2.5 py-2 text-sm break-words whitespace-pre-wrap">{children}</div>
    </div>
  );
}
