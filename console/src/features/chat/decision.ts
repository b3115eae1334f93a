// What of a decision concerns one direction of the conversation.
import type { Decision, Direction, Outcome, RuleMatch } from '@/api/types';

export interface Summary {
  outcome: Outcome;
  /** The rules that acted, the deciding outcome first. */
  rules: RuleMatch[];
  found: { name: string; count: number }[];
}

const strength: Record<Outcome, number> = { allow: 0, warn: 1, redact: 2, require_approval: 3, block: 4 };

export function strongest(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce<Outcome>((most, one) => (strength[one] > strength[most] ? one : most), 'allow');
}

export function summarise(decision: Decision, direction: Direction): Summary {
  const rules = decision.rules
    .filter((rule) => !rule.shadow && rule.direction === direction && rule.outcome !== 'allow')
    .sort((a, b) => strength[b.outcome] - strength[a.outcome]);
  // A decision without rules (the default, or a failure while evaluating) speaks for itself.
  const outcome = decision.rules.length === 0 ? decision.outcome : strongest(rules.map((rule) => rule.outcome));
  return { outcome, rules, found: outcome === 'redact' || outcome === 'block' ? decision.detectors.filter(({ count }) => count > 0) : [] };
}
