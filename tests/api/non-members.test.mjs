// Who does not belong is refused everywhere: made from the API's own list, with the ids of things that are there. A person
// of another organization, one whose membership was ended, and a guest who is in no workspace.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { person } from '../harness/people.mjs';
import { until } from '../harness/until.mjs';
import { matrix, personal } from './permissions.mjs';
import { callOf, missing, resources } from './samples.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const operations = demo.contract.operations.filter((operation) => operation.permission !== 'anyone' && !missing(operation));
const isPlatform = ({ permission }) => permission.startsWith('platform_');
const isOfAll = ({ ids }) => ids.some((id) => resources[id].open);

let admin, stranger, ended, guest;
before(async () => {
  [admin, stranger] = await Promise.all(['admin@acme.test', 'admin@borealis.test'].map((email) => demo.as(email)));
  ended = await person(admin);
  await admin.expect(200, 'PATCH', `/api/members/${ended.me.user.id}`, { body: { is_active: false } });
  await until(async () => (await ended.get('/api/auth/me')).status === 401, { within: 5000, what: 'the membership to end' });
  guest = await person(admin);
  for (const { id, workspace_type } of guest.me.workspaces)
    if (workspace_type === 'FUNCTIONAL') await admin.expect(204, 'DELETE', `/api/workspaces/${id}/people/${guest.me.user.id}`);
});

/** Things of the administrator's, each made once: refused calls change nothing. */
const made = new Map();
async function idsOf(operation) {
  const ids = {};
  for (const id of operation.ids) {
    if (!made.has(id)) made.set(id, await resources[id].make(admin, admin, ids));
    ids[id] = made.get(id);
  }
  return ids;
}

/** Every call of `of` by the person gives one of the statuses, and nothing is changed by any. */
async function refusedEverywhere(actor, of, statuses, headers = {}) {
  const calls = [];
  // So that making a body makes no more than it must (samples.mjs asks what the person may).
  if (actor.me) actor.me = { ...actor.me, permissions: [] };
  for (const operation of of) calls.push([operation, await callOf(operation, actor, await idsOf(operation))]);
  const state = await demo.databases.snapshot();
  const wrong = [];
  for (const [operation, { path, options }] of calls) {
    const reply = await actor.send(operation.method, path, { ...options, headers: { ...options.headers, ...headers } });
    if (!statuses(operation).includes(reply.status)) wrong.push(`${operation.name}: ${reply.status} ${reply.text.slice(0, 200)}`);
  }
  assert.deepEqual(wrong, [], actor.name);
  assert.deepEqual(await demo.databases.snapshot(), state);
}

test('whose membership was ended calls nothing', () =>
  refusedEverywhere(ended, operations, () => [401]));

test('a person of another organization reaches nothing of this one', () =>
  refusedEverywhere(stranger, operations.filter((each) => each.ids.length > 0 && !isOfAll(each) && !each.ids.includes('organization_id')), (operation) =>
    (matrix[operation.permission].OA ? [404] : isPlatform(operation) ? [403] : [403, 404])));

test('a person of another organization who names a workspace of this one calls nothing there', () => {
  const workspace = admin.me.workspaces.find((one) => one.name === 'OrgWorkspace').id;
  return refusedEverywhere(stranger, operations, (operation) => (matrix[operation.permission].OA ? [404] : [403, 404]), { 'gatehouse-workspace': workspace });
});

test('a guest who is in no workspace reaches nothing that is somebody’s or a workspace’s', () => {
  const about = operations.filter((each) => each.ids.some((id) => resources[id].personal) || (each.ids.length && !matrix[each.permission].UR));
  return refusedEverywhere(guest, about.filter((each) => !isOfAll(each) && !personal.includes(each.permission)),
    (operation) => (matrix[operation.permission].UR ? [404] : [403, 404]));
});

test('every operation has a principal and a workspace: without the first 401, with one that is not the caller’s 404', async () => {
  await refusedEverywhere(demo.nobody(), operations, () => [401]);
  const scoped = operations.filter((each) => !isPlatform(each));
  const manager = await demo.as('manager@acme.test');
  const own = manager.me.workspaces.find((one) => one.workspace_type === 'PERSONAL').id;
  for (const workspace of [own, randomUUID(), 'no-id'])
    await refusedEverywhere(guest, scoped, (operation) => (matrix[operation.permission].UR ? [404] : [403]), { 'gatehouse-workspace': workspace });
});
