// What all of the API shares: repeats, pages, versions, headers of security, operations of the installation.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { collect } from '../harness/sse.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const user = await demo.as('user@acme.test');
const admin = await demo.as('admin@acme.test');
const keyed = (key) => ({ headers: { 'idempotency-key': key } });
const count = (table, database = 'us') => demo.databases.value(database, `select count(*)::int from ${table}`);

test('a creating call that is repeated with its key answers the same and creates once', async () => {
  const key = randomUUID();
  const body = { model: 'demo/echo', title: 'Once' };
  const before = await count('chats');
  const first = await user.post('/api/chats', body, keyed(key));
  const again = await user.post('/api/chats', body, keyed(key));
  assert.deepEqual([first.status, again.status], [201, 201]);
  assert.deepEqual(again.json(), first.json());
  assert.equal(again.headers['idempotent-replay'], 'true');
  assert.equal(await count('chats'), before + 1);
  const other = await user.post('/api/chats', { ...body, title: 'Other' }, keyed(key));
  assert.deepEqual([other.status, other.json().code], [422, 'idempotency_mismatch']);
  // The key is the person's own.
  assert.notEqual((await admin.post('/api/chats', body, keyed(key))).json().id, first.json().id);
});

test('calls with one key at the same time create once between them', async () => {
  const key = randomUUID();
  const before = await count('chats');
  const replies = await Promise.all(Array.from({ length: 12 }, () => user.post('/api/chats', { model: 'demo/echo' }, keyed(key))));
  const made = replies.filter((reply) => reply.status === 201);
  assert.ok(made.length >= 1);
  assert.equal(new Set(made.map((reply) => reply.json().id)).size, 1);
  for (const reply of replies.filter((each) => each.status !== 201)) assert.deepEqual([reply.status, reply.json().code], [409, 'idempotency_in_flight']);
  assert.equal(await count('chats'), before + 1);
});

test('a repeat shows a once-shown secret again, which is stored sealed', async () => {
  const key = randomUUID();
  const first = await user.expect(201, 'POST', '/api/api-keys', { body: { name: 'Repeated' }, ...keyed(key) });
  const again = await user.expect(201, 'POST', '/api/api-keys', { body: { name: 'Repeated' }, ...keyed(key) });
  assert.deepEqual(again, first);
  assert.deepEqual(await demo.databases.search([first.secret]), []);
});

test('a call that failed can be repeated with its key', async () => {
  const key = randomUUID();
  await admin.expect(422, 'POST', '/api/policies', { body: { name: '', outcome: 'warn', condition: {} }, ...keyed(key) });
  const rule = await admin.expect(201, 'POST', '/api/policies', { body: { name: `Repeated ${key}`, outcome: 'warn', condition: {} , state: 'disabled' }, ...keyed(key) });
  assert.equal(rule.version, 1);
});

test('keys for repeats are printable and not too long', async () => {
  for (const key of ['', 'x'.repeat(256), 'a\tb'])
    assert.ok([400, 422].includes((await user.post('/api/chats', { model: 'demo/echo' }, keyed(key))).status), JSON.stringify(key));
});

for (const size of [1, 3, 200])
  test(`pages of ${size} show every chat once, newest activity first`, async () => {
    const own = await demo.as('manager@acme.test');
    if (size === 1) for (let i = 0; i < 7; ++i) await own.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
    const seen = [];
    let pages = 0;
    for (let token = ''; token !== null; ++pages) {
      const page = await own.expect(200, 'GET', `/api/chats?limit=${size}${token && `&page_token=${token}`}`);
      assert.ok(page.data.length <= size);
      seen.push(...page.data);
      token = page.next_page_token;
    }
    assert.equal(seen.length, 7);
    assert.equal(new Set(seen.map((chat) => chat.id)).size, 7);
    assert.deepEqual(seen.map((chat) => chat.updated_at), seen.map((chat) => chat.updated_at).sort().reverse());
    assert.ok(pages <= Math.ceil(7 / size) + 1);
  });

