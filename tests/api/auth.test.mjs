// Sign-in, sessions, cross-site protection, access tokens, API keys, regions.
import { strict as assert } from 'node:assert';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, generateKeyPair, importPKCS8, jwtVerify, SignJWT } from 'jose';
import { Actor } from '../harness/actor.mjs';
import { binary, Demo } from '../harness/demo.mjs';
import { Http } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());

// In force everywhere within two seconds, says the design; half a second more for a busy machine.
const revocation = { within: 2500, every: 50 };
const user = await demo.as('user@acme.test');
const borealis = await demo.as('admin@borealis.test');
const bearing = (token) => new Actor(demo, 'bearer', { authorization: `Bearer ${token}` });
const refusedWith401 = (actor) => async () => (await actor.get('/api/auth/me')).status === 401;
const { password } = demo.account('user@acme.test');

test('the session’s cookie cannot be read by scripts or sent by other sites', async () => {
  const reply = await demo.nobody().post('/api/auth/sign-in', { email: 'user@acme.test', password });
  const [cookie, ...more] = reply.headers['set-cookie'];
  assert.deepEqual(more, []);
  const [pair, ...attributes] = cookie.split('; ');
  assert.match(pair, /^gatehouse_session=ghs_us_\w{60,}$/);
  const flags = attributes.map((each) => each.toLowerCase());
  for (const flag of ['httponly', 'samesite=lax', 'path=/']) assert.ok(flags.includes(flag), cookie);
  // Nothing in the answer's body gives the session away.
  assert.ok(!reply.text.includes(pair.split('=')[1]));
});

test('sign-in tells who one is, of what, and with which permissions', async () => {
  assert.equal(user.me.user.email, 'user@acme.test');
  assert.equal(user.me.organization.slug, 'acme');
  assert.deepEqual([user.me.role_code, user.me.is_super_admin, user.me.demo], ['UR', false, true]);
  assert.ok(user.me.permissions.includes('chats_write') && !user.me.permissions.includes('audit_read'));
  assert.deepEqual(user.me.workspaces.map((each) => each.workspace_type).sort(), ['FUNCTIONAL', 'PERSONAL']);
  const operator = await demo.as('operator@gatehouse.test');
  assert.deepEqual([operator.me.role_code, operator.me.is_super_admin, operator.organization, operator.me.memberships], ['MS', true, null, []]);
});

test('an unknown account, a wrong password and an address of another case are told apart by nothing', async () => {
  const attempt = async (email, secret) => {
    const reply = await demo.nobody().post('/api/auth/sign-in', { email, password: secret });
    const { request_id: _, ...body } = reply.json();
    return { status: reply.status, body, cookie: reply.headers['set-cookie'] };
  };
  const wrong = await attempt('user@acme.test', 'not the password');
  assert.equal(wrong.status, 401);
  assert.equal(wrong.body.code, 'invalid_credentials');
  assert.deepEqual(await attempt(`${randomUUID()}@acme.test`, 'not the password'), wrong);
  assert.deepEqual(await attempt('operator@gatehouse.test', 'not the password'), wrong);
  const other = await demo.nobody().post('/api/auth/sign-in', { email: 'USER@acme.test', password });
  assert.equal(other.status, 200);
});

test('a change by cookie needs the session’s own token', async () => {
  const other = await demo.signIn('user@acme.test');
  for (const token of [null, '', 'nonsense', other.csrf, user.csrf.slice(0, -1)]) {
    const reply = await user.patch('/api/auth/me', { theme: 'dark' }, { headers: { 'gatehouse-csrf': token } });
    assert.equal(reply.status, 403, String(token));
    assert.equal(reply.json().code, 'csrf_failed');
  }
  await user.expect(200, 'PATCH', '/api/auth/me', { body: { theme: 'dark' } });
});

