import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exportLink, filterOf } from './queries';
import { recordHash } from './record-hash';

describe('the filter in the address bar', () => {
  const now = Date.parse('2026-03-01T12:34:56Z');

  it('becomes the filter of the server, and nothing that it does not know', () => {
    expect(filterOf({ actor: 'u', action: 'chat.create', outcome: 'denied', event: 'e' }, now)).toEqual({ actor_id: 'u', action: 'chat.create', outcome: 'denied' });
  });

  it('cuts a period before now to the minute', () => {
    expect(filterOf({ hours: 1 }, now)).toEqual({ from: '2026-03-01T11:34:00.000Z' });
  });

  it('lets an explicit start win over a period', () => {
    expect(filterOf({ hours: 1, from: '2026-01-01T00:00:00Z' }, now).from).toBe('2026-01-01T00:00:00Z');
  });

  it('goes along into the export', () => {
    expect(exportLink('jsonl', { action: 'a&b', from: '2026-01-01T00:00:00Z' })).toBe('/api/audit/export?format=jsonl&action=a%26b&from=2026-01-01T00%3A00%3A00Z');
  });
});

describe('the hash of a record', () => {
  it('covers a zero byte and the record in UTF-8', async () => {
    const record = '{"actor":"José 😀"}';
    expect(await recordHash(record)).toBe(createHash('sha256').update(Buffer.concat([Buffer.from([0]), Buffer.from(record, 'utf8')])).digest('hex'));
  });

  it('changes with one character', async () => {
    expect(await recordHash('{"a":1}')).not.toBe(await recordHash('{"a":2}'));
  });
});
