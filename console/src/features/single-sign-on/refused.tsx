import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { refusalText } from './refusals';

/** Why the way through the provider ended, with what whoever looks into it needs. */
export function Refused({ reason, requestId }: { reason: string; requestId?: string | undefined }) {
  const { t } = useTranslation();
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => alert.current?.focus(), [reason]);
  return (
    <div ref={alert} role="alert" tabIndex={-1} className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
      <p>{refusalText(reason, t)}</p>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs">
        <code className="font-mono text-2xs">{reason}</code>
        {requestId && (
          <span>
            {t('states.request_id')} <code className="font-mono text-2xs break-all select-all">{requestId}</code>
          </span>
        )}
      </p>
    </div>
  );
}
