// A secret, or a link that is one, on the one screen that shows it.
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyButton } from './copy';

export function SecretShown({ secret, warning }: { secret: string; warning: ReactNode }) {
  return (
    <>
      <p className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        {warning}
      </p>
      <div className="flex w-full items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <code data-secret className="min-w-0 flex-1 font-mono text-xs break-all">
          {secret}
        </code>
        <CopyButton text={secret} />
      </div>
    </>
  );
}
