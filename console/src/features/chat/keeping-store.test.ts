import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import type { Message } from '@/api/types';
import { keepingOf, withKeptTexts, type KeptMessage } from './keeping-store';

const kept = (change: Partial<KeptMessage>): KeptMessage => ({
  id: 'm1',
  chat_id: 'c1',
  role: 'user',
  text: 'hello',
  status: 'complete',
  decision: null,
  created_at: '2026-01-01T00:00:00Z',
  ...change,
});

const stored = (change: Partial<Message>): Message => ({
  id: 'm1',
  role: 'user',
  status: 'complete',
  text: null,
  model: '',
  input_tokens: 0,
  output_tokens: 0,
  cost: 0,
  decision: null,
  created_at: '2026-01-01T00:00:00Z',
  ...change,
});

describe('what the browser keeps', () => {
  it('gives back a chat in the order in which it was written', async () => {
    const keeping = keepingOf('ana', 'order');
    await keeping.keepMessage(kept({ id: 'b', created_at: '2026-01-01T00:00:02Z', role: 'assistant' }));
    await keeping.keepMessage(kept({ id: 'a', created_at: '2026-01-01T00:00:01Z' }));
    await keeping.keepMessage(kept({ id: 'x', chat_id: 'other' }));
    expect((await keeping.messagesOf('c1')).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('shows one person nothing of another, nor one organization of another', async () => {
    await keepingOf('ana', 'acme').keepTitle('c1', 'secret');
    expect((await keepingOf('ana', 'acme').labels()).titles.get('c1')).toBe('secret');
    expect((await keepingOf('bia', 'acme').labels()).titles.size).toBe(0);
    expect((await keepingOf('ana', 'borealis').labels()).titles.size).toBe(0);
  });

  it('forgets a deleted chat and leaves the others', async () => {
    const keeping = keepingOf('ana', 'forgetting');
    await keeping.keepTitle('c1', 'one');
    await keeping.keepTitle('c2', 'two');
    await keeping.keepTags('c1', ['gone']);
    await keeping.keepTags('c2', ['stays']);
    await keeping.keepMessage(kept({ id: '1', chat_id: 'c1' }));
    await keeping.keepMessage(kept({ id: '2', chat_id: 'c2' }));
    await keeping.forgetChat('c1');
    expect(await keeping.messagesOf('c1')).toEqual([]);
    expect((await keeping.messagesOf('c2')).map(({ id }) => id)).toEqual(['2']);
    const { titles, tags } = await keeping.labels();
    expect([...titles]).toEqual([['c2', 'two']]);
    expect([...tags]).toEqual([['c2', ['stays']]]);
  });

  it('replaces tags, and keeps none when the last is taken away', async () => {
    const keeping = keepingOf('ana', 'tagging');
    await keeping.keepTags('c1', ['a', 'b']);
    await keeping.keepTags('c1', ['b']);
    expect((await keeping.labels()).tags.get('c1')).toEqual(['b']);
    await keeping.keepTags('c1', []);
    expect((await keeping.labels()).tags.size).toBe(0);
  });

  it('keeps what an earlier console wrote, before there were tags', async () => {
    const earlier = await openDB('gatehouse:ana:earlier', 1, {
      upgrade: (db) => {
        db.createObjectStore('titles');
        db.createObjectStore('messages', { keyPath: 'id' }).createIndex('chat', 'chat_id');
      },
    });
    await earlier.put('titles', 'kept', 'c1');
    earlier.close();
    const keeping = keepingOf('ana', 'earlier');
    await keeping.keepTags('c1', ['new']);
    expect((await keeping.labels()).titles.get('c1')).toBe('kept');
  });

  it('forgets everything when told to', async () => {
    const keeping = keepingOf('ana', 'erasing');
    await keeping.keepTitle('c1', 'one');
    await keeping.keepTags('c1', ['a']);
    await keeping.keepMessage(kept({}));
    await keeping.forgetAll();
    const { titles, tags } = await keeping.labels();
    expect(titles.size + tags.size).toBe(0);
    expect(await keeping.messagesOf('c1')).toEqual([]);
  });
});

describe('joining kept texts with the messages of the server', () => {
  it('joins by id whatever the order', () => {
    const joined = withKeptTexts([stored({ id: 'q' }), stored({ id: 'a', role: 'assistant' })], [kept({ id: 'a', role: 'assistant', text: 'answer' }), kept({ id: 'q', text: 'question' })]);
    expect(joined.map(({ text }) => text)).toEqual(['question', 'answer']);
  });

  it('joins in order of role where the server gave ids of its own', () => {
    const joined = withKeptTexts(
      [stored({ id: 's1' }), stored({ id: 's2', role: 'assistant' }), stored({ id: 's3' })],
      [kept({ id: 'k1', text: 'first' }), kept({ id: 'k2', role: 'assistant', text: 'answer' }), kept({ id: 'k3', text: 'second' })],
    );
    expect(joined.map(({ text }) => text)).toEqual(['first', 'answer', 'second']);
  });

  it('never takes a text by order that belongs to another message by id', () => {
    const joined = withKeptTexts([stored({ id: 'lost' }), stored({ id: 'k2' })], [kept({ id: 'k2', text: 'mine' })]);
    expect(joined.map(({ text }) => text)).toEqual([null, 'mine']);
  });

  it('puts a prompt that was refused before it became a message back in its place', () => {
    const joined = withKeptTexts(
      [stored({ id: 'q1', created_at: '2026-01-01T00:00:01Z' }), stored({ id: 'q2', created_at: '2026-01-01T00:00:03Z' })],
      [kept({ id: 'q1' }), kept({ id: 'no', text: 'refused', status: 'blocked', created_at: '2026-01-01T00:00:02Z' }), kept({ id: 'q2' })],
    );
    expect(joined.map(({ id, status }) => [id, status])).toEqual([
      ['q1', 'complete'],
      ['no', 'blocked'],
      ['q2', 'complete'],
    ]);
  });

  it('keeps a text that the server does have', () => {
    expect(withKeptTexts([stored({ text: 'stored' })], [kept({ text: 'kept' })])[0]?.text).toBe('stored');
  });
});
