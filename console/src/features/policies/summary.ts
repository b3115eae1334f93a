// A condition in one line of the reader's language.
import type { TFunction } from 'i18next';
import type { Condition } from '@/api/types';
import { detectorName } from './detector-name';

const list = (language: string, values: readonly string[]) => new Intl.ListFormat(language, { type: 'disjunction' }).format(values);

export function summaryOf(condition: Condition, t: TFunction, language: string): string {
  const joined = (children: readonly Condition[], by: string) =>
    children.map((child) => (children.length > 1 && isCompound(child) ? `(${summaryOf(child, t, language)})` : summaryOf(child, t, language))).join(` ${by} `);
  const { all, any, none, detectors, phrases, regexes, roles, models, providers, workspaces, stamps } = condition;
  const parts: string[] = [];
  if (all) parts.push(joined(all, t('condition.and')));
  if (any) parts.push(joined(any, t('condition.or')));
  if (none) {
    const what = joined(none, t('condition.or'));
    parts.push(t('condition.summary_not', { what: none.length > 1 || none.some(isCompound) ? `(${what})` : what }));
  }
  if (detectors) parts.push(t('condition.summary_detectors', { names: list(language, detectors.names.map((name) => detectorName(name, t))) }));
  if (phrases) parts.push(t('condition.summary_phrases', { phrases: list(language, phrases.texts.map((phrase) => `“${phrase}”`)) }));
  if (regexes) parts.push(t('condition.summary_regexes', { patterns: list(language, regexes.patterns) }));
  if (roles) parts.push(t('condition.summary_roles', { roles: list(language, roles) }));
  if (models) parts.push(t('condition.summary_models', { models: list(language, models) }));
  if (providers) parts.push(t('condition.summary_providers', { providers: list(language, providers) }));
  if (workspaces) parts.push(t('condition.summary_workspaces', { count: workspaces.length }));
  if (stamps) parts.push(t('condition.summary_stamps', { stamps: list(language, stamps.map((stamp) => t(`stamps.${stamp}`))) }));
  return parts.length === 0 ? t('condition.summary_always') : parts.join(` ${t('condition.and')} `);
}

function isCompound(condition: Condition): boolean {
  return Object.keys(condition).length > 1 || (condition.all ?? condition.any ?? []).length > 1;
}