test('pages of other sites may neither change anything nor sign anybody in', async () => {
  for (const origin of ['https://evil.example', 'null', `${demo.url}.evil.example`, 'http://127.0.0.1:1', 'https://127.0.0.1']) {
    const changed = await user.patch('/api/auth/me', { theme: 'light' }, { headers: { origin } });
    assert.deepEqual([changed.status, changed.json().code], [403, 'origin_refused'], origin);
    const signedIn = await demo.nobody().post('/api/auth/sign-in', { email: 'user@acme.test', password }, { headers: { origin } });
    assert.equal(signedIn.status, 403, origin);
  }
  await user.expect(200, 'PATCH', '/api/auth/me', { body: { theme: 'light' }, headers: { origin: demo.url } });
});

test('what a person may say of themselves is checked, every bad field at once', async () => {
  const problem = await user.expect(422, 'PATCH', '/api/auth/me', { body: { language: 'tlh', theme: 7, admin: true } });
  assert.deepEqual(problem.errors.map((error) => error.pointer).sort(), ['/admin', '/language', '/theme']);
});

test('signing out ends the session at once and takes the cookie away', async () => {
  const session = await demo.signIn('user@acme.test');
  const { cookie } = session;
  const reply = await session.post('/api/auth/sign-out');
  assert.equal(reply.status, 200);
  assert.match(reply.headers['set-cookie'][0], /gatehouse_session=;.*max-age=0/i);
  const old = new Actor(demo, 'signed out', { cookie });
  assert.equal((await old.get('/api/auth/me')).status, 401);
});

test('one’s sessions are listed, and a revoked one is refused at once', async () => {
  const victim = await demo.signIn('user@acme.test');
  const { data } = await user.expect(200, 'GET', '/api/auth/sessions');
  assert.deepEqual(data.filter((each) => each.is_current).map((each) => each.id), [user.me.session_id]);
  const listed = data.find((each) => each.id === victim.me.session_id);
  assert.equal(listed.ip, '127.0.0.1');
  await user.expect(204, 'DELETE', `/api/auth/sessions/${listed.id}`);
  assert.equal((await victim.get('/api/auth/me')).status, 401);
});

test('a session that another node revoked is refused within two seconds', async () => {
  const victim = await demo.signIn('user@acme.test');
  await victim.expect(200, 'GET', '/api/auth/me');
  await demo.databases.rows('us', 'update sessions set revoked_at = now() where id = $1', [victim.me.session_id]);
  await until(refusedWith401(victim), { ...revocation, what: 'the session to be refused' });
});

test('a membership that ends, ends sessions and API keys with it', async () => {
  const manager = await demo.signIn('manager@acme.test');
  const { secret } = await manager.expect(201, 'POST', '/api/api-keys', { body: { name: 'Ends' } });
  const key = demo.withKey(secret);
  await key.expect(200, 'GET', '/v1/models');
  const setActive = (active) => demo.databases.rows('us', 'update memberships set is_active = $1 where user_id = $2', [active, manager.me.user.id]);
  await setActive(false);
  try {
    await until(refusedWith401(manager), { ...revocation, what: 'the session to be refused' });
    await until(async () => (await key.get('/v1/models')).status === 401, { ...revocation, what: 'the key to be refused' });
  } finally {
    await setActive(true);
  }
});

