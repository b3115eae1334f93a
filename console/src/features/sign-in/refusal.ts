// What a refusal around signing in means, in words.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import { useFailureText, useFieldText } from '@/ui/failure';

const passwordProblems = ['too_short', 'too_long', 'is_personal', 'is_common', 'wrong_password'] as const;

/** What is wrong with the field, in the reader's language where the code is known. */
export function useFieldProblem(): (error: unknown, pointer: string) => string | undefined {
  const { t } = useTranslation();
  const fieldText = useFieldText();
  return useCallback(
    (error: unknown, pointer: string) => {
      const field = error instanceof ApiError ? error.fields.find((one) => one.pointer === pointer) : undefined;
      if (!field) return undefined;
      const known = passwordProblems.find((code) => code === field.code);
      if (known) return t(`password.${known}`);
      return field.code === 'already_exists' ? t('sign_up.slug_taken') : fieldText(field);
    },
    [t, fieldText],
  );
}

export function useRefusal(): (error: unknown) => string {
  const { t } = useTranslation();
  const failureText = useFailureText();
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof ApiError)) return failureText(error);
      switch (error.code) {
        case 'invalid_credentials':
          return t('sign_in.invalid');
        case 'rate_limited':
          return error.retryAfter === null ? t('sign_in.limited') : t('sign_in.limited_for', { count: error.retryAfter });
        case 'overloaded':
          return t('sign_in.overloaded');
        case 'invalid_code':
          return t('second_factor.wrong');
        case 'invalid_link':
          return t('password.link_over');
        case 'password_sign_in_off':
          return t('sign_in.password_off');
        case 'not_a_member':
          return t('sign_in.not_a_member');
        case 'sign_up_closed':
          return t('sign_up.closed');
        case 'already_exists':
          return t('sign_up.known');
        default:
          return failureText(error);
      }
    },
    [t, failureText],
  );
}
