// What changed from one version of a stage's configuration to the next.
import type { StageConfig } from '@/api/types';

export type Change =
  | { field: 'tone' | 'cta' | 'fallback' | 'guardrails' | 'max_tokens'; from: string; to: string }
  | { field: 'questions' | 'topics'; removed: string[]; added: string[] };

export function differenceOf(before: StageConfig, after: StageConfig): Change[] {
  const changes: Change[] = [];
  const value = (field: Extract<Change, { from: string }>['field'], from: string | number | boolean, to: string | number | boolean) => {
    if (from !== to) changes.push({ field, from: String(from), to: String(to) });
  };
  const list = (field: 'questions' | 'topics', from: readonly string[], to: readonly string[]) => {
    const removed = from.filter((one) => !to.includes(one));
    const added = to.filter((one) => !from.includes(one));
    // The same in another order is a change too: questions are asked in theirs.
    const moved = removed.length === 0 && added.length === 0 && from.some((one, i) => one !== to[i]);
    if (moved) changes.push({ field, removed: [...from], added: [...to] });
    else if (removed.length > 0 || added.length > 0) changes.push({ field, removed, added });
  };
  value('tone', before.tone, after.tone);
  value('cta', before.cta_style, after.cta_style);
  value('fallback', before.template_fallback, after.template_fallback);
  list('questions', before.questions, after.questions);
  value('guardrails', before.guardrails.on, after.guardrails.on);
  list('topics', before.guardrails.blocked_topics, after.guardrails.blocked_topics);
  value('max_tokens', before.guardrails.max_tokens, after.guardrails.max_tokens);
  return changes;
}
