// What an organization uses of its plan: the monthly quota over nodes, gates that close while streams are open, rates,
// caps on what programs change, and the view of all that.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Actor } from '../harness/actor.mjs';
import { Demo } from '../harness/demo.mjs';
import { Node } from '../harness/node.mjs';
import { invite } from '../harness/people.mjs';
import { collect } from '../harness/sse.mjs';
import { apiKeyOf, completion, makePlan, makeTenant, operatorOf, planBySlug, setStatus, through } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const operator = await operatorOf(demo);
const call = (key, at = demo.http, body = {}) => at.send('POST', '/v1/chat/completions', completion(key, body));
const codes = (replies) => {
  const counted = {};
  for (const reply of replies) {
    const code = reply.status === 200 ? 'ok' : reply.json().error.code;
    counted[code] = (counted[code] ?? 0) + 1;
  }
  return counted;
};
const monthly = (tenant, column = 'request_count') => demo.databases.value(tenant.region, `select ${column}::int from tenant_usage where organization_id = $1`, [tenant.id]);
const used = (tenant) => demo.databases.value(tenant.region, "select requests_used($1, to_char(now() at time zone 'UTC', 'YYYY-MM'))::int", [tenant.id]);

test('a limit of 500 admits exactly 500 of 2,000 parallel calls over two nodes, and the refusal says when it ends', async () => {
  const { tenant, admin } = await makeTenant(demo, await planBySlug(demo, 'free'));
  const key = await apiKeyOf(admin);
  const node = await Node.start(demo);
  const second = through(demo, node);
  const replies = await Promise.all(Array.from({ length: 2000 }, (_, i) => call(key, i % 2 ? second.http : demo.http)));
  assert.deepEqual(codes(replies), { ok: 500, plan_limit_reached: 1500 });
  const refused = replies.find((reply) => reply.status !== 200);
  assert.deepEqual([refused.status, refused.json().error.type], [402, 'insufficient_quota']);
  await demo.databases.settled('us');
  assert.equal(await demo.databases.value('us', 'select count(*)::int from metering_events where organization_id = $1', [tenant.id]), 500);
  assert.deepEqual([await monthly(tenant), await used(tenant)], [500, 500]);

  // Chats count by the same number, and say how it stands.
  const chat = await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const message = { id: randomUUID(), trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'one more' }] }] };
  const told = await admin.post(`/api/chats/${chat.id}/messages`, message);
  const { code, quota } = told.json();
  const now = new Date();
  assert.deepEqual([told.status, code, quota], [402, 'plan_limit_reached', { limit: 500, used: 500, resets_at: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString().replace('000Z', '000000Z') }]);
  const view = await admin.expect(200, 'GET', '/api/usage');
  assert.deepEqual([view.requests.used, view.requests.limit, view.plan.slug], [500, 500, 'free']);
  assert.equal(view.by_day.reduce((sum, day) => sum + day.requests, 0), 500);
  assert.deepEqual(view.by_model.map(({ model, requests }) => [model, requests]), [['demo/echo', 500]]);

  // A larger plan opens it again on both nodes.
  await operator.expect(200, 'PATCH', `/api/core/tenants/${tenant.id}`, { body: { plan_id: (await planBySlug(demo, 'starter')).id } });
  for (const at of [demo.http, second.http]) await until(async () => (await call(key, at)).status === 200, { what: 'the larger plan to be in force' });
  second.http.close();
  assert.equal(await node.stop(), 0, node.log);
});

test('a change of the plan itself is in force on every node, up and down', async () => {
  const plan = await makePlan(demo, { max_requests_month: 1 });
  const { admin } = await makeTenant(demo, plan);
  const key = await apiKeyOf(admin);
  assert.deepEqual(codes([await call(key), await call(key)]), { ok: 1, plan_limit_reached: 1 });
  const change = (version, limit) => operator.expect(200, 'PATCH', `/api/core/plans/${plan.id}`, { body: { max_requests_month: limit }, headers: { 'if-match': `"${version}"` } });
  await change(1, null);
  await until(async () => (await call(key)).status === 200, { what: 'the limit to be gone' });
  await change(2, 1);
  await until(async () => (await call(key)).status === 402, { what: 'the limit to be back' });
});

