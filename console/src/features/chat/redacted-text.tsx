import { segmentsOf } from './redactions';

export const redactionMark = 'rounded-sm bg-redact-soft px-1 py-px font-mono ring-1 ring-redact/25 text-[0.92em] font-medium text-redact';

export function RedactedText({ text }: { text: string }) {
  return segmentsOf(text).map((segment, at) =>
    segment.redacted ? (
      <mark key={at} className={redactionMark}>
        {segment.text}
      </mark>
    ) : (
      <span key={at}>{segment.text}</span>
    ),
  );
}
