import { describe, expect, it } from 'vitest';
import type { StageConfig } from '@/api/types';
import { differenceOf } from './difference';

const config = (change: Partial<StageConfig> = {}, guard: Partial<StageConfig['guardrails']> = {}): StageConfig => ({
  tone: 'formal',
  cta_style: 'soft',
  template_fallback: 'Sorry',
  questions: ['When?', 'Where?'],
  guardrails: { on: true, max_tokens: 256, blocked_topics: ['politics'], ...guard },
  ...change,
});

describe('the difference of two versions', () => {
  it('is none between equal ones', () => expect(differenceOf(config(), config())).toEqual([]));

  it('names each field with what it was and what it is', () =>
    expect(differenceOf(config(), config({ tone: 'direct', template_fallback: 'Later' }, { on: false, max_tokens: 99 }))).toEqual([
      { field: 'tone', from: 'formal', to: 'direct' },
      { field: 'fallback', from: 'Sorry', to: 'Later' },
      { field: 'guardrails', from: 'true', to: 'false' },
      { field: 'max_tokens', from: '256', to: '99' },
    ]));

  it('tells what left a list and what came into it', () =>
    expect(differenceOf(config(), config({ questions: ['Where?', 'Who?'] }, { blocked_topics: [] }))).toEqual([
      { field: 'questions', removed: ['When?'], added: ['Who?'] },
      { field: 'topics', removed: ['politics'], added: [] },
    ]));

  it('sees another order', () => expect(differenceOf(config(), config({ questions: ['Where?', 'When?'] }))).toEqual([{ field: 'questions', removed: ['When?', 'Where?'], added: ['Where?', 'When?'] }]));
});
