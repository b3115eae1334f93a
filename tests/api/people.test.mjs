// Members, roles, groups and sessions of an organization, as its administrators, managers and people meet them.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { person } from '../harness/people.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const manager = await demo.as('manager@acme.test');
const user = await demo.as('user@acme.test');

const within = 2500;  // two seconds, and what a poll takes
const makeWorkspace = (body = {}) => admin.expect(201, 'POST', '/api/workspaces', { body: { name: `Team ${randomUUID().slice(0, 8)}`, ...body } });

// Seed 004, "Poderes por Role", with the rows that exist today; companions and analytics come later. MS makes no
// workspace and no chat where it does not belong: an operator sees no tenant's content without a membership.
const powers = [
  ['create a workspace', (actor) => actor.post('/api/workspaces', { name: 'Power' }), { MS: false, OA: true, WM: false, UR: false }],
  ['create a chat', (actor) => actor.post('/api/chats', { model: 'demo/echo' }), { MS: false, OA: true, WM: true, UR: true }],
  ['let people in', (actor) => actor.post('/api/invitations', { workspaces: [{ workspace_id: shared.id }] }), { MS: false, OA: true, WM: true, UR: false }],
  ['make a workspace manager', (actor) => actor.post('/api/invitations', { role_code: 'WM', workspaces: [{ workspace_id: shared.id }] }), { MS: false, OA: true, WM: false, UR: false }],
  ['make an administrator', (actor) => actor.post('/api/invitations', { role_code: 'OA' }), { MS: false, OA: true, WM: false, UR: false }],
  ['see the record of the organization', (actor) => actor.get('/api/audit/events'), { MS: false, OA: true, WM: false, UR: false }],
];
const shared = await makeWorkspace({ name: 'Shared' });
for (const one of [manager, user]) await admin.expect(200, 'PUT', `/api/workspaces/${shared.id}/people/${one.me.user.id}`, { body: {} });

test('the table of powers', async () => {
  const actors = { MS: await demo.as('operator@gatehouse.test'), OA: admin, WM: manager, UR: user };
  for (const [power, use, who] of powers)
    for (const [role, may] of Object.entries(who)) {
      const reply = await use(actors[role]);
      assert.equal(reply.status < 300, may, `${role}: ${power}: ${reply.text}`);
      if (!may) assert.equal(reply.status, 403, `${role}: ${power}`);
    }
});

test('members are found by name and e-mail, role, activity and workspace, page by page', async () => {
  const mark = randomUUID().slice(0, 8);
  const people = [];
  for (const name of [`Ção ${mark}`, `Ana ${mark}`, `bruno ${mark}`]) people.push(await person(admin, {}, name));
  const found = async (query) => (await admin.expect(200, 'GET', `/api/members?${query}`)).data.map((each) => each.name);
  assert.deepEqual(await found(`q=${mark.toUpperCase()}`), [`Ana ${mark}`, `bruno ${mark}`, `Ção ${mark}`]);
  assert.deepEqual(await found(`q=${encodeURIComponent('ção')}`), [`Ção ${mark}`]);
  assert.deepEqual(await found(`q=${people[1].me.user.email.toUpperCase()}`), [`Ana ${mark}`]);
  assert.deepEqual(await found(`q=${mark}&role_code=OA`), []);
  assert.deepEqual(await found(`q=${mark}&workspace_id=${shared.id}`), []);
  await admin.expect(204, 'DELETE', `/api/members/${people[2].me.user.id}`);
  assert.deepEqual(await found(`q=${mark}&is_active=false`), [`bruno ${mark}`]);
  const names = [];
  for (let token = ''; ;) {
    const page = await admin.expect(200, 'GET', `/api/members?q=${mark}&limit=1${token && `&page_token=${token}`}`);
    names.push(...page.data.map((each) => each.name));
    if (!page.next_page_token) break;
    token = page.next_page_token;
  }
  assert.deepEqual(names, [`Ana ${mark}`, `bruno ${mark}`, `Ção ${mark}`]);
});

