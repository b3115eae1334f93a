// SCIM 2.0: a directory makes, changes and ends memberships of its own organization, and nothing of anybody elsewhere. The
// sequences of Entra and Okta are those of their documentation; neither could be tried.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { freePort } from '../harness/browser.mjs';
import { Demo } from '../harness/demo.mjs';
import { Directory, enterpriseSchema, patch, userSchema, groupSchema } from '../harness/directory.mjs';
import { Dns } from '../harness/dns.mjs';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { addProvider } from '../harness/providers.mjs';
import { makePlan, makeTenant } from '../harness/tenants.mjs';
import { until, untilAll } from '../harness/until.mjs';

const dns = await Dns.start();
const mock = await MockUpstream.start();
const port = await freePort();
const demo = await Demo.start({ port, env: { GATEHOUSE_SERVER__DNS_SERVER: dns.address, GATEHOUSE_SERVER__BASE_URL: `http://127.0.0.1:${port}`, GATEHOUSE_REGIONS__EU__BASE_URL: 'https://eu.gatehouse.test' } });
after(async () => {
  await demo.stop();
  await mock.stop();
  await dns.stop();
});

const within = 2500; // two seconds, and what a poll takes
const admin = await demo.as('admin@acme.test');
const foreigner = await demo.as('admin@borealis.test');

async function verified(actor, name) {
  const domain = await actor.expect(201, 'POST', '/api/domains', { body: { domain: name } });
  dns.records.set(domain.record_name, [domain.record_value]);
  await actor.expect(200, 'POST', `/api/domains/${domain.id}/verify`);
}
await verified(admin, 'corp.test');
await verified(foreigner, 'north.test');
const directory = await Directory.connect(admin);
const other = await Directory.connect(foreigner);

const address = (domain = 'corp.test') => `p-${randomUUID().slice(0, 13)}@${domain}`;
const rows = (sql, values) => demo.databases.rows('us', sql, values);
const membershipOf = async (id) => (await rows('select role_code::text, is_active from memberships where organization_id = $1 and user_id = $2', [admin.organization.id, id]))[0];
/** A way to sign in for somebody whom the directory made: by the link that an administrator hands on. */
async function signedIn(userId, email) {
  const [{ hash }] = await rows("select password_hash as hash from users where email = 'user@acme.test'", []);
  await rows('update users set password_hash = $2 where id = $1 returning id', [userId, hash]);
  return Actor.signIn(demo, email, demo.account('user@acme.test').password);
}

test('what is offered is said: users and groups, filters and PATCH, and no Bulk', async () => {
  const config = await directory.scim(200, 'GET', '/ServiceProviderConfig');
  assert.deepEqual([config.patch.supported, config.bulk.supported, config.filter.supported, config.etag.supported], [true, false, true, true]);
  assert.equal(config.authenticationSchemes[0].type, 'oauthbearertoken');
  const types = await directory.scim(200, 'GET', '/ResourceTypes');
  assert.deepEqual(types.Resources.map(({ id }) => id), ['User', 'Group']);
  assert.equal((await directory.scim(200, 'GET', '/ResourceTypes/user')).endpoint, '/Users');
  const schemas = await directory.scim(200, 'GET', '/Schemas');
  assert.equal(schemas.totalResults, 2);
  const user = await directory.scim(200, 'GET', `/Schemas/${userSchema}`);
  assert.ok(user.attributes.some(({ name, required }) => name === 'userName' && required));
  await directory.refused(404, null, 'GET', '/Schemas/urn:none');
  const { base_url: base } = await admin.expect(200, 'GET', '/api/scim');
  assert.equal(base, `http://127.0.0.1:${port}/scim/v2`);
  // Where a region has an address of its own, that is it.
  const { admin: european } = await makeTenant(demo, await makePlan(demo), { region: 'eu' });
  assert.equal((await european.expect(200, 'GET', '/api/scim')).base_url, 'https://eu.gatehouse.test/scim/v2');
  assert.equal(user.meta.location, `${base}/Schemas/${userSchema}`);
});