test('pages of audit events show each event once', async () => {
  const seen = [];
  const to = encodeURIComponent((await admin.expect(200, 'GET', '/api/audit/events?limit=1')).data[0].sealed_at);
  for (let token = ''; token !== null;) {
    const page = await admin.expect(200, 'GET', `/api/audit/events?limit=4&to=${to}${token && `&page_token=${token}`}`);
    seen.push(...page.data.map((event) => event.sequence));
    token = page.next_page_token;
  }
  assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => b - a));
  assert.equal(seen.at(-1), 1);
});

test('a rule is changed only by who has read its latest version', async () => {
  const made = await admin.post('/api/policies', { name: `Versioned ${randomUUID()}`, outcome: 'warn', state: 'disabled', condition: {} });
  const { id, version } = made.json();
  assert.deepEqual([version, made.headers.etag], [1, '"1"']);
  const path = `/api/policies/${id}`;
  const change = (etag, body = { message: 'Changed' }) => admin.patch(path, body, { headers: { 'if-match': etag } });
  assert.equal((await change(null)).status, 428);
  for (const stale of ['"0"', '"2"', '*x', '1', '"x"']) assert.equal((await change(stale)).status, 412, stale);
  const changed = await change('"1"');
  assert.deepEqual([changed.status, changed.json().version, changed.headers.etag], [200, 2, '"2"']);
  assert.equal((await change('"1"')).status, 412);
  assert.equal((await admin.get(path)).headers.etag, '"2"');
  const raced = await Promise.all(Array.from({ length: 6 }, (_, i) => change('"2"', { message: `By ${i}` })));
  assert.deepEqual(raced.map((reply) => reply.status).sort(), [200, 412, 412, 412, 412, 412]);
  assert.equal((await admin.delete(path)).status, 428);
  assert.equal((await admin.delete(path, { headers: { 'if-match': '"2"' } })).status, 412);
  await admin.expect(204, 'DELETE', path, { headers: { 'if-match': '"3"' } });
});

test('rules have an order, and the order is all of them', async () => {
  const list = async () => (await admin.expect(200, 'GET', '/api/policies')).data.map((rule) => rule.id);
  const before = await list();
  const reversed = [...before].reverse();
  assert.deepEqual((await admin.expect(200, 'POST', '/api/policies/order', { body: { rule_ids: reversed } })).data.map((rule) => rule.id), reversed);
  assert.deepEqual(await list(), reversed);
  for (const bad of [before.slice(1), [...before, before[0]], [...before.slice(1), randomUUID()], []])
    await admin.expect(422, 'POST', '/api/policies/order', { body: { rule_ids: bad } });
  assert.deepEqual(await list(), reversed);
  await admin.expect(200, 'POST', '/api/policies/order', { body: { rule_ids: before } });
});

test('the playground shows what would happen, and where, in code points', async () => {
  const text = '🙂 ana@example.org has a salary';
  const evaluation = await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text } });
  assert.equal(evaluation.outcome, 'redact');
  assert.equal(evaluation.redacted_text, '🙂 [EMAIL_1] has a salary');
  const match = evaluation.matches.find((each) => each.detector === 'email');
  assert.equal([...text].slice(match.begin, match.end).join(''), 'ana@example.org');
  const blocked = await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text: 'project aurora' } });
  assert.deepEqual([blocked.outcome, blocked.redacted_text], ['block', '']);
  const problem = await admin.expect(422, 'POST', '/api/policies/evaluate', { body: { text: 'x', rules: [{ name: 'Bad', outcome: 'warn', condition: { regexes: { patterns: ['('] } } }] } });
  assert.ok(problem.errors[0].pointer.startsWith('/rules/0/'), JSON.stringify(problem.errors));
});

test('a rule in shadow is recorded and does not act; a disabled one does neither', async () => {
  const word = `shadow${randomUUID().slice(0, 8)}`;
  const rules = ['shadow', 'disabled'].map((state) => ({ name: `Is ${state}`, state, outcome: 'block', condition: { phrases: { texts: [word] } } }));
  const { outcome, decision } = await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text: `A ${word} here`, rules } });
  assert.equal(outcome, 'allow');
  assert.deepEqual(decision.rules.map((rule) => [rule.name, rule.shadow]), [['Is shadow', true]]);
});