test('a renamed person is found and sorted by the new name', async () => {
  const someone = await person(admin, {}, 'Zed Before');
  const name = `Aaron ${randomUUID().slice(0, 8)}`;
  await someone.expect(200, 'PATCH', '/api/auth/me', { body: { name } });
  assert.deepEqual((await admin.expect(200, 'GET', `/api/members?q=${encodeURIComponent(name)}`)).data.map((each) => each.name), [name]);
});

test('a membership that ends takes sessions and API keys with it, and gives none back', async () => {
  const someone = await person(admin);
  const { secret } = await until(async () => {
    const reply = await someone.post('/api/api-keys', { name: 'Mine' });
    return reply.status === 201 ? reply.json() : null;
  }, { within, what: 'the new workspace to be known' });
  const key = demo.withKey(secret);
  await key.expect(200, 'GET', '/v1/models');
  await admin.expect(204, 'DELETE', `/api/members/${someone.me.user.id}`);
  await until(async () => (await someone.get('/api/auth/me')).status === 401, { within, what: 'the session to end' });
  await until(async () => (await key.get('/v1/models')).status === 401, { within, what: 'the key to end' });
  const signIn = await demo.nobody().post('/api/auth/sign-in', { email: someone.me.user.email, password: someone.password });
  assert.deepEqual([signIn.status, signIn.json().code], [403, 'not_a_member']);
  await admin.expect(200, 'PATCH', `/api/members/${someone.me.user.id}`, { body: { is_active: true } });
  const again = await demo.nobody().post('/api/auth/sign-in', { email: someone.me.user.email, password: someone.password });
  assert.equal(again.status, 200, again.text);
  assert.equal((await someone.get('/api/auth/me')).status, 401);
  assert.equal((await key.get('/v1/models')).status, 401);
});

test('a membership that is opened again comes with its workspaces, and without roles, grants and groups', async () => {
  const workspace = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: `Kept ${randomUUID().slice(0, 8)}`, visibility: 'private' } });
  const someone = await person(admin, { workspaces: [{ workspace_id: workspace.id, role: 'WorkspaceAdmin' }] });
  const { id } = someone.me.user;
  const group = await admin.expect(201, 'POST', '/api/groups', { body: { name: `Group ${randomUUID().slice(0, 8)}` } });
  await admin.expect(204, 'PUT', `/api/groups/${group.id}/members/${id}`);
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Approver', user_id: id } });
  await admin.expect(201, 'POST', '/api/grants', { body: { resource_kind: 'PRL', resource_id: admin.me.user.id, action: 'REA', created_for_user_id: id } });
  for (const is_active of [false, true]) await admin.expect(200, 'PATCH', `/api/members/${id}`, { body: { is_active } });
  assert.deepEqual((await admin.expect(200, 'GET', `/api/role-assignments?user_id=${id}`)).data, []);
  assert.deepEqual((await admin.expect(200, 'GET', `/api/grants?user_id=${id}`)).data, []);
  assert.equal(await demo.databases.value('us', 'select count(*)::int from group_members where user_id = $1', [id]), 0);
  const { data } = await admin.expect(200, 'GET', `/api/workspaces/${workspace.id}/people`);
  assert.deepEqual(data.filter((each) => each.user_id === id).map((each) => each.role_in_workspace), ['member']);
});

test('a role that is taken away is gone within two seconds for a session that is open', async () => {
  const someone = await person(admin, { role_code: 'OA' });
  await someone.expect(200, 'GET', '/api/audit/events');
  await admin.expect(200, 'PATCH', `/api/members/${someone.me.user.id}`, { body: { role_code: 'UR' } });
  await until(async () => (await someone.get('/api/audit/events')).status === 403, { within, what: 'the role to be gone' });
});

