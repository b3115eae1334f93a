import { describe, expect, it } from 'vitest';
import type { Decision, RuleMatch } from '@/api/types';
import { strongest, summarise } from './decision';
import { rehypeRedactions, segmentsOf } from './redactions';

const rule = (name: string, outcome: RuleMatch['outcome'], direction: RuleMatch['direction']): RuleMatch => ({ rule_id: name, name, version: 1, outcome, message: '', count: 1, direction, shadow: false });

describe('what a decision says about one direction', () => {
  const decision: Decision = {
    outcome: 'redact',
    rules: [rule('salary', 'warn', 'prompt'), rule('personal data', 'redact', 'prompt'), rule('answers', 'warn', 'response'), rule('noted', 'allow', 'prompt')],
    detectors: [
      { name: 'cpf', count: 2 },
      { name: 'email', count: 0 },
    ],
    stamps: ['PII'],
  };

  it('names the rules that acted, the strongest first', () => {
    expect(summarise(decision, 'prompt')).toMatchObject({ outcome: 'redact', rules: [{ name: 'personal data' }, { name: 'salary' }], found: [{ name: 'cpf', count: 2 }] });
  });

  it('does not blame the answer for what was in the question', () => {
    expect(summarise(decision, 'response')).toMatchObject({ outcome: 'warn', rules: [{ name: 'answers' }], found: [] });
  });

  it('stands as it is when no rule is named, as after a failure to evaluate', () => {
    expect(summarise({ outcome: 'block', rules: [], detectors: [], stamps: [] }, 'prompt').outcome).toBe('block');
  });

  it('leaves out rules that only watch', () => {
    const watching = { ...rule('watching', 'block', 'prompt'), shadow: true };
    expect(summarise({ ...decision, rules: [watching] }, 'prompt')).toMatchObject({ outcome: 'allow', rules: [] });
  });

  it('is the strongest of all outcomes', () => {
    expect(strongest([])).toBe('allow');
    expect(strongest(['warn', 'block', 'redact'])).toBe('block');
  });
});

describe('the marks of redaction', () => {
  it('are found with and without number, and the text around them is kept', () => {
    const segments = segmentsOf('CPF [CPF_1], card [CREDIT_CARD_2] and [EMAIL].');
    expect(segments.filter(({ redacted }) => redacted).map(({ text }) => text)).toEqual(['[CPF_1]', '[CREDIT_CARD_2]', '[EMAIL]']);
    expect(segments.map(({ text }) => text).join('')).toBe('CPF [CPF_1], card [CREDIT_CARD_2] and [EMAIL].');
  });

  it('are not any brackets', () => {
    expect(segmentsOf('a[0] [x] [link](y) []').some(({ redacted }) => redacted)).toBe(false);
  });

  it('become <mark> wherever they stand in an answer', () => {
    const tree = { type: 'root', children: [{ type: 'element', tagName: 'p', children: [{ type: 'text', value: 'a [CPF_1] b' }] }] };
    rehypeRedactions()(tree);
    expect(tree.children[0]?.children).toMatchObject([{ value: 'a ' }, { tagName: 'mark', children: [{ value: '[CPF_1]' }] }, { value: ' b' }]);
  });
});
