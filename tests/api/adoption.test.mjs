// Whoever registers another's address has an account of it, until an organization of that person, or the person, proves it.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { Demo } from '../harness/demo.mjs';
import { Mailbox } from '../harness/mailbox.mjs';
import { apiKeyOf, makePlan, operatorOf, tenantBody } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const mailbox = await Mailbox.start();
after(() => mailbox.stop());
const demo = await Demo.start({ env: mailbox.env });
after(() => demo.stop());

const within = 2500;
const theirs = 'a password of the squatter', own = 'orbital lantern quiet moss';
const admin = await demo.as('admin@acme.test');
const plan = await makePlan(demo);
const signIn = (email, password) => demo.nobody().post('/api/auth/sign-in', { email, password });
const accept = (code, email, password) => demo.nobody().post('/api/invitations/accept', { code, email, name: 'The CEO', password });
const ceo = () => `ceo@bank-${randomUUID().slice(0, 8)}.test`;
/** By an open invitation, which takes any address; with a login of the squatter's at the organization's provider. */
async function squatted(email) {
  const { code } = await admin.expect(201, 'POST', '/api/invitations', { body: {} });
  assert.equal((await accept(code, email, theirs)).status, 201);
  const squatter = await Actor.signIn(demo, email, theirs);
  await demo.databases.rows('us', `insert into external_identities (organization_id, id, issuer, subject, user_id)
    values ($1, gen_random_uuid(), 'https://idp.test', $3, $2)`, [admin.organization.id, squatter.me.user.id, email]);
  return { squatter, key: await apiKeyOf(squatter) };
}
async function bankOf(email, change = {}) {
  const { owner_password: _, ...body } = tenantBody(plan, { owner_email: email });
  return (await operatorOf(demo)).expect(201, 'POST', '/api/core/tenants', { body: { ...body, ...change } });
}
async function byMail(email) {
  assert.equal((await demo.nobody().post('/api/auth/password/forgot', { email })).status, 204);
  const token = /\/reset-password#(ghr_\w+)/.exec((await mailbox.next(email)).text)[1];
  assert.equal((await demo.nobody().post('/api/auth/password/reset', { token, password: own })).status, 204);
  return Actor.signIn(demo, email, own);
}
const isOver = async ({ squatter, key }, email) => {
  await until(async () => (await squatter.get('/api/auth/me')).status === 401, { within, what: 'the squatter’s session to end' });
  await until(async () => (await demo.withKey(key).get('/v1/models')).status === 401, { within, what: 'the squatter’s key to end' });
  assert.equal((await signIn(email, theirs)).status, 401);
  assert.deepEqual(await demo.databases.rows('us', 'select id from external_identities where user_id = $1', [squatter.me.user.id]), []);
};

test('an organization that adopts an address which nobody proved takes nothing over of what its account had', async () => {
  const email = ceo();
  const before = await squatted(email);
  const made = await bankOf(email);
  await isOver(before, email);
  const owner = await byMail(email);
  const { memberships } = await owner.expect(200, 'GET', '/api/auth/me');
  assert.ok(memberships.some((each) => each.organization_id === made.tenant.id || each.slug === made.tenant.slug));
});

test('what an operator gives with the address counts in place of what was there', async () => {
  const email = ceo();
  const before = await squatted(email);
  await bankOf(email, { owner_password: own });
  await isOver(before, email);
  assert.equal((await signIn(email, own)).status, 200);
});

test('a link by mail proves the address, and what was set up before it ends', async () => {
  const email = ceo();
  const before = await squatted(email);
  await byMail(email);
  await isOver(before, email);
  await bankOf(email);
  assert.equal((await signIn(email, own)).status, 200, 'from then on nobody touches it');
});

test('an invitation that was mailed and shown to nobody proves the address', async () => {
  const email = ceo();
  const made = await admin.expect(201, 'POST', '/api/invitations', { body: { email } });
  assert.equal(made.code, null);
  const code = /\/invite#(ghi_\w+)/.exec((await mailbox.next(email)).text)[1];
  assert.equal((await accept(code, email, own)).status, 201);
  await bankOf(email);
  assert.equal((await signIn(email, own)).status, 200);
});
