// Every operation that changes something or shows private data yields exactly one audit event, and changes nothing if it
// cannot; from the API's own list.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { Directory } from '../harness/directory.mjs';
import { totp } from '../harness/totp.mjs';
import { unrecorded } from '../harness/unrecorded.mjs';
import { matrix } from './permissions.mjs';
import { callOf, missing, resources, samples, spends } from './samples.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const actors = [['OA', 'admin@acme.test'], ['MS', 'operator@gatehouse.test']];

/** Of an organization that has proved `directory.test`; with a token of its own each time, as other calls end it. */
let proved;
async function connected(admin) {
  proved ??= admin.expect(201, 'POST', '/api/domains', { body: { domain: 'directory.test' } })
    .then(() => demo.cli('admin', 'verify-domain', '--organization', admin.organization.id, '--domain', 'directory.test'))
    .then(({ code, stderr }) => assert.equal(code, 0, stderr));
  await proved;
  const directory = await Directory.connect(admin);
  directory.me = { user: { id: directory.tokenId }, organization: admin.organization };
  return directory;
}

/** The call that has an effect, and who makes it. */
async function prepare(operation) {
  const [, email] = actors.find(([role]) => operation.permission === 'scim_provision' || matrix[operation.permission][role] !== undefined);
  const person = spends(operation) ? await demo.signIn(email) : await demo.as(email);
  const actor = operation.permission === 'scim_provision' ? await connected(person) : person;
  const ids = {};
  for (const id of operation.ids)
    ids[id] = actor !== person && id === 'group_id' ? (await actor.group(`Sample ${randomUUID()}`)).id : await resources[id].make(person, person, ids);
  return { ids, actor, ...await callOf(operation, actor, ids) };
}
/** Makes the call, with its effect, and returns the request's id. */
async function perform(operation) {
  const { ids, actor, path, options, status } = await prepare(operation);
  const requestId = randomUUID();
  const reply = await actor.send(operation.method, path, { ...options, headers: { ...options.headers, 'x-request-id': requestId } });
  assert.equal(reply.status, status, `${operation.name}: ${reply.text.slice(0, 500)}`);
  assert.equal(reply.requestId, requestId);
  return { requestId, ids, actor, refused: status >= 400 };
}

for (const operation of demo.contract.operations) {
  if (missing(operation)) continue;
  test(`${operation.name} yields ${operation.action ? `one ${operation.action} event` : 'no event'}`, async () => {
    const { requestId, ids, actor, refused } = await perform(operation);
    const events = (await demo.databases.eventsOf([requestId])).get(requestId);
    const told = samples[operation.name]?.events;
    if (told) return assert.deepEqual((events ?? []).map((event) => [event.action, event.outcome]), told);
    // What succeeds only with a code or a link that was sent is in the tests of each.
    if (refused) return assert.ok(events.every((event) => event.outcome !== 'success'));
    if (!operation.action) return assert.deepEqual(events.map((event) => event.action), []);
    assert.deepEqual(events.map((event) => [event.action, event.outcome]), [[operation.action, 'success']]);
    const [event] = events;
    // Who needs no credential is not looked at for one: the event tells of somebody else, or of nobody.
    if (operation.permission !== 'anyone' || spends(operation)) {
      assert.equal(event.actor_id, actor.me.user.id);
      assert.equal(event.actor_type, actor instanceof Directory ? 'scim_token' : 'user');
    }
    // What an operator changes of an organization stands in its own chain.
    const changed = operation.method === 'GET' ? undefined : ids.tenant_id;
    assert.equal(event.org_id, actor.organization?.id ?? changed ?? null);
    assert.ok(event.resource_type.length > 0);
    // Whatever the path names is what the event is about.
    const named = JSON.stringify([event.org_id, event.resource_id, event.payload_json]);
    for (const [name, id] of Object.entries(ids)) assert.ok(named.includes(id), `${name} ${id} is not in ${named}`);
  });
}

// Where an address or a short name is to be looked for is noted before there is anything to find.
const noted = ['control.email_regions', 'control.directory'];
// A model's call leaves its intent, which is settled and recorded later.
const settledLater = ['POST /v1/chat/completions', 'POST /api/chats/{chat_id}/messages', 'POST /api/tenants/{organization_id}/test'];
for (const operation of demo.contract.operations) {
  if (missing(operation) || operation.method === 'GET' || settledLater.includes(operation.name)) continue;
  test(`${operation.name} changes nothing that is not recorded`, async () => {
    const { actor, path, options, status } = await prepare(operation);
    const { reply, changes } = await unrecorded(demo.databases, () => actor.send(operation.method, path, options));
    assert.deepEqual(changes.filter((table) => !noted.includes(table)), []);
    const has_no_event = status >= 400 || samples[operation.name]?.events?.length === 0;
    assert.ok(reply.status >= 500 || (has_no_event && reply.status === status), `${reply.status} ${reply.text.slice(0, 500)}`);
  });
}

test('a second factor is in force once that is recorded, and its recovery codes are shown', async () => {
  const user = await demo.signIn('user@acme.test');
  const password = demo.account('user@acme.test').password;
  const begin = () => user.post('/api/auth/second-factor', { password });
  const { secret } = await user.expect(201, 'POST', '/api/auth/second-factor', { body: { password } });
  const confirm = () => user.post('/api/auth/second-factor/confirm', { code: totp(secret) });
  for (const call of [begin, confirm]) {
    const { reply, changes } = await unrecorded(demo.databases, call);
    assert.deepEqual([reply.status, changes], [500, []]);
  }
  const { recovery_codes: codes } = (await confirm()).json();
  assert.equal(codes.length, 10);
  await user.expect(204, 'POST', '/api/auth/second-factor/disable', { body: { password, code: codes[0] } });
});

test('a refusal for lack of a permission is an event of its own', async () => {
  const requestId = randomUUID();
  const reply = await (await demo.as('user@acme.test')).get('/api/audit/events', { headers: { 'x-request-id': requestId } });
  assert.equal(reply.status, 403);
  const events = (await demo.databases.eventsOf([requestId])).get(requestId);
  assert.deepEqual(events.map((event) => [event.action, event.outcome]), [['audit.list', 'denied']]);
});

test('a change that fails leaves no event of a success', async () => {
  const admin = await demo.as('admin@acme.test');
  const requestId = randomUUID();
  const body = { name: '', outcome: 'warn', condition: {} };
  await admin.expect(422, 'POST', '/api/policies', { body, headers: { 'x-request-id': requestId } });
  const events = (await demo.databases.eventsOf([requestId])).get(requestId);
  assert.deepEqual(events.filter((event) => event.outcome === 'success'), []);
});

test('a failed sign-in is recorded on the platform’s chain without address or e-mail in clear', async () => {
  const requestId = randomUUID();
  const email = `stranger-${randomUUID()}@acme.test`;
  const reply = await demo.nobody().post('/api/auth/sign-in', { email, password: 'not the password' }, { headers: { 'x-request-id': requestId } });
  assert.equal(reply.status, 401);
  const events = (await demo.databases.eventsOf([requestId])).get(requestId);
  assert.deepEqual(events.map((event) => [event.action, event.outcome, event.org_id]), [['session.create', 'failed', null]]);
  assert.deepEqual(await demo.databases.search([email]), []);
});