test('who calls, and whether they may, is settled anew when the body has been waited for', async () => {
  const manager = await demo.signIn('manager@acme.test');
  const { secret, api_key } = await manager.expect(201, 'POST', '/api/api-keys', { body: { name: 'Slow' } });
  const key = demo.withKey(secret);
  const demotion = { ...revocation, every: 250 };
  const announced = {
    revoked: await key.announce('POST', '/v1/chat/completions', { model: 'mock/echo', messages: [{ role: 'user', content: 'Too late' }] }),
    // One for each time that it is asked below: any of them may be with a reactor that learns of the change last.
    demoted: await Promise.all(Array.from({ length: demotion.within / demotion.every + 1 }, () => manager.announce('POST', '/api/policies/evaluate', {}))),
    signedOut: await manager.announce('POST', '/api/chats', {}),
  };
  const setRole = (role) => demo.databases.rows('us', 'update memberships set role_code = $1 where user_id = $2', [role, manager.me.user.id]);
  const [{ role_code: role }] = await demo.databases.rows('us', 'select role_code::text from memberships where user_id = $1', [manager.me.user.id]);
  await manager.expect(204, 'DELETE', `/api/api-keys/${api_key.id}`);
  const late = await announced.revoked.finish();
  assert.deepEqual([late.status, late.json().error.code], [401, 'unauthenticated']);
  await setRole('UR');
  try {
    await until(async () => (await announced.demoted.pop().finish()).json().code === 'forbidden', { ...demotion, what: 'a call that was announced before to be refused' });
    await Promise.all(announced.demoted.map((each) => each.finish()));
  } finally {
    await setRole(role);
  }
  await manager.expect(200, 'POST', '/api/auth/sign-out');
  assert.equal((await announced.signedOut.finish()).json().code, 'session_expired');
});

test('a token that is due is replaced, the old one serves those under way, and later ends the session of both who have it', async () => {
  const session = await demo.signIn('user@acme.test');
  const old = new Actor(demo, 'old cookie', { cookie: session.cookie });
  const id = session.me.session_id;
  const age = (sql) => demo.databases.rows('us', `update sessions set ${sql}, revoked_at = revoked_at where id = $1`, [id]);
  await age("rotated_at = now() - interval '16 minutes'");
  await until(async () => {
    await session.expect(200, 'GET', '/api/auth/me');
    return session.cookie !== old.cookie;
  }, { within: 10_000, every: 50, what: 'a new cookie' });
  // Parallel requests with the old cookie and the new one all go through.
  const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => (i % 2 ? session : new Actor(demo, 'parallel', { cookie: old.cookie })).get('/api/auth/me')));
  assert.deepEqual(replies.map((reply) => reply.status), Array(8).fill(200));
  await age("confirmed_at = now() - interval '10 minutes', rotated_at = now() - interval '10 minutes'");
  await until(refusedWith401(new Actor(demo, 'old cookie', { cookie: old.cookie })), { within: 10_000, every: 50, what: 'the old cookie to be refused' });
  assert.equal((await session.get('/api/auth/me')).json().code, 'session_expired');
  const admin = await demo.as('admin@acme.test');
  const { data } = await admin.expect(200, 'GET', `/api/audit/events?action=session.replay&resource=session:${id}`);
  assert.deepEqual(data.map((event) => event.outcome), ['denied']);
});

test('switching goes on with the session, and ends when it would have', async () => {
  const someone = await demo.signIn('manager@acme.test');
  const { code } = await borealis.expect(201, 'POST', '/api/invitations', { body: {} });
  await someone.expect(200, 'POST', '/api/invitations/join', { body: { code } });
  await demo.databases.rows('us', "update sessions set expires_at = now() + interval '1 hour' where user_id = $1", [someone.me.user.id]);
  const { headers } = await someone.send('POST', '/api/auth/switch', { body: { organization_id: borealis.organization.id } });
  const left = Number(/max-age=(\d+)/i.exec(headers['set-cookie'][0])[1]);
  assert.ok(left > 3000 && left <= 3600, `${left} s`);
  const ends = await demo.databases.value('eu', "select max(expires_at) <= now() + interval '1 hour' from sessions where user_id = $1", [someone.me.user.id]);
  assert.equal(ends, true);
});

test('nobody switches to an organization that is not theirs', async () => {
  const replies = [];
  for (const organization of [borealis.organization.id, randomUUID()])
    replies.push(await user.post('/api/auth/switch', { organization_id: organization }));
  for (const reply of replies) assert.deepEqual([reply.status, reply.json().code], [403, 'not_a_member']);
  assert.equal(replies[0].json().detail, replies[1].json().detail);
  assert.equal((await user.expect(200, 'GET', '/api/auth/me')).organization.slug, 'acme');
});