test('what was leased and not spent goes back: when a node is idle, and when it stops', async () => {
  const { tenant, admin } = await makeTenant(demo, await makePlan(demo));
  const key = await apiKeyOf(admin);
  const node = await Node.start(demo);
  const second = through(demo, node);
  for (let i = 0; i < 3; ++i) assert.equal((await call(key, second.http)).status, 200);
  assert.ok(await monthly(tenant) > 3, 'unlimited tenants are leased more than they ask for');
  assert.equal(await used(tenant), 3);
  second.http.close();
  assert.equal(await node.stop(), 0, node.log);
  await until(async () => (await monthly(tenant)) === 3, { what: 'the rest to be given back' });
  assert.equal((await call(key)).status, 200);
  await until(async () => (await monthly(tenant)) === 4, { within: 20_000, what: 'an idle lease to be given back' });
  assert.equal(await demo.databases.value('us', 'select count(*)::int from quota_leases where organization_id = $1', [tenant.id]), 0);
});

test('a node that is killed loses nothing of the quota: what it had not spent is counted back', async () => {
  const { tenant, admin } = await makeTenant(demo, await makePlan(demo));
  const key = await apiKeyOf(admin);
  const node = await Node.start(demo);
  const second = through(demo, node);
  for (let i = 0; i < 5; ++i) assert.equal((await call(key, second.http)).status, 200);
  second.http.close();
  process.kill(node.pid, 'SIGKILL');
  await until(() => node.child.signalCode !== null, { what: 'the node to be gone' });
  assert.ok(await monthly(tenant) > 5);
  // Its leases have expired.
  await demo.databases.rows('us', "update quota_leases set expires_at = now() - interval '1 second' where organization_id = $1", [tenant.id]);
  await demo.databases.rows('us', 'select reclaim_leases($1)', [tenant.id]);
  assert.deepEqual([await monthly(tenant), await used(tenant)], [5, 5]);
});

test('a prompt that policy blocks is no request of the quota', async () => {
  const { admin } = await makeTenant(demo, await makePlan(demo, { max_requests_month: 1 }));
  const key = await apiKeyOf(admin);
  const marker = `forbidden-${randomUUID()}`;
  await admin.expect(201, 'POST', '/api/policies', { body: { name: 'No', outcome: 'block', state: 'enabled', condition: { phrases: { texts: [marker] } } } });
  const blocked = () => call(key, demo.http, { messages: [{ role: 'user', content: marker }] });
  await until(async () => (await blocked()).status === 403, { what: 'the rule to be in force' }).catch(() => undefined);
  const replies = [await blocked(), await blocked(), await call(key), await call(key)];
  assert.deepEqual(replies.map((reply) => reply.status), [403, 403, 200, 402]);
});

// A node whose demo models say a few words every two seconds.
const slow = await Node.start(demo, (text) => text.replace('node = "second"', 'node = "slow"'), { env: { GATEHOUSE_DEMO__PACE_MS: '2000' } });
const there = through(demo, slow);
after(async () => {
  there.http.close();
  assert.equal(await slow.stop(), 0, slow.log);
});
const speak = { model: 'demo/assistant', stream: true, messages: [{ role: 'user', content: 'Speak at length' }] };

/** An answer that has begun, of an API key or in a chat. */
async function begin(actor, key) {
  const open = await there.http.open('POST', '/v1/chat/completions', completion(key, speak));
  const chat = await actor.expect(201, 'POST', '/api/chats', { body: { model: 'demo/assistant' } });
  const message = { id: randomUUID(), trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'Speak' }] }] };
  const told = await actor.stream('POST', `/api/chats/${chat.id}/messages`, { body: message });
  assert.deepEqual([open.statusCode, told.status], [200, 200]);
  return { open, told, chat };
}
const textOf = async (response) => {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
};

test('suspending a tenant ends its open answers on another node, with an error that says why', async () => {
  const { tenant, owner, password, admin } = await makeTenant(demo, await makePlan(demo), { data_mode: 'full_content' });
  const key = await apiKeyOf(admin);
  const actor = await Actor.signIn(there, owner.email, password);
  const { open, told, chat } = await begin(actor, key);
  await setStatus(demo, tenant, 'suspended');
  const [text, parts] = await Promise.all([textOf(open), collect(told.frames)]);
  assert.match(text, /"code":"tenant_suspended"/);
  assert.doesNotMatch(text, /\[DONE\]/);
  assert.ok(parts.some((part) => part.type === 'error'), JSON.stringify(parts));
  await until(async () => (await demo.databases.value('us', 'select count(*)::int from model_calls where organization_id = $1', [tenant.id])) === 0, { what: 'both calls to be settled' });
  assert.deepEqual(await demo.databases.rows('us', 'select outcome from metering_events where organization_id = $1', [tenant.id]), [{ outcome: 'failed' }, { outcome: 'failed' }]);
  assert.equal(await demo.databases.value('us', "select status from messages where chat_id = $1 and role = 'assistant'", [chat.id]), 'failed');
});

