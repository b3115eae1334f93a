import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import en from '@/i18n/en.json';
import { actionNames } from './actions';
import { exportLink, filterOf } from './queries';
import { recordHash } from './record-hash';
import { stampsIn } from './stamps';

describe('the filter in the address bar', () => {
  const now = Date.parse('2026-03-01T12:34:56Z');

  it('becomes the filter of the server, and nothing that it does not know', () => {
    expect(filterOf({ actor: 'u', action: 'chat.create', outcome: 'denied', event: 'e' }, now)).toEqual({ actor_id: 'u', action: 'chat.create', outcome: 'denied' });
  });

  it('names a decision, and leaves out reads only when told to', () => {
    expect(filterOf({ decision: 'redact', reads: false }, now)).toEqual({ decision: 'redact', reads: false });
  });

  it('cuts a period before now to the minute', () => {
    expect(filterOf({ hours: 1 }, now)).toEqual({ from: '2026-03-01T11:34:00.000Z' });
  });

  it('lets an explicit start win over a period', () => {
    expect(filterOf({ hours: 1, from: '2026-01-01T00:00:00Z' }, now).from).toBe('2026-01-01T00:00:00Z');
  });

  it('goes along into the export', () => {
    expect(exportLink('jsonl', { action: 'a&b', from: '2026-01-01T00:00:00Z' })).toBe('/api/audit/export?format=jsonl&action=a%26b&from=2026-01-01T00%3A00%3A00Z');
    expect(exportLink('csv', { decision: 'block', reads: false })).toBe('/api/audit/export?format=csv&decision=block&reads=false');
  });
});

describe('the actions to choose from', async () => {
  const i18n = createInstance();
  await i18n.init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } });
  const names = actionNames(['chat.create', 'thing.do'], i18n.t);

  it('have a name each, a family before its own', () => {
    const chat = names.filter(({ value }) => value === 'chat' || value.startsWith('chat.'));
    expect(chat.slice(0, 2)).toEqual([
      { value: 'chat', name: 'Chat: everything' },
      { value: 'chat.create', name: 'Chat: create' },
    ]);
    expect(names.filter(({ name }) => name.includes('audit.'))).toEqual([]);
  });

  it('are those of the API, and what else was seen', () => {
    const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../docs/openapi.json'), 'utf8')) as { paths: Record<string, Record<string, { 'x-audit-action'?: string }>> };
    const audited = new Set(Object.values(document.paths).flatMap((path) => Object.values(path).flatMap((operation) => operation['x-audit-action'] ?? [])));
    expect([...audited].filter((action) => !names.some(({ value }) => value === action))).toEqual([]);
    expect(names.at(-1)).toEqual({ value: 'thing.do', name: 'thing.do' });
  });
});

describe('the stamps of an event', () => {
  it('are found wherever its payload has them, each once', () => {
    expect(stampsIn({ prompt: { stamps: ['FIN', 'PII'] }, response: { rules: [{ stamps: ['PII'] }] }, other: null })).toEqual(['PII', 'FIN']);
    expect(stampsIn({ stamps: 'PII', list: ['COF', 'NEW'] })).toEqual([]);
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
