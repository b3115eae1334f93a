// The dashboard by the reach of who looks, over closed days and today; what policies decided; the checklist.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Demo } from '../harness/demo.mjs';
import { completion, makePlan, makeTenant } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const [admin, manager, user] = await Promise.all(['admin@acme.test', 'manager@acme.test', 'user@acme.test'].map((email) => demo.as(email)));
const acme = admin.organization.id;
const shared = (await admin.expect(200, 'GET', '/api/workspaces')).data.find((one) => one.is_default).id;
const inShared = { headers: { 'gatehouse-workspace': shared } };

const meter = (organization, actor, workspace, ago, { outcome = 'completed', id = actor.me.user.id } = {}) =>
  demo.databases.rows('us', `insert into metering_events (organization_id, id, created_at, workspace_id, actor_type, actor_id, model, provider, input_tokens, output_tokens, is_estimated, cost, outcome)
    values ($1, $2, now() - make_interval(days => $3), $4, 'user', $5, 'a', 'demo', 10, 20, false, 30, $6)`, [organization, randomUUID(), ago, workspace, id, outcome]);
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const busy = ({ days }) => Object.fromEntries(days.filter((one) => one.requests > 0).map((one) => [one.day, one.requests]));

test('everybody sees thirty days of what their reach opens: the organization, one workspace, their own', async () => {
  await demo.databases.rows('us', 'delete from usage_days');
  for (const [actor, workspace, ago] of [
    [admin, shared, 40], [admin, shared, 29], [admin, shared, 3], [user, shared, 3], [manager, manager.me.default_workspace_id, 3], [user, user.me.default_workspace_id, 0], [manager, shared, 0],
  ])
    await meter(acme, actor, workspace, ago);
  const check = async () => {
    const all = await admin.expect(200, 'GET', '/api/dashboard');
    assert.equal(all.reach, 'organization');
    assert.deepEqual([all.days.length, all.days[0].day, all.days[29].day], [30, day(29), day(0)]);
    assert.deepEqual(busy(all), { [day(29)]: 1, [day(3)]: 3, [day(0)]: 2 });
    assert.deepEqual(all.days[26], { day: day(3), requests: 3, blocked: 0, failed: 0, input_tokens: 30, output_tokens: 60, cost: 90 });
    const here = await manager.expect(200, 'GET', '/api/dashboard', inShared);
    assert.deepEqual([here.reach, busy(here)], ['workspace', { [day(29)]: 1, [day(3)]: 2, [day(0)]: 1 }]);
    assert.deepEqual(busy(await manager.expect(200, 'GET', '/api/dashboard')), { [day(3)]: 1 });
    for (const where of [{}, inShared]) {
      const own = await user.expect(200, 'GET', '/api/dashboard', where);
      assert.deepEqual([own.reach, busy(own)], ['own', { [day(3)]: 1, [day(0)]: 1 }]);
      assert.deepEqual([own.plan, own.users, own.requests.limit], [null, null, null], 'the plan is the organization’s');
    }
  };
  await check();
  await demo.databases.rows('us', 'select close_usage_days()');
  await check();
  const viewed = await admin.expect(200, 'GET', '/api/dashboard', { headers: { 'gatehouse-view-as': user.me.user.id } });
  assert.deepEqual([viewed.reach, busy(viewed)], ['own', { [day(3)]: 1, [day(0)]: 1 }]);
  const other = await (await demo.as('admin@borealis.test')).expect(200, 'GET', '/api/dashboard');
  assert.deepEqual(busy(other), {});
});

test('the month is that of the same reach, also in the view of usage', async () => {
  const { tenant, admin: owner } = await makeTenant(demo, await makePlan(demo, { max_requests_month: 9 }));
  await meter(tenant.id, owner, owner.me.default_workspace_id, 0);
  await demo.databases.rows('us', "update tenant_usage set request_count = 4 where organization_id = $1", [tenant.id]);
  const { requests, plan, users } = await owner.expect(200, 'GET', '/api/dashboard');
  assert.deepEqual([requests.used, requests.limit, plan.name.length > 0, users.used], [4, 9, true, 1]);
  const month = await owner.expect(200, 'GET', '/api/usage');
  assert.deepEqual([month.reach, month.requests.used, month.users.used], ['organization', 4, 1]);
  const own = await user.expect(200, 'GET', '/api/usage');
  assert.deepEqual([own.reach, own.plan, own.users, own.requests.limit], ['own', null, null, null]);
  assert.equal(own.requests.used, own.by_day.reduce((sum, one) => sum + one.requests, 0));
});