test('a page that shows another organization than the session’s is told so', async () => {
  const reply = await user.get('/api/chats', { headers: { 'gatehouse-organization': borealis.organization.id } });
  assert.deepEqual([reply.status, reply.json().code], [409, 'organization_switched']);
  await user.expect(200, 'GET', '/api/chats', { headers: { 'gatehouse-organization': user.organization.id } });
});

const tokenOf = async (actor) => (await actor.expect(200, 'POST', '/api/auth/token')).access_token;
const realKey = () => importPKCS8(pkcs8(readFileSync(join(dirname(demo.ready.config), 'secrets/signing-key.pem'), 'utf8')), 'ES256');
/** Whatever form the PEM has. */
const pkcs8 = (pem) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });

async function minted(token, key, changes = {}, header = {}) {
  return new SignJWT({ ...decodeJwt(token), ...changes }).setProtectedHeader({ ...decodeProtectedHeader(token), ...header }).sign(key);
}
const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('an access token verifies with the published keys, and lives for ten minutes at most', async () => {
  const token = await tokenOf(user);
  const jwks = await demo.nobody().expect(200, 'GET', '/.well-known/jwks.json');
  assert.ok(jwks.keys.every((key) => key.kty === 'EC' && key.crv === 'P-256' && key.alg === 'ES256' && !('d' in key)), 'a private key is published');
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), { algorithms: ['ES256'], audience: 'gatehouse' });
  assert.ok(jwks.keys.some((key) => key.kid === protectedHeader.kid));
  assert.deepEqual([payload.sub, payload.org, payload.region], [user.me.user.id, user.organization.id, 'us']);
  assert.ok(payload.exp - payload.iat <= 600);
  // It works without a cookie, and needs no cross-site token.
  await bearing(token).expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  await bearing(token).expect(200, 'GET', '/v1/models');
});

test('neither an access token nor an API key makes others, ends sessions, or changes the account', async () => {
  const { api_key: own, secret } = await user.expect(201, 'POST', '/api/api-keys', { body: { name: 'Of no more use' } });
  for (const program of [bearing(await tokenOf(user)), demo.withKey(secret)])
    for (const [method, path, body] of [
      ['POST', '/api/auth/token'], ['POST', '/api/api-keys', { name: 'Successor' }], ['DELETE', `/api/api-keys/${own.id}`],
      ['POST', '/api/auth/sign-out'], ['DELETE', `/api/auth/sessions/${user.me.session_id}`], ['PATCH', '/api/auth/me', { name: 'Thief' }],
    ])
      assert.equal((await program.send(method, path, { body })).status, 403, `${method} ${path}`);
  await user.expect(204, 'DELETE', `/api/api-keys/${own.id}`);
});

test('an access token says of nobody who they are, or that they may come in', async () => {
  const admin = await demo.as('admin@acme.test');
  const { id: group } = await admin.expect(201, 'POST', '/api/groups', { body: { name: 'By a cookie alone' } });
  const program = bearing(await tokenOf(admin));
  await program.expect(200, 'GET', '/api/members');
  for (const [method, path, body] of [
    ['POST', `/api/members/${user.me.user.id}/password-reset`], ['PATCH', `/api/members/${user.me.user.id}`, { role_code: 'OA' }],
    ['DELETE', `/api/members/${user.me.user.id}`], ['POST', '/api/invitations', { role_code: 'OA' }],
    ['POST', '/api/role-assignments', { role: 'WorkspaceAdmin', user_id: user.me.user.id }], ['PUT', `/api/groups/${group}/members/${user.me.user.id}`],
  ])
    assert.equal((await program.send(method, path, { body })).status, 403, `${method} ${path}`);
  await admin.expect(204, 'DELETE', `/api/groups/${group}`);
});

