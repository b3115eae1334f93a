import { describe, expect, it } from 'vitest';
import { formatCost, formatRelative, shortId } from './format';

describe('money', () => {
  it('shows small amounts apart from nothing', () => {
    expect(formatCost(0, 'en')).toBe('$0.00');
    expect(formatCost(183, 'en')).toBe('$0.000183');
    expect(formatCost(12_345, 'en')).toBe('$0.0123');
    expect(formatCost(12_345_678, 'en')).toBe('$12.35');
  });
});

describe('a time', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  it('is relative within a week and a date beyond it', () => {
    expect(formatRelative('2026-03-10T11:59:30Z', 'en', now)).toBe('now');
    expect(formatRelative('2026-03-10T11:57:00Z', 'en', now)).toBe('3 min. ago');
    expect(formatRelative('2026-03-09T12:00:00Z', 'pt-BR', now)).toBe('ontem');
    expect(formatRelative('2026-01-05T12:00:00Z', 'en', now)).toBe('Jan 5, 2026');
  });
});

describe('an identifier', () => {
  it('is shortened where it is a UUID, and whole where it is a name', () => {
    expect(shortId('01939c5e-7d9c-7000-8000-0123456789ab')).toBe('0123456789ab');
    for (const name of ['demo/assistant', 'openai/gpt-5-mini', 'qualificacao']) expect(shortId(name)).toBe(name);
  });
});
