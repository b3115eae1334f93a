import { describe, expect, it } from 'vitest';
import { emptyDraft, isComplete, ownZone, placeOf, toGrant, type Draft } from './grant-draft';

const begun = Date.UTC(2026, 10, 26, 8);
const thing = { kind: 'CHT', id: 'c1', name: 'Plans' } as const;
const draft = (values: Partial<Draft>): Draft => ({ ...emptyDraft(), thing, email: 'ana@acme.test', ...values });

describe('a grant', () => {
  it('is to be read for thirty days unless said otherwise', () => {
    expect(toGrant(draft({}), begun)).toEqual({ resource_kind: 'CHT', resource_id: 'c1', action: 'REA', created_for_email: 'ana@acme.test', valid_to: '2026-12-26T08:00:00.000Z' });
  });

  it('names one holder: a chosen person before an address, a group in place of both', () => {
    expect(toGrant(draft({ person: 'p1' }), begun)).toMatchObject({ created_for_user_id: 'p1' });
    expect(toGrant(draft({ person: 'p1' }), begun)).not.toHaveProperty('created_for_email');
    const group = toGrant(draft({ holder: 'group', group: 'g1', person: 'p1' }), begun);
    expect(group).toMatchObject({ created_for_group_id: 'g1' });
    expect(group).not.toHaveProperty('created_for_user_id');
  });

  it('counts its days from its beginning', () => {
    const from = new Date(2027, 0, 1, 9);
    const made = toGrant(draft({ from: '2027-01-01T09:00', term: '7' }), begun);
    expect(made.valid_from).toBe(from.toISOString());
    expect(made.valid_to).toBe(new Date(from.getTime() + 7 * 86_400_000).toISOString());
    expect(toGrant(draft({ term: '' }), begun)).not.toHaveProperty('valid_to');
  });

  it('carries conditions only where some were set', () => {
    const { attributes } = toGrant(draft({ networks: '10.0.0.0/8, 192.0.2.1', days: [5, 1], begins: '09:00', ends: '18:00', zone: 'America/Sao_Paulo', reason: ' Audit ' }), begun);
    expect(attributes).toEqual({
      granted_reason: 'Audit',
      conditions: { ip_whitelist: ['10.0.0.0/8', '192.0.2.1'], time_restrictions: { time_zone: 'America/Sao_Paulo', days_of_week: [1, 5], hours: '09:00-18:00' } },
    });
  });

  it('is narrowed to fields on a profile alone', () => {
    expect(toGrant(draft({ fields: ['email'] }), begun)).not.toHaveProperty('attributes');
    expect(toGrant(draft({ thing: { kind: 'PRL', id: 'p2', name: null }, fields: ['email'] }), begun).attributes).toEqual({ scope: { fields_allowed: ['email'] } });
  });

  it('is complete with a thing, a holder, the end it promises and both hours or none', () => {
    expect(isComplete(draft({}))).toBe(true);
    expect(isComplete(draft({ thing: null }))).toBe(false);
    expect(isComplete(draft({ email: ' ' }))).toBe(false);
    expect(isComplete(draft({ term: 'date' }))).toBe(false);
    expect(isComplete(draft({ begins: '09:00' }))).toBe(false);
    expect(isComplete(draft({ holder: 'group' }))).toBe(false);
  });

  it('shows a refusal where it is mended', () => {
    expect(placeOf('/created_for_email')).toBe('holder');
    expect(placeOf('/attributes/conditions/ip_whitelist/0')).toBe('networks');
    expect(placeOf('/attributes/conditions/time_restrictions/hours')).toBe('times');
    expect(placeOf('')).toBe('form');
  });
});

it('a zone that the server does not know by that name is UTC', () => {
  expect(ownZone('America/Sao_Paulo')).toBe('America/Sao_Paulo');
  expect(ownZone('Etc/UTC')).toBe('UTC');
  expect(ownZone('UTC')).toBe('UTC');
});
