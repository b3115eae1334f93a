// What bounds a directory: its organization's plan, another change at the same time, how much one answer holds, and its rate.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Directory, patch, userSchema } from '../harness/directory.mjs';
import { singleSignOn } from '../harness/single-sign-on.mjs';
import { makePlan, makeTenant, operatorOf } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const { demo, verified, stop } = await singleSignOn();
after(stop);
const admin = await demo.as('admin@acme.test');
await verified(admin, 'corp.test');
const directory = await Directory.connect(admin);
const rows = (sql, values) => demo.databases.rows('us', sql, values);

test('a plan without SCIM gives no token', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo, { features: { scim: false } }));
  assert.equal((await owner.post('/api/scim/tokens')).status, 402);
});

test('a directory whose organization’s plan has no SCIM any more is refused, and its tokens can be revoked', async () => {
  const plan = await makePlan(demo);
  const { admin: owner } = await makeTenant(demo, plan);
  const theirs = await Directory.connect(owner);
  await (await operatorOf(demo)).expect(200, 'PATCH', `/api/core/plans/${plan.id}`, { body: { features: { scim: false } }, headers: { 'if-match': `"${plan.version}"` } });
  await until(async () => (await theirs.get('/scim/v2/Users')).status === 402, { within: 5000, what: 'the plan to be in force' });
  for (const [method, path] of [['GET', '/Groups'], ['DELETE', `/Users/${randomUUID()}`], ['GET', '/ServiceProviderConfig']]) await theirs.refused(402, null, method, path);
  assert.equal((await owner.post('/api/scim/tokens/rotate', {})).status, 402);
  await owner.expect(204, 'DELETE', `/api/scim/tokens/${theirs.tokenId}`);
});

/** Two calls, begun while the membership is locked, which go on once both wait. */
function atOnce(user, ...calls) {
  const waiting = async () => (await rows("select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))[0].n;
  return demo.databases.session('us', async (query) => {
    await query('begin');
    await query('select from memberships where organization_id = $1 and user_id = $2 for update', [admin.organization.id, user.id]);
    const both = calls.map((call) => call());
    await until(async () => (await waiting()) === 2, { what: 'both to wait' });
    await query('commit');
    return Promise.all(both);
  });
}
const address = (domain = 'corp.test') => `p-${randomUUID().slice(0, 13)}@${domain}`;
const post = (who, userName) => who.send('POST', '/scim/v2/Users', { body: { schemas: [userSchema], userName } });

test('of two that bring back a deleted user at once, one does', async () => {
  const user = await directory.user(address());
  await directory.scim(204, 'DELETE', `/Users/${user.id}`);
  const bringBack = () => post(directory, user.userName);
  const replies = await atOnce(user, bringBack, bringBack);
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409]);
});

test('of two that make a user at once, one does', async () => {
  for (let round = 0; round < 5; ++round) {
    const name = address();
    const replies = await Promise.all([1, 2].map(() => post(directory, name)));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409]);
  }
});

test('a user who was refused once is the directory’s own as any other', async () => {
  const { admin: owner, tenant } = await makeTenant(demo, await makePlan(demo, { features: { max_users: 1 } }));
  await verified(owner, 'noted.test');
  const theirs = await Directory.connect(owner);
  const name = address('noted.test');
  await theirs.refused(402, null, 'POST', '/Users', { schemas: [userSchema], userName: name });
  const { id } = await makePlan(demo);
  await (await operatorOf(demo)).expect(200, 'PATCH', `/api/core/tenants/${tenant.id}`, { body: { plan_id: id } });
  const user = await until(async () => {
    const reply = await post(theirs, name);
    return reply.status === 201 && reply.json();
  }, { within: 5000, what: 'the plan to allow more' });
  const later = address('noted.test');
  const moved = await theirs.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'userName', value: later }));
  assert.equal(moved.userName, later);
});

test('of two changes at once from the same reading, the one that waited is refused', async () => {
  const user = await directory.user(`p-${randomUUID()}@corp.test`);
  const changes = ['One', 'Two'].map((value) => () =>
    directory.send('PATCH', `/scim/v2/Users/${user.id}`, { body: patch({ op: 'replace', path: 'displayName', value }), headers: { 'content-type': 'application/scim+json', 'if-match': user.meta.version } }));
  const replies = await atOnce(user, ...changes);
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 412]);
  const [kept] = replies.filter(({ status }) => status === 200);
  assert.equal((await directory.scim(200, 'GET', `/Users/${user.id}`)).displayName, kept.json().displayName);
});

test('a page of groups ends before it has too many members, and the next one goes on there', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo));
  const theirs = await Directory.connect(owner);
  const groups = [];
  for (const name of ['A', 'B', 'C', 'D']) groups.push((await theirs.group(name)).id);
  // Past the triggers, which are not what this is about and take a minute for so many.
  await demo.databases.tamper('us',
    `with made as (insert into users (id, email, name) select gen_random_uuid(), 'g' || i || '@' || $2, 'Member ' || i from generate_series(1, 2501) i returning id)
     insert into memberships (organization_id, user_id, role_code) select $1, id, 'UR' from made returning user_id`,
    [owner.organization.id, `${owner.organization.slug}.test`]);
  await demo.databases.tamper('us',
    `insert into group_members (organization_id, group_id, user_id) select $1, g.id, m.user_id from groups g, memberships m
     where g.organization_id = $1 and g.name <> 'A' and m.organization_id = $1 and m.role_code = 'UR' returning user_id`, [owner.organization.id]);
  const seen = [];
  for (const most of [2, 1, 1]) {
    const page = await theirs.scim(200, 'GET', `/Groups?startIndex=${seen.length + 1}&count=200`);
    assert.deepEqual([page.totalResults, page.startIndex, page.itemsPerPage], [4, seen.length + 1, most]);
    assert.equal(page.Resources.at(-1).members.length, 2501);
    seen.push(...page.Resources.map(({ id }) => id));
  }
  assert.deepEqual(seen, groups);
  assert.equal((await theirs.scim(200, 'GET', '/Groups?count=200&excludedAttributes=members')).itemsPerPage, 4, 'without their members all come');
});

test('too many calls are refused in SCIM’s shape, with how long to wait', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo));
  const theirs = await Directory.connect(owner);
  const replies = await Promise.all(Array.from({ length: 600 }, () => theirs.send('POST', '/scim/v2/Users', { body: '{', patient: false })));
  const limited = replies.find(({ status }) => status === 429);
  assert.ok(limited, 'none of 600 calls was one too many');
  assert.equal(limited.type, 'application/scim+json');
  assert.equal(limited.json().status, '429');
  assert.ok(Number(limited.headers['retry-after']) >= 1);
});
