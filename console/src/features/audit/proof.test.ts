import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '@/api/types';
import { prove } from './proof';
import { recordHash } from './record-hash';

const written = {
  event: {
    action: 'chat.read', actor_id: 'a', actor_type: 'user', decision: null, id: 'e', outcome: 'success', payload: { b: 1, a: 2 },
    recorded_at: '2026-01-01T00:00:00.000001Z', request_id: 'r', resource_id: 'c', resource_type: 'chat', workspace_id: 'w',
  },
  org_sequence: '7',
  prev_hash: 'before',
  sealed_at: '2026-01-01T00:00:01Z',
};

async function found(change: object = {}, record = JSON.stringify(written)): Promise<AuditRecord> {
  const { event, prev_hash, sealed_at } = written;
  return {
    record,
    event: { ...event, payload: { a: 2, b: 1 }, sequence: 7, prev_hash, sealed_at, hash: await recordHash(JSON.stringify(written)), ...change },
  } as unknown as AuditRecord;
}

describe('the proof of one event', () => {
  it('holds for a record with its hash whose columns say the same', async () => expect(await prove(await found())).toBe('ok'));

  it('fails when the record’s bytes were changed', async () => {
    expect(await prove(await found({}, JSON.stringify(written).replace('success', 'denied')))).toBe('hash');
  });

  it('fails when a column says something else than the record', async () => {
    for (const change of [{ action: 'chat.delete' }, { actor_id: 'b' }, { outcome: 'denied' }, { sequence: 8 }, { payload: { a: 2 } }, { sealed_at: '2026-01-01T00:00:02Z' }, { prev_hash: 'other' }, { decision: 'allow' }])
      expect(await prove(await found(change)), JSON.stringify(change)).toBe('fields');
  });

  it('fails on a record that is none', async () => {
    expect(await prove(await found({ hash: await recordHash('null') }, 'null'))).toBe('fields');
  });
});
