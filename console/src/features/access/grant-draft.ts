// A grant as its form holds it, and as the server takes it.
import type { AclAction, GrantDraft } from '@/api/types';
import type { Thing } from './things';

export const terms = ['1', '7', '30', '90', '', 'date'] as const;

export interface Draft {
  thing: Thing | null;
  holder: 'person' | 'group';
  person: string | null;
  email: string;
  group: string;
  action: AclAction;
  /** Days from its beginning, "date" for `until`, or nothing: without end. */
  term: (typeof terms)[number];
  /** As a `datetime-local` holds it, in this browser's zone. Nothing: from now on. */
  from: string;
  until: string;
  reason: string;
  networks: string;
  /** Monday is 1. None: every day. */
  days: readonly number[];
  begins: string;
  ends: string;
  zone: string;
  /** None: all. */
  fields: readonly string[];
}

/** The name of this browser's zone, as the server knows it. */
export function ownZone(zone = Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  return zone.includes('/') && !zone.startsWith('Etc/') ? zone : 'UTC';
}

export function emptyDraft(): Draft {
  return { thing: null, holder: 'person', person: null, email: '', group: '', action: 'REA', term: '30', from: '', until: '', reason: '', networks: '', days: [], begins: '', ends: '', zone: ownZone(), fields: [] };
}

export const networksOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** Whether it could be sent; what else is wrong with it the server says. */
export function isComplete(draft: Draft): boolean {
  const holder = draft.holder === 'group' ? draft.group : (draft.person ?? draft.email.trim());
  return draft.thing !== null && holder !== '' && (draft.term !== 'date' || draft.until !== '') && (draft.begins === '') === (draft.ends === '');
}

/** `begun`: when it was first sent, in milliseconds. */
export function toGrant(draft: Draft, begun: number): GrantDraft {
  if (!draft.thing) throw new Error('a grant is on something');
  const from = draft.from ? new Date(draft.from) : null;
  const until = draft.term === 'date' ? new Date(draft.until) : draft.term ? new Date((from?.getTime() ?? begun) + Number(draft.term) * 86_400_000) : null;
  const networks = networksOf(draft.networks);
  const hours = draft.begins && draft.ends ? `${draft.begins}-${draft.ends}` : null;
  const times = hours || draft.days.length > 0 ? { time_zone: draft.zone.trim(), ...(draft.days.length > 0 ? { days_of_week: [...draft.days].sort() } : {}), ...(hours ? { hours } : {}) } : null;
  const conditions = { ...(networks.length > 0 ? { ip_whitelist: networks } : {}), ...(times ? { time_restrictions: times } : {}) };
  const attributes = {
    ...(draft.reason.trim() ? { granted_reason: draft.reason.trim() } : {}),
    ...(Object.keys(conditions).length > 0 ? { conditions } : {}),
    ...(draft.thing.kind === 'PRL' && draft.fields.length > 0 ? { scope: { fields_allowed: [...draft.fields] } } : {}),
  };
  return {
    resource_kind: draft.thing.kind,
    resource_id: draft.thing.id,
    action: draft.action,
    ...(draft.holder === 'group' ? { created_for_group_id: draft.group } : draft.person ? { created_for_user_id: draft.person } : { created_for_email: draft.email.trim() }),
    ...(from ? { valid_from: from.toISOString() } : {}),
    ...(until ? { valid_to: until.toISOString() } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

/** Where in the form what the server calls by this pointer is mended. */
export function placeOf(pointer: string): 'thing' | 'holder' | 'until' | 'from' | 'networks' | 'times' | 'form' {
  if (pointer === '/resource_id' || pointer === '/resource_kind') return 'thing';
  if (pointer.startsWith('/created_for')) return 'holder';
  if (pointer === '/valid_to') return 'until';
  if (pointer === '/valid_from') return 'from';
  if (pointer.startsWith('/attributes/conditions/ip_whitelist')) return 'networks';
  if (pointer.startsWith('/attributes/conditions/time_restrictions')) return 'times';
  return 'form';
}