test('an answer ends when the key that asked for it is revoked, or the membership is lost', async () => {
  const { admin } = await makeTenant(demo, await makePlan(demo));
  const made = await admin.expect(201, 'POST', '/api/api-keys', { body: { name: 'To be revoked' } });
  const { email, password } = await invite(admin);
  const actor = await Actor.signIn(there, email, password);
  const { open, told } = await begin(actor, made.secret);
  await admin.expect(204, 'DELETE', `/api/api-keys/${made.api_key.id}`);
  assert.match(await textOf(open), /"code":"unauthenticated"/);
  await admin.expect(200, 'PATCH', `/api/members/${actor.me.user.id}`, { body: { is_active: false } });
  const parts = await collect(told.frames);
  assert.ok(parts.some((part) => part.type === 'error'), JSON.stringify(parts));
});

const saying = (text) => ({ body: { id: randomUUID(), trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }] } });
const errorOf = async (stream) => (await collect(stream.frames)).find((part) => part.type === 'error')?.errorText;

test('in a chat that was shared, the answer to its guest and the following of it end with the grant, and its owner’s goes on', async () => {
  const { owner, password, admin } = await makeTenant(demo, await makePlan(demo), { data_mode: 'full_content' });
  const invited = await invite(admin);
  const [host, guest] = [await Actor.signIn(there, owner.email, password), await Actor.signIn(there, invited.email, invited.password)];
  const { id } = await host.expect(201, 'POST', '/api/chats', { body: { model: 'demo/assistant' } });
  const share = (action) => host.expect(201, 'POST', '/api/grants', { body: { resource_kind: 'CHT', resource_id: id, action, created_for_email: invited.email } });
  const revoke = (grant) => host.expect(200, 'POST', `/api/grants/${grant.id}/revoke`, { body: {} });
  const [reading, writing] = [await share('REA'), await share('WRI')];
  await until(async () => (await guest.send('POST', `/api/chats/${id}/stop`)).status === 204, { what: 'the grants to take effect' });

  const answer = await guest.stream('POST', `/api/chats/${id}/messages`, saying('Speak'));
  assert.equal(answer.status, 200);
  await revoke(writing);
  assert.match(await errorOf(answer), /grant/);
  const { chat, messages } = await host.expect(200, 'GET', `/api/chats/${id}`);
  assert.deepEqual([chat.is_streaming, messages.at(-1).status], [false, 'failed']);

  const own = await host.stream('POST', `/api/chats/${id}/messages`, saying('Speak again'));
  const followed = await guest.stream('GET', `/api/chats/${id}/stream`);
  assert.deepEqual([own.status, followed.status], [200, 200]);
  await revoke(reading);
  assert.match(await errorOf(followed), /grant/);
  assert.equal((await host.expect(200, 'GET', `/api/chats/${id}`)).chat.is_streaming, true);
  await host.expect(204, 'POST', `/api/chats/${id}/stop`);
  assert.equal(await errorOf(own), undefined);
});

test('an answer in a chat of one’s own ends when its workspace is left, whichever was named', async () => {
  const { admin } = await makeTenant(demo, await makePlan(demo));
  const { id } = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: 'Left soon' } });
  const invited = await invite(admin, { workspaces: [{ workspace_id: id }] });
  const actor = await Actor.signIn(there, invited.email, invited.password);
  const inside = { headers: { 'gatehouse-workspace': id } };
  await until(async () => (await actor.get('/api/chats', inside)).status === 200, { what: 'the workspace to be known' });
  const chat = await actor.expect(201, 'POST', '/api/chats', { body: { model: 'demo/assistant', workspace_id: id } });
  const answer = await actor.stream('POST', `/api/chats/${chat.id}/messages`, saying('Speak'));
  assert.equal(answer.status, 200);
  await admin.expect(204, 'DELETE', `/api/workspaces/${id}/people/${actor.me.user.id}`);
  assert.match(await errorOf(answer), /workspace/);
});