test('the owner stays an active administrator, and alone hands the organization over', async () => {
  const owner = admin.me.user.id;
  const other = await person(admin, { role_code: 'OA' });
  for (const body of [{ role_code: 'UR' }, { is_active: false }]) {
    assert.equal((await other.patch(`/api/members/${owner}`, body)).json().code, 'conflict');
    assert.equal((await admin.patch(`/api/members/${owner}`, body)).json().code, 'conflict');
  }
  assert.equal((await other.delete(`/api/members/${owner}`)).json().code, 'conflict');
  assert.equal((await other.patch(`/api/members/${other.me.user.id}`, { is_owner: true })).status, 403);
  assert.equal((await admin.patch(`/api/members/${user.me.user.id}`, { is_owner: true })).status, 422);
  assert.equal((await admin.patch(`/api/members/${other.me.user.id}`, { is_owner: false })).status, 422);
  assert.equal((await admin.patch(`/api/members/${other.me.user.id}`, { role_code: 'MS' })).status, 422);
  const owners = async () => (await admin.expect(200, 'GET', '/api/members?role_code=OA&limit=200')).data.filter((each) => each.is_owner).map((each) => each.user_id);
  await admin.expect(200, 'PATCH', `/api/members/${other.me.user.id}`, { body: { is_owner: true } });
  assert.deepEqual(await owners(), [other.me.user.id]);
  await other.expect(200, 'PATCH', `/api/members/${owner}`, { body: { is_owner: true } });
  assert.deepEqual(await owners(), [owner]);
});

test('one’s own profile is one’s own to write; what it holds fits its schema', async () => {
  const profile = { job_title: 'Analyst', location: 'São Paulo, BR', timezone: 'America/Sao_Paulo' };
  const written = await user.expect(200, 'PATCH', '/api/profile', { body: { profile } });
  assert.deepEqual(written.profile, { phone: null, department: null, ...profile });
  assert.deepEqual((await user.expect(200, 'GET', '/api/profile')).profile, written.profile);
  await user.expect(200, 'PATCH', '/api/profile', { body: { profile: { location: null } } });
  assert.equal((await admin.expect(200, 'GET', `/api/members/${user.me.user.id}`)).profile.location, null);
  assert.equal((await user.patch('/api/profile', { profile: { timezone: 'Middle/Earth' } })).json().errors[0].pointer, '/profile/timezone');
  const stored = await demo.databases.value('us', 'select attributes from memberships where user_id = $1', [user.me.user.id]);
  assert.deepEqual(stored.metadata, { schema_name: 'membership', schema_version: '1.1' });
});

test('a document of an older schema, and with fields of nobody’s knowledge, stays readable and keeps them', async () => {
  const someone = await person(admin);
  const old = { metadata: { schema_name: 'membership', schema_version: '1.0' }, role_in_workspace: 'member', job_title: 7, favourite: 'blue' };
  await demo.databases.tamper('us', 'update memberships set attributes = $2 where user_id = $1', [someone.me.user.id, old]);
  assert.equal((await someone.expect(200, 'GET', '/api/profile')).profile.job_title, null);
  await someone.expect(200, 'PATCH', '/api/profile', { body: { profile: { job_title: 'Painter' } } });
  const stored = await demo.databases.value('us', 'select attributes from memberships where user_id = $1', [someone.me.user.id]);
  assert.deepEqual([stored.favourite, stored.metadata.schema_version], ['blue', '1.1']);
});

test('a grant on a profile shows a colleague the fields that it names', async () => {
  const path = `/api/members/${manager.me.user.id}`;
  assert.equal((await user.get(path)).status, 403);
  await demo.databases.rows('us', `insert into permissions_acl (organization_id, id, resource_kind, resource_id, action,
    created_by_user_id, created_for_user_id, attributes) values ($1, gen_random_uuid(), 'PRL', $2, 'REA', $3, $4, $5)`,
    [admin.organization.id, manager.me.user.id, admin.me.user.id, user.me.user.id, { scope: { fields_allowed: ['email'] } }]);
  await until(async () => (await user.get(path)).status === 200, { within, what: 'the grant to count' });
  const shown = await user.expect(200, 'GET', path);
  assert.deepEqual([shown.email, shown.role_code, shown.workspaces], ['manager@acme.test', null, []]);
});

