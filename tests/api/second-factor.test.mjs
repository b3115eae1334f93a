// The second factor: enrolment, sign-in in two steps, codes that count once, and organizations that ask for it.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { binary, Demo } from '../harness/demo.mjs';
import { totp } from '../harness/totp.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());

const passwordOf = (email) => demo.account(email).password;
const refused = async (status, code, reply) => {
  const { status: got, text } = await reply;
  assert.equal(got, status, text);
  const body = JSON.parse(text);
  assert.equal(body.code, code, text);
  return body;
};

/** Enrols whoever it is; the secret and the recovery codes. The first code is of the step before, so that one is left. */
async function enrol(actor, password) {
  const { secret, uri } = await actor.expect(201, 'POST', '/api/auth/second-factor', { body: { password } });
  assert.equal(new URL(uri).searchParams.get('secret'), secret);
  const { recovery_codes: codes } = await actor.expect(200, 'POST', '/api/auth/second-factor/confirm', { body: { code: totp(secret, -1) } });
  return { secret, codes };
}

async function challengeOf(email) {
  const reply = await demo.nobody().post('/api/auth/sign-in', { email, password: passwordOf(email) });
  assert.equal(reply.headers['set-cookie'], undefined, 'a password alone opens no session');
  return (await refused(401, 'second_factor_required', reply)).challenge;
}
const finish = (challenge, code) => demo.nobody().post('/api/auth/sign-in/second-factor', { challenge, code });

const settings = (slug, region, value) =>
  demo.databases.rows(region, 'update organizations set settings = $2 where slug = $1', [slug, JSON.stringify(value)]);

/** An organization of its own, by signing up. */
async function found(slug) {
  const anybody = demo.nobody();
  const account = { email: `founder@${slug}.test`, name: 'Frida Fundadora', password: 'orbital lantern quiet moss', region: 'us' };
  const started = await anybody.expect(201, 'POST', '/api/sign-up', { body: account });
  const { sign_up } = await anybody.expect(200, 'POST', '/api/sign-up/confirm', { body: { sign_up: started.sign_up, code: started.demo_code } });
  return (await anybody.expect(200, 'POST', '/api/sign-up/organization', { body: { sign_up, name: slug, slug } })).organization.id;
}

test('an account with a second factor signs in by two steps, and each code counts once', async () => {
  const email = 'user@acme.test';
  const user = await demo.signIn(email);
  const before = await user.expect(200, 'GET', '/api/auth/second-factor');
  assert.deepEqual([before.enrolled, before.required, before.has_password], [false, false, true]);
  await refused(422, 'validation_failed', user.post('/api/auth/second-factor', { password: 'not mine at all' }));
  await refused(422, 'validation_failed', user.post('/api/auth/second-factor', {}));
  const { secret, codes } = await enrol(user, passwordOf(email));
  assert.equal(new Set(codes).size, 10);
  await refused(409, 'already_exists', user.post('/api/auth/second-factor', { password: passwordOf(email) }));
  await refused(409, 'conflict', user.post('/api/auth/second-factor/confirm', { code: totp(secret) }));

  const challenge = await challengeOf(email);
  await refused(422, 'invalid_code', finish(challenge, totp(secret, -1)));
  await refused(422, 'invalid_code', finish(challenge, totp(secret, -20)));
  const code = totp(secret, 1);
  const [first, second] = await Promise.all([finish(challenge, code), finish(challenge, code)]);
  assert.deepEqual([first.status, second.status].sort(), [200, 422], 'of two at once one is taken');
  const me = (first.status === 200 ? first : second).json();
  assert.deepEqual([me.user.email, me.second_factor.enrolled, me.second_factor.required], [email, true, false]);
  await refused(422, 'invalid_code', finish(await challengeOf(email), code));

  const recovered = await finish(await challengeOf(email), codes[0].toUpperCase().replace('-', ' '));
  assert.equal(recovered.status, 200, recovered.text);
  await refused(422, 'invalid_code', finish(await challengeOf(email), codes[0]));
  assert.equal((await user.expect(200, 'GET', '/api/auth/second-factor')).recovery_codes_left, 9);

  const { recovery_codes: fresh } = await user.expect(200, 'POST', '/api/auth/second-factor/recovery-codes', { body: { code: codes[1] } });
  await refused(422, 'invalid_code', finish(await challengeOf(email), codes[2]));
  await refused(422, 'validation_failed', user.post('/api/auth/second-factor/disable', { password: 'not mine at all', code: fresh[0] }));
  await refused(422, 'invalid_code', user.post('/api/auth/second-factor/disable', { password: passwordOf(email), code: codes[3] }));
  await user.expect(204, 'POST', '/api/auth/second-factor/disable', { body: { password: passwordOf(email), code: fresh[0] } });
  await demo.signIn(email);

  const [{ sealed_secret: stored } = {}] = await demo.databases.rows('us', 'select sealed_secret from second_factors');
  assert.equal(stored, undefined);
  const admin = await demo.as('admin@acme.test');
  const actions = await admin.expect(200, 'GET', '/api/audit/events?action=second_factor&limit=50');
  const names = actions.data.map((event) => event.action);
  for (const action of ['second_factor.enable', 'second_factor.disable', 'second_factor.recovery_codes']) assert.ok(names.includes(action), action);
  for (const text of [secret, ...codes]) assert.ok(!JSON.stringify(actions).includes(text) && !demo.output().includes(text));
});

