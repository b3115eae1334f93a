// Forgotten and changed passwords, with a real SMTP server behind STARTTLS.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { altered } from '../harness/altered.mjs';
import { Demo } from '../harness/demo.mjs';
import { Mailbox } from '../harness/mailbox.mjs';
import { unrecorded } from '../harness/unrecorded.mjs';
import { until } from '../harness/until.mjs';

const mailbox = await Mailbox.start();
after(() => mailbox.stop());
const demo = await Demo.start({ env: mailbox.env });
after(() => demo.stop());

const good = 'orbital lantern quiet moss';
const tokenIn = (letter) => /\/reset-password#(ghr_\w+)/.exec(letter.text)[1];
const code = async (reply) => {
  const { status, text } = await reply;
  return status < 400 ? status : `${status} ${JSON.parse(text).code}`;
};
const field = async (reply) => (await reply).json().errors?.map((each) => `${each.pointer} ${each.code}`);
const signIn = (email, password) => demo.nobody().post('/api/auth/sign-in', { email, password });
const forgot = (email) => demo.nobody().post('/api/auth/password/forgot', { email });
const reset = (token, password) => demo.nobody().post('/api/auth/password/reset', { token, password });
/** A person of Acme alone, whose password nobody needs afterwards. */
async function person({ language = null, role = 'UR' } = {}) {
  const [id, email] = [randomUUID(), `${randomUUID()}@people.test`];
  await demo.databases.rows('us', `insert into users (id, email, name, language, password_hash)
    select $1, $2, 'Paula Pessoa', $3, password_hash from users where email = 'user@acme.test'`, [id, email, language]);
  await demo.databases.rows('us', `insert into memberships (organization_id, user_id, role_code)
    select id, $1, $2::role_code_enum from organizations where slug = 'acme'`, [id, role]);
  return { id, email };
}

test('a link comes by mail, sets a password once, and ends every session', async () => {
  const email = 'manager@acme.test';
  const sessions = [await demo.signIn(email), await demo.signIn(email)];
  assert.equal(await code(forgot(email.toUpperCase())), 204);
  const letter = await mailbox.next(email);
  assert.ok(letter.secure, 'by STARTTLS');
  assert.equal(letter.subject, 'Set a new password');
  assert.match(letter.headers.from, /no-reply@gatehouse\.test/);
  const token = tokenIn(letter);
  assert.ok(letter.html.includes(token) && !letter.source.includes(token), 'in both bodies, which are encoded');

  assert.deepEqual(await field(reset(token, 'short')), ['/password too_short']);
  assert.deepEqual(await field(reset(token, 'Marco-Manager-1')), ['/password is_personal']);
  assert.deepEqual(await field(reset(token, 'Password2026!!')), ['/password is_common']);
  const [first, second] = await Promise.all([code(reset(token, good)), code(reset(token, good))]);
  assert.deepEqual([first, second].sort(), [204, '422 invalid_link'].sort(), 'of two at once one counts');
  assert.equal(await code(reset(token, good)), '422 invalid_link');
  for (const session of sessions)
    await until(async () => (await session.get('/api/auth/me')).status === 401, { within: 2500, every: 50, what: 'the session to end' });
  assert.equal(await code(signIn(email, demo.account(email).password)), '401 invalid_credentials');
  assert.equal(await code(signIn(email, good)), 200);

  const admin = await demo.as('admin@acme.test');
  const { data } = await admin.expect(200, 'GET', '/api/audit/events?action=password.reset');
  assert.equal(data.length, 1);
  const [row] = await demo.databases.rows('us', "select count(*)::int as left from mail_outbox");
  assert.equal(row.left, 0, 'nothing stays of what was sent');
  for (const secret of [token, good]) assert.ok(!demo.output().includes(secret));
});

test('no letter goes out whose event cannot be kept', async () => {
  const account = { email: `${randomUUID()}@acme.test`, name: 'Nobody Yet', password: good, region: 'us' };
  for (const call of [() => forgot('user@acme.test'), () => demo.nobody().post('/api/sign-up', account)]) {
    const { reply, changes } = await unrecorded(demo.databases, call);
    assert.deepEqual([reply.status, changes], [500, []]);
  }
  assert.equal(mailbox.letters.length, 0);
});

test('nobody learns whether there is such an account', async () => {
  const known = await forgot('user@acme.test');
  const unknown = await forgot(`${randomUUID()}@acme.test`);
  assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
  const shape = (reply) => Object.keys(reply.headers).sort();
  assert.deepEqual(shape(known), shape(unknown));
  await mailbox.next('user@acme.test');
  assert.equal(mailbox.letters.length, 0);
  assert.equal(await code(forgot('not an address')), '422 validation_failed');
});

