import { describe, expect, it } from 'vitest';
import { changeOf, draftOf, signInChange } from './settings-draft';

const settings = {
  retention: { content_days: 30, metadata_days: 400 },
  write_cap_per_hour: null,
  approval_tiers: [],
  allow_guests: true,
  auto_archive_chats_days: null,
};
const tier = { name: 'Costly', minimum_cost_microdollars: 5_000_000, stamps: [], approvals: 2 };
const sources = { 'retention.content_days': 'own', 'retention.metadata_days': 'organization', write_cap_per_hour: 'default', allow_guests: 'default', auto_archive_chats_days: 'default' } as const;

describe('a form of settings', () => {
  it('holds what the thing itself sets, and nothing that it inherits', () => {
    expect(draftOf(settings, sources)).toEqual({ numbers: { 'retention.content_days': '30' }, allow_guests: undefined, approval_tiers: undefined, data_mode: undefined });
  });

  it('changes only what differs, and returns to what is inherited by null', () => {
    const before = draftOf(settings, sources);
    expect(changeOf(before, before)).toEqual({});
    const after = { ...before, numbers: { 'retention.content_days': ' ', write_cap_per_hour: '5' }, allow_guests: false };
    expect(changeOf(before, after)).toEqual({ retention: { content_days: null }, write_cap_per_hour: 5, allow_guests: false });
  });

  it('tells no tiers of its own from those that it inherits', () => {
    const before = draftOf(settings, sources);
    expect(changeOf(before, { ...before, approval_tiers: [] })).toEqual({ approval_tiers: [] });
    const own = draftOf({ ...settings, approval_tiers: [tier] }, { ...sources, approval_tiers: 'own' });
    expect(own.approval_tiers).toEqual([tier]);
    expect(changeOf(own, { ...own, approval_tiers: undefined })).toEqual({ approval_tiers: null });
    expect(changeOf(own, { ...own, approval_tiers: [{ ...tier }] })).toEqual({});
  });
});

describe('who signs in how', () => {
  const before = { password: true, allow_signup: false, roles: ['OA', 'WM'] as ('OA' | 'WM' | 'UR')[] };

  it('changes by what differs alone', () => {
    expect(signInChange(before, { ...before, roles: ['WM', 'OA'] })).toEqual({});
    expect(signInChange(before, { ...before, allow_signup: true })).toEqual({ allow_signup: true });
    expect(signInChange(before, { ...before, password: false, roles: ['OA'] })).toEqual({ sign_in: { password: false, second_factor_roles: ['OA'] } });
  });
});
