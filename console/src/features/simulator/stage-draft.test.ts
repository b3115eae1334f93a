import { describe, expect, it } from 'vitest';
import type { StageConfig } from '@/api/types';
import { changes, configOf, fieldsOf } from './stage-draft';

const config: StageConfig = {
  questions: ['When?', 'Where?'],
  guardrails: { blocked_topics: ['gossip'], max_tokens: 256, on: true },
  template_fallback: 'Later, {name}.',
  cta_style: 'soft',
  tone: 'formal',
};

describe('the draft of a stage', () => {
  it('is the configuration again when nothing was touched', () => {
    expect(configOf(fieldsOf(config))).toEqual(config);
    expect(changes(config, {})).toBe(false);
    expect(changes(config, { questions: ' When? \n\nWhere?\n' })).toBe(false);
  });

  it('lies over the version in force, whichever that is by then', () => {
    const draft = { questions: 'Why?' };
    expect(changes(config, draft)).toBe(true);
    const theirs: StageConfig = { ...config, tone: 'direct', guardrails: { ...config.guardrails, blocked_topics: ['politics'] } };
    expect(configOf({ ...fieldsOf(theirs), ...draft })).toEqual({ ...theirs, questions: ['Why?'] });
  });
});