test('every refusal has SCIM’s shape: no credential, a made-up one, an unknown route, a wrong method, a body that is none', async () => {
  const nobody = new Directory(demo, 'none');
  nobody.headers = {};
  await nobody.refused(401, null, 'GET', '/Users');
  await new Directory(demo, 'ghd_us_made-up').refused(401, null, 'GET', '/Users');
  await directory.refused(404, null, 'GET', '/Bulk');
  await directory.refused(404, null, 'POST', '/Me', {});
  await directory.refused(405, null, 'DELETE', '/Users');
  await directory.refused(400, 'invalidSyntax', 'POST', '/Users', '{');
  await directory.refused(400, 'invalidSyntax', 'POST', '/Users', '[]');
  await directory.refused(400, 'invalidSyntax', 'POST', '/Users', { schemas: ['urn:other'], userName: address() });
  await directory.refused(400, 'invalidValue', 'POST', '/Users', { schemas: [userSchema] });
  await directory.refused(400, 'invalidValue', 'POST', '/Users', { schemas: [userSchema], userName: 'no address' });
  await directory.refused(413, null, 'POST', '/Users', 'x'.repeat(1024 * 1024 + 1));
  await directory.refused(404, null, 'GET', '/Users/no-id');
});

test('a person’s session, an API key and a service account open nothing of it, and the token opens nothing else', async () => {
  const { secret } = await admin.expect(201, 'POST', '/api/api-keys', { body: { name: 'For a program' } });
  for (const actor of [admin, demo.withKey(secret)]) assert.equal((await actor.get('/scim/v2/Users')).status, 403);
  const given = await admin.post('/api/service-accounts', { name: `Program ${randomUUID()}`, permissions: ['scim_provision'] });
  assert.equal(given.status, 422, given.text);
  for (const path of ['/api/members', '/api/auth/me', '/api/scim', '/v1/models']) assert.equal((await directory.get(path)).status, 403, path);
  assert.equal((await directory.post('/api/scim/tokens/rotate', {})).status, 403);
});

test('Entra’s sequence: look for the user, create, change with capitals and texts, disable, delete', async () => {
  const name = address();
  const nobody = await directory.find('Users', `userName eq "${randomUUID()}"`);
  assert.deepEqual([nobody.totalResults, nobody.Resources, nobody.startIndex], [0, [], 1]);
  const made = await directory.send('POST', '/scim/v2/Users', {
    body: {
      schemas: [userSchema, enterpriseSchema], externalId: 'ana', userName: name.toUpperCase(), active: true, displayName: 'Ana Silva',
      emails: [{ primary: true, type: 'work', value: 'ana.silva@corp.test' }], meta: { resourceType: 'User' },
      name: { formatted: 'Ana Silva', familyName: 'Silva', givenName: 'Ana' }, roles: [{ value: 'OA' }], password: 'never kept',
      [enterpriseSchema]: { department: 'Sales' },
    },
  });
  assert.equal(made.status, 201, made.text);
  const user = made.json();
  assert.equal(user.userName, name);
  assert.equal(made.headers.location, user.meta.location);
  assert.equal(made.headers.etag, user.meta.version);
  assert.deepEqual([user.externalId, user.active, user.emails[0].value, user.name.familyName, user.roles, user.password], ['ana', true, 'ana.silva@corp.test', 'Silva', undefined, undefined]);
  assert.deepEqual(await membershipOf(user.id), { role_code: 'UR', is_active: true });
  assert.deepEqual((await directory.find('Users', `userName eq "${name}"`)).Resources, [user]);
  assert.deepEqual((await directory.find('Users', 'externalId eq "ana"')).Resources.map(({ id }) => id), [user.id]);

  const changed = await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch(
    { op: 'Replace', path: 'displayName', value: 'Ana Souza' },
    { op: 'Replace', path: 'name.familyName', value: 'Souza' },
    { op: 'Add', path: 'emails[type eq "work"].value', value: 'ana.souza@corp.test' },
    { op: 'Add', path: `${enterpriseSchema}:department`, value: 'Support' },
    { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Recife' },
  ));
  assert.deepEqual([changed.displayName, changed.name.familyName, changed.emails[0].value], ['Ana Souza', 'Souza', 'ana.souza@corp.test']);
  assert.notEqual(changed.meta.version, user.meta.version);
  // The person was made by this directory and belongs nowhere else, so the name people see follows.
  assert.deepEqual(await rows('select name from users where id = $1', [user.id]), [{ name: 'Ana Souza' }]);

  const disabled = await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'Replace', path: 'active', value: 'False' }));
  assert.equal(disabled.active, false);
  assert.deepEqual(await membershipOf(user.id), { role_code: 'UR', is_active: false });
  assert.equal((await directory.scim(200, 'GET', `/Users/${user.id}`)).active, false);
  await directory.scim(204, 'DELETE', `/Users/${user.id}`);
  await directory.refused(404, null, 'GET', `/Users/${user.id}`);
  await directory.refused(404, null, 'DELETE', `/Users/${user.id}`);
  assert.equal((await directory.find('Users', `userName eq "${name}"`)).totalResults, 0);
});