test('an address is asked for no more than a few links, whether it has an account or not', async () => {
  for (const email of ['admin@acme.test', `${randomUUID()}@acme.test`]) {
    const replies = [];
    for (let i = 0; i < 5; ++i) replies.push(await demo.nobody().send('POST', '/api/auth/password/forgot', { body: { email }, patient: false }));
    assert.deepEqual(replies.map(({ status }) => status), [204, 204, 204, 429, 429], email);
  }
});

test('the newest link alone is good, and none that was made up', async () => {
  const one = await mailbox.next('admin@acme.test').then(tokenIn);
  await until(() => mailbox.letters.filter(({ to }) => to.includes('admin@acme.test')).length >= 2, { within: 30_000, what: 'the other links' });
  const newest = tokenIn(mailbox.letters.findLast(({ to }) => to.includes('admin@acme.test')));
  // A letter may come twice.
  const tokens = [...new Set([one, ...mailbox.letters.filter(({ to }) => to.includes('admin@acme.test')).map(tokenIn)])];
  const good_ones = [];
  for (const token of tokens) if ((await field(reset(token, 'short')))?.[0] === '/password too_short') good_ones.push(token);
  assert.equal(good_ones.length, 1, 'of three links one is good');
  assert.ok(tokens.includes(newest));
  const bad = ['x', altered(newest), newest.replace('ghr_us_', 'ghr_eu_'), newest.replace('ghr_', 'ghs_')];
  for (const token of bad) assert.equal(await code(reset(token, good)), '422 invalid_link', token);
  await demo.databases.rows('us', "update password_resets set expires_at = now() - interval '1 second' where used_at is null");
  assert.equal(await code(reset(good_ones[0], good)), '422 invalid_link');
});

test('one’s own password changes with the old one, and the other sessions end', async () => {
  const email = 'user@acme.test';
  const { password } = demo.account(email);
  const [here, elsewhere] = [await demo.signIn(email), await demo.signIn(email)];
  const change = (current, wanted) => here.post('/api/auth/password', { current_password: current, new_password: wanted });
  assert.deepEqual(await field(change(password, 'umauserumauser')), ['/new_password is_personal']);
  assert.deepEqual(await field(change('not mine at all', good)), ['/password wrong_password']);
  assert.equal(await code(change(password, good)), 204);
  await here.expect(200, 'GET', '/api/auth/me');
  await until(async () => (await elsewhere.get('/api/auth/me')).status === 401, { within: 2500, every: 50, what: 'the other session to end' });
  assert.equal(await code(signIn(email, good)), 200);
  assert.equal(await code(change(good, password)), 204);
  const bearer = new Actor(demo, 'bearer', { authorization: `Bearer ${(await here.expect(200, 'POST', '/api/auth/token')).access_token}` });
  assert.equal(await code(bearer.post('/api/auth/password', { current_password: password, new_password: good })), '403 forbidden');
});

test('an administrator sends a link to who belongs to the organization alone, in their language', async () => {
  const admin = await demo.as('admin@acme.test');
  const { id, email } = await person({ language: 'pt-BR' });
  const made = await admin.expect(201, 'POST', `/api/members/${id}/password-reset`);
  assert.deepEqual([made.sent, made.url], [true, null]);
  const letter = await mailbox.next(email);
  assert.equal(letter.subject, 'Defina uma nova senha');
  assert.ok(letter.text.includes('Acme'));
  assert.equal(await code(reset(tokenIn(letter), good)), 204);
  assert.equal(await code(admin.post(`/api/members/${(await demo.as('admin@borealis.test')).me.user.id}/password-reset`)), '404 not_found');
  assert.equal(await code(admin.post(`/api/members/${randomUUID()}/password-reset`)), '404 not_found');
  const second = await person({ role: 'OA' });
  const { password } = demo.account('user@acme.test');
  const colleague = await Actor.signIn(demo, second.email, password);
  assert.equal(await code(colleague.post(`/api/members/${admin.me.user.id}/password-reset`)), '403 forbidden', 'of the owner');
  await demo.databases.rows('us', 'update users set is_active = false where id = $1', [second.id]);
  assert.equal(await code(admin.post(`/api/members/${second.id}/password-reset`)), '409 conflict');
  const twice = await person();
  await demo.databases.rows('us', `with o as (insert into organizations (id, name, slug, region) values (gen_random_uuid(), 'Second', 'second', 'us') returning id)
    insert into memberships (organization_id, user_id, role_code) select id, $1, 'UR' from o`, [twice.id]);
  assert.equal(await code(admin.post(`/api/members/${twice.id}/password-reset`)), '409 conflict');
});

