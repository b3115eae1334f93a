import { describe, expect, it } from 'vitest';
import type { Plan } from '@/api/types';
import { featuresOf, limitOf, othersOf, planDraft } from './plan-draft';

const plan = (features: Plan['features']): Plan => ({ id: 'p', name: 'Team', slug: 'team', max_requests_month: 500, max_tenants: null, features, is_active: true, version: 1 }) as Plan;

describe('a plan that is typed', () => {
  it('begins with the seed’s 500 requests, and with all that plans can leave out', () => {
    expect(planDraft(null).max_requests_month).toBe('500');
    expect(featuresOf(planDraft(null))).toEqual({});
  });

  it('has no limit where nothing is typed, and none that is no whole number', () => {
    expect(limitOf(' ')).toBeNull();
    expect(limitOf('0')).toBe(0);
    expect(limitOf('5000')).toBe(5000);
    for (const text of ['-1', '1.5', '1e3', 'many', '12345678901']) expect(limitOf(text), text).toBeUndefined();
  });

  it('leaves alone what it has no field for', () => {
    const features = { max_users: 20, requests_per_second: 5, sso: false, max_storage_gb: 10, beta: true };
    const draft = planDraft(plan(features));
    expect(draft.quotas.max_users).toBe('20');
    expect(draft.switches).toEqual({ sso: false, scim: true });
    expect(featuresOf(draft)).toEqual(features);
    expect(featuresOf({ ...draft, switches: { sso: true, scim: false }, quotas: { ...draft.quotas, max_users: '' } })).toEqual({ requests_per_second: 5, scim: false, max_storage_gb: 10, beta: true });
  });

  it('takes switches and whole numbers besides, and nothing that has a field', () => {
    expect(othersOf('')).toEqual({});
    expect(othersOf('{"max_storage_gb": 20, "beta": false}')).toEqual({ max_storage_gb: 20, beta: false });
    for (const text of ['[]', 'null', '{"a": "b"}', '{"A": 1}', '{"a": -1}', '{"a": 1.5}', '{', '{"sso": false}']) expect(othersOf(text), text).toBeUndefined();
  });
});