test('Okta’s sequence: list, create, replace whole, deactivate without a path, back again as a user', async () => {
  const name = address();
  assert.ok((await directory.scim(200, 'GET', '/Users?startIndex=1&count=2')).Resources.length <= 2);
  const user = await directory.user(name, { name: { givenName: 'Bo', familyName: 'Lima' }, emails: [{ primary: true, value: name, type: 'work' }], displayName: 'Bo Lima', locale: 'pt-BR', externalId: randomUUID(), groups: [] });
  await directory.refused(409, 'uniqueness', 'POST', '/Users', { schemas: [userSchema], userName: name });
  const replaced = await directory.scim(200, 'PUT', `/Users/${user.id}`, { ...user, name: { givenName: 'Bob', familyName: 'Lima' }, displayName: 'Bob Lima' });
  assert.equal(replaced.name.givenName, 'Bob');
  await rows("update memberships set role_code = 'WM' where organization_id = $1 and user_id = $2 returning user_id", [admin.organization.id, user.id]);
  await rows("insert into role_assignments (organization_id, id, role, user_id) values ($1, gen_random_uuid(), 'Approver', $2) returning id", [admin.organization.id, user.id]);
  const deactivated = await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { active: false } }));
  assert.equal(deactivated.active, false);
  const back = await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { active: true } }));
  assert.equal(back.active, true);
  // A directory gives no role above a user's, not even one that was there before.
  assert.deepEqual(await membershipOf(user.id), { role_code: 'UR', is_active: true });
  assert.deepEqual(await rows('select role from role_assignments where organization_id = $1 and user_id = $2', [admin.organization.id, user.id]), []);
});

test('who was deleted and comes again is the same person with the same id', async () => {
  const name = address();
  const user = await directory.user(name, { externalId: 'before' });
  const group = await directory.group(`Group ${randomUUID()}`, [user]);
  await directory.scim(204, 'DELETE', `/Users/${user.id}`);
  assert.deepEqual((await directory.scim(200, 'GET', `/Groups/${group.id}`)).members, []);
  await directory.refused(400, 'invalidValue', 'PATCH', `/Groups/${group.id}`, patch({ op: 'add', path: 'members', value: [{ value: user.id }] }));
  const again = await directory.user(name, { externalId: 'after' });
  assert.deepEqual([again.id, again.externalId, again.active, again.groups], [user.id, 'after', true, []]);
  // An administrator brings somebody back as well, and the directory sees it.
  await directory.scim(204, 'DELETE', `/Users/${user.id}`);
  await admin.expect(200, 'PATCH', `/api/members/${user.id}`, { body: { is_active: true } });
  assert.equal((await directory.scim(200, 'GET', `/Users/${user.id}`)).active, true);
});

