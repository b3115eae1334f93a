// kill -9 under load, of the server and of PostgreSQL, at any time and between any two steps of a call: what was answered
// is on record, what reached a provider was intended on record, and the next start is clean.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { Demo, hasFailpoints } from '../harness/demo.mjs';
import { Load } from '../harness/load.mjs';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { addProvider } from '../harness/providers.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
const mock = await MockUpstream.start({ pause: 5 });
after(async () => {
  await mock.stop();
  await demo.stop();
});
await addProvider(await demo.as('admin@acme.test'), mock);
beforeEach(async () => {
  if (demo.running) return;
  await demo.databases.close();
  await demo.launch();
});

/** Model calls both ways, chats, and plain changes and reads. */
async function startLoad() {
  const user = await demo.as('user@acme.test');
  const chat = await user.expect(201, 'POST', '/api/chats', { body: { model: 'mock/echo' } });
  const key = { authorization: `Bearer ${demo.ready.api_keys.acme}` };
  const session = { cookie: user.cookie, 'gatehouse-csrf': user.csrf };
  const completion = (stream) => (marker) => ({
    method: 'POST', path: '/v1/chat/completions', headers: key,
    body: { model: 'mock/echo', stream, messages: [{ role: 'user', content: marker }] },
  });
  return new Load(demo.http, [
    completion(false), completion(true), completion(false),
    (marker) => ({
      method: 'POST', path: `/api/chats/${chat.id}/messages`, headers: session,
      body: { id: chat.id, trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: marker }] }] },
    }),
    (marker) => ({ method: 'POST', path: '/api/chats', headers: session, body: { model: 'mock/echo', title: marker } }),
    () => ({ method: 'GET', path: '/api/chats?limit=20', headers: session }),
  ]);
}

const markersSeen = () => mock.requests.map(({ text }) => text.match(/marker-[0-9a-f-]{36}(?!.*marker-)/)?.[0]).filter(Boolean);
let seenBefore = 0;
/** Request ids of the calls that reached the provider since the last time. */
function reachedProvider(load) {
  const seen = markersSeen().slice(seenBefore).map((marker) => load.sent.get(marker)).filter(Boolean);
  seenBefore = markersSeen().length;
  return [...new Set(seen)];
}

/** After the next start, which settles what was under way: a call that was never intended could not be. */
async function assertWhole(load, reached, outcomes = []) {
  await until(async () => (await demo.http.send('GET', '/readyz')).status === 200, { within: 30_000, what: 'readiness' });
  const events = await demo.databases.eventsOf([...new Set([...load.answered, ...reached])]);
  const wrong = (ids) => ids.filter((id) => events.get(id).length !== 1).map((id) => [id, events.get(id).map((event) => `${event.action} ${event.outcome}`)]);
  assert.deepEqual(wrong(load.answered), [], 'answered calls without their one event');
  assert.deepEqual(wrong(reached), [], 'upstream calls without their one event');
  for (const id of load.answered) assert.equal(events.get(id)[0].outcome, 'success');
  outcomes.push(...reached.flatMap((id) => events.get(id).map((event) => event.outcome)));
  await demo.databases.settled('us');
  const streaming = await demo.databases.value('us', "select count(*)::int from messages where status = 'streaming'");
  assert.equal(streaming, 0);
  const verified = await demo.cli('audit', 'verify');
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
}
/** Each call that went on to a provider is metered once, and as its event says. */
async function assertMetered() {
  const called = await demo.databases.rows('us_audit', `select payload_json->>'model_call_id' as call, coalesce(payload_json->>'outcome', 'unknown') as outcome,
    payload_json->>'output_tokens' as tokens from audit_events where action in ('model.call', 'chat.message.create') and payload_json::jsonb ? 'model_call_id'`);
  const metered = await demo.databases.rows('us', 'select id as call, outcome, output_tokens as tokens from metering_events');
  const told = (rows) => rows.map((row) => `${row.call} ${row.outcome} ${row.outcome === 'unknown' ? '' : row.tokens}`).sort();
  assert.deepEqual(told(metered), told(called));
}

async function underLoad(crash, { atLeast = 60, env } = {}) {
  if (env) {
    await demo.databases.close();
    assert.equal(await demo.interrupt(), 0);
    await demo.launch({ env });
  }
  const load = await startLoad();
  if (!env) await until(() => load.answered.length >= atLeast, { within: 30_000, what: 'load' });
  await crash(load);
  demo.http.close();
  await load.stop();
  return load;
}

for (const round of [1, 2, 3, 4])
  test(`the server is killed under load, round ${round}`, async () => {
    const load = await underLoad(() => demo.kill(), { atLeast: 25 * round });
    const reached = reachedProvider(load);
    assert.ok(load.answered.length > 0 && reached.length > 0);
    await demo.databases.close();
    await demo.launch();
    await assertWhole(load, reached);
    await assertMetered();
  });

for (const round of [1, 2])
  test(`PostgreSQL is killed under load, round ${round}`, async () => {
    const load = await underLoad(async () => {
      process.kill(demo.postmaster(), 'SIGKILL');
      await until(async () => (await demo.http.send('GET', '/readyz')).status === 503, { within: 20_000, what: 'the server to notice' });
    }, { atLeast: 40 * round });
    // It lives on and says so, although it can serve nobody.
    assert.ok(demo.running);
    assert.equal((await demo.http.send('GET', '/healthz')).status, 200);
    const reached = reachedProvider(load);
    await demo.databases.close();
    await demo.kill();
    await demo.launch();
    await assertWhole(load, reached);
    await assertMetered();
  });

const failpoints = ['models.after_intent=kill:9', 'models.before_append=kill:9', 'models.after_append=kill:9', 'audit.append.committed=kill:60', 'audit.drain.appended=kill:9'];
test('the audit database refuses for a while: calls are answered all the same, and recorded once it is back', async () => {
  const load = await underLoad(async (under) => {
    await demo.databases.rows('control', `update pg_database set datallowconn = false where datname = 'gatehouse_us_audit'`);
    await demo.databases.rows('control', `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'gatehouse_us_audit'`);
    const before = under.answered.length;
    await until(() => under.answered.length >= before + 10, { within: 60_000, what: 'calls to be answered without the audit database' });
    await demo.databases.rows('control', `update pg_database set datallowconn = true where datname = 'gatehouse_us_audit'`);
  }, { atLeast: 25 });
  await assertWhole(load, reachedProvider(load));
  await assertMetered();
});

for (const failpoint of failpoints)
  test(`the server dies at ${failpoint}`, { skip: !hasFailpoints() && 'this build has no failpoints' }, async () => {
    const load = await underLoad(async () => assert.equal(await demo.ended(), 'SIGKILL'), { env: { GATEHOUSE_FAILPOINTS: failpoint } });
    const reached = reachedProvider(load);
    await demo.databases.close();
    await demo.launch();
    const outcomes = [];
    await assertWhole(load, reached, outcomes);
    await assertMetered();
    // What died between intent and outcome is known not to be known.
    if (failpoint.startsWith('models.before_append')) assert.ok(outcomes.includes('unknown'), outcomes.join());
  });
