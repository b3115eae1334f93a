// Programs: service accounts by client credentials and by client certificate, API keys with a scope. What they may is in
// their rows: revoking, narrowing or switching off is in force within two seconds, for tokens that are out as well.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { altered } from '../harness/altered.mjs';
import { Demo } from '../harness/demo.mjs';
import { Node } from '../harness/node.mjs';
import { person } from '../harness/people.mjs';
import { untilAll, until, waiting } from '../harness/until.mjs';
import { certificate } from './samples.mjs';

const demo = await Demo.start();
after(() => demo.stop());

let admin, user, stranger, workspace;
before(async () => {
  [admin, user, stranger] = await Promise.all(['admin@acme.test', 'user@acme.test', 'admin@borealis.test'].map((email) => demo.as(email)));
  workspace = admin.me.workspaces.find((one) => one.name === 'OrgWorkspace').id;
});

const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
const nobody = demo.nobody();
const ask = (fields, headers = {}) =>
  nobody.send('POST', '/api/oauth/token', { body: new URLSearchParams(fields).toString(), headers: { ...form.headers, ...headers } });

/** A service account with one secret: {account, id, secret}. */
async function account(permissions = ['gateway_call', 'models_read'], more = {}) {
  const made = await admin.expect(201, 'POST', '/api/service-accounts', { body: { name: `Program ${randomUUID()}`, workspace_id: workspace, permissions, ...more } });
  const { client_id, client_secret } = await admin.expect(201, 'POST', `/api/service-accounts/${made.id}/secrets`, { body: {} });
  return { account: made, client_id, client_secret };
}
async function token(program, fields = {}) {
  const reply = await ask({ grant_type: 'client_credentials', client_id: program.client_id, client_secret: program.client_secret, ...fields });
  assert.equal(reply.status, 200, reply.text);
  return reply.json();
}
const bearer = (text) => new Actor(demo, 'service account', { authorization: `Bearer ${text}` });
const completion = { model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }] };
const calls = async (actor) => (await actor.post('/v1/chat/completions', completion)).status;
const ends = (actor, status = 401) => untilAll(async () => (await calls(actor)) === status, { within: 2500, what: 'the credential to end' });

test('client credentials give a token of ten minutes that calls models in its workspace, and nothing else', async () => {
  const program = await account();
  const given = await token(program);
  assert.deepEqual([given.token_type, given.expires_in, given.scope], ['Bearer', 600, 'models_read gateway_call']);
  const claims = JSON.parse(Buffer.from(given.access_token.split('.')[1], 'base64url'));
  assert.deepEqual([claims.org, claims.wsp, claims.sub, claims.exp - claims.iat], [admin.organization.id, workspace, program.account.id, 600]);
  const actor = bearer(given.access_token);
  assert.equal(await calls(actor), 200);
  await actor.expect(200, 'GET', '/v1/models');
  for (const path of ['/api/chats', '/api/auth/me', '/api/members', '/api/policies', '/api/service-accounts', '/api/audit/events'])
    assert.equal((await actor.get(path)).status, 403, path);
  assert.equal((await actor.get('/v1/models', { headers: { 'gatehouse-workspace': admin.me.default_workspace_id } })).status, 403);
  const { data } = await admin.expect(200, 'GET', `/api/audit/events?actor_id=${program.account.id}`);
  assert.deepEqual(new Set(data.map((event) => event.actor_type)), new Set(['service_account']));
  assert.ok(data.some((event) => event.action === 'token.create') && data.some((event) => event.action === 'model.call'));
});

test('a narrower scope can be asked for, a wider one not', async () => {
  const program = await account();
  const given = await token(program, { scope: 'models_read' });
  assert.equal(given.scope, 'models_read');
  const actor = bearer(given.access_token);
  await actor.expect(200, 'GET', '/v1/models');
  assert.equal(await calls(actor), 403);
  for (const scope of ['audit_export', 'models_read policies_manage', 'nonsense'])
    assert.equal((await ask({ grant_type: 'client_credentials', ...program, account: undefined, scope })).json().error, 'invalid_scope', scope);
});

