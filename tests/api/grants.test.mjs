// Grants open single things to people whose role does not; conditions, expiry and revocation close them again; everything
// says why. And: an administrator who views as another.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { person } from '../harness/people.mjs';
import { until, untilAll } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());

let admin, manager, user, stranger;
before(async () => {
  [admin, manager, user, stranger] = await Promise.all(
    ['admin@acme.test', 'manager@acme.test', 'user@acme.test', 'admin@borealis.test'].map((email) => demo.as(email)));
});

/** A chat of the user's with one answered message. */
async function chat() {
  const { id } = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const stream = await user.stream('POST', `/api/chats/${id}/messages`, { body: message('hello') });
  for await (const frame of stream.frames) void frame;
  return id;
}
const message = (text) => ({
  id: randomUUID(), trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }],
});
const share = (id, action, more = {}) =>
  user.expect(201, 'POST', '/api/grants', {
    body: { resource_kind: 'CHT', resource_id: id, action, created_for_email: 'manager@acme.test', ...more },
  });
const opens = (actor, id) => async () => (await actor.get(`/api/chats/${id}`)).status === 200;
const within = { within: 2000, what: 'the grant to take effect' };
const status = async (actor, method, path, body) => (await actor.send(method, path, { body })).status;

test('a chat that was shared to be read is read and listed by its holder, and by nobody else', async () => {
  const id = await chat();
  assert.equal(await status(manager, 'GET', `/api/chats/${id}`), 404);
  const grant = await share(id, 'REA');
  assert.equal(grant.state, 'active');
  assert.equal(grant.created_for_name, 'Marco Manager');
  await untilAll(opens(manager, id), within);
  const { messages } = await manager.expect(200, 'GET', `/api/chats/${id}`);
  assert.equal(messages.length, 2);
  const shared = await manager.expect(200, 'GET', '/api/chats?shared=true');
  assert.ok(shared.data.some((each) => each.id === id));
  const own = await manager.expect(200, 'GET', '/api/chats');
  assert.ok(!own.data.some((each) => each.id === id));

  assert.equal(await status(manager, 'PATCH', `/api/chats/${id}`, { title: 'Mine now' }), 404);
  assert.equal(await status(manager, 'POST', `/api/chats/${id}/messages`, message('hi')), 404);
  assert.equal(await status(manager, 'DELETE', `/api/chats/${id}`), 404);
  assert.equal(await status(stranger, 'GET', `/api/chats/${id}`), 404);
});

test('to write is to go on with the conversation, to update to rename it, to manage to delete it', async () => {
  const id = await chat();
  await share(id, 'WRI');
  await share(id, 'REA');
  await untilAll(opens(manager, id), within);
  const stream = await manager.stream('POST', `/api/chats/${id}/messages`, { body: message('and on') });
  assert.equal(stream.status, 200);
  for await (const frame of stream.frames) void frame;
  const { messages } = await user.expect(200, 'GET', `/api/chats/${id}`);
  const owner = { user_id: user.me.user.id, name: 'Uma User' };
  assert.deepEqual(messages.map(({ asked_by }) => asked_by), [owner, null, { user_id: manager.me.user.id, name: 'Marco Manager' }, null]);
  assert.equal(await status(manager, 'PATCH', `/api/chats/${id}`, { title: 'x' }), 404);

  await share(id, 'UPD');
  await untilAll(async () => (await status(manager, 'PATCH', `/api/chats/${id}`, { title: 'Renamed' })) === 200, within);
  assert.equal(await status(manager, 'PATCH', `/api/chats/${id}`, { is_pinned: true }), 403);
  assert.equal(await status(manager, 'DELETE', `/api/chats/${id}`), 404);
  await share(id, 'MNG');
  await until(async () => (await status(manager, 'DELETE', `/api/chats/${id}`)) === 204, within);
});

