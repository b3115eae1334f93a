// `gatehouse admin plans …` and `admin tenants …`: what the operator's API does, from the command line.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { operatorOf } from '../harness/tenants.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const operator = await operatorOf(demo);
const admin = async (...args) => {
  const { code, stdout, stderr } = await demo.cli('admin', ...args);
  assert.equal(code, 0, stderr);
  return stdout;
};
const json = async (...args) => JSON.parse(await admin(...args, '--json'));
const refused = async (...args) => {
  const { code, stderr } = await demo.cli('admin', ...args);
  assert.equal(code, 1, stderr);
  return stderr;
};

test('plans are made, changed and retired as the API does, and recorded as the system’s', async () => {
  const slug = `cli-${randomUUID().slice(0, 8)}`;
  const made = await json('plans', 'create', '--name', 'From a shell', '--slug', slug, '--max-tenants', '2', '--max-requests', 'unlimited', '--features', '{"max_users": 3}');
  assert.deepEqual([made.max_tenants, made.max_requests_month, made.features], [2, null, { max_users: 3 }]);
  const changed = await json('plans', 'update', slug, '--max-requests', '10');
  assert.deepEqual([changed.max_requests_month, changed.max_tenants, changed.version], [10, 2, 2]);
  assert.match(await admin('plans', 'list'), new RegExp(`^${slug} +From a shell +10 +2 +0 +active$`, 'm'));
  assert.equal((await json('plans', 'deactivate', slug)).is_active, false);
  assert.equal((await operator.expect(200, 'GET', `/api/core/plans/${made.id}`)).is_active, false);
  const events = await demo.databases.rows('us_audit', "select action, actor_type, actor_id from audit_events where resource = $1 and action <> 'plan.read' order by org_sequence", [`plan:${made.id}`]);
  assert.deepEqual(events, ['plan.create', 'plan.update', 'plan.delete'].map((action) => ({ action, actor_type: 'system', actor_id: null })));
});

test('a tenant is made, shown, suspended, activated, moved and cancelled', async () => {
  const slug = `cli-${randomUUID().slice(0, 8)}`;
  const made = await json('tenants', 'create', '--name', 'Shell & Sons', '--slug', slug, '--owner-email', `owner@${slug}.test`, '--plan', 'free', '--region', 'eu');
  assert.match(made.secret, /^ghts_/);
  const { id } = made.tenant;
  assert.equal((await operator.expect(200, 'GET', `/api/core/tenants/${id}`)).slug, slug);
  assert.equal((await json('tenants', 'suspend', slug)).status, 'suspended');
  assert.match(await refused('tenants', 'suspend', slug), /suspended already/);
  assert.equal((await json('tenants', 'activate', id)).status, 'active');
  assert.equal((await json('tenants', 'update', slug, '--plan', 'pro')).plan.slug, 'pro');
  const renamed = await json('tenants', 'update', slug, '--name', 'Shell & Daughters', '--plan', 'free');
  assert.deepEqual([renamed.name, renamed.plan.slug], ['Shell & Daughters', 'free']);
  assert.match((await demo.cli('admin', 'tenants', 'update', slug)).stderr, /At least 1 option from \[--name,--plan\] is required/);
  assert.equal((await json('tenants', 'cancel', slug)).status, 'cancelled');
  assert.match(await admin('tenants', 'show', slug), new RegExp(`owner +owner@${slug}\\.test`));
  assert.deepEqual((await json('tenants', 'list', '--status', 'cancelled', '--text', slug)).map((tenant) => tenant.id), [id]);
  const rotated = (await admin('tenants', 'rotate-secret', slug)).trim();
  assert.match(rotated, /^ghts_[0-9A-Za-z]{43}$/);
  assert.deepEqual(await demo.databases.search([made.secret, rotated]), []);
  await demo.databases.outboxesEmpty();
  const events = await demo.databases.rows('eu_audit', "select action, actor_type from audit_events where org_id = $1 and action like 'tenant.%' and action <> 'tenant.read' order by org_sequence", [id]);
  assert.deepEqual(events.map(({ action }) => action), ['tenant.create', 'tenant.status.update', 'tenant.status.update', 'tenant.update', 'tenant.update', 'tenant.status.update', 'tenant.secret.rotate']);
  assert.ok(events.every(({ actor_type }) => actor_type === 'system'));
});

test('what cannot be done is said, with what to do', async () => {
  assert.match(await refused('tenants', 'show', 'nobody-here'), /no tenant nobody-here; `gatehouse admin tenants list`/);
  assert.match(await refused('tenants', 'create', '--name', 'X', '--owner-email', 'x@y.test', '--plan', 'nothing', '--region', 'us'), /no plan nothing; `gatehouse admin plans list`/);
  assert.match(await refused('tenants', 'create', '--name', 'X', '--owner-email', 'nobody', '--plan', 'free', '--region', 'us'), /\/owner_email must be an e-mail address/);
  assert.match(await refused('plans', 'create', '--name', 'X', '--slug', 'free'), /slug/);
  assert.match(await refused('plans', 'update', 'free', '--max-requests', 'many'), /--max-requests takes a number or `unlimited`/);
  assert.match(await refused('plans', 'update', 'free', '--features', '[]'), /--features takes a JSON object/);
});
