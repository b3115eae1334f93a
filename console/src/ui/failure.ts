import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';

/** A sentence for a failure: ours where the code is known, the server's otherwise. */
export function useFailureText(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof ApiError)) return t('failure.unexpected');
      switch (error.code) {
        case 'unreachable':
          return t('failure.unreachable');
        case 'forbidden':
        case 'permission_denied':
          return t('failure.forbidden');
        case 'not_found':
          return t('failure.not_found');
        case 'rate_limited':
          return t('failure.rate_limited');
        case 'overloaded':
          return t('failure.overloaded');
        case 'precondition_failed':
          return t('failure.conflict');
        default:
          return error.fields[0]?.message ?? (error.message || t('failure.unexpected'));
      }
    },
    [t],
  );
}
