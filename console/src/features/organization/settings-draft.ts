// Settings as a form has them, and the change that a form makes: only what differs, and null for what goes back to what is
// inherited.
import type { OrganizationChange, OrganizationSettings, SettingSources, WorkspaceDetail } from '@/api/types';

export type SharedSettings = Pick<OrganizationSettings, 'retention' | 'write_cap_per_hour' | 'approval_tiers' | 'allow_guests' | 'auto_archive_chats_days'>;
export type Source = SettingSources[string];
export type Tier = SharedSettings['approval_tiers'][number];

export const numbers = ['retention.content_days', 'retention.metadata_days', 'write_cap_per_hour', 'auto_archive_chats_days'] as const;
export type NumberPath = (typeof numbers)[number];

/** What the thing itself sets; undefined: inherited. Numbers as typed. */
export interface Draft {
  numbers: Partial<Record<NumberPath, string>>;
  allow_guests: boolean | undefined;
  approval_tiers: readonly Tier[] | undefined;
  data_mode?: WorkspaceDetail['settings']['data_mode'] | undefined;
}

export function numberAt(settings: SharedSettings, path: NumberPath): number | null {
  switch (path) {
    case 'retention.content_days':
      return settings.retention.content_days ?? null;
    case 'retention.metadata_days':
      return settings.retention.metadata_days ?? null;
    default:
      return settings[path] ?? null;
  }
}

export function draftOf(settings: SharedSettings & { data_mode?: Draft['data_mode'] }, sources: SettingSources): Draft {
  const own: Draft['numbers'] = {};
  for (const path of numbers) if (sources[path] === 'own') own[path] = String(numberAt(settings, path) ?? '');
  return {
    numbers: own,
    allow_guests: sources['allow_guests'] === 'own' ? settings.allow_guests : undefined,
    approval_tiers: sources['approval_tiers'] === 'own' ? settings.approval_tiers : undefined,
    data_mode: sources['data_mode'] === 'own' ? settings.data_mode : undefined,
  };
}

export interface Change {
  retention?: { content_days?: number | null; metadata_days?: number | null };
  write_cap_per_hour?: number | null;
  auto_archive_chats_days?: number | null;
  allow_guests?: boolean | null;
  approval_tiers?: Tier[] | null;
  data_mode?: NonNullable<Draft['data_mode']> | null;
}

/** An empty number is one that is not set. */
export function changeOf(before: Draft, after: Draft): Change {
  const change: Change = {};
  for (const path of numbers) {
    const was = before.numbers[path] ?? '';
    const is = (after.numbers[path] ?? '').trim();
    if (was === is) continue;
    const value = is === '' ? null : Number(is);
    if (path === 'retention.content_days') change.retention = { ...change.retention, content_days: value };
    else if (path === 'retention.metadata_days') change.retention = { ...change.retention, metadata_days: value };
    else change[path] = value;
  }
  if (before.allow_guests !== after.allow_guests) change.allow_guests = after.allow_guests ?? null;
  if (JSON.stringify(before.approval_tiers) !== JSON.stringify(after.approval_tiers)) change.approval_tiers = after.approval_tiers ? [...after.approval_tiers] : null;
  if (before.data_mode !== after.data_mode) change.data_mode = after.data_mode ?? null;
  return change;
}

export interface SignIn {
  password: boolean;
  allow_signup: boolean;
  roles: OrganizationSettings['sign_in']['second_factor_roles'];
}

/** Only what differs; the order of the roles says nothing. */
export function signInChange(before: SignIn, after: SignIn): NonNullable<OrganizationChange['settings']> {
  const sameRoles = before.roles.length === after.roles.length && after.roles.every((role) => before.roles.includes(role));
  const sign_in = { ...(before.password === after.password ? {} : { password: after.password }), ...(sameRoles ? {} : { second_factor_roles: after.roles }) };
  return { ...(before.allow_signup === after.allow_signup ? {} : { allow_signup: after.allow_signup }), ...(Object.keys(sign_in).length > 0 ? { sign_in } : {}) };
}