test('a challenge is no session, is nobody else’s, and ends with the password it was given for', async () => {
  for (const bad of ['', 'x', 'AAAA', 'A'.repeat(400)]) {
    const reply = await finish(bad, '000000');
    assert.ok([401, 422].includes(reply.status), reply.text);
  }
  const email = 'manager@acme.test';
  const manager = await demo.signIn(email);
  const { codes } = await enrol(manager, passwordOf(email));
  const challenge = await challengeOf(email);
  const asSession = new Actor(demo, 'thief', { cookie: `gatehouse_session=${challenge}` });
  assert.equal((await asSession.get('/api/auth/me')).status, 401);
  const changed = 'orbital lantern quiet moss';
  await manager.expect(204, 'POST', '/api/auth/password', { body: { current_password: passwordOf(email), new_password: changed } });
  await refused(401, 'invalid_credentials', finish(challenge, codes[0]));
  await manager.expect(204, 'POST', '/api/auth/password', { body: { current_password: changed, new_password: passwordOf(email) } });
  await manager.expect(204, 'POST', '/api/auth/second-factor/disable', { body: { password: passwordOf(email), code: codes[0] } });
});

test('wrong codes run out, whoever sends them, and the right one does not help then', async () => {
  const email = 'admin@borealis.test';
  const admin = await demo.signIn(email);
  const { secret, codes } = await enrol(admin, passwordOf(email));
  const challenge = await challengeOf(email);
  let reply;
  for (let i = 0; i < 11; ++i) reply = await demo.nobody().send('POST', '/api/auth/sign-in/second-factor', { body: { challenge, code: 'wrong' }, patient: false });
  await refused(429, 'rate_limited', reply);
  assert.ok(Number(reply.headers['retry-after']) > 0);
  const right = await demo.nobody().send('POST', '/api/auth/sign-in/second-factor', { body: { challenge, code: totp(secret) }, patient: false });
  assert.equal(right.status, 429);
  assert.equal(codes.length, 10);
  await demo.databases.rows('eu', 'delete from second_factors');
});

test('operators have a second factor too, and lose it to the command line alone', async () => {
  const email = 'operator@gatehouse.test';
  const operator = await demo.signIn(email);
  const { codes } = await enrol(operator, passwordOf(email));
  const reply = await finish(await challengeOf(email), codes[0]);
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json().is_super_admin, true);
  await refused(422, 'invalid_code', finish(await challengeOf(email), codes[0]));
  const reset = (...args) => spawnSync(binary, ['--config', demo.ready.config, 'admin', 'reset-super-admin', ...args], { input: `${passwordOf(email)}\n`, encoding: 'utf8' });
  assert.notEqual(reset('--email', 'nobody@gatehouse.test').status, 0);
  const done = reset('--email', email);
  assert.equal(done.status, 0, done.stderr);
  assert.equal((await operator.get('/api/auth/me')).status, 401, 'its sessions have ended');
  await demo.signIn(email);
});