test('nobody gives more than they hold', async () => {
  const id = await chat();
  const give = (actor, action) => actor.send('POST', '/api/grants', {
    body: { resource_kind: 'CHT', resource_id: id, action, created_for_email: 'manager@acme.test' },
  });
  assert.equal((await give(stranger, 'REA')).status, 422);
  assert.equal((await give(manager, 'REA')).status, 422);
  assert.equal((await give(admin, 'UPD')).status, 403);
  assert.equal((await give(admin, 'REA')).status, 201);
  await share(id, 'MNG');
  await until(async () => (await manager.send('POST', '/api/grants', {
    body: { resource_kind: 'CHT', resource_id: id, action: 'UPD', created_for_email: 'admin@acme.test' },
  })).status === 201, within);
  const passedOn = await manager.send('POST', '/api/grants', {
    body: { resource_kind: 'CHT', resource_id: id, action: 'MNG', created_for_email: 'admin@acme.test' },
  });
  assert.equal(passedOn.status, 403);
});

test('a grant that is not well formed is refused field by field, and nothing is written', async () => {
  const id = await chat();
  const count = () => demo.databases.value('us', 'select count(*) from permissions_acl');
  const before = await count();
  const body = {
    resource_kind: 'CHT', resource_id: id, action: 'REA', created_for_email: 'manager@acme.test', valid_to: '2020-01-01T00:00:00Z',
    attributes: {
      conditions: { ip_whitelist: ['10.0.0.1/8'], time_restrictions: { hours: '18:00-18:00', time_zone: 'Mars/Olympus' } },
      scope: { fields_allowed: ['name'] },
    },
  };
  const refused = (await user.expect(422, 'POST', '/api/grants', { body })).errors.map((error) => error.pointer);
  for (const pointer of ['/valid_to', '/attributes/conditions/ip_whitelist/0', '/attributes/conditions/time_restrictions/time_zone', '/attributes/scope/fields_allowed'])
    assert.ok(refused.includes(pointer), `${pointer} in ${refused}`);
  const { valid_to, attributes, ...good } = body;
  for (const [holder, pointer] of [[{ created_for_email: 'nobody@acme.test' }, '/created_for_email'],
    [{ created_for_email: undefined, created_for_user_id: stranger.me.user.id }, '/created_for_user_id'],
    [{ created_for_email: undefined, created_for_group_id: randomUUID() }, '/created_for_group_id'],
    [{ created_for_email: 'user@acme.test' }, '/created_for_user_id'],
    [{ created_for_group_id: randomUUID() }, '']]) {
    const { errors } = await user.expect(422, 'POST', '/api/grants', { body: { ...good, ...holder } });
    assert.deepEqual(errors.map((error) => error.pointer), [pointer]);
  }
  for (const kind of ['CMP', 'KNW', 'TOL'])
    await user.expect(422, 'POST', '/api/grants', { body: { ...good, resource_kind: kind } });
  assert.equal(await count(), before);
});

test('conditions hold: a grant for another network or for later opens nothing, and its refusals are counted', async () => {
  const id = await chat();
  const elsewhere = await share(id, 'REA', { attributes: { conditions: { ip_whitelist: ['192.0.2.0/24'] } } });
  await share(id, 'REA', { valid_from: '2990-01-01T00:00:00Z' });
  const refused = async () => {
    assert.equal(await status(manager, 'GET', `/api/chats/${id}`), 404);
    return Number(await demo.databases.value('us', 'select violations_count from permissions_acl where id = $1', [elsewhere.id])) > 0;
  };
  await until(refused, { within: 15_000, what: 'refusals to be counted' });
  await share(id, 'REA', { attributes: { conditions: { ip_whitelist: ['127.0.0.0/8'] } } });
  await untilAll(opens(manager, id), within);
});

test('a revoked grant is over within two seconds, and says who ended it and why', async () => {
  const id = await chat();
  const grant = await share(id, 'REA');
  await untilAll(opens(manager, id), within);
  assert.equal(await status(manager, 'POST', `/api/grants/${grant.id}/revoke`, { reason: 'me?' }), 404);
  const revoked = await user.expect(200, 'POST', `/api/grants/${grant.id}/revoke`, { body: { reason: 'Done' } });
  assert.deepEqual([revoked.state, revoked.revoked_by_user_id, revoked.revoke_reason], ['revoked', user.me.user.id, 'Done']);
  await until(async () => !(await opens(manager, id)()), { within: 2000, what: 'the grant to end' });
  assert.equal(await status(user, 'POST', `/api/grants/${grant.id}/revoke`, {}), 404);
});

