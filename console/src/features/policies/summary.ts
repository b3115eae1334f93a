// A condition in one line of the reader's language.
import type { TFunction } from 'i18next';
import type { Condition } from '@/api/types';

const list = (language: string, values: readonly string[]) => new Intl.ListFormat(language, { type: 'disjunction' }).format(values);

export function summaryOf(condition: Condition, t: TFunction, language: string): string {
  const inner = (child: Condition) => {
    const text = summaryOf(child, t, language);
    return child.all || child.any ? `(${text})` : text;
  };
  if (condition.all) return condition.all.map(inner).join(` ${t('condition.and')} `);
  if (condition.any) return condition.any.map(inner).join(` ${t('condition.or')} `);
  if (condition.not) return t('condition.summary_not', { what: inner(condition.not) });
  if (condition.detectors) return t('condition.summary_detectors', { names: list(language, condition.detectors.names) });
  if (condition.phrases) return t('condition.summary_phrases', { phrases: list(language, condition.phrases.any.map((phrase) => `“${phrase}”`)) });
  if (condition.regex) return t('condition.summary_regex', { pattern: condition.regex.pattern });
  if (condition.role) return t('condition.summary_role', { roles: list(language, condition.role.any) });
  if (condition.model) return t('condition.summary_model', { models: list(language, condition.model.any) });
  return t('condition.summary_workspace', { count: condition.workspace?.any.length ?? 0 });
}
