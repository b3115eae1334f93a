// The record: read, filtered, exported, verified, and verified to be altered once it is.
import { strict as assert } from 'node:assert';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const user = await demo.as('user@acme.test');
const organization = admin.organization.id;

// Something to look at.
const chat = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', title: 'Seen by the auditor' } });
await user.expect(200, 'GET', `/api/chats/${chat.id}`);
await user.expect(403, 'GET', '/api/audit/events');
await demo.withKey(demo.ready.api_keys.acme).expect(403, 'POST', '/v1/chat/completions', { body: { model: 'demo/echo', messages: [{ role: 'user', content: 'project aurora' }] } });
await demo.databases.outboxesEmpty();

const list = async (query = '') => (await admin.expect(200, 'GET', `/api/audit/events?${query}`)).data;
const sha256 = (prefix, text) => createHash('sha256').update(prefix).update(text).digest('hex');
const exported = (format, query = '') => admin.get(`/api/audit/export?format=${format}${query}`);
function fileWith(name, text) {
  const path = join(demo.data, name);
  writeFileSync(path, text);
  return path;
}

test('events tell who did what, on what, from where, and are found by each of it', async () => {
  const [event] = await list(`resource=chat:${chat.id}&action=chat.create`);
  assert.deepEqual([event.actor_type, event.actor_id, event.actor_name, event.outcome], ['user', user.me.user.id, user.me.user.name, 'success']);
  assert.equal(event.ip, '127.0.0.1');
  for (const query of [`actor_id=${user.me.user.id}`, 'resource=chat', `from=${encodeURIComponent(event.sealed_at)}`])
    assert.ok((await list(query)).some((each) => each.id === event.id), query);
  assert.ok(!(await list(`to=${encodeURIComponent(event.sealed_at)}`)).some((each) => each.id === event.id));
  assert.deepEqual([...new Set((await list('outcome=denied')).map((each) => each.outcome))], ['denied']);
  assert.deepEqual([...new Set((await list(`actor_id=${user.me.user.id}`)).map((each) => each.actor_id))], [user.me.user.id]);
  assert.deepEqual((await list('action=model.call')).map((each) => [each.outcome, each.decision, each.actor_type]), [['denied', 'block', 'api_key']]);
  assert.ok(!JSON.stringify(await list('limit=200')).includes('aurora'), 'content in metadata');
});

test('one event is shown with the exact bytes that were hashed', async () => {
  const [shown] = await list(`resource=chat:${chat.id}`);
  const { event, record } = await admin.expect(200, 'GET', `/api/audit/events/${shown.id}`);
  assert.equal(sha256(Buffer.from([0]), record), event.hash);
  const previous = await demo.databases.value('us_audit', 'select encode(hash, $3) from audit_events where org_id = $1 and org_sequence = $2', [organization, event.sequence - 1, 'hex']);
  assert.equal(event.prev_hash, previous);
  assert.ok(!record.includes('127.0.0.1'), 'an address in clear');
});

test('addresses and browsers are sealed in what is stored', async () => {
  const agent = `Agent-${randomUUID()}`;
  await user.expect(200, 'GET', '/api/auth/me', { headers: { 'user-agent': agent } });
  assert.deepEqual(await demo.databases.search([agent, '127.0.0.1']), []);
});

test('the organization’s chain verifies, by the API and by the command line', async () => {
  const report = await admin.expect(200, 'POST', '/api/audit/verify');
  assert.deepEqual([report.ok, report.problems, report.first_sequence], [true, [], 1]);
  assert.equal(report.events, report.last_sequence);
  const cli = await demo.cli('audit', 'verify');
  assert.equal(cli.code, 0, cli.stdout + cli.stderr);
  assert.match(cli.stdout, /^us: \d+ events.*sound$/m);
  assert.equal((await demo.cli('audit', 'verify', '--region', 'us', '--organization', organization)).code, 0);
});

