import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type FieldProblem } from '@/api/errors';
import { errorCodes, fieldCodes, said } from './failure-words';

/** Codes of which our sentence says more than the server's, in English too. */
const plainer = new Set(['unauthenticated', 'session_expired', 'csrf_failed', 'precondition_failed', 'precondition_required', 'idempotency_mismatch', 'rate_limited', 'internal', 'overloaded', 'shutting_down']);

const has = <T extends string>(known: readonly T[], code: string): code is T => (known as readonly string[]).includes(code);

function saidIn(text: string, t: TFunction): string | undefined {
  const known = (Object.keys(said) as (keyof typeof said)[]).find((one) => one === text);
  return known && t(`failure.said_${said[known]}`);
}

/** What is wrong with one field. English readers get what the server says: it knows the limits that a code does not tell. */
export function fieldText({ code, message }: FieldProblem, t: TFunction, language: string): string {
  const ours = saidIn(message, t);
  if (ours) return ours;
  if (message !== '' && language.startsWith('en')) return message;
  return has(fieldCodes, code) ? t(`failure.${code}_field`) : message || t('failure.code_validation_failed');
}

/** A sentence for a failure, in the reader's language; the server's English only where nobody has translated it. */
export function failureText(error: unknown, t: TFunction, language: string): string {
  if (!(error instanceof ApiError)) return t('failure.unexpected');
  if (error.code === 'unreachable') return t('failure.unreachable');
  const isEnglish = language.startsWith('en');
  const [field] = error.fields;
  if (field) return fieldText(field, t, language);
  const ours = saidIn(error.message, t);
  if (ours) return ours;
  const namesPermission = error.code === 'forbidden' && error.message.startsWith('This needs the permission ');
  if (error.message !== '' && isEnglish && !plainer.has(error.code) && !namesPermission) return error.message;
  if (error.code === 'answer_failed') return t('failure.answer_failed');
  return has(errorCodes, error.code) ? t(`failure.code_${error.code}`) : error.message || t('failure.unexpected');
}

export function useFailureText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return useCallback((error: unknown) => failureText(error, t, i18n.language), [t, i18n.language]);
}

export function useFieldText(): (field: FieldProblem) => string {
  const { t, i18n } = useTranslation();
  return useCallback((field: FieldProblem) => fieldText(field, t, i18n.language), [t, i18n.language]);
}