test('explain names the source of a right, and what is missing', async () => {
  const id = await chat();
  const ask = (actor, query) => actor.expect(200, 'GET', `/api/access/explain?${new URLSearchParams(query)}`);
  const thing = { user_id: manager.me.user.id, resource_kind: 'CHT', resource_id: id, action: 'REA' };
  const source = ({ reasons }, name) => reasons.find((reason) => reason.source === name);
  const no = await ask(admin, thing);
  assert.equal(no.allowed, false);
  assert.equal(source(no, 'grant').name, 'no_grant');
  const grant = await share(id, 'REA');
  await untilAll(opens(manager, id), within);
  const yes = await ask(admin, thing);
  assert.equal(yes.allowed, true);
  assert.deepEqual([source(yes, 'grant').name, source(yes, 'grant').grant_id], ['granted', grant.id]);
  const later = await ask(admin, { ...thing, address: '203.0.113.9' });
  assert.equal(later.allowed, true);

  const byRole = await ask(admin, { user_id: admin.me.user.id, permission: 'policies_manage' });
  assert.deepEqual([byRole.allowed, byRole.reach, source(byRole, 'organization_role').effect], [true, 'organization', 'allows']);
  const own = await ask(user, { permission: 'policies_manage' });
  assert.equal(own.allowed, false);
  assert.equal((await user.get(`/api/access/explain?permission=chats_read&user_id=${manager.me.user.id}`)).status, 404);
  assert.equal((await admin.get(`/api/access/explain?permission=chats_read&user_id=${stranger.me.user.id}`)).status, 404);
  for (const query of ['', '?permission=fly', '?permission=chats_read&resource_kind=CHT', '?resource_kind=CHT', `?permission=chats_read&address=x`])
    assert.equal((await admin.get(`/api/access/explain${query}`)).status, 422, query);
});

test('an administrator who views as a member sees what they see, changes nothing, and is named in the record', async () => {
  const view = { headers: { 'gatehouse-view-as': user.me.user.id } };
  const seen = await admin.expect(200, 'GET', '/api/auth/me', view);
  assert.equal(seen.user.email, 'user@acme.test');
  assert.equal(seen.role_code, 'UR');
  assert.equal(seen.csrf_token, null);
  assert.ok(!seen.permissions.includes('chats_write') && seen.permissions.includes('chats_read'));
  assert.equal((await admin.get('/api/policies', view)).status, 403);
  const mine = await user.expect(200, 'GET', '/api/chats');
  const theirs = await admin.expect(200, 'GET', '/api/chats', view);
  assert.deepEqual(theirs.data.map((each) => each.id), mine.data.map((each) => each.id));
  for (const [method, path, body] of [['POST', '/api/chats', {}], ['PATCH', '/api/auth/me', { theme: 'dark' }], ['POST', '/api/auth/sign-out', undefined],
    ['GET', '/api/auth/sessions', undefined], ['POST', '/v1/chat/completions', { model: 'demo/echo', messages: [] }]])
    assert.equal((await admin.send(method, path, { body, ...view })).status, 403, `${method} ${path}`);
  assert.equal((await user.get('/api/chats', { headers: { 'gatehouse-view-as': manager.me.user.id } })).status, 403);
  assert.equal((await manager.get('/api/chats', { headers: { 'gatehouse-view-as': user.me.user.id } })).status, 403);
  for (const id of [stranger.me.user.id, randomUUID(), 'x'])
    assert.equal((await admin.get('/api/chats', { headers: { 'gatehouse-view-as': id } })).status, 404, id);
  const { data } = await admin.expect(200, 'GET', `/api/audit/events?actor_id=${admin.me.user.id}&action=chat.list`);
  assert.equal(data[0].payload.view_as, user.me.user.id);
});