test('losing `active` ends sessions, keys and an answer that is being streamed, within two seconds', async () => {
  await addProvider(admin, mock);
  const slow = 'mock/slow';
  const name = address();
  const user = await directory.user(name);
  const person = await signedIn(user.id, name);
  // Their workspace is known to every thread of the server a moment after it is made.
  const { secret } = await until(async () => {
    const made = await person.post('/api/api-keys', { name: 'Mine' });
    return made.status === 201 && made.json();
  }, { within, what: 'a key to be made' });
  const key = demo.withKey(secret);
  await until(async () => (await key.get('/v1/models')).json().data?.some(({ id }) => id === slow), { within: 5000, what: 'the model to be offered' });
  const { status, frames } = await key.stream('POST', '/v1/chat/completions', { body: { model: slow, stream: true, messages: [{ role: 'user', content: 'Go on for long' }] } });
  assert.equal(status, 200);
  const started = Date.now();
  const first = await frames.next();
  assert.equal(first.done, false);
  await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'Replace', path: 'active', value: 'False' }));
  let last = null;
  for await (const frame of frames) last = frame;
  assert.match(JSON.stringify(last), /error/);
  assert.ok(Date.now() - started < 60_000, 'the stream was ended by the server');
  await until(async () => (await person.get('/api/auth/me')).status === 401, { within, what: 'the session to end' });
  await until(async () => (await key.get('/v1/models')).status === 401, { within, what: 'the key to end' });
});

test('a person who belongs elsewhere becomes a member, and what they are elsewhere stays as it is', async () => {
  // Known at Borealis before, with an address of a domain that Acme has verified.
  const name = address();
  const { code } = await foreigner.expect(201, 'POST', '/api/invitations', { body: {} });
  await demo.nobody().expect(201, 'POST', '/api/invitations/accept', { body: { code, email: name, name: 'Known Elsewhere', password: 'a long enough password' } });
  for (const region of ['us', 'eu']) await demo.databases.rows(region, 'update users set email_confirmed_at = now() where email = $1', [name]);
  const [elsewhere] = await demo.databases.rows('eu', 'select id, name, email, password_hash, is_active from users where email = $1', [name]).then((found) => (found.length ? found : rows('select id, name, email, password_hash, is_active from users where email = $1', [name])));
  const user = await directory.user(name, { displayName: 'Another Name', externalId: randomUUID() });
  assert.equal(user.id, elsewhere.id);
  assert.equal(user.displayName, 'Another Name');
  await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { displayName: 'Third Name', name: { familyName: 'X' } } }));
  await directory.refused(400, 'mutability', 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'userName', value: address() }));
  await directory.scim(204, 'DELETE', `/Users/${user.id}`);
  const stay = async (region) => demo.databases.rows(region, 'select u.name, u.email, u.password_hash, u.is_active, m.is_active as member from users u join memberships m on m.user_id = u.id where u.email = $1 and m.organization_id = $2', [name, foreigner.organization.id]);
  const [now] = [...(await stay('us')), ...(await stay('eu'))];
  assert.deepEqual(now, { name: elsewhere.name, email: name, password_hash: elsewhere.password_hash, is_active: true, member: true });
  await Actor.signIn(demo, name, 'a long enough password');
});

test('a person whom the directory made keeps their name once they belong to another region too', async () => {
  const name = address();
  const user = await directory.user(name, { displayName: 'As Made' });
  await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'displayName', value: 'As Changed' }));
  const { code } = await foreigner.expect(201, 'POST', '/api/invitations', { body: {} });
  await (await signedIn(user.id, name)).expect(200, 'POST', '/api/invitations/join', { body: { code } });
  await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'displayName', value: 'As Acme Says' }));
  for (const region of ['us', 'eu'])
    assert.equal(await demo.databases.value(region, 'select name from users where id = $1', [user.id]), 'As Changed', region);
});

test('an address of a domain that is not the organization’s makes nobody a member, known or not, and is answered alike', async () => {
  const [known, unknown] = ['user@acme.test', address('elsewhere.test')];
  const refusals = [];
  for (const name of ['operator@gatehouse.test', 'admin@borealis.test', unknown, address('north.test')])
    refusals.push(await directory.refused(400, 'invalidValue', 'POST', '/Users', { schemas: [userSchema], userName: name }));
  for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
  // Whoever is a member already is seen, whatever their address.
  await directory.refused(409, 'uniqueness', 'POST', '/Users', { schemas: [userSchema], userName: known });
  assert.equal((await directory.find('Users', `userName eq "${known}"`)).totalResults, 1);
});