test('the secret may come in the Authorization header, and in one place alone', async () => {
  const { client_id, client_secret } = await account();
  const basic = { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` };
  assert.equal((await ask({ grant_type: 'client_credentials' }, basic)).status, 200);
  assert.equal((await ask({ grant_type: 'client_credentials', client_secret }, basic)).json().error, 'invalid_request');
});

test('what is no client gets no token, as OAuth says it', async () => {
  const program = await account();
  const { client_id, client_secret } = program;
  const other = await account();
  const cases = [
    [{ grant_type: 'password', client_id, client_secret }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'client_credentials', client_id }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', client_id: other.client_id, client_secret }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', client_id, client_secret: altered(client_secret) }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', client_id: client_id.replace(admin.organization.id, stranger.organization.id), client_secret }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', client_id: 'us.x.y', client_secret }, 401, 'invalid_client'],
    [{}, 400, 'unsupported_grant_type'],
  ];
  for (const [fields, status, error] of cases) {
    const reply = await ask(fields);
    assert.deepEqual([reply.status, reply.json().error], [status, error], JSON.stringify(fields));
  }
  const key = demo.ready.api_keys.acme;
  assert.equal((await ask({ grant_type: 'client_credentials', client_id, client_secret: key })).status, 401);
  // A secret is no bearer credential.
  assert.equal(await calls(bearer(client_secret)), 401);
});

test('a secret is rotated with overlap; when the old one is revoked, its tokens end with it', async () => {
  const program = await account();
  const old = bearer((await token(program)).access_token);
  // In use, so that it is remembered without the new secret.
  assert.equal(await calls(old), 200);
  const { client_secret, service_account } = await admin.expect(201, 'POST', `/api/service-accounts/${program.account.id}/secrets`, { body: {} });
  assert.equal(service_account.secrets.length, 2);
  const fresh = bearer((await token({ ...program, client_secret })).access_token);
  assert.deepEqual([await calls(old), await calls(fresh)], [200, 200]);
  const [first] = service_account.secrets;
  await admin.expect(204, 'DELETE', `/api/service-accounts/${program.account.id}/secrets/${first.id}`);
  await ends(old);
  assert.equal(await calls(fresh), 200);
  assert.equal((await ask({ grant_type: 'client_credentials', client_id: program.client_id, client_secret: program.client_secret })).status, 401);
});

test('a token whose secret is revoked is not looked up each time that it comes', async () => {
  const program = await account();
  const actor = bearer((await token(program)).access_token);
  assert.equal(await calls(actor), 200);
  const { secrets: [{ id }] } = await admin.expect(200, 'GET', `/api/service-accounts/${program.account.id}`);
  await admin.expect(204, 'DELETE', `/api/service-accounts/${program.account.id}/secrets/${id}`);
  await ends(actor);
  const lookUps = async () => Number(/gatehouse_pg_query_seconds_count\{statement="service_accounts.secrets"\} (\d+)/.exec((await nobody.get('/metrics')).text)[1]);
  const before = await lookUps();
  for (let i = 0; i < 30; ++i) assert.equal(await calls(actor), 401);
  // One for each reactor, and for each snapshot of the tenant.
  assert.ok(await lookUps() - before < 10);
});

test('what is taken from an account is taken from its tokens, and an account that is off calls nothing', async () => {
  const program = await account();
  const actor = bearer((await token(program)).access_token);
  assert.equal(await calls(actor), 200);
  const path = `/api/service-accounts/${program.account.id}`;
  const etag = async () => ({ 'if-match': (await admin.get(path)).headers.etag });
  await admin.expect(200, 'PATCH', path, { body: { permissions: ['models_read'] }, headers: await etag() });
  await ends(actor, 403);
  await admin.expect(200, 'PATCH', path, { body: { is_active: false }, headers: await etag() });
  await ends(actor);
  assert.equal((await admin.patch(path, { is_active: true }, { headers: { 'if-match': '"1"' } })).status, 412);
});

test('an account has ten secrets and ten certificates at most, also of some that are made at once', async () => {
  const { account: { id } } = await account();
  const path = `/api/service-accounts/${id}`;
  for (let i = 1; i < 9; ++i) await admin.expect(201, 'POST', `${path}/secrets`, { body: {} });
  for (let i = 0; i < 9; ++i) await admin.expect(201, 'POST', `${path}/certificates`, { body: { pem: certificate() } });
  for (const [kind, bodies] of [['secrets', [{}, {}, {}]], ['certificates', [1, 2, 3].map(() => ({ pem: certificate() }))]]) {
    const replies = await demo.databases.session('us', async (query) => {
      await query('begin');
      await query('select from service_accounts where id = $1 for update', [id]);
      const making = bodies.map((body) => admin.post(`${path}/${kind}`, body));
      await waiting(demo.databases, 3);
      await query('commit');
      return Promise.all(making);
    });
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409], kind);
    assert.equal((await admin.expect(200, 'GET', path))[kind].length, 10);
  }
});

test('nobody gives a program what they do not hold, or what programs cannot have', async () => {
  const make = (actor, permissions) => actor.send('POST', '/api/service-accounts', { body: { name: randomUUID(), permissions } });
  for (const permission of ['policies_manage', 'account_manage', 'platform_read', 'chats_read', 'fly'])
    assert.equal((await make(admin, [permission])).status, 422, permission);
  assert.equal((await make(user, ['gateway_call'])).status, 403);
  const key = (permissions) => user.send('POST', '/api/api-keys', { body: { name: randomUUID(), permissions } });
  assert.equal((await key(['audit_export'])).status, 422);
  assert.equal((await key(['models_read'])).status, 201);
});

test('nobody arms a program that may more than they may give', async () => {
  const rich = await account(['usage_read', 'audit_export', 'gateway_call']);
  const poor = await account(['gateway_call', 'models_read']);
  const off = await account(['audit_export']);
  const stored = `/api/service-accounts/${off.account.id}`;
  await admin.expect(200, 'PATCH', stored, { body: { is_active: false }, headers: { 'if-match': (await admin.get(stored)).headers.etag } });
  const integrator = await person(admin, { workspaces: [{ workspace_id: workspace, role: 'IntegrationAdmin' }] });
  const there = { 'gatehouse-workspace': workspace };
  await until(async () => (await integrator.get('/api/service-accounts', { headers: there })).status === 200, { within: 5000, what: 'the role to count' });
  const make = (permissions) => integrator.post('/api/service-accounts', { name: randomUUID(), permissions }, { headers: there });
  // Their own usage is not the organization's.
  const wider = await make(['usage_read']);
  assert.deepEqual([wider.status, wider.json().errors?.[0].code], [422, 'beyond_reach'], wider.text);
  assert.equal((await make(['gateway_call', 'models_read'])).status, 201);
  const secret = (program) => integrator.post(`/api/service-accounts/${program.account.id}/secrets`, {}, { headers: there });
  assert.equal((await secret(rich)).status, 403);
  assert.equal((await secret(poor)).status, 201);
  assert.equal((await integrator.post(`/api/service-accounts/${rich.account.id}/certificates`, { pem: certificate() }, { headers: there })).status, 403);
  assert.equal((await integrator.post(`/api/service-accounts/${poor.account.id}/certificates`, { pem: certificate() }, { headers: there })).status, 201);
  const etag = (await integrator.get(stored, { headers: there })).headers.etag;
  assert.equal((await integrator.patch(stored, { is_active: true }, { headers: { ...there, 'if-match': etag } })).status, 403);
  assert.equal((await integrator.patch(stored, { name: `Renamed ${randomUUID()}` }, { headers: { ...there, 'if-match': etag } })).status, 200);
});

test("another organization sees no service account, and changes none", async () => {
  const { account: { id } } = await account();
  const path = `/api/service-accounts/${id}`;
  assert.equal((await stranger.get(path)).status, 404);
  assert.equal((await stranger.patch(path, { name: 'x' }, { headers: { 'if-match': '"1"' } })).status, 404);
  assert.equal((await stranger.post(`${path}/secrets`, {})).status, 404);
  const { data } = await stranger.expect(200, 'GET', '/api/service-accounts');
  assert.deepEqual(data, []);
});

test('an API key opens what it was given, from where it may be used', async () => {
  const make = async (body) => (await admin.expect(201, 'POST', '/api/api-keys', { body: { name: randomUUID(), ...body } })).secret;
  const reader = demo.withKey(await make({ permissions: ['models_read', 'members_read'] }));
  await reader.expect(200, 'GET', '/v1/models');
  await reader.expect(200, 'GET', '/api/members');
  assert.equal(await calls(reader), 403);
  assert.equal((await reader.get('/api/policies')).status, 403);
  const here = demo.withKey(await make({ allowed_addresses: ['127.0.0.0/8'] }));
  assert.equal(await calls(here), 200);
  const elsewhere = demo.withKey(await make({ allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'] }));
  assert.equal(await calls(elsewhere), 403);
  const { errors } = await admin.expect(422, 'POST', '/api/api-keys', { body: { name: 'x', allowed_addresses: ['10.0.0.1/8'] } });
  assert.deepEqual(errors.map((error) => error.pointer), ['/allowed_addresses/0']);
});

test('an API key is told of its own organization alone', async () => {
  const both = await person(admin);
  const { code } = await stranger.expect(201, 'POST', '/api/invitations', { body: {} });
  await both.expect(200, 'POST', '/api/invitations/join', { body: { code } });
  const { secret } = await both.expect(201, 'POST', '/api/api-keys', { body: { name: 'Here alone', workspace_id: workspace } });
  const organizations = async (actor) => (await actor.expect(200, 'GET', '/api/auth/me')).memberships.map((one) => one.organization_id);
  assert.deepEqual(await organizations(demo.withKey(secret)), [admin.organization.id]);
  assert.deepEqual((await organizations(both)).sort(), [admin.organization.id, stranger.organization.id].sort());
});

test('a client certificate proves its account where the server asks for them, until it is revoked', async () => {
  const folder = join(dirname(demo.ready.config), 'mtls');
  mkdirSync(folder);
  const at = (name) => join(folder, name);
  const openssl = (...args) => {
    const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8', cwd: folder });
    assert.equal(status, 0, stderr);
  };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'server.key', '-out', 'server.pem');
  for (const name of ['client', 'stranger'])
    openssl('req', '-x509', ...curve, '-days', '2', '-subj', `/CN=${name}`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', `${name}.key`, '-out', `${name}.pem`);
  const program = await account();
  const path = `/api/service-accounts/${program.account.id}/certificates`;
  const pem = readFileSync(at('client.pem'), 'utf8');
  const [certificate] = (await admin.expect(201, 'POST', path, { body: { pem } })).certificates;
  assert.equal(certificate.subject, 'CN=client');
  for (const [body, status] of [[{ pem }, 409], [{ pem: 'nonsense' }, 422], [{ pem: readFileSync(at('client.key'), 'utf8') }, 422]])
    assert.equal((await admin.post(path, body)).status, status);

  const node = await Node.start(demo, (text) =>
    `${text.replace(/^allowed_hosts = .*$/m, 'allowed_hosts = ["localhost"]')}\n[tls]\ncertificate = "${at('server.pem')}"\nkey = "${at('server.key')}"\nclient_ca = "${at('ca.pem')}"\n`);
  const call = (client, headers = {}) => new Promise((resolve, reject) => {
    const request = https.request({
      host: '127.0.0.1', port: node.port, servername: 'localhost', ca: readFileSync(at('server.pem')), agent: false, method: 'GET', path: '/v1/models',
      headers: { host: 'localhost', ...headers }, ...(client ? { cert: readFileSync(at(`${client}.pem`)), key: readFileSync(at(`${client}.key`)) } : {}),
    }, (response) => resolve(response.resume().statusCode));
    request.on('error', reject).end();
  });
  const named = { 'gatehouse-client': program.client_id };
  try {
    assert.equal(await call('client', named), 200);
    assert.equal(await call('client'), 401);
    assert.equal(await call('stranger', named), 401);
    assert.equal(await call(null, named), 401);
    assert.equal(await call('client', { 'gatehouse-client': (await account()).client_id }), 401);
    await admin.expect(204, 'DELETE', `${path}/${certificate.id}`);
    await until(async () => (await call('client', named)) === 401, { within: 2500, what: 'the certificate to end' });
  } finally {
    assert.equal(await node.stop(), 0, node.log);
  }
});
