// The matches of an evaluation laid over its text. The server counts Unicode code points, JavaScript UTF-16 units.
import type { Evaluation } from '@/api/types';

export type Match = Evaluation['matches'][number];

export interface Span {
  text: string;
  matches: Match[];
}

/** Cuts the text wherever a match begins or ends, so that overlapping matches share the pieces they share. */
export function spansOf(text: string, matches: readonly Match[]): Span[] {
  const points = Array.from(text);
  const clamp = (at: number) => Math.max(0, Math.min(at, points.length));
  const cuts = [...new Set([0, points.length, ...matches.flatMap(({ begin, end }) => [clamp(begin), clamp(end)])])].sort((a, b) => a - b);
  const spans: Span[] = [];
  for (let at = 0; at + 1 < cuts.length; at++) {
    const begin = cuts[at] ?? 0;
    const end = cuts[at + 1] ?? begin;
    spans.push({ text: points.slice(begin, end).join(''), matches: matches.filter((match) => match.begin < end && match.end > begin) });
  }
  return spans;
}