test('an administrator’s link ends with their power to make it', async () => {
  const admin = await demo.as('admin@acme.test');
  const { password } = demo.account('user@acme.test');
  const ways = {
    'another role': ({ id }) => admin.expect(200, 'PATCH', `/api/members/${id}`, { body: { role_code: 'WM' } }),
    'the membership ended': ({ id }) => admin.expect(204, 'DELETE', `/api/members/${id}`),
    'the person is barred': ({ id }) => demo.databases.rows('us', 'update users set is_active = false where id = $1', [id]),
  };
  for (const [way, end] of Object.entries(ways)) {
    const [issuer, member] = [await person({ role: 'OA' }), await person()];
    const colleague = await Actor.signIn(demo, issuer.email, password);
    await colleague.expect(201, 'POST', `/api/members/${member.id}/password-reset`);
    const token = tokenIn(await mailbox.next(member.email));
    assert.deepEqual(await field(reset(token, 'short')), ['/password too_short'], 'it was good');
    await end(issuer);
    assert.equal(await code(reset(token, good)), '422 invalid_link', way);
  }
});

test('a link is not made for an address that is another by the time it would be', async () => {
  const admin = await demo.as('admin@acme.test');
  const { id, email } = await person();
  const waiting = () => demo.databases.value('us', "select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into password_resets%'");
  await demo.databases.session('us', async (query) => {
    await query('begin');
    await query('update users set email = $2 where id = $1', [id, `new-${email}`]);
    const asked = admin.post(`/api/members/${id}/password-reset`);
    await until(async () => (await waiting()) === 1, { what: 'the link to wait' });
    await query('commit');
    assert.equal(await code(asked), '409 conflict');
  });
  assert.deepEqual(await demo.databases.rows('us', 'select from password_resets where user_id = $1', [id]), []);
});

test('of more letters than may be under way at once, those that are refused are not recorded as asked for', async () => {
  /** From a network address of its own, because those are asked no more than a few times either. */
  const ask = (localAddress) => new Promise((resolve, reject) => {
    const body = JSON.stringify({ email: `${randomUUID()}@acme.test` });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    http.request(`${demo.url}/api/auth/password/forgot`, { method: 'POST', localAddress, headers }, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode, id: response.headers['x-request-id'] }));
    }).once('error', reject).end(body);
  });
  const replies = await demo.databases.session('control', async (query) => {
    await query('begin');
    await query('lock table email_regions in access exclusive mode');
    return Promise.all(Array.from({ length: 70 }, (_, i) => ask(`127.0.0.${20 + Math.floor(i / 10)}`)));
  });
  assert.deepEqual(replies.map(({ status }) => status).sort(), [...Array(64).fill(204), ...Array(6).fill(503)]);
  const events = await demo.databases.eventsOf(replies.map(({ id }) => id));
  for (const { status, id } of replies) assert.equal(events.get(id).some(({ outcome }) => outcome === 'success'), status === 204, `${status}`);
});

test('an invitation for one address goes there by mail, and is shown to nobody', async () => {
  const admin = await demo.as('admin@acme.test');
  const email = `${randomUUID()}@invited.test`;
  const made = await admin.expect(201, 'POST', '/api/invitations', { body: { email } });
  assert.deepEqual([made.sent, made.code, made.link], [true, null, null]);
  const letter = await mailbox.next(email);
  assert.ok(letter.subject.includes('Acme') && /\/invite#ghi_us_/.test(letter.text));
  const open = await admin.expect(201, 'POST', '/api/invitations', { body: {} });
  assert.equal(open.sent, false, 'an open one is for nobody to send to');
});

test('mail that is refused for now is sent later, and for good is given up, without an address in the log', async () => {
  const admin = await demo.as('admin@acme.test');
  const later = await person();
  mailbox.refusing = { times: 1, code: 451 };
  await admin.expect(201, 'POST', `/api/members/${later.id}/password-reset`);
  await until(() => mailbox.refused === 1, { within: 30_000, what: 'the first try' });
  await until(async () => (await demo.databases.value('us', "select next_try_at < now() + interval '1 minute' from mail_outbox where tries = 1")) === true, { what: 'the next try to be set' });
  await demo.databases.rows('us', 'update mail_outbox set next_try_at = now()');
  await mailbox.next(later.email);
  const never = await person();
  mailbox.refusing = { times: 1, code: 550 };
  await admin.expect(201, 'POST', `/api/members/${never.id}/password-reset`);
  await until(async () => Number(await demo.databases.value('us', 'select count(*) from mail_outbox where dead_at is not null')) === 1, { within: 30_000, what: 'it to be given up' });
  const metrics = (await demo.nobody().get('/metrics')).text;
  assert.match(metrics, /gatehouse_mail_dead_total 1\n/);
  const log = (await import('node:fs')).readFileSync(`${demo.data}/gatehouse.log`, 'utf8');
  assert.match(log, /mail\.given_up/);
  for (const { email } of [later, never]) assert.ok(!log.includes(email));
});
