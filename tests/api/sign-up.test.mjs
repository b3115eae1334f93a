// Coming by oneself: founding an organization, joining one that allows it, and everything that is refused.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Actor } from '../harness/actor.mjs';
import { altered } from '../harness/altered.mjs';
import { Demo } from '../harness/demo.mjs';
import { Mailbox } from '../harness/mailbox.mjs';
import { until } from '../harness/until.mjs';

const mailbox = await Mailbox.start();
after(() => mailbox.stop());
const demo = await Demo.start({ env: mailbox.env });
after(() => demo.stop());

const password = 'orbital lantern quiet moss';
const someone = () => `${randomUUID()}@newcomers.test`;
/** Waits out what the network address is limited by, and nothing else. */
async function post(path, body) {
  for (;;) {
    const reply = await demo.nobody().send('POST', path, { body, patient: false });
    if (reply.status !== 429 || !reply.json().detail.startsWith('Try again in')) return reply;
    await delay(1000 * Number(reply.headers['retry-after']));
  }
}
const begin = (email, more = { region: 'eu' }) => post('/api/sign-up', { email, name: 'Nova Pessoa', password, ...more });
const codeOf = async (email) => /\b\d{6}\b/.exec((await mailbox.next(email)).text)[0];
const refusal = async (reply) => {
  const { status, text } = await reply;
  return status < 400 ? status : `${status} ${JSON.parse(text).code}`;
};

/** A confirmed address. */
async function confirmed(email, more) {
  const started = (await begin(email, more)).json();
  const { sign_up } = (await post('/api/sign-up/confirm', { sign_up: started.sign_up, code: await codeOf(email) })).json();
  return sign_up;
}
const counts = async () => Promise.all(['us', 'eu'].map((region) => demo.databases.rows(region,
  'select (select count(*) from users) as users, (select count(*) from organizations) as organizations, (select count(*) from memberships) as members')));

test('an address, a code and an organization: its founder administers it on the spot', async () => {
  const email = someone();
  const reply = await begin(email, { region: 'eu', language: 'pt-BR' });
  assert.equal(reply.status, 201, reply.text);
  const started = reply.json();
  assert.deepEqual([started.sent, started.demo_code], [true, null]);
  const letter = await mailbox.next(email);
  assert.equal(letter.subject, 'Seu código de confirmação');
  const code = /\b\d{6}\b/.exec(letter.text)[0];
  assert.ok(!started.sign_up.includes(code));
  const before = await counts();
  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up: started.sign_up, name: 'Early', slug: 'early' })), '422 invalid_link');
  assert.equal(await refusal(post('/api/sign-up/confirm', { sign_up: started.sign_up, code: code === '000000' ? '000001' : '000000' })), '422 invalid_code');
  const { sign_up } = (await post('/api/sign-up/confirm', { sign_up: started.sign_up, code })).json();
  assert.deepEqual(await counts(), before, 'until the end nothing is stored');

  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up, name: 'Acme', slug: 'acme' })), '409 already_exists');
  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up, name: 'X', slug: 'x', profile: { country: 'br' } })), '422 validation_failed');
  assert.equal(await refusal(post('/api/sign-up/join', { sign_up })), '422 invalid_link');
  assert.deepEqual(await counts(), before, 'nothing is half-written by what was refused');

  const founder = new Actor(demo, email);
  const me = await founder.expect(200, 'POST', '/api/sign-up/organization', {
    body: { sign_up, name: 'Núcleo & Cia', slug: 'nucleo', data_mode: 'full_content', profile: { industry: 'services', size: '1-10', country: 'BR' } },
  });
  founder.csrf = me.csrf_token;
  assert.deepEqual([me.role_code, me.organization.slug, me.organization.region, me.organization.data_mode, me.user.language], ['OA', 'nucleo', 'eu', 'full_content', 'pt-BR']);
  assert.deepEqual(me.workspaces.map((each) => each.workspace_type).sort(), ['FUNCTIONAL', 'PERSONAL']);
  const [{ attributes }] = await demo.databases.rows('eu', "select attributes from organizations where slug = 'nucleo'");
  assert.deepEqual(attributes, { metadata: { schema_name: 'organization', schema_version: '1.0' }, industry: 'services', size: '1-10', country: 'BR' });
  assert.deepEqual(await demo.databases.rows('us', 'select id from users where email = $1', [email]), [], 'in its region alone');

  const { data: models } = await founder.expect(200, 'GET', '/api/models');
  assert.ok(models.some((model) => model.name === 'demo/echo'), 'the demo model is there to try');
  const answer = await founder.expect(200, 'POST', '/v1/chat/completions', { body: { model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }] } });
  assert.ok(answer.choices[0].message.content.includes('hello'));
  await until(async () => (await founder.expect(200, 'GET', '/api/audit/events?action=organization.create')).data.length === 1, { what: 'the event of the founding' });

  const turn = await founder.expect(200, 'POST', `/api/tenants/${me.organization.id}/test`, { body: { stage: 'atendimento', message: 'Bom dia', model: 'demo/echo' } });
  assert.equal(turn.outcome, 'answered', 'it has what every new organization has');
  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up, name: 'Again', slug: 'again' })), '409 already_exists', 'a sign-up is used once');
  assert.equal(await refusal(post('/api/auth/sign-in', { email, password })), 200);
});