test('an organization that asks a role for it lets that role do nothing else until it is there', async () => {
  const email = 'user@acme.test';
  const user = await demo.signIn(email);
  await settings('acme', 'us', { sign_in: { second_factor_roles: ['UR'] } });
  await until(async () => (await user.get('/api/chats')).status === 403, { within: 2500, every: 50, what: 'the rule to be in force' });
  await refused(403, 'second_factor_missing', user.get('/api/chats'));
  await refused(403, 'second_factor_missing', user.post('/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }] }).then((reply) => ({ ...reply, status: reply.status, text: JSON.stringify({ code: reply.json().error.code }) })));
  const me = await user.expect(200, 'GET', '/api/auth/me');
  assert.deepEqual([me.second_factor.required, me.permissions], [true, []]);
  assert.equal((await demo.as('manager@acme.test').then((manager) => manager.get('/api/chats'))).status, 200, 'other roles go on');
  const { access_token: token } = await user.expect(200, 'POST', '/api/auth/token');
  const bearer = new Actor(demo, 'bearer', { authorization: `Bearer ${token}` });
  assert.equal((await bearer.get('/api/chats')).status, 403, 'a token is no way around it');

  const { codes } = await enrol(user, passwordOf(email));
  await user.expect(200, 'GET', '/api/chats');
  assert.equal((await user.expect(200, 'GET', '/api/auth/me')).second_factor.required, false);

  // Taken away, the session is for the account alone again.
  await user.expect(204, 'POST', '/api/auth/second-factor/disable', { body: { password: passwordOf(email), code: codes[0] } });
  await until(async () => (await user.get('/api/chats')).status === 403, { within: 2500, every: 50, what: 'the session to be restricted' });
  await settings('acme', 'us', {});
  await until(async () => (await user.get('/api/chats')).status === 200, { within: 2500, every: 50, what: 'the rule to be gone' });
});

test('a session that was opened before the second factor steps up with a code', async () => {
  const email = 'user@acme.test';
  const [older, newer] = [await demo.signIn(email), await demo.signIn(email)];
  const { codes } = await enrol(newer, passwordOf(email));
  await settings('acme', 'us', { sign_in: { second_factor_roles: ['UR', 'OA'] } });
  await until(async () => (await older.get('/api/chats')).status === 403, { within: 2500, every: 50, what: 'the rule to be in force' });
  await newer.expect(200, 'GET', '/api/chats');
  await refused(422, 'invalid_code', older.post('/api/auth/second-factor/verify', { code: 'wrong' }));
  const me = await older.expect(200, 'POST', '/api/auth/second-factor/verify', { body: { code: codes[0] } });
  assert.ok(me.permissions.includes('chats_read'));
  await older.expect(200, 'GET', '/api/chats');
  await settings('acme', 'us', {});
  await older.expect(204, 'POST', '/api/auth/second-factor/disable', { body: { password: passwordOf(email), code: codes[1] } });
});

test('an organization that takes no passwords is entered by none, and the command line lets them in again', async () => {
  const email = 'user@acme.test';
  await settings('acme', 'us', { sign_in: { password: false } });
  const reply = await demo.nobody().post('/api/auth/sign-in', { email, password: passwordOf(email) });
  await refused(403, 'password_sign_in_off', reply);
  assert.equal(reply.headers['set-cookie'], undefined);
  await refused(401, 'invalid_credentials', demo.nobody().post('/api/auth/sign-in', { email, password: 'not mine at all' }));
  const gone = await demo.cli('admin', 'allow-passwords', '--organization', 'nobody-has-this');
  assert.notEqual(gone.code, 0);
  const done = await demo.cli('admin', 'allow-passwords', '--organization', 'acme');
  assert.equal(done.code, 0, done.stderr);
  await demo.signIn(email);
  const admin = await demo.as('admin@acme.test');
  const { data } = await admin.expect(200, 'GET', '/api/audit/events?action=organization.update');
  assert.ok(data.length >= 1);
});

test('who belongs to several organizations meets the rules of the one that is entered', async () => {
  const borealis = await demo.as('admin@borealis.test');
  const other = await found('third');
  await demo.databases.rows('us', "insert into memberships (organization_id, user_id, role_code) select $1, id, 'UR' from users where email = 'user@acme.test'", [other]);
  await settings('third', 'us', { sign_in: { password: false } });
  const user = await demo.signIn('user@acme.test');
  assert.equal(user.organization.slug, 'acme', 'a password opens the one that takes it');
  await refused(403, 'password_sign_in_off', user.post('/api/auth/switch', { organization_id: other }));
  await user.expect(200, 'GET', '/api/chats');
  await settings('third', 'us', { sign_in: { second_factor_roles: ['UR'] } });
  const me = await user.expect(200, 'POST', '/api/auth/switch', { body: { organization_id: other } });
  assert.deepEqual([me.organization.slug, me.second_factor.required], ['third', true]);
  user.csrf = me.csrf_token;
  await refused(403, 'second_factor_missing', user.get('/api/chats'));
  const back = await user.expect(200, 'POST', '/api/auth/switch', { body: { organization_id: me.memberships.find((each) => each.slug === 'acme').organization_id } });
  assert.equal(back.second_factor.required, false, 'the other organization does not ask');
  await refused(403, 'not_a_member', user.send('POST', '/api/auth/switch', { body: { organization_id: borealis.organization.id }, headers: { 'gatehouse-csrf': back.csrf_token } }));
});
