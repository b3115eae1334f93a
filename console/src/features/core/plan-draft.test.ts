import { describe, expect, it } from 'vitest';
import { featuresOf, limitOf, planDraft } from './plan-draft';

describe('a plan that is typed', () => {
  it('begins with the seed’s 500 requests', () => expect(planDraft(null).max_requests_month).toBe('500'));

  it('has no limit where nothing is typed, and none that is no whole number', () => {
    expect(limitOf(' ')).toBeNull();
    expect(limitOf('0')).toBe(0);
    expect(limitOf('5000')).toBe(5000);
    for (const text of ['-1', '1.5', '1e3', 'many', '12345678901']) expect(limitOf(text), text).toBeUndefined();
  });

  it('takes switches and whole numbers as features', () => {
    expect(featuresOf('')).toEqual({});
    expect(featuresOf('{"max_users": 20, "sso": false}')).toEqual({ max_users: 20, sso: false });
    for (const text of ['[]', 'null', '{"a": "b"}', '{"A": 1}', '{"a": -1}', '{"a": 1.5}', '{']) expect(featuresOf(text), text).toBeUndefined();
  });
});
