// What of a decision concerns one message: one direction of the conversation, and what is new in it.
import type { Decision, Direction, Outcome, RuleMatch } from '@/api/types';

export interface Summary {
  outcome: Outcome;
  /** The rules that acted, the deciding outcome first. */
  rules: RuleMatch[];
  /** What was taken out; of a text that went nowhere, all that was found. */
  found: Found[];
  /** What was found beside that and went on as it was. */
  left: Found[];
}

interface Found {
  name: string;
  count: number;
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
  const counted = (countOf: (detector: Decision['detectors'][number]) => number) => decision.detectors.map((detector) => ({ name: detector.name, count: countOf(detector) })).filter(({ count }) => count > 0);
  const redacts = outcome === 'redact';
  return {
    outcome,
    rules,
    found: redacts ? counted(({ redacted }) => redacted) : outcome === 'block' ? counted(({ count }) => count) : [],
    left: redacts ? counted(({ count, redacted }) => count - redacted) : [],
  };
}

const warned = (rule: RuleMatch): boolean => !rule.shadow && rule.outcome === 'warn';

/**
 * The decision on a prompt without the warnings that the conversation had before. Rules count over the whole of it, so one
 * that finds no more than in the earlier prompts and answers has found nothing in this one. `earlier`: what was decided
 * before, in order. What was blocked did not become part of the conversation.
 */
export function withoutOldWarnings(decision: Decision, earlier: readonly Decision[]): Decision {
  if (!decision.rules.some(warned)) return decision;
  const known = new Map<string, number>();
  for (const { rules } of earlier.filter(({ outcome }) => outcome !== 'block')) {
    for (const { rule_id, direction, count } of rules.filter(warned)) {
      const before = known.get(rule_id) ?? 0;
      known.set(rule_id, direction === 'prompt' ? Math.max(before, count) : before + count);
    }
  }
  const rules = decision.rules.filter((rule) => !(warned(rule) && rule.direction === 'prompt' && rule.count <= (known.get(rule.rule_id) ?? 0)));
  if (rules.length === decision.rules.length) return decision;
  return { ...decision, rules, outcome: strongest(rules.filter(({ shadow }) => !shadow).map(({ outcome }) => outcome)) };
}