test('another userName is taken for a person of the directory’s own, within the organization’s domains', async () => {
  const [before, later] = [address(), address()];
  const user = await directory.user(before);
  const moved = await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'Replace', path: 'userName', value: later }));
  assert.deepEqual([moved.id, moved.userName, moved.emails[0].value], [user.id, later, later]);
  assert.equal((await directory.find('Users', `userName eq "${before}"`)).totalResults, 0);
  await directory.refused(400, 'mutability', 'PATCH', `/Users/${user.id}`, patch({ op: 'Replace', path: 'userName', value: address('elsewhere.test') }));
  const someone = await directory.user(address());
  await directory.refused(409, 'uniqueness', 'PATCH', `/Users/${user.id}`, patch({ op: 'Replace', path: 'userName', value: someone.userName }));
  const [guest] = (await directory.find('Users', 'userName eq "user@acme.test"')).Resources;
  await directory.refused(400, 'mutability', 'PATCH', `/Users/${guest.id}`, patch({ op: 'Replace', path: 'userName', value: address() }));
});

test('the last administrator and the owner stay, whatever the directory says', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo));
  const theirs = await Directory.connect(owner);
  const error = await theirs.refused(409, null, 'PATCH', `/Users/${owner.me.user.id}`, patch({ op: 'replace', value: { active: false } }));
  assert.match(error.detail, /owner/i);
  await theirs.refused(409, null, 'DELETE', `/Users/${owner.me.user.id}`);
  // Without an owner it is the last administrator that counts.
  await rows('update memberships set is_owner = false where organization_id = $1 returning user_id', [owner.organization.id]);
  const last = await theirs.refused(409, null, 'DELETE', `/Users/${owner.me.user.id}`);
  assert.match(last.detail, /administrator/i);
  assert.equal((await theirs.scim(200, 'GET', `/Users/${owner.me.user.id}`)).active, true);
});

test('the plan’s limit of users holds for those who come and those who come back', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo, { features: { max_users: 2 } }));
  await verified(owner, 'small.test');
  const theirs = await Directory.connect(owner);
  const first = await theirs.user(address('small.test'));
  await theirs.refused(402, null, 'POST', '/Users', { schemas: [userSchema], userName: address('small.test') });
  const resting = await theirs.user(address('small.test'), { active: false });
  assert.equal(resting.active, false);
  await theirs.refused(402, null, 'PATCH', `/Users/${resting.id}`, patch({ op: 'replace', path: 'active', value: true }));
  await theirs.scim(204, 'DELETE', `/Users/${first.id}`);
  assert.equal((await theirs.scim(200, 'PATCH', `/Users/${resting.id}`, patch({ op: 'replace', path: 'active', value: true }))).active, true);
});

test('groups: who is in one is added, named for removal as Entra and Okta do, and replaced', async () => {
  const people = await Promise.all([1, 2, 3].map(() => directory.user(address())));
  const [one, two, three] = people;
  const name = `Sales ${randomUUID()}`;
  const group = await directory.group(name, [one], { externalId: randomUUID() });
  assert.deepEqual(group.members.map(({ value }) => value), [one.id]);
  await directory.refused(409, 'uniqueness', 'POST', '/Groups', { schemas: [groupSchema], displayName: name.toUpperCase() });
  const found = await directory.find('Groups', `displayName eq "${name}"`, '&excludedAttributes=members');
  assert.deepEqual([found.totalResults, found.Resources[0].id, found.Resources[0].members], [1, group.id, undefined]);
  const members = async (...operations) => (await directory.scim(200, 'PATCH', `/Groups/${group.id}`, patch(...operations))).members.map(({ value }) => value);
  const ids = (...users) => users.map(({ id }) => id).sort();
  assert.deepEqual(await members({ op: 'Add', path: 'members', value: [{ value: two.id }, { value: three.id }] }), ids(one, two, three));
  assert.deepEqual(await members({ op: 'Remove', path: 'members', value: [{ value: two.id }] }), ids(one, three), 'Entra names in the value whom to remove');
  assert.deepEqual(await members({ op: 'remove', path: `members[value eq "${three.id}"]` }), ids(one));
  assert.deepEqual(await members({ op: 'replace', path: 'members', value: [{ value: two.id }] }), ids(two));
  assert.deepEqual(await members({ op: 'replace', value: { displayName: `${name} 2` } }), ids(two));
  assert.deepEqual((await directory.find('Groups', `members.value eq "${two.id}"`)).Resources.map(({ id }) => id), [group.id]);
  assert.deepEqual((await directory.scim(200, 'GET', `/Users/${two.id}`)).groups.map(({ value, display }) => [value, display]), [[group.id, `${name} 2`]]);
  const put = await directory.scim(200, 'PUT', `/Groups/${group.id}`, { schemas: [groupSchema], displayName: name, members: [{ value: one.id }, { value: three.id }] });
  assert.deepEqual([put.members.map(({ value }) => value), put.externalId], [ids(one, three), undefined]);
  assert.deepEqual(await members({ op: 'remove', path: 'members' }), []);
  await directory.refused(400, 'invalidValue', 'PATCH', `/Groups/${group.id}`, patch({ op: 'add', path: 'members', value: [{ value: randomUUID() }] }));
  await directory.scim(204, 'DELETE', `/Groups/${group.id}`);
  await directory.refused(404, null, 'GET', `/Groups/${group.id}`);
  await directory.group(name);
});