test('exports hold every event of the period, in three formats', async () => {
  const csv = await exported('csv');
  assert.equal(csv.status, 200);
  assert.match(csv.headers['content-disposition'], /^attachment; filename="gatehouse-audit-acme.*\.csv"$/);
  assert.equal(csv.type, 'text/csv');
  const rows = csvRows(csv.text);
  assert.ok(rows[0].includes('action') && rows.slice(1).every((row) => row.length === rows[0].length));
  assert.ok(rows.slice(1).some((row) => row.includes('chat.create')));
  assert.ok(rows.flat().every((cell) => !/^[=+@]/.test(cell)), 'a cell that a spreadsheet would run');
  const json = (await exported('json')).json();
  assert.ok(Array.isArray(json) && json.length >= rows.length - 1);
  const lines = (await exported('jsonl')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines[0].export && lines.at(-1).end);
  for (const { record, hash } of lines.slice(1, -1)) assert.equal(sha256(Buffer.from([0]), record), hash);
  assert.equal(Number(lines.at(-1).end.events), lines.length - 2);
  const filtered = (await exported('json', '&action=chat.create')).json();
  assert.ok(filtered.length >= 1 && filtered.every((event) => event.action === 'chat.create'));
  const command = await demo.cli('audit', 'export', '--region', 'us', '--organization', organization, '--format', 'json');
  assert.ok(JSON.parse(command.stdout).length >= json.length);
});