test('answers say how much of each rate is left', async () => {
  const admin = await demo.as('admin@acme.test');
  const reply = await admin.get('/api/organization');
  assert.match(reply.headers['ratelimit-policy'], /^"person";q=\d+;w=\d+, "organization";q=\d+;w=\d+, "workspace";q=\d+;w=\d+$/);
  assert.match(reply.headers.ratelimit, /^"(person|organization|workspace)";r=\d+;t=\d+$/);
  const answer = await call(demo.ready.api_keys.acme);
  assert.match(answer.headers['ratelimit-policy'], /^"key";q=\d+;w=\d+, "person";/);
  const stream = await demo.http.send('POST', '/v1/chat/completions', completion(demo.ready.api_keys.acme, { stream: true }));
  assert.match(stream.headers.ratelimit, /^"/);
});

test('a plan’s rate holds for its organization, and leaves other organizations alone', async () => {
  const slowPlan = await makePlan(demo, { features: { requests_per_second: 2 } });
  const [limited, free] = [await makeTenant(demo, slowPlan), await makeTenant(demo, await makePlan(demo))];
  const ask = ({ admin }) => admin.get('/api/organization', { patient: false });
  const replies = await Promise.all(Array.from({ length: 30 }, () => ask(limited)));
  const refused = replies.filter((reply) => reply.status === 429);
  assert.ok(refused.length >= 20, `${refused.length} refused`);
  const [{ headers }] = refused;
  assert.match(headers.ratelimit, /^"organization";r=0;t=[1-9]/);
  assert.match(headers['ratelimit-policy'], /"organization";q=4;w=2/);
  assert.ok(Number(headers['retry-after']) >= 1);
  for (const reply of await Promise.all(Array.from({ length: 10 }, () => ask(free)))) assert.equal(reply.status, 200);
});

test('a day that is over is read from its sums, and today from what was metered', async () => {
  const { tenant, admin } = await makeTenant(demo, await makePlan(demo));
  const workspace = admin.me.default_workspace_id;
  const insert = (ago, model, outcome) => demo.databases.rows('us', `insert into metering_events (organization_id, id, created_at, workspace_id, actor_type, actor_id, model, provider, input_tokens, output_tokens, is_estimated, cost, outcome)
    values ($1, $2, now() - make_interval(days => $3), $4, 'user', $5, $6, 'demo', 10, 20, false, 30, $7)`, [tenant.id, randomUUID(), ago, workspace, admin.me.user.id, model, outcome]);
  // Of earlier days, which nobody has closed: the list of closed days begins anew.
  await demo.databases.rows('us', 'delete from usage_days');
  for (const [ago, model, outcome] of [[2, 'a', 'completed'], [2, 'a', 'blocked'], [2, 'b', 'failed'], [1, 'a', 'completed'], [0, 'b', 'completed']]) await insert(ago, model, outcome);
  const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const months = [...new Set([0, 1, 2].map((ago) => day(ago).slice(0, 7)))];
  const view = async () => {
    const all = await Promise.all(months.map((month) => admin.expect(200, 'GET', `/api/usage?month=${month}`)));
    return { days: Object.fromEntries(all.flatMap(({ by_day }) => by_day).map(({ day: name, ...rest }) => [name, rest])), models: all.flatMap(({ by_model }) => by_model) };
  };
  const sums = (requests, more = {}) => ({ requests, blocked: 0, failed: 0, input_tokens: 10 * requests, output_tokens: 20 * requests, cost: 30 * requests, ...more });
  const expected = { [day(2)]: sums(3, { blocked: 1, failed: 1 }), [day(1)]: sums(1), [day(0)]: sums(1) };
  const before = await view();
  assert.deepEqual(before.days, expected);
  await demo.databases.rows('us', 'select close_usage_days()');
  assert.equal(await demo.databases.value('us', 'select count(*)::int from usage_snapshots where organization_id = $1', [tenant.id]), 3);
  assert.deepEqual(await view(), before);
  // Closing again adds nothing.
  await demo.databases.rows('us', 'select close_usage_days()');
  assert.deepEqual(await view(), before);
  for (const month of ['2026-13', '26-01', '1999-01', 'now']) assert.equal((await admin.get(`/api/usage?month=${month}`)).status, 422, month);
});