test('a group gives what an administrator assigned to it, and takes it away with the membership in it', async () => {
  const name = address();
  const user = await directory.user(name);
  const group = await directory.group(`Auditors ${randomUUID()}`);
  const person = await signedIn(user.id, name);
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', group_id: group.id } });
  assert.equal((await person.get('/api/audit/events')).status, 403);
  await directory.scim(200, 'PATCH', `/Groups/${group.id}`, patch({ op: 'add', path: 'members', value: [{ value: user.id }] }));
  await until(async () => (await person.get('/api/audit/events')).status === 200, { within, what: 'the role to count' });
  await directory.scim(200, 'PATCH', `/Groups/${group.id}`, patch({ op: 'remove', path: `members[value eq "${user.id}"]` }));
  await until(async () => (await person.get('/api/audit/events')).status === 403, { within, what: 'the role to end' });
});

test('groups that people made are none of the directory’s', async () => {
  const name = `By hand ${randomUUID()}`;
  const { id } = await admin.expect(201, 'POST', '/api/groups', { body: { name } });
  assert.equal((await directory.find('Groups', `displayName eq "${name}"`)).totalResults, 0);
  await directory.refused(404, null, 'GET', `/Groups/${id}`);
  await directory.refused(404, null, 'PATCH', `/Groups/${id}`, patch({ op: 'replace', path: 'displayName', value: 'x' }));
  await directory.refused(404, null, 'DELETE', `/Groups/${id}`);
  await directory.refused(409, 'uniqueness', 'POST', '/Groups', { schemas: [groupSchema], displayName: name });
});

test('what was read and has changed since is not overwritten: If-Match', async () => {
  const user = await directory.user(address());
  const stale = { 'if-match': user.meta.version };
  const newer = await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'displayName', value: 'One' }), stale);
  for (const [method, body] of [['PATCH', patch({ op: 'replace', path: 'displayName', value: 'Two' })], ['PUT', { ...user, displayName: 'Two' }], ['DELETE']])
    await directory.refused(412, null, method, `/Users/${user.id}`, body, stale);
  assert.equal((await directory.scim(200, 'GET', `/Users/${user.id}`)).displayName, 'One');
  await directory.scim(204, 'DELETE', `/Users/${user.id}`, undefined, { 'if-match': newer.meta.version });
  const group = await directory.group(`Group ${randomUUID()}`);
  await directory.scim(200, 'PATCH', `/Groups/${group.id}`, patch({ op: 'replace', path: 'externalId', value: randomUUID() }), { 'if-match': '*' });
  await directory.refused(412, null, 'DELETE', `/Groups/${group.id}`, undefined, { 'if-match': group.meta.version });
});