test('a group’s roles are those of its people, as long as they are in it and it is there', async () => {
  const someone = await person(admin);
  const group = await admin.expect(201, 'POST', '/api/groups', { body: { name: 'Reviewers' } });
  assert.equal((await admin.post('/api/groups', { name: 'REVIEWERS' })).json().code, 'already_exists');
  const path = `/api/groups/${group.id}/members/${someone.me.user.id}`;
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', group_id: group.id } });
  const reads = (status) => until(async () => (await someone.get('/api/audit/events')).status === status, { within, what: `audit to answer ${status}` });
  await reads(403);
  await admin.expect(204, 'PUT', path);
  await reads(200);
  assert.deepEqual((await admin.expect(200, 'GET', `/api/groups/${group.id}/members`)).data.map((each) => each.user_id), [someone.me.user.id]);
  await admin.expect(204, 'DELETE', path);
  await reads(403);
  await admin.expect(204, 'PUT', path);
  await reads(200);
  await admin.expect(204, 'DELETE', `/api/groups/${group.id}`);
  await reads(403);
  await admin.expect(201, 'POST', '/api/groups', { body: { name: 'Reviewers' } });
});

test('nobody gives a role above their own, or beyond their workspaces', async () => {
  const mine = await makeWorkspace({ visibility: 'private', owner_user_id: manager.me.user.id });
  const others = await makeWorkspace({ visibility: 'private' });
  const helper = await person(admin, { workspaces: [{ workspace_id: mine.id, role: 'WorkspaceAdmin' }] });
  helper.headers['gatehouse-workspace'] = mine.id;
  const someone = await person(admin, { workspaces: [{ workspace_id: mine.id }, { workspace_id: others.id }] });
  const give = (actor, role, workspace_id) => actor.post('/api/role-assignments', { role, workspace_id, user_id: someone.me.user.id });
  await until(async () => (await helper.get('/api/members')).status === 200, { within, what: 'the role to count' });

  for (const role of ['Auditor', 'IntegrationAdmin']) assert.equal((await give(manager, role, mine.id)).status, 403, role);
  for (const role of ['Auditor', 'IntegrationAdmin', 'WorkspaceAdmin']) assert.equal((await give(helper, role, mine.id)).status, 403, role);
  for (const actor of [manager, helper]) {
    assert.equal((await give(actor, 'Operator', others.id)).status, 422, actor.name);
    assert.equal((await give(actor, 'Operator', null)).status, 403, actor.name);
  }
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', workspace_id: mine.id, user_id: someone.me.user.id } });
  const { data } = await admin.expect(200, 'GET', `/api/role-assignments?user_id=${someone.me.user.id}`);
  assert.equal((await manager.delete(`/api/role-assignments/${data[0].id}`)).status, 403);
  assert.equal((await give(manager, 'WorkspaceAdmin', mine.id)).status, 201);
  assert.equal((await give(helper, 'Operator', mine.id)).status, 201);
  assert.equal((await give(helper, 'Operator', mine.id)).status, 409);
  // Only people of the workspace hold a role there, and leaving takes it.
  assert.equal((await admin.post('/api/role-assignments', { role: 'Operator', workspace_id: mine.id, user_id: user.me.user.id })).status, 422);
  await admin.expect(204, 'DELETE', `/api/workspaces/${mine.id}/people/${someone.me.user.id}`);
  assert.deepEqual((await admin.expect(200, 'GET', `/api/role-assignments?user_id=${someone.me.user.id}`)).data, []);
});

