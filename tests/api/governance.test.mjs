// Every operation × every governance role, in the workspace where it was given and for the whole organization; and seed
// 002's "the Auditor cannot write", over every operation.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { invite, signInAs } from '../harness/people.mjs';
import { until } from '../harness/until.mjs';
import { governance, governanceRoles, matrix, personal } from './permissions.mjs';
import { callOf, certificate, missing, spends } from './samples.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const operations = demo.contract.operations.filter((operation) => !personal.includes(operation.permission) && !missing(operation));

const isWrite = new Map((await admin.expect(200, 'GET', '/api/roles/matrix')).rows.map((row) => [row.permission, row.writes]));
const workspace = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: 'Governed', visibility: 'private' } });

// What each role opens to a person who has nothing else, to see when it counts.
const firstSign = { WorkspaceAdmin: '/api/members', Operator: '/api/stages', Approver: '/api/members', Auditor: '/api/members', IntegrationAdmin: '/api/providers' };

/** A person with the role in the workspace, whose calls are made there, once it counts. */
async function holder(role) {
  const { email, password } = await invite(admin, { workspaces: [{ workspace_id: workspace.id, role }] });
  const person = await signInAs(demo, email, password);
  person.name = `${role} in a workspace`;
  person.headers['gatehouse-workspace'] = workspace.id;
  await until(async () => (await person.get('/api/workspaces')).status === 200, { within: 5000, what: 'the workspace to be known' });
  await until(async () => (await person.get(firstSign[role])).status === 200, { within: 5000, what: `${role} to count` });
  return person;
}

/** An Auditor of the whole organization, beside their role in it. */
async function auditorOfAll(role_code) {
  const { email, password } = await invite(admin, { role_code });
  const person = await signInAs(demo, email, password);
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', user_id: person.me.user.id } });
  person.name = `Auditor of the organization, ${role_code}`;
  await until(async () => !(await person.get('/api/auth/me')).json().permissions.includes('chats_write'),
    { within: 5000, what: 'the role to count' });
  return person;
}

const opened = (permission, role, isWhole) => {
  if (role === 'Auditor' && isWrite.get(permission)) return false;
  const given = governance[permission]?.[role];
  return Boolean(matrix[permission].UR) || (given !== undefined && (given !== 'whole' || isWhole));
};

/** Refused calls are refused before anything is looked at; the others get further. */
async function walk(person, isOpen) {
  const wrong = [];
  for (const operation of operations) {
    if (spends(operation)) continue;
    const ids = Object.fromEntries(operation.ids.map((id) => [id, randomUUID()]));
    const { path, options } = await callOf(operation, person, ids);
    const reply = await person.send(operation.method, path, options);
    const refused = reply.status === 403;
    if (refused === isOpen(operation)) wrong.push(`${operation.name}: ${reply.status} ${reply.text.slice(0, 200)}`);
    assert.ok(reply.status < 500, `${operation.name}: ${reply.text}`);
  }
  assert.deepEqual(wrong, [], person.name);
}

test('the matrix that the server shows is the one written down here', async () => {
  const shown = await admin.expect(200, 'GET', '/api/roles/matrix');
  const word = { scope: 'scope', own: 'own', whole: 'organization' };
  for (const row of shown.rows) {
    if (personal.includes(row.permission)) continue;
    for (const [i, column] of shown.columns.entries()) {
      if (column === 'programs') continue;
      const expected = governanceRoles.includes(column) ? word[governance[row.permission]?.[column]] : matrix[row.permission][column];
      assert.equal(row.cells[i], expected ?? '-', `${row.permission}, ${column}`);
    }
  }
  assert.deepEqual(shown.rows.map((row) => row.permission).sort(), Object.keys(matrix).sort());
});

for (const role of governanceRoles)
  test(`${role} in a workspace opens what the matrix says, and nothing else`, async () => {
    const person = await holder(role);
    await walk(person, (operation) => opened(operation.permission, role, false));
  });

test('an Auditor of the organization changes nothing by any operation, also as an administrator', async () => {
  const readsByPost = ['POST /api/audit/verify', 'POST /api/policies/evaluate'];
  const before = [];
  for (const role_code of ['UR', 'OA']) {
    const auditor = await auditorOfAll(role_code);
    // So that making a body changes nothing either (samples.mjs asks what the person may).
    auditor.me = { ...auditor.me, permissions: [] };
    for (const operation of operations) {
      const ids = Object.fromEntries(operation.ids.map((id) => [id, randomUUID()]));
      if (operation.method !== 'GET' && !readsByPost.includes(operation.name)) {
        const { path, options } = await callOf(operation, auditor, ids);
        const reply = await auditor.send(operation.method, path, options);
        assert.equal(reply.status, 403, `${auditor.name}: ${operation.name}: ${reply.text}`);
      }
    }
    before.push(await auditor.expect(200, 'GET', '/api/members'));
    for (const name of readsByPost) {
      const operation = operations.find((each) => each.name === name);
      const { path, options, status } = await callOf(operation, auditor);
      assert.equal((await auditor.send('POST', path, options)).status, status, name);
    }
  }
  assert.ok(before.every((page) => page.data.length > 3), 'an Auditor of the organization sees its people');
});