test('another organization’s users and groups are as absent as those that do not exist', async () => {
  const user = await other.user(address('north.test'));
  const group = await other.group(`Theirs ${randomUUID()}`, [user]);
  for (const [kind, id] of [['Users', user.id], ['Groups', group.id]]) {
    const body = { GET: undefined, DELETE: undefined, PATCH: patch({ op: 'replace', path: 'displayName', value: 'x' }), PUT: kind === 'Users' ? { schemas: [userSchema], userName: user.userName } : { schemas: [groupSchema], displayName: 'x' } };
    for (const method of Object.keys(body)) {
      const foreign = await directory.refused(404, null, method, `/${kind}/${id}`, body[method]);
      assert.deepEqual(foreign, await directory.refused(404, null, method, `/${kind}/${randomUUID()}`, body[method]));
    }
    assert.equal((await directory.find(kind, `id eq "${id}"`)).totalResults, 0);
  }
  assert.equal((await directory.find('Users', `userName eq "${user.userName}"`)).totalResults, 0);
  const mine = await directory.group(`Mine ${randomUUID()}`);
  await directory.refused(400, 'invalidValue', 'PATCH', `/Groups/${mine.id}`, patch({ op: 'add', path: 'members', value: [{ value: user.id }] }));
  assert.equal((await other.scim(200, 'GET', `/Users/${user.id}`)).groups.length, 1);
});

test('hostile filters are refused or find nothing, and the server goes on', async () => {
  const hostile = [
    '('.repeat(2000), 'not ('.repeat(400), `userName eq "${'x'.repeat(5000)}"`, Array(200).fill('active eq true').join(' or '),
    'userName eq "a', 'userName', 'userName eq', 'userName xx "a"', 'password eq "a"', 'u.email eq "a"', '1 eq 1', 'userName eq "\\u0000"',
    'emails[type eq "work"', 'id gt "a"', 'active eq "true"', 'meta.lastModified gt "yesterday"', '; drop table users; --', '$1 eq "a"',
  ];
  for (const filter of hostile) await directory.refused(400, 'invalidFilter', 'GET', `/Users?filter=${encodeURIComponent(filter)}`);
  const before = (await directory.scim(200, 'GET', '/Users?count=0')).totalResults;
  for (const value of ["x'; drop table users; --", "' or '1'='1", '\\" or userName pr or userName eq \\"', '%', '_', '$2', '{}', 'é\u2028'])
    for (const operator of ['eq', 'co', 'sw', 'ew']) {
      const filter = `userName ${operator} "${value}"`;
      assert.equal((await directory.find('Users', filter)).totalResults, 0, filter);
    }
  assert.equal((await directory.scim(200, 'GET', '/Users?count=0')).totalResults, before);
  assert.equal((await directory.find('Users', 'userName pr and not (id eq "no-id") and (emails[type eq "WORK"] or externalId ne "x")')).totalResults, before);
  await directory.refused(400, 'invalidValue', 'GET', '/Users?sortBy=password');
  await directory.refused(400, 'invalidValue', 'GET', '/Users?count=many');
});

test('a thousand users are listed in pages, each once and in order', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo));
  const theirs = await Directory.connect(owner);
  await rows(
    `with made as (insert into users (id, email, name) select gen_random_uuid(), 'm' || lpad(i::text, 4, '0') || '@' || $2, 'Member ' || i from generate_series(1, 1000) i returning id)
     insert into memberships (organization_id, user_id, role_code) select $1, id, 'UR' from made returning user_id`,
    [owner.organization.id, `${owner.organization.slug}.test`]);
  const names = [];
  for (let start = 1; start <= 1001; start += 200) {
    const page = await theirs.scim(200, 'GET', `/Users?startIndex=${start}&count=200&sortBy=userName&attributes=userName`);
    assert.deepEqual([page.totalResults, page.startIndex, page.itemsPerPage], [1001, start, Math.min(200, 1002 - start)]);
    names.push(...page.Resources.map(({ userName }) => userName));
  }
  assert.equal(new Set(names).size, 1001);
  assert.deepEqual(names, [...names].sort());
  const last = await theirs.scim(200, 'GET', '/Users?startIndex=1001&count=200&sortBy=userName&sortOrder=descending');
  assert.equal(last.Resources.length, 1);
  const beyond = await theirs.scim(200, 'GET', '/Users?startIndex=5000');
  assert.deepEqual([beyond.totalResults, beyond.Resources], [1001, []]);
  assert.equal((await theirs.scim(200, 'GET', '/Users?count=100000')).Resources.length, 200, 'no more than the configuration says');
});

