// Every operation × every role × own, a colleague's, a foreign, an absent and a malformed id, made from the API's own list.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { callers, foreigner, matrix, openToKeys } from './permissions.mjs';
import { callOf, missing, resources, samples, spends } from './samples.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const { operations } = demo.contract;

const administrators = { acme: 'admin@acme.test', borealis: 'admin@borealis.test' };
const actorOf = (caller) => (caller.email ? demo.as(caller.email) : demo.nobody());
const adminOf = async (actor) => demo.as(administrators[actor.organization?.slug ?? 'acme']);

/** Ids for the path, each of a thing that belongs to `owner`. */
async function idsOf(operation, owner) {
  const ids = {};
  for (const id of operation.ids) ids[id] = await resources[id].make(owner, await adminOf(owner), ids);
  return ids;
}
// Refused calls change nothing, so that they can all name the same things.
const shared = new Map();
async function sharedIds(operation, owner) {
  const ids = {};
  for (const id of operation.ids) {
    const key = `${id} of ${owner.name}`;
    if (!shared.has(key)) shared.set(key, await resources[id].make(owner, await adminOf(owner), ids));
    ids[id] = shared.get(key);
  }
  return ids;
}

const idsLike = (operation, make) => Object.fromEntries(operation.ids.map((id) => [id, make()]));
const reachOf = (operation, caller) => matrix[operation.permission]?.[caller.role];
const reachesColleague = (operation, caller) =>
  !operation.ids.some((id) => resources[id].personal) || reachOf(operation, caller) === 'organization';

const isOfPlatform = (operation) => operation.ids.some((id) => resources[id].platform);

async function make(operation, actor, ids) {
  const { path, options, status } = await callOf(operation, actor, ids);
  return { expected: status, reply: await actor.send(operation.method, path, options) };
}

/** What differs between two refusals only because they are two calls. */
function comparable(reply) {
  const { request_id, instance, ...rest } = reply.json();
  return { status: reply.status, ...rest };
}

test('every operation has a permission of the matrix, and a sample where it needs one', () => {
  const problems = operations.flatMap((operation) => [
    ...(matrix[operation.permission] ? [] : [`${operation.name}: unknown permission ${operation.permission}`]),
    ...(missing(operation) ? [`${operation.name}: ${missing(operation)}`] : []),
  ]);
  const gone = Object.keys(samples).filter((name) => !operations.some((operation) => operation.name === name));
  assert.deepEqual([...problems, ...gone.map((name) => `${name}: a sample without an operation`)], []);
});

for (const operation of operations) {
  if (missing(operation)) continue;

  test(`${operation.name} refuses whom it should, tells nobody what exists, and changes nothing by it`, async () => {
    const calls = [];
    for (const caller of callers) {
      const actor = await actorOf(caller);
      const foreign = operation.ids.length ? await sharedIds(operation, await demo.as(foreigner(caller))) : {};
      if (!reachOf(operation, caller)) {
        calls.push({ caller, actor, ids: foreign, status: caller.role === 'nobody' ? 401 : 403 });
        continue;
      }
      if (!operation.ids.length) continue;
      calls.push({ caller, actor, ids: idsLike(operation, () => 'no-id'), status: 404 });
      if (operation.ids.some((id) => resources[id].open)) continue;
      // Of what is no organization's, nothing is foreign.
      const unseen = [...(isOfPlatform(operation) ? [] : [foreign]), idsLike(operation, () => randomUUID())];
      if (caller.colleague && !reachesColleague(operation, caller))
        unseen.push(await sharedIds(operation, await demo.as(caller.colleague)));
      calls.push(...unseen.map((ids) => ({ caller, actor, ids, status: 404, looksAbsent: true })));
    }
    await Promise.all(callers.map(actorOf));

    const before = await demo.databases.snapshot();
    const absences = [];
    for (const { caller, actor, ids, status, looksAbsent } of calls) {
      const { reply } = await make(operation, actor, ids);
      assert.equal(reply.status, status, `${caller.name} with ${JSON.stringify(ids)}: ${reply.text}`);
      if (looksAbsent) absences.push(comparable(reply));
    }
    for (const absence of absences) assert.deepEqual(absence, absences[0]);
    assert.deepEqual(await demo.databases.snapshot(), before);
  });

  test(`${operation.name} serves those who may`, async () => {
    const failures = [];
    for (const caller of callers.filter((each) => reachOf(operation, each))) {
      const actor = spends(operation) && caller.email ? await demo.signIn(caller.email) : await actorOf(caller);
      // An operator has nothing in any organization.
      const owners = caller.role === 'MS' && operation.ids.some((id) => id !== 'session_id') && !isOfPlatform(operation) ? [] : [actor];
      if (caller.colleague && operation.ids.length && reachesColleague(operation, caller)) owners.push(await demo.as(caller.colleague));
      for (const owner of owners) {
        const { expected, reply } = await make(operation, actor, operation.ids.length ? await idsOf(operation, owner) : {});
        if (reply.status !== expected) failures.push(`${caller.name}, of ${owner.name}: ${reply.status} instead of ${expected}: ${reply.text.slice(0, 500)}`);
      }
    }
    assert.deepEqual(failures, []);
  });
}

test('an API key calls models and opens nothing else, though an administrator made it', async () => {
  const admin = await demo.as('admin@acme.test');
  const { secret } = await admin.expect(201, 'POST', '/api/api-keys', { body: { name: 'For a program' } });
  const key = demo.withKey(secret);
  const before = await demo.databases.snapshot();
  for (const operation of operations.filter(({ permission }) => !openToKeys.includes(permission))) {
    const { reply } = await make(operation, key, idsLike(operation, () => randomUUID()));
    assert.equal(reply.status, 403, `${operation.name}: ${reply.text}`);
  }
  assert.deepEqual(await demo.databases.snapshot(), before);
  await key.expect(200, 'GET', '/v1/models');
});

test('a workspace that is not the caller’s is as absent as one that does not exist', async () => {
  const user = await demo.as('user@acme.test');
  const elsewhere = (await demo.as('admin@borealis.test')).me.default_workspace_id;
  const colleagues = (await demo.as('manager@acme.test')).me.workspaces.find((each) => each.workspace_type === 'PERSONAL').id;
  const replies = [];
  for (const workspace of [elsewhere, colleagues, randomUUID(), 'no-id'])
    replies.push(await user.post('/api/chats', { model: 'demo/echo' }, { headers: { 'gatehouse-workspace': workspace } }));
  for (const reply of replies) assert.deepEqual(comparable(reply), comparable(replies[2]));
  assert.equal(replies[2].status, 404, replies[2].text);
});

test('a method that a path does not take is answered with those that it takes', async () => {
  const user = await demo.as('user@acme.test');
  const reply = await user.send('PUT', '/api/chats', { body: {} });
  assert.equal(reply.status, 405);
  assert.deepEqual(reply.headers.allow.split(', ').sort(), ['GET', 'POST']);
});