test('a token that was forged, altered, expired, or signed otherwise is refused', async () => {
  const token = await tokenOf(user);
  const [head, body, signature] = token.split('.');
  const key = await realKey();
  const other = (await generateKeyPair('ES256')).privateKey;
  const past = Math.floor(Date.now() / 1000) - 3600;
  const publicKey = JSON.stringify((await demo.nobody().expect(200, 'GET', '/.well-known/jwks.json')).keys[0]);
  const bad = {
    'another payload': `${head}.${segment({ ...decodeJwt(token), role: 'OA', sub: borealis.me.user.id })}.${signature}`,
    'algorithm none': `${segment({ alg: 'none', typ: 'JWT' })}.${body}.`,
    'algorithm none with the signature': `${segment({ ...decodeProtectedHeader(token), alg: 'none' })}.${body}.${signature}`,
    'HMAC with the public key': await new SignJWT(decodeJwt(token)).setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'HS256' }).sign(Buffer.from(publicKey)),
    'another key': await minted(token, other),
    'an unknown key id': await minted(token, other, {}, { kid: 'unknown' }),
    'expired': await minted(token, key, { iat: past, nbf: past, exp: past + 600 }),
    'not yet valid': await minted(token, key, { nbf: past + 7200, exp: past + 7800 }),
    'without an end': await minted(token, key, { exp: undefined }),
    'for another audience': await minted(token, key, { aud: 'elsewhere' }),
    'of another issuer': await minted(token, key, { iss: 'https://elsewhere.example' }),
    'of another region': await minted(token, key, { region: 'eu' }),
    'of another organization': await minted(token, key, { org: borealis.organization.id }),
    'of another person': await minted(token, key, { sub: (await demo.as('admin@acme.test')).me.user.id }),
    'of another session': await minted(token, key, { sid: randomUUID() }),
    'a cut signature': token.slice(0, -4),
    'four parts': `${token}.${signature}`,
    'no JSON': `${head}.${Buffer.from('nonsense').toString('base64url')}.${signature}`,
  };
  for (const [what, each] of Object.entries(bad)) assert.equal((await bearing(each).get('/api/auth/me')).status, 401, what);
  // The control: minted the same way and changed in nothing, it is good.
  await bearing(await minted(token, key)).expect(200, 'GET', '/api/auth/me');
});

test('a token gives no more than the person has, whatever role it claims', async () => {
  const token = await minted(await tokenOf(user), await realKey(), { role: 'OA', is_super_admin: true });
  const reply = await bearing(token).get('/api/audit/events');
  assert.ok([401, 403].includes(reply.status), reply.text);
});

test('an access token dies with its session', async () => {
  const session = await demo.signIn('user@acme.test');
  const token = await tokenOf(session);
  await bearing(token).expect(200, 'GET', '/api/auth/me');
  await session.expect(200, 'POST', '/api/auth/sign-out');
  await until(refusedWith401(bearing(token)), { ...revocation, what: 'the token to be refused' });
});

test('an API key is shown once, acts for its person, and is refused once revoked', async () => {
  const { api_key: made, secret } = await user.expect(201, 'POST', '/api/api-keys', { body: { name: 'Short-lived' } });
  assert.match(secret, /^gh_us_\w+$/);
  assert.equal(made.last_four, secret.slice(-4));
  const { data } = await user.expect(200, 'GET', '/api/api-keys');
  assert.ok(data.some((each) => each.id === made.id));
  assert.ok(!JSON.stringify(data).includes(secret));
  assert.deepEqual(await demo.databases.search([secret]), []);
  for (const headers of [{ authorization: `Bearer ${secret}` }, { 'x-api-key': secret }, { 'api-key': secret }])
    await new Actor(demo, 'key', headers).expect(200, 'GET', '/v1/models');
  assert.equal((await demo.withKey(secret).get('/api/audit/events')).status, 403);
  await user.expect(204, 'DELETE', `/api/api-keys/${made.id}`);
  assert.equal((await demo.withKey(secret).get('/v1/models')).status, 401);
});

