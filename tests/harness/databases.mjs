// What lies in the demo's databases, seen as a superuser.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { until } from './until.mjs';

// What goes on by itself: uses of a session or key, hits counted in the background.
const volatile = {
  sessions: ['last_seen_at', 'rotated_at', 'confirmed_at', 'token_hash', 'previous_hash'],
  operator_sessions: ['last_seen_at', 'rotated_at', 'confirmed_at', 'token_hash', 'previous_hash'],
  api_keys: ['last_used_at'],
  scim_tokens: ['last_used_at'],
  service_accounts: ['last_used_at', 'updated_at'],
  service_account_secrets: ['last_used_at'],
};
const uncounted = ['audit_marks', 'audit_outbox', 'policy_hits', 'quota_leases', 'schema_migrations', 'tenant_usage'];

export class Databases {
  #pools = new Map();

  constructor(dsns) {
    this.dsns = dsns;
    this.names = Object.keys(dsns);
  }

  #pool(name) {
    if (!this.#pools.has(name)) {
      const pool = new pg.Pool({ connectionString: this.dsns[name], max: 2 });
      // An idle connection that is cut belongs to a test that cuts it; the next query tells.
      pool.on('error', () => {});
      this.#pools.set(name, pool);
    }
    return this.#pools.get(name);
  }

  async rows(name, sql, params = []) { return (await this.#pool(name).query(sql, params)).rows; }
  async value(name, sql, params = []) {
    const [row] = await this.rows(name, sql, params);
    return row && Object.values(row)[0];
  }
  /** A connection of its own, thrown away afterwards: for settings, roles and failed transactions. */
  async session(name, work) {
    const client = await this.#pool(name).connect();
    try {
      return await work((sql, params) => client.query(sql, params));
    } finally {
      client.release(true);
    }
  }
  /** Changes what triggers would protect. */
  tamper(name, sql, params) {
    return this.session(name, async (query) => {
      await query('set session_replication_role = replica');
      return query(sql, params);
    });
  }

  /** Connections, so that a server can be stopped or cut; the next query makes new ones. */
  async close() {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.end()));
  }

  tables(name) {
    return this.rows(name, `select relname as table from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname = 'public' and relkind in ('r', 'p') and not relispartition order by 1`);
  }

  /** Once the intent of every model call has given way to its metering event. */
  settled(name) {
    return until(async () => (await this.value(name, 'select count(*)::int from model_calls')) === 0, { what: `the calls of ${name} to be settled` });
  }

  /** A digest of each table's content, to tell whether anything changed. */
  async snapshot(names = ['control', 'us', 'eu']) {
    const digests = {};
    for (const name of names) if (name !== 'control') await this.settled(name);
    for (const name of names)
      for (const { table } of await this.tables(name)) {
        if (uncounted.includes(table)) continue;
        const hidden = volatile[table] ?? [];
        digests[`${name}.${table}`] = await this.value(name,
          `select md5(coalesce(string_agg(row, e'\\n' order by row), '')) from
             (select (to_jsonb(t) - $1::text[])::text as row from "${table}" t) rows`, [hidden]);
      }
    return digests;
  }

  /** Tables in which one of the texts stands, as text or within bytes. */
  async search(needles) {
    const patterns = needles.flatMap((needle) => [needle, Buffer.from(needle).toString('hex')]);
    const found = [];
    for (const name of this.names)
      for (const { table } of await this.tables(name)) {
        const rows = await this.rows(name, `select t::text as row from "${table}" t
          where exists (select from unnest($1::text[]) needle where position(needle in t::text) > 0) limit 3`, [patterns]);
        found.push(...rows.map(({ row }) => `${name}.${table}: ${row.slice(0, 300)}`));
      }
    return found;
  }

  /** Audit events by request, once every event has reached its chain. */
  async eventsOf(requestIds) {
    await this.outboxesEmpty();
    const events = new Map(requestIds.map((id) => [id, []]));
    for (const name of ['us_audit', 'eu_audit']) {
      const rows = await this.rows(name, 'select * from audit_events where request_id = any ($1)', [requestIds]);
      for (const row of rows) events.get(row.request_id).push(row);
    }
    return events;
  }
  async outboxesEmpty() {
    for (const name of ['us', 'eu'])
      await until(async () => (await this.value(name, 'select count(*)::int from audit_outbox')) === 0,
        { within: 15_000, what: `the audit outbox of ${name} to drain` });
  }
}

/** Files below `folder` that contain one of the texts. */
export function searchFiles(folder, needles) {
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    let content;
    try {
      if (statSync(path).size === 0) continue;
      content = readFileSync(path);
    } catch (error) {
      if (error.code === 'ENOENT') continue;  // PostgreSQL's temporary files come and go
      throw error;
    }
    for (const needle of needles) if (content.includes(needle)) found.push(`${path}: ${needle}`);
  }
  return found;
}
