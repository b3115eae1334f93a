import { describe, expect, it } from 'vitest';
import type { Grant } from '@/api/types';
import { covers, needsRead } from './give';

const grant = (values: Partial<Grant>): Grant => ({
  id: 'g', resource_kind: 'CHT', resource_id: 'c1', action: 'REA', state: 'active', created_by_user_id: 'a', created_for_user_id: 'u1', created_for_group_id: null,
  created_at: '2026-11-01T00:00:00Z', valid_from: '2026-11-01T00:00:00Z', valid_to: null, access_count: 0, violations_count: 0, attributes: {}, ...values,
});
const made = grant({ action: 'WRI', valid_from: '2026-11-20T00:00:00Z', valid_to: '2026-12-20T00:00:00Z', attributes: { conditions: { ip_whitelist: ['10.0.0.0/8'] } } });

describe('a right to write or update', () => {
  it('takes one to read beside it, unlike managing', () => expect((['REA', 'WRI', 'UPD', 'MNG'] as const).map(needsRead)).toEqual([false, true, true, false]));

  it('has it in a grant to read or to manage that holds as widely and as long', () => {
    expect(covers(grant({}), made)).toBe(true);
    expect(covers(grant({ action: 'MNG' }), made)).toBe(true);
    expect(covers(grant({ attributes: made.attributes, valid_to: '2026-12-20T00:00:00Z' }), made)).toBe(true);
  });

  it('has it in no other', () => {
    const others: Partial<Grant>[] = [
      { action: 'WRI' },
      { created_for_user_id: 'u2' },
      { created_for_user_id: null, created_for_group_id: 'g1' },
      { state: 'revoked' },
      { state: 'expired' },
      { valid_to: '2026-12-01T00:00:00Z' },
      { valid_from: '2026-12-01T00:00:00Z' },
      { attributes: { conditions: { ip_whitelist: ['192.0.2.0/24'] } } },
    ];
    for (const other of others) expect(covers(grant(other), made), JSON.stringify(other)).toBe(false);
  });
});
