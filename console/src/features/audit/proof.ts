// What can be proved about one event here, without the server: that the record's bytes have the hash the log sealed, and that
// the columns shown are what those bytes say. Name, address and client are sealed within the record and cannot be compared.
import type { AuditRecord } from '@/api/types';
import { recordHash } from './record-hash';

export type Proof = 'ok' | 'hash' | 'fields';

/** As the log writes it; only what is compared. */
interface Written {
  event: Record<string, unknown>;
  org_sequence: string;
  prev_hash: string;
  sealed_at: string;
}

const compared = ['id', 'action', 'actor_type', 'actor_id', 'decision', 'outcome', 'resource_type', 'resource_id', 'workspace_id', 'request_id'] as const;

const sameMoment = (one: string, other: unknown): boolean => typeof other === 'string' && Date.parse(one) === Date.parse(other);

/** Written the same whatever the order of its members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function parse(record: string): Written | null {
  try {
    const parsed = JSON.parse(record) as Written | null;
    return parsed?.event ? parsed : null;
  } catch {
    return null;
  }
}

function agrees({ event, record }: AuditRecord): boolean {
  const written = parse(record);
  return (
    written !== null &&
    compared.every((name) => (event[name] ?? '') === (written.event[name] ?? '')) &&
    sameMoment(event.recorded_at, written.event['recorded_at']) &&
    sameMoment(event.sealed_at, written.sealed_at) &&
    canonical(event.payload) === canonical(written.event['payload']) &&
    String(event.sequence) === written.org_sequence &&
    event.prev_hash === written.prev_hash
  );
}

export async function prove(found: AuditRecord): Promise<Proof> {
  if ((await recordHash(found.record)) !== found.event.hash) return 'hash';
  return agrees(found) ? 'ok' : 'fields';
}
