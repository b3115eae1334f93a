// What stands behind the question mark of the console's addresses, read with care: anybody can write one.
import type { AuditOutcome, Outcome } from './api/types';

type Search = Record<string, unknown>;

export const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Why the way through an identity provider ended, and in which request. */
export interface Refused {
  refused?: string;
  request_id?: string;
}
export function refused(search: Search): Refused {
  const reason = text(search['refused']);
  const request = text(search['request_id']);
  return { ...(reason && /^[a-z_]{1,40}$/.test(reason) ? { refused: reason } : {}), ...(request ? { request_id: request } : {}) };
}

/** Only a path of this console: never another site. */
export function nextOf(search: Search): { next?: string } {
  const next = text(search['next']);
  return next && /^\/(?!\/)[^\\]*$/.test(next) ? { next } : {};
}

/** Whether the page opens with the dialog that makes a new one. */
export function creating(search: Search): { create?: true } {
  return search['create'] === true ? { create: true } : {};
}

export interface AuditSearch {
  actor?: string;
  action?: string;
  resource?: string;
  outcome?: AuditOutcome;
  decision?: Outcome;
  /** Without what only read. */
  reads?: false;
  /** A number of hours before now, or a start and an end. */
  hours?: number;
  from?: string;
  to?: string;
  /** The event shown beside the table. */
  event?: string;
}

const auditOutcomes: readonly AuditOutcome[] = ['success', 'denied', 'failed', 'unknown'];
const decisions: readonly Outcome[] = ['allow', 'warn', 'redact', 'require_approval', 'block'];

export function auditSearch(search: Search): AuditSearch {
  const found: AuditSearch = {};
  for (const name of ['actor', 'action', 'resource', 'from', 'to', 'event'] as const) {
    const value = text(search[name]);
    if (value) found[name] = value;
  }
  const outcome = auditOutcomes.find((known) => known === search['outcome']);
  if (outcome) found.outcome = outcome;
  const decision = decisions.find((known) => known === search['decision']);
  if (decision) found.decision = decision;
  if (search['reads'] === false) found.reads = false;
  const hours = Number(search['hours']);
  if (Number.isInteger(hours) && hours > 0) found.hours = hours;
  return found;
}
