// The server dies between any two steps of provisioning: nothing is half-done, and a repeat completes it.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { Demo, hasFailpoints } from '../harness/demo.mjs';
import { makePlan, operatorOf, tenantBody } from '../harness/tenants.mjs';

const demo = await Demo.start();
after(() => demo.stop());

async function restart(env = {}) {
  await demo.databases.close();
  if (demo.running) assert.equal(await demo.interrupt(), 0);
  await demo.launch({ env });
}

const tables = ['organizations', 'memberships', 'workspaces', 'workspace_users', 'organization_keys', 'tenant_secrets', 'tenant_usage', 'providers', 'models'];
const rowsOf = async (id) => {
  const counts = {};
  for (const table of tables) counts[table] = await demo.databases.value('eu', `select count(*)::int from ${table} where ${table === 'organizations' ? 'id' : 'organization_id'} = $1`, [id]);
  return counts;
};

for (const failpoint of ['tenancy.reserved', 'tenancy.before_commit', 'tenancy.committed'])
  test(`the server dies at ${failpoint}: nothing is half-done, and the repeat gives one whole tenant`, { skip: !hasFailpoints() && 'this build has no failpoints' }, async () => {
    await restart();
    const plan = await makePlan(demo, { max_tenants: 1 });
    // The demo's own tenants are there, so that the point is passed by this call alone.
    await restart({ GATEHOUSE_FAILPOINTS: `${failpoint}=kill` });
    const key = randomUUID();
    const body = tenantBody(plan, { region: 'eu' });
    const options = { body, headers: { 'idempotency-key': key } };
    await assert.rejects((await operatorOf(demo)).send('POST', '/api/core/tenants', options));
    assert.equal(await demo.ended(), 'SIGKILL');
    await restart();
    const { organization_id: id, state } = (await demo.databases.rows('control', 'select organization_id, state from directory where slug = $1', [body.slug]))[0];
    assert.equal(state, 'reserved');
    const left = await rowsOf(id);
    const isThere = failpoint === 'tenancy.committed';
    assert.deepEqual(Object.values(left).map((count) => count > 0), tables.map(() => isThere), JSON.stringify(left));
    const operator = await operatorOf(demo);
    assert.equal((await operator.get(`/api/core/tenants/${id}`)).status, 404, 'not before it is confirmed');
    assert.equal((await operator.send('POST', '/api/core/tenants', { ...options, body: { ...body, name: 'Other' } })).status, 422);

    const made = await operator.expect(201, 'POST', '/api/core/tenants', options);
    assert.equal(made.tenant.id, id);
    assert.deepEqual(await operator.expect(201, 'POST', '/api/core/tenants', options), made);
    const whole = await rowsOf(id);
    assert.deepEqual([whole.organizations, whole.memberships, whole.workspaces, whole.tenant_secrets], [1, 1, 2, 1]);
    await demo.databases.outboxesEmpty();
    assert.equal(await demo.databases.value('eu_audit', "select count(*)::int from audit_events where org_id = $1 and action = 'tenant.create'", [id]), 1);
    assert.equal((await operator.expect(200, 'GET', `/api/core/plans/${plan.id}`)).tenant_count, 1);
    assert.equal((await Actor.signIn(demo, body.owner_email, body.owner_password)).organization.id, id);
  });

test('a reservation that came to nothing is taken back, and its slug and its place on the plan are free', async () => {
  await restart();
  const plan = await makePlan(demo, { max_tenants: 1 });
  const body = tenantBody(plan);
  await demo.databases.rows('control', `insert into directory (organization_id, slug, region, state, plan_id, created_at)
    values ($1, $2, 'us', 'reserved', $3, now() - interval '1 hour')`, [randomUUID(), body.slug, plan.id]);
  // Houses are kept at the start.
  await restart();
  const operator = await operatorOf(demo);
  const counted = async () => (await operator.expect(200, 'GET', `/api/core/plans/${plan.id}`)).tenant_count;
  const { until } = await import('../harness/until.mjs');
  await until(async () => (await counted()) === 0, { what: 'the reservation to be gone' });
  await operator.expect(201, 'POST', '/api/core/tenants', { body });
});

test('the server dies between the two halves of a move to another plan: the directory follows the region', { skip: !hasFailpoints() && 'this build has no failpoints' }, async () => {
  await restart();
  const [before, next] = [await makePlan(demo), await makePlan(demo)];
  const operator = await operatorOf(demo);
  const { tenant } = await operator.expect(201, 'POST', '/api/core/tenants', { body: tenantBody(before) });
  await restart({ GATEHOUSE_FAILPOINTS: 'tenancy.plan_moved=kill' });
  await assert.rejects((await operatorOf(demo)).send('PATCH', `/api/core/tenants/${tenant.id}`, { body: { plan_id: next.id } }));
  assert.equal(await demo.ended(), 'SIGKILL');
  const inDirectory = () => demo.databases.value('control', 'select plan_id from directory where organization_id = $1', [tenant.id]);
  await restart();
  const { until } = await import('../harness/until.mjs');
  await until(async () => (await inDirectory()) === next.id, { what: 'the directory to follow' });
  assert.equal(await demo.databases.value('us', 'select plan_id from organizations where id = $1', [tenant.id]), next.id);
});