test('of two that finish one sign-up at once, one founds', async () => {
  const email = someone();
  const sign_up = await confirmed(email);
  const both = await Promise.all(['twin-a', 'twin-b'].map((slug) => refusal(post('/api/sign-up/organization', { sign_up, name: 'Twin', slug }))));
  assert.equal(both.filter((each) => each === 200).length, 1, both.join());
  assert.ok(both.some((each) => ['409 conflict', '409 already_exists'].includes(each)), both.join());
  const [{ count }] = await demo.databases.rows('eu', "select count(*)::int from organizations where slug in ('twin-a', 'twin-b')");
  assert.equal(count, 1);
});

test('nobody founds an organization without limits, where the plan is not there', async () => {
  const sign_up = await confirmed(someone());
  const rename = (from, to) => demo.databases.rows('control', 'update plans set slug = $2 where slug = $1', [from, to]);
  await rename('free', 'gratis');
  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up, name: 'Boundless', slug: 'boundless' })), '409 conflict');
  const log = (await import('node:fs')).readFileSync(`${demo.data}/gatehouse.log`, 'utf8');
  assert.match(log, /sign_up\.no_plan/);
  await rename('gratis', 'free');
  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up, name: 'Boundless', slug: 'boundless' })), 200);
});

test('an address that has an account is answered alike, told by mail, and gets no second one', async () => {
  const [known, unknown] = [await begin('user@acme.test'), await begin(someone())];
  assert.deepEqual([known.status, Object.keys(known.json())], [unknown.status, Object.keys(unknown.json())]);
  const letter = await mailbox.next('user@acme.test');
  assert.equal(letter.subject, 'You have an account already');
  assert.doesNotMatch(letter.text, /\b\d{6}\b/);
  for (const code of ['000000', '123456'])
    assert.equal(await refusal(post('/api/sign-up/confirm', { sign_up: known.json().sign_up, code })), '422 invalid_code');
  assert.equal((await begin('operator@gatehouse.test')).status, 201);
});

