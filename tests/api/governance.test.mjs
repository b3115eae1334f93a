// Every operation × every governance role, in the workspace where it was given and for the whole organization; and seed
// 002's "the Auditor cannot write", over every operation.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { invite, signInAs } from '../harness/people.mjs';
import { until } from '../harness/until.mjs';
import { governance, governanceRoles, matrix, personal } from './permissions.mjs';
import { callOf, missing, spends } from './samples.mjs';

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