test('an export in JSON Lines verifies offline, and not once a byte of it changed, a line is gone or its end is', async () => {
  const { text } = await exported('jsonl');
  const verify = (name, content) => demo.cli('audit', 'verify', '--file', fileWith(name, content));
  assert.equal((await verify('whole.jsonl', text)).code, 0);
  const lines = text.trimEnd().split('\n');
  const altered = lines.with(3, lines[3].replace(/"record":"\{(.{40})(.)/, (_, before, one) => `"record":"{${before}${one === 'a' ? 'b' : 'a'}`));
  assert.notEqual(altered[3], lines[3]);
  assert.equal((await verify('altered.jsonl', `${altered.join('\n')}\n`)).code, 2);
  assert.equal((await verify('gap.jsonl', `${lines.toSpliced(3, 1).join('\n')}\n`)).code, 2);
  assert.equal((await verify('swapped.jsonl', `${lines.with(3, lines[4]).with(4, lines[3]).join('\n')}\n`)).code, 2);
  assert.equal((await verify('truncated.jsonl', `${lines.slice(0, -3).join('\n')}\n`)).code, 3);
  assert.equal((await verify('nonsense.jsonl', 'nonsense\n')).code, 4);
});

test('the database itself refuses to change or remove an event, to superusers by a trigger', async () => {
  const count = () => demo.databases.value('us_audit', "select count(*)::int || ' ' || md5(string_agg(hash::text, '' order by region_sequence)) from audit_events");
  const before = await count();
  for (const [sql, role] of [
    ['update audit_events set outcome = outcome', 'gatehouse_audit'], ['delete from audit_events', 'gatehouse_audit'], ['truncate audit_events', 'gatehouse_audit'],
    ['delete from audit_events', 'gatehouse_app'], ["update audit_events set action = 'x'", 'gatehouse_owner'], ['update audit_events set outcome = outcome', 'postgres'],
  ])
    await demo.databases.session('us_audit', async (query) => {
      await query(`set role ${role}`);
      // Row-level security shows the owner nothing to change.
      const { rowCount } = await query(sql).catch((error) => assert.match(error.message, /refused|permission denied/) ?? { rowCount: 0 });
      assert.equal(rowCount, 0, `${role}: ${sql}`);
    });
  assert.equal(await count(), before);
});

// Last: it spoils the record.
test('one byte changed in the audit database as superuser is found, and where', async () => {
  const [row] = await demo.databases.rows('us_audit', `select id, region_sequence, org_sequence, record, hash, prev_hash, action, actor_id, sealed_at::text, payload_json::text
    from audit_events where org_id = $1 and action = $2`, [organization, 'chat.create']);
  const tamper = (sql, params) => demo.databases.tamper('us_audit', sql, params);
  const verifies = async () => ({
    command: await demo.cli('audit', 'verify'),
    report: await admin.expect(200, 'POST', '/api/audit/verify'),
  });
  const flipped = (bytes, at = Math.floor(bytes.length / 2)) => Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));
  const changes = { record: flipped(row.record), hash: flipped(row.hash), prev_hash: flipped(row.prev_hash), action: 'chat.delete', actor_id: randomUUID(), sealed_at: '1970-01-01T00:00:00Z', payload_json: '{"forged":true}' };
  for (const [name, value] of Object.entries(changes)) {
    await tamper(`update audit_events set ${name} = $1 where id = $2`, [value, row.id]);
    const { command, report } = await verifies();
    assert.equal(command.code, 2, `${name}: ${command.stdout}`);
    assert.match(command.stdout, new RegExp(`^  at ${row.region_sequence} \\(organization ${organization}, its ${row.org_sequence}, event ${row.id}\\): `, 'm'), `${name}: ${command.stdout}`);
    assert.equal(report.ok, false, name);
    assert.ok(report.problems.some((problem) => problem.sequence === Number(row.org_sequence)), `${name}: ${JSON.stringify(report.problems)}`);
    assert.equal((await demo.cli('audit', 'verify', '--region', 'eu')).code, 0);
    await tamper(`update audit_events set ${name} = $1 where id = $2`, [row[name], row.id]);
  }
  assert.equal((await verifies()).report.ok, true);
  await tamper('delete from audit_events where id = $1', [row.id]);
  const { command, report } = await verifies();
  assert.equal(command.code, 2, command.stdout);
  assert.ok(report.problems.some((problem) => problem.kind === 'missing'), JSON.stringify(report.problems));
});

test('a record that was wiped or begun anew as superuser does not verify, and the running server appends nothing to it', async () => {
  const head = await demo.databases.value('us_audit', 'select org_sequence from audit_chain_heads where org_id = $1', [organization]);
  await until(async () => Number(await demo.databases.value('us', 'select org_sequence from audit_marks where organization_id = $1', [organization])) >= Number(head), { what: 'the mark' });
  const wipe = 'delete from audit_events; delete from audit_chain_heads;';
  for (const [sql, code] of [["update audit_head set region = null, region_sequence = 0, sealed_at = 'epoch'", 3], ['delete from audit_head', 2]]) {
    await demo.databases.tamper('us_audit', wipe + sql);
    // The call cannot be recorded, so it fails; that is seen, and nothing begins anew.
    assert.equal((await admin.post('/api/audit/verify')).status, 500);
    assert.equal(await demo.databases.value('us_audit', 'select count(*)::int from audit_events'), 0);
    assert.match(readFileSync(join(demo.data, 'gatehouse.log'), 'utf8'), /"level":"error","event":"audit.append_refused","region":"us"/);
    const { code: found, stdout } = await demo.cli('audit', 'verify', '--region', 'us');
    assert.equal(found, code, stdout);
    assert.match(stdout, /the server saw \d+ chained/);
  }
  // Another process remembers nothing, and appends to a database that was made new; the mark tells.
  await demo.databases.tamper('us_audit', "insert into audit_head (region_sequence, sealed_at) values (0, 'epoch')");
  await demo.databases.close();
  assert.equal(await demo.interrupt(), 0);
  await demo.launch();
  const report = await (await demo.as('admin@acme.test')).expect(200, 'POST', '/api/audit/verify');
  assert.equal(report.ok, false);
  assert.ok(report.problems.some((problem) => problem.kind === 'truncated'), JSON.stringify(report.problems));
  await demo.databases.tamper('us', 'delete from audit_marks');
  assert.equal((await demo.cli('audit', 'verify', '--region', 'us')).code, 0, 'who holds both databases: compare with a head kept elsewhere');
});

/** RFC 4180. */
function csvRows(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
