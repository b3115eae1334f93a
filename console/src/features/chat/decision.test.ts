import { describe, expect, it } from 'vitest';
import type { Decision, RuleMatch } from '@/api/types';
import { strongest, summarise, withoutOldWarnings } from './decision';
import { rehypeRedactions, segmentsOf } from './redactions';

const rule = (name: string, outcome: RuleMatch['outcome'], direction: RuleMatch['direction']): RuleMatch => ({ rule_id: name, name, version: 1, outcome, message: '', count: 1, direction, shadow: false });

describe('what a decision says about one direction', () => {
  const decision: Decision = {
    outcome: 'redact',
    rules: [rule('salary', 'warn', 'prompt'), rule('personal data', 'redact', 'prompt'), rule('answers', 'warn', 'response'), rule('noted', 'allow', 'prompt')],
    detectors: [
      { name: 'cpf', count: 2, redacted: 2 },
      { name: 'email', count: 3, redacted: 1 },
      { name: 'secret_key', count: 1, redacted: 0 },
    ],
    stamps: ['PII'],
  };

  it('names the rules that acted, the strongest first', () => {
    expect(summarise(decision, 'prompt')).toMatchObject({ outcome: 'redact', rules: [{ name: 'personal data' }, { name: 'salary' }] });
  });

  it('tells what was taken out from what went on as it was', () => {
    expect(summarise(decision, 'prompt')).toMatchObject({
      found: [
        { name: 'cpf', count: 2 },
        { name: 'email', count: 1 },
      ],
      left: [
        { name: 'email', count: 2 },
        { name: 'secret_key', count: 1 },
      ],
    });
  });

  it('names all that was found in what went nowhere', () => {
    const blocked = { ...decision, rules: [rule('secrets', 'block', 'prompt')] };
    expect(summarise(blocked, 'prompt')).toMatchObject({ found: [{ count: 2 }, { count: 3 }, { count: 1 }], left: [] });
  });

  it('does not blame the answer for what was in the question', () => {
    expect(summarise(decision, 'response')).toMatchObject({ outcome: 'warn', rules: [{ name: 'answers' }], found: [], left: [] });
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

describe('a warning', () => {
  const warning = (count: number, direction: RuleMatch['direction'] = 'prompt', name = 'salary'): RuleMatch => ({ ...rule(name, 'warn', direction), count });
  const decided = (outcome: Decision['outcome'], ...rules: RuleMatch[]): Decision => ({ outcome, rules, detectors: [], stamps: [] });
  const shown = (decision: Decision, ...earlier: Decision[]) => summarise(withoutOldWarnings(decision, earlier), 'prompt');

  it('is not given again for what was there before', () => {
    expect(shown(decided('warn', warning(1)), decided('warn', warning(1)))).toMatchObject({ outcome: 'allow', rules: [] });
    expect(shown(decided('warn', warning(1)), decided('warn', warning(2)), decided('allow'))).toMatchObject({ outcome: 'allow' });
  });

  it('is given for what is new', () => {
    expect(shown(decided('warn', warning(1)), decided('allow'))).toMatchObject({ outcome: 'warn', rules: [{ name: 'salary' }] });
    expect(shown(decided('warn', warning(2)), decided('warn', warning(1)))).toMatchObject({ outcome: 'warn' });
    expect(shown(decided('warn', warning(1), warning(1, 'prompt', 'health')), decided('warn', warning(1)))).toMatchObject({ outcome: 'warn', rules: [{ name: 'health' }] });
  });

  it('is not given to a prompt for what the answer before it said', () => {
    expect(shown(decided('warn', warning(3)), decided('warn', warning(1)), decided('warn', warning(2, 'response')))).toMatchObject({ outcome: 'allow' });
    expect(shown(decided('warn', warning(4)), decided('warn', warning(1)), decided('warn', warning(2, 'response')))).toMatchObject({ outcome: 'warn' });
  });

  it('is given when the one before was on a prompt that was blocked', () => {
    expect(shown(decided('warn', warning(1)), decided('block', rule('secrets', 'block', 'prompt'), warning(1)))).toMatchObject({ outcome: 'warn' });
  });

  it('is given when the rule only watched before', () => {
    expect(shown(decided('warn', warning(1)), decided('allow', { ...warning(1), shadow: true }))).toMatchObject({ outcome: 'warn' });
  });

  it('goes without taking along what else was decided', () => {
    const again = decided('redact', warning(1), rule('personal data', 'redact', 'prompt'));
    expect(shown(again, decided('warn', warning(1)))).toMatchObject({ outcome: 'redact', rules: [{ name: 'personal data' }] });
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