test('viewing shows nothing of what the member is elsewhere, and a refused attempt is on record', async () => {
  const member = await person(admin);
  const { code } = await stranger.expect(201, 'POST', '/api/invitations', { body: {} });
  await member.expect(200, 'POST', '/api/invitations/join', { body: { code } });
  assert.equal((await member.expect(200, 'GET', '/api/auth/me')).memberships.length, 2);
  const view = (who) => ({ headers: { 'gatehouse-view-as': who.me.user.id } });
  const seen = await admin.expect(200, 'GET', '/api/auth/me', view(member));
  assert.deepEqual(seen.memberships.map((each) => each.organization_id), [admin.organization.id]);
  assert.equal((await admin.get('/api/auth/logins', view(member))).status, 403);

  assert.equal((await member.get('/api/workspaces', view(user))).status, 403);
  await until(async () => (await admin.expect(200, 'GET', `/api/audit/events?actor_id=${member.me.user.id}&action=workspace.list&outcome=denied`)).data.length === 1, { what: 'the attempt' });
});

test('a use of a grant counts once, and not when an administrator looks', async () => {
  const id = await chat();
  const grant = await share(id, 'REA');
  await untilAll(opens(manager, id), within);
  const uses = async () => Number(await demo.databases.value('us', 'select access_count from permissions_acl where id = $1', [grant.id]));
  await until(async () => (await uses()) > 0, { within: 15_000, what: 'the count' });
  const before = await uses();
  for (let i = 0; i < 3; ++i) await admin.expect(200, 'GET', `/api/chats/${id}`, { headers: { 'gatehouse-view-as': manager.me.user.id } });
  await manager.expect(200, 'GET', `/api/chats/${id}`);
  await until(async () => (await uses()) > before, { within: 15_000, what: 'the use to be counted' });
  assert.equal(await uses(), before + 1);
});

/** Governance roles by SQL: this is about what they do, not about who may give them. */
async function assign(actor, role, workspace) {
  const id = randomUUID();
  await demo.databases.rows('us', 'insert into role_assignments (organization_id, id, role, workspace_id, user_id) values ($1, $2, $3, $4, $5)',
    [actor.organization.id, id, role, workspace, actor.me.user.id]);
  return () => demo.databases.rows('us', 'delete from role_assignments where id = $1', [id]);
}
const orgWorkspace = (actor) => actor.me.workspaces.find((one) => one.name === 'OrgWorkspace').id;

test("an Auditor of a workspace reads its chats and its events, and changes nothing there", async () => {
  const workspace = orgWorkspace(user);
  const there = { headers: { 'gatehouse-workspace': workspace } };
  const { id } = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', workspace_id: workspace } });
  const elsewhere = await chat();
  const remove = await assign(manager, 'Auditor', workspace);
  try {
    await until(async () => (await manager.get(`/api/chats/${id}`, there)).status === 200, within);
    assert.equal((await manager.get(`/api/chats/${elsewhere}`, there)).status, 404);
    const events = await manager.expect(200, 'GET', '/api/audit/events', there);
    assert.ok(events.data.length > 0);
    assert.ok(events.data.every((event) => event.workspace_id === workspace || event.actor_id === manager.me.user.id));
    for (const path of ['/api/audit/verify', '/api/chats'])
      assert.equal((await manager.post(path, {}, there)).status, 403, path);
    // In another workspace they are what they were.
    assert.equal(await status(manager, 'POST', '/api/chats', { model: 'demo/echo' }), 201);
    assert.equal(await status(manager, 'GET', `/api/chats/${id}`), 404);
  } finally {
    await remove();
  }
  await until(async () => (await manager.get(`/api/chats/${id}`, there)).status === 404, within);
});

