import type { ReactNode } from 'react';

/** What is wrong with a form as a whole. */
export function FormAlert({ children }: { children: ReactNode }) {
  if (!children) return null;
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-xs text-danger">
      {children}
    </p>
  );
}
