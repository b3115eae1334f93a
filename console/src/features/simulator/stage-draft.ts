// A stage's configuration as its form has it: lists as lines of text. What the reader has not touched follows the version in
// force, so that a draft outlives somebody else's change and undoes none of it.
import type { StageConfig } from '@/api/types';

export interface StageFields extends Pick<StageConfig, 'tone' | 'cta_style' | 'template_fallback'> {
  questions: string;
  guarded: boolean;
  topics: string;
  max_tokens: number;
}

/** What the reader has touched. */
export type StageDraft = Partial<StageFields>;

const lines = (text: string): string[] => text.split('\n').map((one) => one.trim()).filter(Boolean);

export function fieldsOf({ tone, cta_style, template_fallback, questions, guardrails }: StageConfig): StageFields {
  return { tone, cta_style, template_fallback, questions: questions.join('\n'), guarded: guardrails.on, topics: guardrails.blocked_topics.join('\n'), max_tokens: guardrails.max_tokens };
}

export function configOf({ tone, cta_style, template_fallback, questions, guarded, topics, max_tokens }: StageFields): StageConfig {
  return { tone, cta_style, template_fallback, guardrails: { on: guarded, max_tokens, blocked_topics: lines(topics) }, questions: lines(questions) };
}

/** Whether putting it in force would change anything. */
export function changes(config: StageConfig, draft: StageDraft): boolean {
  const fields = fieldsOf(config);
  return JSON.stringify(configOf({ ...fields, ...draft })) !== JSON.stringify(configOf(fields));
}