test('an Auditor of the organization reads everything in it, verifies the record, and changes nothing anywhere', async () => {
  const id = await chat();
  const remove = await assign(manager, 'Auditor', null);
  try {
    await untilAll(opens(manager, id), within);
    await manager.expect(200, 'POST', '/api/audit/verify');
    assert.equal(await status(manager, 'POST', '/api/chats', { model: 'demo/echo' }), 403);
    assert.equal(await status(manager, 'POST', '/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content: 'x' }] }), 403);
    const told = await admin.expect(200, 'GET', `/api/access/explain?permission=chats_write&user_id=${manager.me.user.id}`);
    assert.equal(told.allowed, false);
    assert.ok(told.reasons.some((reason) => reason.source === 'auditor' && reason.effect === 'denies'));
  } finally {
    await remove();
  }
});

const give = (actor, kind, id, action, more) => actor.send('POST', '/api/grants', {
  body: { resource_kind: kind, resource_id: id, action, ...(more?.created_for_group_id || more?.created_for_email ? {} : { created_for_email: 'user@acme.test' }), ...more },
});
const workspace = async (more = {}) =>
  admin.expect(201, 'POST', '/api/workspaces', { body: { name: `Shared ${randomUUID().slice(0, 8)}`, visibility: 'organization', ...more } });
const group = async (...people) => {
  const { id } = await admin.expect(201, 'POST', '/api/groups', { body: { name: `Group ${randomUUID().slice(0, 8)}` } });
  for (const person of people) await demo.databases.rows('us', 'insert into group_members (organization_id, group_id, user_id) values ($1, $2, $3) returning group_id', [admin.organization.id, id, person.me.user.id]);
  return id;
};

test('a workspace manager takes over no workspace that they only know of', async () => {
  const known = await workspace();
  assert.equal((await manager.get(`/api/workspaces/${known.id}`)).status, 200);
  const ours = await group(manager);
  for (const action of ['REA', 'UPD', 'MNG']) {
    assert.equal((await give(manager, 'WSP', known.id, action)).status, 403);
    assert.equal((await give(manager, 'WSP', known.id, action, { created_for_group_id: ours })).status, 403);
  }
  // An Auditor's role of another test may still count.
  await until(async () => (await give(manager, 'WSP', orgWorkspace(manager), 'REA')).status === 201, within);
  // Not to a group of theirs either, where the thing is not their own.
  const toOurs = async () => (await give(manager, 'WSP', orgWorkspace(manager), 'REA', { created_for_group_id: ours })).status === 422;
  await until(toOurs, { ...within, what: 'the group to be known' });
});

test('who was granted the management of a workspace names no administrators of it, though a manager elsewhere', async () => {
  const { id } = await workspace();
  await give(admin, 'WSP', id, 'MNG', { created_for_email: 'manager@acme.test' });
  const path = `/api/workspaces/${id}/people/${user.me.user.id}`;
  await until(async () => (await status(manager, 'PUT', path, {})) === 200, within);
  assert.equal(await status(manager, 'PUT', path, { role_in_workspace: 'admin' }), 403);
  const mine = await workspace({ owner_user_id: manager.me.user.id });
  await until(async () => (await status(manager, 'PUT', `/api/workspaces/${mine.id}/people/${user.me.user.id}`, { role_in_workspace: 'admin' })) === 200, within);
});

test('what is passed on holds no longer and no further than that from which it comes, and ends with it', async () => {
  const id = await chat();
  const end = new Date(Date.now() + 3_600_000).toISOString();
  const parent = await share(id, 'MNG', { valid_to: end, attributes: { conditions: { ip_whitelist: ['127.0.0.0/8'] } } });
  await until(async () => (await give(manager, 'CHT', id, 'REA', { created_for_email: 'admin@acme.test' })).status === 201, within);
  const { errors } = (await give(manager, 'CHT', id, 'REA', { created_for_email: 'admin@acme.test', valid_to: '2990-01-01T00:00:00Z' })).json();
  assert.deepEqual(errors.map((error) => error.pointer), ['/valid_to']);
  const guest = await person(admin);
  const child = (await give(manager, 'CHT', id, 'UPD', { created_for_email: guest.me.user.email })).json();
  assert.equal(Date.parse(child.valid_to), Date.parse(parent.valid_to));
  await until(async () => (await status(guest, 'PATCH', `/api/chats/${id}`, { title: 'By a guest' })) === 200, within);
  const explained = (address) => admin.expect(200, 'GET',
    `/api/access/explain?${new URLSearchParams({ user_id: guest.me.user.id, resource_kind: 'CHT', resource_id: id, action: 'UPD', address })}`);
  assert.equal((await explained('127.0.0.1')).allowed, true);
  assert.equal((await explained('192.0.2.1')).allowed, false);
  await user.expect(200, 'POST', `/api/grants/${parent.id}/revoke`, { body: {} });
  await until(async () => (await status(guest, 'PATCH', `/api/chats/${id}`, { title: 'Still?' })) === 404, within);
  assert.equal((await admin.expect(200, 'GET', `/api/grants/${child.id}`)).state, 'revoked');
});

test('what somebody passed on of their group’s holds while they are in the group, a member, and the group is there', async () => {
  const ends = [
    (team, giver) => admin.expect(204, 'DELETE', `/api/groups/${team}/members/${giver.me.user.id}`),
    (team) => admin.expect(204, 'DELETE', `/api/groups/${team}`),
    (team, giver) => admin.expect(200, 'PATCH', `/api/members/${giver.me.user.id}`, { body: { is_active: false } }),
  ];
  const guest = await person(admin);
  for (const end of ends) {
    const [{ id }, giver] = [await workspace(), await person(admin)];
    const team = await group(giver);
    assert.equal((await give(admin, 'WSP', id, 'MNG', { created_for_group_id: team })).status, 201);
    await until(async () => (await give(giver, 'WSP', id, 'UPD', { created_for_email: guest.me.user.email })).status === 201, within);
    // A change that is admitted stops at the version, which is none.
    const changes = async () => (await guest.send('PATCH', `/api/workspaces/${id}`, { body: { name: 'Changed' }, headers: { 'if-match': '"999"' } })).status === 412;
    await until(changes, within);
    await end(team, giver);
    assert.equal(await changes(), false, 'what would last is judged by the rows');
    const told = () => admin.expect(200, 'GET', `/api/access/explain?${new URLSearchParams({ user_id: guest.me.user.id, resource_kind: 'WSP', resource_id: id, action: 'UPD' })}`);
    await until(async () => !(await told()).allowed, { within: 2000, what: 'what was passed on to end' });
  }
});

test('with a group, a workspace or a chat ends what was given to it or on it', async () => {
  const { id } = await workspace();
  const { id: chat } = await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const team = await group(user);
  const given = [[await give(admin, 'WSP', id, 'REA'), `/api/workspaces/${id}`], [await give(admin, 'CHT', chat, 'REA'), `/api/chats/${chat}`],
    [await give(admin, 'PRL', admin.me.user.id, 'REA', { created_for_group_id: team }), `/api/groups/${team}`]];
  for (const [reply, path] of given) {
    const grant = `/api/grants/${reply.json().id}`;
    assert.equal((await admin.expect(200, 'GET', grant)).state, 'active');
    await admin.expect(204, 'DELETE', path);
    assert.equal((await admin.expect(200, 'GET', grant)).state, 'revoked', path);
  }
});

test('what no operation asks for is not granted, and not explained as if it were', async () => {
  const asked = (kind, action, id) => `/api/access/explain?${new URLSearchParams({ resource_kind: kind, resource_id: id, action })}`;
  const { id } = await workspace();
  const nothing = [['ORG', admin.organization.id, ['REA', 'WRI', 'UPD', 'MNG']], ['PRL', user.me.user.id, ['WRI', 'UPD', 'MNG']], ['WSP', id, ['WRI']]];
  for (const [kind, thing, actions] of nothing)
    for (const action of actions) {
      const refused = await give(admin, kind, thing, action, { created_for_email: 'manager@acme.test' });
      assert.deepEqual([refused.status, refused.json().errors[0].pointer], [422, '/action'], `${kind} ${action}`);
      assert.equal((await admin.get(asked(kind, action, thing))).status, 422, `${kind} ${action}`);
    }
  // And every pair that an operation declares can be given.
  for (const [kind, thing, actions] of [['WSP', id, ['REA', 'UPD', 'MNG']], ['PRL', user.me.user.id, ['REA']]])
    for (const action of actions)
      assert.equal((await give(admin, kind, thing, action, { created_for_email: 'manager@acme.test' })).status, 201, `${kind} ${action}`);
  const scope = (value) => ({ created_for_email: 'manager@acme.test', attributes: { scope: value } });
  for (const value of [{ operations_allowed: ['list'] }, { fields_allowed: [] }, { operations_allowed: [] }])
    assert.equal((await give(admin, 'PRL', user.me.user.id, 'REA', scope(value))).status, 422, JSON.stringify(value));
  assert.equal((await give(admin, 'WSP', id, 'UPD', scope({ operations_allowed: ['read'] }))).status, 422);
});

test('a grant to list shows the thing among others and does not open it; one to read the other way round', async () => {
  const [listed, read] = [await chat(), await chat()];
  await share(listed, 'REA', { attributes: { scope: { operations_allowed: ['list'] } } });
  await share(read, 'REA', { attributes: { scope: { operations_allowed: ['read'] } } });
  await until(opens(manager, read), within);
  const { data } = await manager.expect(200, 'GET', '/api/chats?shared=true');
  const shown = data.map((each) => each.id);
  assert.deepEqual([shown.includes(listed), shown.includes(read)], [true, false]);
  assert.equal(await status(manager, 'GET', `/api/chats/${listed}`), 404);
});

test('explain says what the operations do', async () => {
  const [visible, closed] = [await workspace(), await workspace({ visibility: 'private' })];
  const ours = orgWorkspace(user);
  const leaver = await person(admin, { workspaces: [{ workspace_id: closed.id }] });
  const there = { headers: { 'gatehouse-workspace': closed.id } };
  await until(async () => (await leaver.get('/api/chats', there)).status === 200, within);
  const left = await leaver.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', workspace_id: closed.id } });
  const kept = await leaver.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  await admin.expect(204, 'DELETE', `/api/workspaces/${closed.id}/people/${leaver.me.user.id}`);
  const [keeper, outsider] = [await person(admin), await person(admin)];
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'WorkspaceAdmin', group_id: await group(outsider), workspace_id: closed.id } });
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'WorkspaceAdmin', user_id: keeper.me.user.id } });
  const own = await chat();
  const things = [
    ['WSP', visible.id], ['WSP', closed.id], ['WSP', ours], ['CHT', own], ['CHT', left.id], ['CHT', kept.id],
    ['PRL', user.me.user.id], ['PRL', leaver.me.user.id],
  ];
  const reads = { WSP: 'workspaces', CHT: 'chats', PRL: 'members' };
  const changes = { WSP: 'workspaces', CHT: 'chats' };
  await until(async () => (await leaver.get(`/api/chats/${left.id}`)).status === 404, within);
  await until(async () => (await keeper.get(`/api/workspaces/${closed.id}`)).status === 200, within);
  for (const actor of [admin, manager, user, leaver, keeper, outsider])
    for (const [kind, id] of things)
      for (const [action, paths] of [['REA', reads], ['UPD', changes]]) {
        if (!paths[kind]) continue;
        const query = new URLSearchParams({ user_id: actor.me.user.id, resource_kind: kind, resource_id: id, action });
        const told = await admin.send('GET', `/api/access/explain?${query}`);
        assert.equal(told.status, 200, told.text);
        // A change that is admitted stops at the ETag that it lacks, or is made.
        const reply = await actor.send(action === 'REA' ? 'GET' : 'PATCH', `/api/${paths[kind]}/${id}`, action === 'REA' ? {} : { body: kind === 'CHT' ? { title: 'Told' } : { name: `Told ${randomUUID().slice(0, 8)}` }, headers: kind === 'WSP' ? { 'if-match': '"999"' } : {} });
        const is_open = reply.status === 200 || reply.status === 412;
        assert.equal(told.json().allowed, is_open, `${actor.name} ${action} ${kind} ${id}: ${reply.status} ${told.text}`);
      }
});

test('a thing has at most so many grants, which is said', async () => {
  const id = await chat();
  await demo.databases.rows('us', `insert into permissions_acl (organization_id, id, resource_kind, resource_id, action, created_by_user_id, created_for_user_id)
      select $1, gen_random_uuid(), 'CHT', $2, 'REA', $3, $4 from generate_series(1, 200) returning id`,
  [user.organization.id, id, user.me.user.id, manager.me.user.id]);
  const refused = await give(user, 'CHT', id, 'REA', { created_for_email: 'admin@acme.test' });
  assert.deepEqual([refused.status, refused.json().code], [409, 'conflict'], refused.text);
  assert.match(refused.json().detail, /at most 200 grants/);
});