test('an API key that another node revoked, or that expired, is refused within two seconds', async () => {
  for (const change of ['revoked_at = now()', "expires_at = now() - interval '1 second'"]) {
    const { api_key: made, secret } = await user.expect(201, 'POST', '/api/api-keys', { body: { name: 'Elsewhere' } });
    await demo.withKey(secret).expect(200, 'GET', '/v1/models');
    await demo.databases.rows('us', `update api_keys set ${change} where id = $1`, [made.id]);
    await until(async () => (await demo.withKey(secret).get('/v1/models')).status === 401, { ...revocation, what: change });
  }
});

test('a session’s cookie is no API key, an API key no cookie, and a bad credential is never skipped', async () => {
  const cookie = user.cookie.split('=')[1];
  const key = demo.ready.api_keys.acme;
  assert.equal((await bearing(cookie).get('/api/auth/me')).status, 401);
  assert.equal((await new Actor(demo, 'key as cookie', { cookie: `gatehouse_session=${key}` }).get('/api/auth/me')).status, 401);
  assert.equal((await user.get('/api/auth/me', { headers: { authorization: 'Bearer nonsense' } })).status, 401);
});

test('a node that does not serve a region sends its people away before it looks anything up', async () => {
  const folder = dirname(demo.ready.config);
  const port = await freePort();
  const text = readFileSync(demo.ready.config, 'utf8')
    .replace(/\[regions\.eu\]\n(?:(?!\[).*\n)+/, '')
    .replace(/^port = .*$/m, `port = ${port}`).replace('node = "demo"', 'node = "us-only"').replace('file = "gatehouse.log"', 'file = "us-only.log"');
  assert.ok(!text.includes('[regions.eu]'));
  const config = join(folder, 'us-only.toml');
  writeFileSync(config, text, { mode: 0o600 });
  const node = spawn(binary, ['serve', '--config', config], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const http = new Http(`http://127.0.0.1:${port}`);
  try {
    await until(() => http.send('GET', '/readyz').then((reply) => reply.status === 200, () => node.exitCode !== null && assert.fail('the node ended')), { within: 60_000, every: 50, what: 'the second node' });
    for (const headers of [
      { authorization: `Bearer ${demo.ready.api_keys.borealis}` }, { cookie: borealis.cookie }, { authorization: `Bearer ${await tokenOf(borealis)}` },
    ]) {
      const reply = await http.send('GET', '/api/auth/me', { headers });
      assert.deepEqual([reply.status, reply.json().code], [421, 'wrong_region'], reply.text);
    }
    const reply = await http.send('GET', '/v1/models', { headers: { authorization: `Bearer ${demo.ready.api_keys.acme}` } });
    assert.equal(reply.status, 200, reply.text);
  } finally {
    http.close();
    node.kill('SIGTERM');
    const [code] = await once(node, 'close');
    assert.equal(code, 0);
  }
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// Last, because it leaves this address without any sign-ins to spare.
test('whoever guesses passwords is made to wait, for accounts that exist and those that do not', async () => {
  for (const email of ['manager@acme.test', `${randomUUID()}@acme.test`]) {
    let reply;
    for (let attempt = 0; attempt < 60 && reply?.status !== 429; ++attempt)
      reply = await demo.nobody().post('/api/auth/sign-in', { email, password: `guess number ${attempt}` }, { patient: false });
    assert.equal(reply.status, 429);
    assert.equal(reply.json().code, 'rate_limited');
    assert.ok(Number(reply.headers['retry-after']) >= 1);
    // What refuses tells of it once.
    for (let again = 0; again < 5; ++again) await demo.nobody().post('/api/auth/sign-in', { email, password: 'guess' }, { patient: false });
  }
  const told = await demo.databases.rows('us_audit', "select payload_json->>'locked_out' as what from audit_events where org_id is null and action = 'session.create' and outcome = 'denied'");
  for (const what of new Set(told.map((row) => row.what))) assert.ok(told.filter((row) => row.what === what).length <= 2, JSON.stringify(told));
  assert.ok(told.some((row) => row.what === 'account_from_address'), JSON.stringify(told));
});
