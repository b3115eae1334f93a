/** The gate: two arches and a bar. */
export function Mark({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <path d="M8 25V14a8 8 0 0 1 16 0v11" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M13 25V14.5a3 3 0 0 1 6 0V25M8 19.5h16" fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" opacity=".75" />
    </svg>
  );
}