test('a token is one, shown once, rotated with an overlap, and ends within two seconds when it is revoked', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo));
  const first = await Directory.connect(owner);
  assert.equal((await owner.post('/api/scim/tokens')).status, 409);
  await first.scim(200, 'GET', '/Users?count=0');
  const rotated = await owner.expect(201, 'POST', '/api/scim/tokens/rotate', { body: { overlap_hours: 1 } });
  const second = new Directory(demo, rotated.token);
  for (const each of [first, second]) await each.scim(200, 'GET', '/Users?count=0');
  assert.deepEqual(rotated.scim.tokens.map(({ expires_at: end }) => end === null), [true, false]);
  const again = await owner.expect(201, 'POST', '/api/scim/tokens/rotate', { body: { overlap_hours: 0 } });
  const third = new Directory(demo, again.token);
  await third.scim(200, 'GET', '/Users?count=0');
  for (const each of [first, second]) await until(async () => (await each.get('/scim/v2/Users?count=0')).status === 401, { within, what: 'a token that was replaced to end' });
  const { tokens } = await owner.expect(200, 'GET', '/api/scim');
  assert.equal(tokens.length, 1);
  assert.ok(!JSON.stringify(tokens).includes(again.token));
  assert.deepEqual((await rows('select count(*)::int as n from scim_tokens where organization_id = $1 and token_hash::text like $2', [owner.organization.id, `%${again.token}%`]))[0], { n: 0 });
  await owner.expect(204, 'DELETE', `/api/scim/tokens/${tokens[0].id}`);
  await until(async () => (await third.get('/scim/v2/Users?count=0')).status === 401, { within, what: 'the token to end' });
  await third.refused(401, null, 'GET', '/Users');
  assert.equal((await owner.post('/api/scim/tokens/rotate', {})).status, 409);
});

test('what the directory does is recorded with its token as the actor, and without anything it said', async () => {
  const name = address();
  const requestId = `scim-${randomUUID()}`;
  const user = await directory.scim(201, 'POST', '/Users', { schemas: [userSchema], userName: name, displayName: 'Carla Canary' }, { 'x-request-id': requestId });
  await directory.scim(200, 'PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { active: false, displayName: 'Dora Canary' } }), { 'x-request-id': `${requestId}-2` });
  const events = await demo.databases.eventsOf([requestId, `${requestId}-2`]);
  const [[created], [changed]] = [events.get(requestId), events.get(`${requestId}-2`)];
  for (const event of [created, changed]) assert.deepEqual([event.actor_type, event.actor_id, event.resource_id, event.outcome], ['scim_token', directory.tokenId, user.id, 'success']);
  assert.deepEqual([created.action, changed.action], ['scim.user.create', 'scim.user.update']);
  assert.deepEqual(changed.payload_json.changed, ['displayName', 'active']);
  assert.equal(changed.payload_json.is_active, false);
  assert.ok(!JSON.stringify([created, changed]).includes('Canary') && !JSON.stringify([created, changed]).includes(name));
  const view = await admin.expect(200, 'GET', '/api/scim');
  assert.ok(view.provisioned_people > 0 && view.provisioned_groups > 0);
  await until(async () => (await admin.expect(200, 'GET', '/api/scim')).tokens[0].last_used_at !== null, { what: 'the last use to be noted' });
});

test('a suspended organization’s directory is refused in SCIM’s shape', async () => {
  const { admin: owner, tenant } = await makeTenant(demo, await makePlan(demo));
  const theirs = await Directory.connect(owner);
  await (await demo.as('operator@gatehouse.test')).expect(200, 'PATCH', `/api/core/tenants/${tenant.id}/status`, { body: { status: 'suspended' } });
  await untilAll(async () => (await theirs.get('/scim/v2/Users')).status === 403, { within, what: 'the directory to be refused' });
  await theirs.refused(403, null, 'GET', '/Users');
});