/** Something of each kind in a workspace, of the person who owns what can be owned. */
async function furnish(workspace_id, owner) {
  const there = { 'gatehouse-workspace': workspace_id };
  const other = await invite(admin, { workspaces: [{ workspace_id }] });
  const { data } = await admin.expect(200, 'GET', `/api/workspaces/${workspace_id}/people`);
  const user_id = data.find((each) => each.email === other.email).user_id;
  const make = (actor, path, body) => actor.expect(201, 'POST', path, { body, headers: there });
  const service_account_id = (await make(admin, '/api/service-accounts', { name: `Furnished ${randomUUID()}`, permissions: ['models_read'], workspace_id })).id;
  return {
    workspace_id, user_id, service_account_id,
    chat_id: (await make(owner, '/api/chats', { model: 'demo/echo', workspace_id })).id,
    api_key_id: (await make(owner, '/api/api-keys', { name: 'Furnished', workspace_id })).api_key.id,
    secret_id: (await make(admin, `/api/service-accounts/${service_account_id}/secrets`, {})).service_account.secrets[0].id,
    certificate_id: (await make(admin, `/api/service-accounts/${service_account_id}/certificates`, { pem: certificate() })).certificates[0].id,
    assignment_id: (await make(admin, '/api/role-assignments', { role: 'Operator', workspace_id, user_id })).id,
    invitation_id: (await make(admin, '/api/invitations', { workspaces: [{ workspace_id }] })).invitation.id,
    grant_id: (await make(admin, '/api/grants', { resource_kind: 'WSP', resource_id: workspace_id, action: 'UPD', created_for_user_id: user_id })).id,
    rule_id: (await make(admin, '/api/policies', { name: randomUUID(), workspace_id, outcome: 'warn', message: 'x', condition: { phrases: { texts: [randomUUID()] } } })).id,
  };
}

/** The calls that are about a workspace without being made in it: by an id in the path, or in the body. */
function callsAbout(things) {
  const { workspace_id, chat_id, user_id } = things;
  const placeless = ['user_id'];
  const byPath = operations
    .filter(({ method, ids }) => method !== 'GET' && ids.every((id) => things[id]) && ids.some((id) => things[id] && !placeless.includes(id)))
    .map((operation) => [operation, undefined]);
  const grant = { action: 'REA', created_for_user_id: user_id };
  const bodies = {
    'POST /api/chats': [{ model: 'demo/echo', workspace_id }],
    'POST /api/api-keys': [{ name: 'Elsewhere', workspace_id }],
    'POST /api/service-accounts': [{ name: randomUUID(), permissions: ['models_read'], workspace_id }],
    'POST /api/invitations': [{ workspaces: [{ workspace_id }] }],
    'POST /api/role-assignments': [{ role: 'Approver', workspace_id, user_id }],
    'POST /api/policies': [{ name: randomUUID(), workspace_id, outcome: 'warn', message: 'x', condition: { phrases: { texts: ['x'] } } }],
    'PATCH /api/policies/{rule_id}': [{ workspace_id }],
    'POST /api/grants': [{ ...grant, resource_kind: 'WSP', resource_id: workspace_id }, { ...grant, resource_kind: 'CHT', resource_id: chat_id }],
  };
  // A body that can name a workspace and stands not above is no accident that goes unseen.
  const naming = operations.filter(({ method, path }) => JSON.stringify(bodyOf(method, path) ?? {}).includes('"workspace_id"')).map(({ name }) => name);
  assert.deepEqual(naming.filter((name) => !bodies[name] && name !== 'POST /api/policies/evaluate'), []);
  return [...byPath, ...Object.entries(bodies).flatMap(([name, list]) => list.map((body) => [operations.find((each) => each.name === name), body]))];
}
function bodyOf(method, path) {
  const schema = demo.contract.document.paths[path][method.toLowerCase()].requestBody?.content['application/json']?.schema;
  const name = schema?.$ref?.split('/').at(-1);
  return name ? demo.contract.document.components.schemas[name] : schema;
}