test('an organization that allows it is joined as a user with a workspace of one’s own', async () => {
  const look = (slug) => refusal(demo.nobody().get(`/api/sign-up/organization?slug=${slug}`));
  assert.equal(await look('acme'), '404 not_found');
  assert.equal(await look('no-such-one'), '404 not_found');
  assert.equal(await refusal(begin(someone(), { organization: 'acme' })), '404 not_found');
  await demo.databases.rows('us', `update organizations set settings = '{"allow_signup": true}' where slug = 'acme'`);
  assert.equal((await demo.nobody().expect(200, 'GET', '/api/sign-up/organization?slug=acme')).name, 'Acme');
  const email = someone();
  const sign_up = await confirmed(email, { organization: 'acme' });
  assert.equal(await refusal(post('/api/sign-up/organization', { sign_up, name: 'Mine', slug: 'mine' })), '422 invalid_link');
  const newcomer = new Actor(demo, email);
  const me = await newcomer.expect(200, 'POST', '/api/sign-up/join', { body: { sign_up } });
  assert.deepEqual([me.role_code, me.organization.slug], ['UR', 'acme']);
  assert.deepEqual(me.workspaces.map((each) => each.workspace_type), ['PERSONAL'], 'MyWorkspace alone');
  const admin = await demo.as('admin@acme.test');
  await until(async () => (await admin.expect(200, 'GET', '/api/audit/events?action=member.join')).data.length === 1, { what: 'the event' });

  // An organization that has proved domains takes their addresses alone.
  const ofDomain = (domain) => confirmed(`${randomUUID()}@${domain}`, { organization: 'acme' });
  const proved = randomUUID();
  await demo.databases.rows('us', `insert into organization_domains (organization_id, id, domain, challenge) values ($1, $2, 'proved.test', 'x')`, [me.organization.id, proved]);
  assert.equal((await post('/api/sign-up/join', { sign_up: await ofDomain('claimed.test') })).status, 200, 'what is claimed and not proved counts for nothing');
  await demo.databases.rows('us', 'update organization_domains set verified_at = now() where id = $1', [proved]);
  assert.equal(await refusal(post('/api/sign-up/join', { sign_up: await ofDomain('other.test') })), '403 forbidden');
  assert.equal((await post('/api/sign-up/join', { sign_up: await ofDomain('proved.test') })).status, 200);
  await demo.databases.rows('us', 'delete from organization_domains where id = $1', [proved]);

  const late = await confirmed(someone(), { organization: 'acme' });
  await demo.databases.rows('us', `update organizations set settings = '{"allow_signup": true, "sign_in": {"password": false}}' where slug = 'acme'`);
  assert.equal(await refusal(post('/api/sign-up/join', { sign_up: late })), '404 not_found', 'judged again at the end');
  await demo.databases.rows('us', `update organizations set settings = '{}' where slug = 'acme'`);
});

test('an installation that is closed takes nobody, one that is open to joining no founders', async () => {
  const closed = await Demo.start({ env: { GATEHOUSE_SIGN_UP__MODE: 'closed' } });
  const joining = await Demo.start({ env: { GATEHOUSE_SIGN_UP__MODE: 'join' } });
  try {
    const body = { email: someone(), name: 'Nova Pessoa', password, region: 'us' };
    assert.equal(await refusal(closed.nobody().post('/api/sign-up', body)), '403 sign_up_closed');
    assert.equal(await refusal(closed.nobody().get('/api/sign-up/organization?slug=acme')), '403 sign_up_closed');
    assert.equal(await refusal(closed.nobody().post('/api/sign-up/organization', { sign_up: 'x', name: 'X', slug: 'x' })), '403 sign_up_closed');
    assert.equal(await refusal(joining.nobody().post('/api/sign-up', body)), '403 sign_up_closed');
    await joining.databases.rows('us', `update organizations set settings = '{"allow_signup": true}' where slug = 'acme'`);
    const started = await joining.nobody().expect(201, 'POST', '/api/sign-up', { body: { ...body, region: undefined, organization: 'acme' } });
    assert.match(started.demo_code, /^\d{6}$/, 'the demo sends no mail and shows the code');
  } finally {
    await closed.stop();
    await joining.stop();
  }
});

test('codes run out, passwords are judged, and made-up sign-ups are none', async () => {
  const email = someone();
  const started = (await begin(email)).json();
  const tries = [];
  for (let i = 0; i < 6; ++i) tries.push(await refusal(post('/api/sign-up/confirm', { sign_up: started.sign_up, code: 'wrong' })));
  assert.deepEqual(tries, [...Array(5).fill('422 invalid_code'), '429 rate_limited']);
  assert.equal(await refusal(post('/api/sign-up/confirm', { sign_up: started.sign_up, code: await codeOf(email) })), '429 rate_limited');
  const weak = await demo.nobody().post('/api/sign-up', { email: someone(), name: 'Nova Pessoa', password: 'novapessoa12', region: 'us' });
  assert.deepEqual(weak.json().errors.map((each) => each.code), ['is_personal']);
  for (const sign_up of ['x', 'A'.repeat(300), altered(started.sign_up)])
    assert.equal(await refusal(post('/api/sign-up/confirm', { sign_up, code: '000000' })), '422 invalid_link');
  const often = [];
  for (let i = 0; i < 6; ++i) often.push((await begin(email)).status);
  assert.deepEqual(often, [201, 201, 201, 201, 429, 429], 'five sign-ups an address, with the one above');
});
