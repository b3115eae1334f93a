// Waits for what another process does, with a bound; never for time to pass.
import { setTimeout as delay } from 'node:timers/promises';

/** Once so many statements wait for a lock somewhere in the cluster of `databases`. */
export const waiting = (databases, count) =>
  until(async () => (await databases.value('us', 'select count(*)::int from pg_locks where not granted')) === count, { what: `${count} to wait for a lock` });

/** The first truthy value of `condition`, asked every few milliseconds. Throws after `within` milliseconds. */
export async function until(condition, { within = 10_000, what = 'a condition', every = 10 } = {}) {
  const end = performance.now() + within;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain for ${what}`);
    await delay(every);
  }
}

/** As until(), of eight calls at once: their connections are with several of the server's reactors, each of which learns of a change by itself. */
export const untilAll = (condition, options) =>
  until(async () => (await Promise.all(Array.from({ length: 8 }, condition))).every(Boolean), { every: 100, ...options });