for (const role_code of ['OA', 'WM', 'UR'])
  test(`an Auditor of a workspace changes nothing in it from elsewhere either, also as ${role_code}`, async () => {
    const { id } = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: `Audited ${randomUUID().slice(0, 8)}` } });
    const { email, password } = await invite(admin, role_code === 'UR' ? { workspaces: [{ workspace_id: id }] } : { role_code, workspaces: [{ workspace_id: id }] });
    const auditor = await signInAs(demo, email, password);
    const things = await furnish(id, auditor);
    const holds = { action: 'MNG', created_for_user_id: auditor.me.user.id };
    await admin.expect(201, 'POST', '/api/grants', { body: { ...holds, resource_kind: 'WSP', resource_id: id } });
    const role = await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', workspace_id: id, user_id: auditor.me.user.id } });
    const explained = async () => (await admin.expect(200, 'GET', `/api/access/explain?${new URLSearchParams({ user_id: auditor.me.user.id, resource_kind: 'CHT', resource_id: things.chat_id, action: 'UPD' })}`)).allowed;
    await until(async () => !(await explained()), { within: 5000, what: 'the role to count' });
    auditor.me = { ...auditor.me, permissions: [] };
    const calls = [];
    for (const [operation, body] of callsAbout(things)) calls.push([operation, body, await callOf(operation, auditor, things)]);
    const before = await demo.databases.snapshot();
    const wrong = [];
    for (const [operation, body, { path, options }] of calls) {
      const reply = await auditor.send(operation.method, path, { ...options, body: body ?? options.body });
      if (operation.name === 'POST /api/workspaces/{workspace_id}/join') continue; // they are in it already: nothing happens
      if (reply.status < 400 || reply.status >= 500) wrong.push(`${operation.name} ${JSON.stringify(body)}: ${reply.status} ${reply.text.slice(0, 200)}`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(await demo.databases.snapshot(), before);
    // They read there, and elsewhere they are what they were.
    await auditor.expect(200, 'GET', `/api/chats/${things.chat_id}`);
    await auditor.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
    await admin.expect(204, 'DELETE', `/api/role-assignments/${role.id}`);
    await until(explained, { within: 5000, what: 'the role to be gone' });
    await until(async () => (await auditor.patch(`/api/chats/${things.chat_id}`, { title: 'Again' })).status === 200, { within: 5000, what: 'what it was to be open' });
  });

test('an administrator who is Auditor by a group is let go by another alone', async () => {
  const { id } = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: `Audited ${randomUUID().slice(0, 8)}` } });
  const { email, password } = await invite(admin, { role_code: 'OA' });
  const auditor = await signInAs(demo, email, password);
  const group = await admin.expect(201, 'POST', '/api/groups', { body: { name: `Auditors ${randomUUID().slice(0, 8)}` } });
  const place = `/api/groups/${group.id}/members/${auditor.me.user.id}`;
  await admin.expect(204, 'PUT', place);
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', group_id: group.id, workspace_id: id } });
  const rename = async () => {
    const { headers } = await auditor.get(`/api/workspaces/${id}`);
    return (await auditor.patch(`/api/workspaces/${id}`, { name: `Renamed ${randomUUID().slice(0, 8)}` }, { headers: { 'if-match': headers.etag } })).status;
  };
  await until(async () => await rename() === 404, { within: 5000, what: 'the role to count' });
  assert.equal((await auditor.delete(place)).status, 404);
  assert.equal((await auditor.delete(`/api/groups/${group.id}`)).status, 404);
  assert.equal((await auditor.patch(`/api/groups/${group.id}`, { name: 'Others' })).status, 404);
  assert.equal(await rename(), 404);
  await admin.expect(204, 'DELETE', place);
  await until(async () => await rename() === 200, { within: 5000, what: 'the role to be gone' });
});

test('an Auditor of one workspace reads what is in it and nothing of another', async () => {
  const auditor = await holder('Auditor');
  const chat = await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' }, headers: { 'gatehouse-workspace': workspace.id } });
  const elsewhere = await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  await auditor.expect(200, 'GET', `/api/chats/${chat.id}`);
  assert.equal((await auditor.get(`/api/chats/${elsewhere.id}`)).status, 404);
  const people = await auditor.expect(200, 'GET', `/api/workspaces/${workspace.id}/people`);
  assert.ok(people.data.some((person) => person.user_id === auditor.me.user.id));
  const members = await auditor.expect(200, 'GET', '/api/members');
  assert.deepEqual(members.data.map((person) => person.user_id).sort(), people.data.map((person) => person.user_id).sort());
});

test('who one is in a workspace shows in what one may do there', async () => {
  const helper = await holder('WorkspaceAdmin');
  const permissions = async (headers) => (await helper.expect(200, 'GET', '/api/auth/me', { headers })).permissions;
  assert.ok((await permissions()).includes('workspaces_manage'));
  assert.ok(!(await permissions({ 'gatehouse-workspace': null })).includes('workspaces_manage'));
});

test('a role that is taken back is refused within two seconds, also to a session that is open', async () => {
  const approver = await holder('Approver');
  const { data } = await admin.expect(200, 'GET', `/api/role-assignments?user_id=${approver.me.user.id}`);
  await admin.expect(204, 'DELETE', `/api/role-assignments/${data[0].id}`);
  await until(async () => (await approver.get('/api/members')).status === 403, { within: 2500, what: 'the role to be gone' });
});