test('every answer tells browsers to be careful', async () => {
  for (const path of ['/healthz', '/api/auth/me', '/docs/errors']) {
    const { headers } = await user.get(path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.ok(headers['content-security-policy']?.includes('frame-ancestors') || headers['x-frame-options'], path);
    assert.ok(headers['referrer-policy'], path);
    assert.ok(!headers.server && !headers['x-powered-by'], path);
  }
});

test('a request leaves one line in the log, with its request id and its trace id', async () => {
  const [id, trace] = [randomUUID(), randomUUID().replaceAll('-', '')];
  await user.expect(200, 'GET', '/api/auth/me', { headers: { 'x-request-id': id, traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  const file = join(dirname(demo.ready.config), 'gatehouse.log');
  let lines = [];
  await until(() => {
    lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.includes(id));
    return lines.length > 0;
  }, { within: 10_000, every: 50, what: 'the line' });
  assert.equal(lines.length, 1);
  const { event, level, trace_id: traced, operation, status } = JSON.parse(lines[0]);
  assert.deepEqual([event, level, traced, operation, status], ['request', 'info', trace, 'getMe', 200]);
});

test('a caller’s request id is taken if it is harmless, and replaced if not', async () => {
  const id = randomUUID();
  assert.equal((await user.get('/healthz', { headers: { 'x-request-id': id } })).requestId, id);
  for (const bad of ['a b', 'x'.repeat(300), '<script>', 'ü', '52998224725', '529-982-247-25-of-maria', 'maria'])
    assert.notEqual((await user.get('/healthz', { headers: { 'x-request-id': Buffer.from(bad).toString('latin1') } })).requestId, bad);
});

test('metrics count requests, decisions, model calls and the outbox', async () => {
  await demo.withKey(demo.ready.api_keys.acme).expect(200, 'POST', '/v1/chat/completions', { body: { model: 'demo/echo', messages: [{ role: 'user', content: 'salary' }] } });
  const reply = await demo.nobody().get('/metrics');
  assert.equal(reply.type, 'text/plain');
  for (const wanted of [/^gatehouse_requests_total\{.*operation="createChatCompletion".*\} [1-9]/m, /^gatehouse_request_seconds_bucket/m, /^gatehouse_policy_\w+\{.*\} [1-9]/m, /^gatehouse_(provider|model)_\w+/m, /^gatehouse_pg_pool\w*/m, /^gatehouse_audit_outbox\w*/m])
    assert.match(reply.text, wanted);
  assert.ok(!reply.text.includes(demo.ready.api_keys.acme) && !reply.text.includes(user.organization.id));
});

test('it is alive and ready, and documents its errors', async () => {
  await demo.nobody().expect(200, 'GET', '/healthz');
  await demo.nobody().expect(200, 'GET', '/readyz');
  const page = (await demo.nobody().get('/docs/errors')).text;
  for (const code of demo.contract.document.components.schemas.Problem.properties.code.enum) assert.ok(page.includes(`id="${code}"`), code);
});

test('how much one person may do is the operator’s to set', async () => {
  const other = await Demo.start({ env: { GATEHOUSE_SERVER__WRITES_PER_SECOND: '1' } });
  const person = await other.signIn('user@acme.test');
  const statuses = [];
  for (let i = 0; i < 6; ++i) statuses.push((await person.send('POST', '/api/chats', { body: { model: 'demo/echo' }, patient: false })).status);
  assert.deepEqual([statuses[0], statuses.at(-1)], [201, 429]);
  assert.equal(await person.get('/api/chats').then((reply) => reply.status), 200);
  await other.stop();
});

test('a graceful stop lets a stream end first', async () => {
  const other = await Demo.start();
  const key = other.withKey(other.ready.api_keys.acme);
  const { status, frames } = await key.stream('POST', '/v1/chat/completions', { body: { model: 'demo/assistant', stream: true, messages: [{ role: 'user', content: 'Tell me everything' }] } });
  assert.equal(status, 200);
  await frames.next();
  process.kill(other.pid, 'SIGTERM');
  const chunks = await collect(frames);
  assert.ok(chunks.some((chunk) => chunk.choices[0]?.finish_reason === 'stop'));
  assert.equal(await other.ended(), 0);
  await other.stop();
});
