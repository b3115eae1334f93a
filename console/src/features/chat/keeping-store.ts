// What this browser keeps of the chats of a `metadata_only` organization: their texts, titles and tags, which the server
// never stores. One database per person and organization, so that neither sees another's.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Decision, Message } from '@/api/types';

export interface KeptMessage {
  id: string;
  chat_id: string;
  role: Message['role'];
  text: string;
  status: 'complete' | 'blocked' | 'stopped' | 'failed';
  decision: Decision | null;
  created_at: string;
}

interface Schema extends DBSchema {
  titles: { key: string; value: string };
  tags: { key: string; value: string[] };
  messages: { key: string; value: KeptMessage; indexes: { chat: string } };
}

/** By chat. A chat without a title or a tag is not in the map. */
export interface KeptLabels {
  titles: ReadonlyMap<string, string>;
  tags: ReadonlyMap<string, readonly string[]>;
}

export interface Keeping {
  labels: () => Promise<KeptLabels>;
  keepTitle: (chat: string, title: string) => Promise<void>;
  /** In place of the chat's tags there were. */
  keepTags: (chat: string, tags: readonly string[]) => Promise<void>;
  /** In the order in which they were written. */
  messagesOf: (chat: string) => Promise<KeptMessage[]>;
  keepMessage: (message: KeptMessage) => Promise<void>;
  forgetChat: (chat: string) => Promise<void>;
  forgetAll: () => Promise<void>;
}

const open = new Map<string, Promise<IDBPDatabase<Schema>>>();

function database(name: string): Promise<IDBPDatabase<Schema>> {
  const known = open.get(name);
  if (known) return known;
  const opened = openDB<Schema>(name, 2, {
    upgrade: (db, from) => {
      if (from < 1) {
        db.createObjectStore('titles');
        db.createObjectStore('messages', { keyPath: 'id' }).createIndex('chat', 'chat_id');
      }
      db.createObjectStore('tags');
    },
    // A tab with a later console waits for this one to let go; the next use opens it again.
    blocking: (_now, _wanted, event) => {
      open.delete(name);
      (event.target as IDBDatabase).close();
    },
  });
  open.set(name, opened);
  return opened;
}

function paired<T>(keys: readonly string[], values: readonly T[]): Map<string, T> {
  return new Map(keys.flatMap((key, at) => (values[at] === undefined ? [] : [[key, values[at]] as const])));
}

export function keepingOf(user: string, organization: string): Keeping {
  const db = () => database(`gatehouse:${user}:${organization}`);
  return {
    labels: async () => {
      const transaction = (await db()).transaction(['titles', 'tags']);
      const [titled, titles, tagged, tags] = await Promise.all([
        transaction.objectStore('titles').getAllKeys(),
        transaction.objectStore('titles').getAll(),
        transaction.objectStore('tags').getAllKeys(),
        transaction.objectStore('tags').getAll(),
      ]);
      return { titles: paired(titled, titles), tags: paired(tagged, tags) };
    },
    keepTitle: async (chat, title) => {
      await (await db()).put('titles', title, chat);
    },
    keepTags: async (chat, tags) => {
      if (tags.length > 0) await (await db()).put('tags', [...tags], chat);
      else await (await db()).delete('tags', chat);
    },
    messagesOf: async (chat) => {
      const found = await (await db()).getAllFromIndex('messages', 'chat', chat);
      return found.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id));
    },
    keepMessage: async (message) => {
      await (await db()).put('messages', message);
    },
    forgetChat: async (chat) => {
      const transaction = (await db()).transaction(['titles', 'tags', 'messages'], 'readwrite');
      await Promise.all([transaction.objectStore('titles').delete(chat), transaction.objectStore('tags').delete(chat)]);
      for (const id of await transaction.objectStore('messages').index('chat').getAllKeys(chat)) {
        await transaction.objectStore('messages').delete(id);
      }
      await transaction.done;
    },
    forgetAll: async () => {
      const transaction = (await db()).transaction(['titles', 'tags', 'messages'], 'readwrite');
      await Promise.all([...(['titles', 'tags', 'messages'] as const).map((store) => transaction.objectStore(store).clear()), transaction.done]);
    },
  };
}

/**
 * The server's messages with the texts this browser kept: by id, else the next one kept in the same role. Prompts that
 * a rule blocked before the server recorded a message are put back in their place.
 */
export function withKeptTexts(messages: readonly Message[], kept: readonly KeptMessage[]): Message[] {
  const left = new Map(kept.map((one) => [one.id, one]));
  const claim = (message: Message): KeptMessage | undefined => {
    const same =
      left.get(message.id) ??
      [...left.values()].find((one) => one.role === message.role && (one.status === 'blocked') === (message.status === 'blocked') && !messages.some(({ id }) => id === one.id));
    if (same) left.delete(same.id);
    return same;
  };
  const merged = messages.map((message) => (message.text == null ? { ...message, text: claim(message)?.text ?? null } : message));
  const blocked = [...left.values()].filter((one) => one.status === 'blocked').map(asMessage);
  return [...merged, ...blocked].sort((a, b) => (blocked.includes(a) || blocked.includes(b) ? Date.parse(a.created_at) - Date.parse(b.created_at) : 0));
}

function asMessage(kept: KeptMessage): Message {
  const { id, role, text, status, decision, created_at } = kept;
  return { id, role, text, status, decision, created_at, model: '', input_tokens: 0, output_tokens: 0, cost: 0 };
}