test('what policies decided is counted by day and by the same reach, and trying a rule out is not', async () => {
  const today = async (actor, where) => {
    const { days } = await actor.expect(200, 'GET', '/api/dashboard/decisions', where);
    assert.deepEqual([days.length, days[0].day, days[29].day], [30, day(29), day(0)]);
    return days[29];
  };
  const say = (text) => completion(demo.ready.api_keys.acme, { messages: [{ role: 'user', content: text }] });
  const before = [await today(admin), await today(user)];
  assert.equal((await demo.http.send('POST', '/v1/chat/completions', say('hello'))).status, 200);
  assert.equal((await demo.http.send('POST', '/v1/chat/completions', say('My CPF is 529.982.247-25'))).status, 200);
  assert.equal((await demo.http.send('POST', '/v1/chat/completions', say('project aurora'))).status, 403);
  await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text: 'project aurora', direction: 'prompt' } });
  const chat = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const message = { id: randomUUID(), trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'project aurora' }] }] };
  assert.equal((await user.post(`/api/chats/${chat.id}/messages`, message)).status, 403);
  await until(async () => (await today(user)).block === before[1].block + 1, { what: 'the user’s own block' });
  const all = await until(async () => {
    const now = await today(admin);
    return now.block === before[0].block + 2 && now;
  }, { what: 'both blocks' });
  assert.deepEqual([all.allow - before[0].allow, all.redact - before[0].redact], [1, 1]);
  const own = await today(user);
  assert.deepEqual([own.allow, own.redact], [before[1].allow, before[1].redact], 'what a key asked is not theirs');
});

test('the checklist says what is there, and is put away by each person for themselves', async () => {
  const { admin: owner, tenant } = await makeTenant(demo, await makePlan(demo));
  const fresh = await owner.expect(200, 'GET', '/api/checklist');
  assert.deepEqual([fresh.put_away, fresh.profile, fresh.answer, fresh.people, fresh.single_sign_on], [false, false, false, 'none', false]);
  const { headers } = await owner.get('/api/organization');
  await owner.expect(200, 'PATCH', '/api/organization', { body: { profile: { industry: 'Testing' } }, headers: { 'if-match': headers.etag } });
  await meter(tenant.id, owner, owner.me.default_workspace_id, 0);
  await owner.expect(201, 'POST', '/api/providers', { body: { name: 'own', base_url: 'http://127.0.0.1:9/v1', api_key: 'sk-own-0123456789', models: [{ name: 'says' }] } });
  await owner.expect(201, 'POST', '/api/policies', { body: { name: 'No', outcome: 'block', state: 'enabled', condition: { phrases: { texts: ['never'] } } } });
  await owner.expect(201, 'POST', '/api/invitations', { body: { max_uses: 1 } });
  assert.deepEqual(await owner.expect(200, 'PATCH', '/api/checklist', { body: { put_away: true } }), { put_away: true, profile: true, model: 'own', answer: true, policy: true, people: 'invited', single_sign_on: false });
  assert.equal((await owner.expect(200, 'GET', '/api/checklist')).put_away, true);
  assert.equal((await owner.expect(200, 'PATCH', '/api/checklist', { body: { put_away: false } })).put_away, false);
  const acmes = await admin.expect(200, 'GET', '/api/checklist');
  assert.deepEqual([acmes.put_away, acmes.model, acmes.policy, acmes.people], [false, 'demo', true, 'joined']);
  for (const actor of [manager, user]) assert.equal((await actor.get('/api/checklist')).status, 403);
  assert.equal((await admin.patch('/api/checklist', { put_away: true }, { headers: { 'gatehouse-view-as': admin.me.user.id } })).status, 403);
  assert.equal((await admin.patch('/api/checklist', { put_away: 'yes' })).status, 422);
});