test('who administers every workspace does not administer the organization', async () => {
  const someone = await person(admin, {}, 'Wally Workspaces');
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'WorkspaceAdmin', user_id: someone.me.user.id } });
  await until(async () => (await someone.get('/api/members')).status === 200, { within, what: 'the role to count' });
  const refused = async (status, method, path, body, options = {}) => {
    const reply = await someone.send(method, path, { body, ...options });
    assert.equal(reply.status, status, `${method} ${path} ${JSON.stringify(body)}: ${reply.text}`);
  };
  const theirs = await makeWorkspace({ visibility: 'private' });
  for (const role_code of ['OA', 'WM']) await refused(403, 'POST', '/api/invitations', { role_code, workspaces: [{ workspace_id: theirs.id }] });
  await refused(422, 'POST', '/api/invitations', {});
  for (const role of ['Auditor', 'IntegrationAdmin', 'WorkspaceAdmin']) {
    await refused(403, 'POST', '/api/invitations', { workspaces: [{ workspace_id: theirs.id, role }] });
    for (const workspace_id of [null, theirs.id]) await refused(403, 'POST', '/api/role-assignments', { role, workspace_id, user_id: someone.me.user.id });
  }
  await refused(403, 'POST', '/api/role-assignments', { role: 'Operator', user_id: someone.me.user.id });
  const chat = await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  for (const [resource_kind, resource_id, action] of [['CHT', chat.id, 'REA'], ['PRL', admin.me.user.id, 'REA']])
    await refused(403, 'POST', '/api/grants', { resource_kind, resource_id, action, created_for_user_id: user.me.user.id });
  const given = await admin.expect(201, 'POST', '/api/grants', { body: { resource_kind: 'CHT', resource_id: chat.id, action: 'REA', created_for_user_id: user.me.user.id } });
  await refused(404, 'POST', `/api/grants/${given.id}/revoke`, {});
  const invited = await admin.expect(201, 'POST', '/api/invitations', { body: { role_code: 'OA' } });
  await refused(404, 'DELETE', `/api/invitations/${invited.invitation.id}`);
  const change = async (body) => someone.patch(`/api/workspaces/${theirs.id}`, body, { headers: { 'if-match': (await admin.get(`/api/workspaces/${theirs.id}`)).headers.etag } });
  for (const body of [{ is_default: true }, { parent_workspace_id: shared.id }, { owner_user_id: admin.me.user.id }]) assert.equal((await change(body)).status, 403, JSON.stringify(body));
  await refused(403, 'DELETE', `/api/workspaces/${theirs.id}/people/${admin.me.user.id}`);

  // They are what a workspace's administrator is, in each, and know of each.
  assert.equal((await someone.expect(200, 'GET', `/api/workspaces/${theirs.id}`)).is_managed, true);
  const why = await admin.expect(200, 'GET', `/api/access/explain?${new URLSearchParams({ user_id: someone.me.user.id, resource_kind: 'WSP', resource_id: theirs.id, action: 'REA' })}`);
  assert.deepEqual([why.allowed, why.reasons.find(({ effect }) => effect === 'allows')?.name], [true, 'WorkspaceAdmin']);
  assert.equal((await user.get(`/api/workspaces/${theirs.id}`)).status, 404);
  const known = await makeWorkspace({ visibility: 'organization' });
  assert.equal((await someone.expect(200, 'GET', `/api/workspaces/${known.id}`)).is_managed, true);
  assert.equal((await user.expect(200, 'GET', `/api/workspaces/${known.id}`)).is_managed, false);
  assert.equal((await change({ description: 'Looked after' })).status, 200);
  await someone.expect(200, 'PUT', `/api/workspaces/${theirs.id}/people/${user.me.user.id}`, { body: {} });
  await someone.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Operator', workspace_id: theirs.id, user_id: user.me.user.id } });
  await someone.expect(201, 'POST', '/api/grants', { body: { resource_kind: 'WSP', resource_id: theirs.id, action: 'REA', created_for_user_id: manager.me.user.id } });
  const { code } = await someone.expect(201, 'POST', '/api/invitations', { body: { workspaces: [{ workspace_id: theirs.id, role: 'Approver' }] } });
  assert.equal((await demo.nobody().post('/api/invitations/preview', { code })).status, 200);
});

test('an administrator sees where people are signed in, and ends it at once', async () => {
  const someone = await person(admin);
  const { data } = await admin.expect(200, 'GET', `/api/sessions?user_id=${someone.me.user.id}`);
  assert.equal(data.length, 1);
  assert.deepEqual([data[0].user_email, data[0].is_current], [someone.me.user.email, false]);
  await admin.expect(204, 'DELETE', `/api/sessions/${data[0].id}`);
  assert.equal((await someone.get('/api/auth/me')).status, 401);
  assert.deepEqual((await admin.expect(200, 'GET', `/api/sessions?user_id=${someone.me.user.id}`)).data, []);
});
