// Whom a login belongs to and what groups give; and that no organization's provider comes into another organization.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { Browser } from '../harness/browser.mjs';
import { Directory, patch } from '../harness/directory.mjs';
import { singleSignOn } from '../harness/single-sign-on.mjs';
import { makePlan, makeTenant, operatorOf } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const { demo, idp, signIn, person, verified, provided, changed, eventsOf, stop } = await singleSignOn();
after(stop);
const acme = await demo.as('admin@acme.test');
const borealis = await demo.as('admin@borealis.test');
await verified(acme, 'corp.test');

const orgWorkspace = acme.me.workspaces.find((each) => each.workspace_type === 'FUNCTIONAL').id;
const workspace = async (name) => {
  const [{ id }] = await demo.databases.rows(
    'us', "insert into workspaces (organization_id, id, name, workspace_type) values ($1, $2, $3, 'FUNCTIONAL') returning id", [acme.organization.id, randomUUID(), name]);
  return id;
};
const memberships = async (email) => {
  const sql = 'select m.organization_id, m.role_code::text, m.is_active from memberships m join users u on u.id = m.user_id where u.email = $1';
  return [...(await demo.databases.rows('us', sql, [email])), ...(await demo.databases.rows('eu', sql, [email]))];
};
const governance = (email) =>
  demo.databases.rows('us', 'select a.role::text, a.workspace_id from role_assignments a join users u on u.id = a.user_id where u.email = $1 order by 1', [email]);

test('groups give role and workspaces at each sign-in, and losing them takes both away', async () => {
  const [sales, support] = [await workspace('Sales'), await workspace('Support')];
  const provider = await provided(acme, {
    claims: { groups: 'realm_access.roles' },
    mapping: {
      default_role: 'UR',
      rules: [
        { group: 'sales', workspace_ids: [sales] },
        { group: 'leads', role_code: 'WM', workspace_ids: [sales, support], governance_roles: [{ role: 'Approver', workspace_id: support }] },
        { group: 'auditors', governance_roles: [{ role: 'Auditor', workspace_id: null }] },
      ],
    },
  });
  const base = person();
  const inGroups = async (...roles) => {
    const { browser, refused, requestId } = await signIn(provider, { ...base, realm_access: { roles } });
    assert.equal(refused, null);
    const { me } = await browser.actor();
    return { role: me.role_code, workspaces: me.workspaces.filter((each) => [sales, support].includes(each.id)).map((each) => each.name).sort(), requestId };
  };
  idp.be();
  assert.deepEqual((await inGroups()).workspaces, []);
  const one = await inGroups('sales');
  assert.deepEqual([one.role, one.workspaces], ['UR', ['Sales']]);
  const lead = await inGroups('leads', 'sales');
  assert.deepEqual([lead.role, lead.workspaces], ['WM', ['Sales', 'Support']]);
  assert.deepEqual(await governance(base.email), [{ role: 'Approver', workspace_id: support }]);
  const update = (await eventsOf(lead.requestId)).find((event) => event.action === 'membership.update');
  assert.equal(update.payload_json.role_code, 'WM');
  assert.deepEqual(update.payload_json.workspaces_joined, [support]);
  await inGroups('auditors');
  assert.deepEqual(await governance(base.email), [{ role: 'Auditor', workspace_id: null }]);
  const gone = await inGroups();
  assert.deepEqual([gone.role, gone.workspaces, await governance(base.email)], ['UR', [], []]);
  const quiet = await inGroups();
  assert.deepEqual((await eventsOf(quiet.requestId)).map((event) => event.action), ['session.create'], 'nothing changed, nothing is recorded');
});

test('where no group gives a role nobody comes in, and who had one rests until it is back', async () => {
  const provider = await provided(acme, { mapping: { default_role: null, rules: [{ group: 'staff', role_code: 'UR' }] } });
  const base = person();
  idp.be();
  assert.equal((await signIn(provider, base)).refused, 'no_role');
  assert.deepEqual(await memberships(base.email), []);
  const { browser } = await signIn(provider, { ...base, groups: ['staff'] });
  const actor = await browser.actor();
  assert.equal((await signIn(provider, { ...base, groups: [] })).refused, 'no_role');
  assert.deepEqual((await memberships(base.email)).map((each) => each.is_active), [false]);
  await until(async () => (await actor.get('/api/auth/me')).status === 401, { within: 5000, what: 'the open session to end' });
  assert.equal((await signIn(provider, { ...base, groups: ['staff'] })).refused, null);
  assert.equal((await signIn(provider, { ...base, _claim_names: { groups: 'src1' } })).refused, 'groups_incomplete');
  assert.equal((await signIn(provider, { ...base, groups: { staff: true } })).refused, 'groups_invalid');
});

test('what was given by hand is neither taken nor managed by groups', async () => {
  const provider = await provided(acme, { mapping: { default_role: 'UR', rules: [{ group: 'all', workspace_ids: [orgWorkspace] }] } });
  await verified(acme, 'acme.test');
  idp.be();
  const manager = { sub: randomUUID(), email: 'manager@acme.test', email_verified: true, groups: ['all'] };
  const first = await signIn(provider, manager);
  assert.equal(first.refused, null);
  assert.deepEqual((await eventsOf(first.requestId)).map((event) => event.action).sort(), ['login.link', 'session.create']);
  assert.equal((await first.browser.actor()).me.role_code, 'WM', 'the role of a member who was there before stays');
  const again = await signIn(provider, { ...manager, groups: [] });
  assert.ok((await again.browser.actor()).me.workspaces.some((each) => each.id === orgWorkspace));
  await changed(acme, provider, { manages_existing: true });
  assert.equal((await (await signIn(provider, manager)).browser.actor()).me.role_code, 'UR', 'unless the organization says so');
});

test('an address connects to a person only if its domain is proved and somebody vouches for it', async () => {
  idp.be();
  const cases = [
    [person({ email: 'user@globex.test' }), 'domain_not_verified', 'of a domain that is nobody’s'],
    [person({ email_verified: false }), 'email_not_verified'],
    [person({ email_verified: undefined }), 'email_not_verified'],
    [person({ email: undefined }), 'email_missing'],
    [person({ email: 'no address' }), 'email_missing'],
  ];
  const provider = await provided(acme);
  for (const [who, reason] of cases) {
    assert.equal((await signIn(provider, who)).refused, reason, JSON.stringify(who));
    assert.deepEqual(await memberships(who.email ?? ''), []);
  }
  const authority = await provided(acme, { domains: ['corp.test'], vouches_for_email: true });
  assert.equal((await signIn(authority, person({ email_verified: undefined }))).refused, null, 'the organization says that it is the authority');
  assert.equal((await signIn(authority, person({ email: 'someone@acme.test' }))).refused, 'domain_not_verified', 'for its own domains alone');
  const closed = await provided(acme, { jit: false });
  assert.equal((await signIn(closed, person())).refused, 'not_a_member');
});

test('who was invited by an address comes with what the invitation opens, where nobody else is let in', async () => {
  const closed = await provided(acme, { jit: false });
  const team = await workspace('Invited');
  idp.be();
  const who = person();
  const { invitation } = await acme.expect(201, 'POST', '/api/invitations', { body: { email: who.email, role_code: 'WM', workspaces: [{ workspace_id: team, role: 'Approver' }] } });
  assert.equal((await signIn(closed, { ...who, email_verified: false })).refused, 'email_not_verified', 'the address has to be proved first');
  const { browser, refused, requestId } = await signIn(closed, who);
  assert.equal(refused, null);
  const { me } = await browser.actor();
  assert.equal(me.role_code, 'WM');
  assert.ok(me.workspaces.some((each) => each.id === team));
  assert.deepEqual((await governance(who.email)).map((each) => each.role), ['Approver']);
  const events = await eventsOf(requestId);
  assert.deepEqual(events.map((event) => event.action).sort(), ['invitation.accept', 'session.create']);
  assert.equal(events.find((event) => event.action === 'invitation.accept').resource_id, invitation.id);
  const { data } = await acme.expect(200, 'GET', '/api/invitations?state=used_up');
  assert.ok(data.some((each) => each.id === invitation.id), 'it is used up');

  const late = person();
  const { invitation: revoked } = await acme.expect(201, 'POST', '/api/invitations', { body: { email: late.email } });
  await acme.expect(204, 'DELETE', `/api/invitations/${revoked.id}`);
  assert.equal((await signIn(closed, late)).refused, 'not_a_member');
});

/** The login is added to the account by hand, as far as the way back: a function that comes back. */
async function linking(actor, provider, login) {
  const started = await actor.send('POST', '/api/auth/logins', { body: { identity_provider_id: provider.id } });
  assert.equal(started.status, 200, started.text);
  const browser = new Browser(demo);
  for (const line of started.headers['set-cookie']) browser.cookies.set(...line.split(';')[0].split('='));
  idp.person = login;
  const back = await browser.consent(started.json().authorization_url);
  return () => browser.arrive(back);
}

test('the provider proves the address of a member who came as anybody might: what they came with ends', async () => {
  const provider = await provided(acme);
  idp.be();
  const who = person();
  const password = 'orbital lantern quiet moss';
  const { code } = await acme.expect(201, 'POST', '/api/invitations', { body: {} });
  await demo.nobody().expect(201, 'POST', '/api/invitations/accept', { body: { code, email: who.email, name: 'Somebody', password } });
  const squatter = await Actor.signIn(demo, who.email, password);
  const login = () => person({ email: 'squatter@elsewhere.test' });
  const [added, begun] = [login(), login()];
  assert.equal((await (await linking(squatter, provider, added))()).refused, null);
  assert.equal((await signIn(provider, added)).refused, null);
  const finish = await linking(squatter, provider, begun);

  const { browser, refused } = await signIn(provider, who);
  assert.equal(refused, null);
  assert.equal((await browser.actor()).me.user.email, who.email);
  assert.equal((await demo.nobody().post('/api/auth/sign-in', { email: who.email, password })).status, 401);
  assert.equal((await finish()).refused, 'state_unknown');
  for (const other of [added, begun]) assert.equal((await signIn(provider, other)).refused, 'domain_not_verified');
  assert.equal((await signIn(provider, who)).refused, null);
});

test('two organizations, same issuer and e-mail: no crossing', async () => {
  await verified(borealis, 'both.test');
  const [ours, theirs] = [await provided(acme), await provided(borealis)];
  idp.be();
  const who = person({ email: `${randomUUID()}@both.test` });
  const there = await signIn(theirs, who);
  assert.equal(there.refused, null);
  const member = await there.browser.actor();
  assert.equal(member.me.organization.slug, 'borealis');

  // The same login through the other organization's provider: the domain is not that organization's.
  const here = await signIn(ours, who);
  assert.equal(here.refused, 'domain_not_verified');
  assert.equal(here.browser.cookies.has('gatehouse_session'), false);
  assert.equal((await memberships(who.email)).length, 1);
  // A state of one organization is none of the other's.
  const browser = new Browser(demo);
  const back = await browser.consent(await browser.leave(theirs));
  const swapped = back.replace('state=gho_eu_', 'state=gho_us_');
  assert.notEqual(swapped, back);
  assert.equal((await browser.arrive(swapped)).refused, 'state_invalid');
});

test('a person who also belongs elsewhere is not taken over by one organization’s provider', async () => {
  // Cleo belongs to Borealis, with a password; Acme proves her address's domain and asserts her.
  const email = `cleo-${randomUUID().slice(0, 8)}@corp.test`;
  idp.be();
  const provider = await provided(acme);
  const asserted = await signIn(provider, person({ email, name: 'Not Her Name' }));
  const session = await asserted.browser.actor();
  const { id } = session.me.user;
  await demo.databases.rows('eu', 'insert into users (id, email, name) values ($1, $2, $3) returning id', [id, email, 'Cleo']);
  await demo.databases.rows('eu', "insert into memberships (organization_id, user_id, role_code) values ($1, $2, 'OA') returning user_id", [borealis.organization.id, id]);

  const { memberships: shown } = await session.expect(200, 'GET', '/api/auth/me');
  assert.deepEqual(shown.map((each) => each.slug), ['acme'], 'where else she belongs is not shown');
  const refused = await session.expect(403, 'POST', '/api/auth/switch', { body: { organization_id: borealis.organization.id } });
  assert.equal(refused.code, 'forbidden');
  await session.expect(403, 'PATCH', '/api/auth/me', { body: { name: 'Changed by Acme' } });
  const { access_token } = await session.expect(200, 'POST', '/api/auth/token');
  const token = demo.nobody();
  token.headers = { authorization: `Bearer ${access_token}` };
  assert.deepEqual((await token.expect(200, 'GET', '/api/auth/me')).memberships.map((each) => each.slug), ['acme']);
});

test('a login that is added by hand is its person’s, and removed it opens nothing more', async () => {
  idp.be();
  const provider = await provided(acme, { jit: false });
  const user = await demo.signIn('user@acme.test');
  const login = { sub: randomUUID(), email: 'private@elsewhere.test', email_verified: false };
  assert.equal((await signIn(provider, login)).refused, 'domain_not_verified');

  const { to, refused, requestId } = await (await linking(user, provider, login))();
  assert.deepEqual([to, refused], ['/account?linked=true', null]);
  assert.deepEqual((await eventsOf(requestId)).map((event) => [event.action, event.outcome, event.actor_id]), [['login.link', 'success', user.me.user.id]]);

  const session = await (await signIn(provider, login)).browser.actor();
  assert.equal(session.me.user.email, 'user@acme.test');
  const { logins } = await user.expect(200, 'GET', '/api/auth/logins');
  const mine = logins.find((each) => each.provider_name === provider.name);
  assert.ok(mine.last_sign_in_at);
  await (await demo.as('manager@acme.test')).expect(404, 'DELETE', `/api/auth/logins/${mine.id}`);
  await user.expect(204, 'DELETE', `/api/auth/logins/${mine.id}`);
  await session.expect(401, 'GET', '/api/auth/me');
  assert.equal((await signIn(provider, login)).refused, 'domain_not_verified');
});

test('a login of one member cannot be added to another', async () => {
  idp.be();
  const provider = await provided(acme);
  const login = person();
  assert.equal((await signIn(provider, login)).refused, null);
  const user = await demo.signIn('user@acme.test');
  const { to, refused } = await (await linking(user, provider, login))();
  assert.equal(refused, 'linked_to_another');
  assert.ok(to.startsWith('/account?'));
});

test('a login on its way to an account is added by the session that began it, while that is open', async () => {
  idp.be();
  const provider = await provided(acme);
  const user = await demo.signIn('user@acme.test');
  const login = person();
  const finish = await linking(user, provider, login);
  await user.expect(200, 'POST', '/api/auth/sign-out');
  assert.equal((await finish()).refused, 'state_unknown');
  assert.equal((await (await signIn(provider, login)).browser.actor()).me.user.email, login.email);
});

/** Something that waits for a change, begun before it and told of it afterwards. */
const beside = (change, begin, waiting) => demo.databases.session('us', async (query) => {
  await query('begin');
  await change(query);
  const begun = begin();
  await until(async () => (await demo.databases.value('us', "select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1", [waiting])) > 0, { what: 'it to wait' });
  await query('commit');
  return begun;
});

test('a login is not added by a session that ends while the provider is asked', async () => {
  idp.be();
  const provider = await provided(acme);
  const user = await demo.signIn('user@acme.test');
  const login = person();
  const finish = await linking(user, provider, login);
  const { refused } = await beside(
    (query) => query('update sessions set revoked_at = now() where id = (select id from sessions where user_id = $1 order by id desc limit 1)', [user.me.user.id]),
    finish, '%insert into external_identities%');
  assert.equal(refused, 'state_unknown');
  assert.deepEqual(await demo.databases.rows('us', 'select from external_identities where subject = $1', [login.sub]), []);
});

test('whose membership ends while their groups are applied is told so', async () => {
  idp.be();
  const provider = await provided(acme, { mapping: { default_role: 'UR', rules: [{ group: 'ops', governance_roles: [{ role: 'Operator', workspace_id: null }] }] } });
  const who = person();
  const { me } = await (await signIn(provider, who)).browser.actor();
  const { refused } = await beside(
    (query) => query('update memberships set is_active = false where user_id = $1', [me.user.id]),
    () => signIn(provider, { ...who, groups: ['ops'] }), '%memberships%');
  assert.equal(refused, 'membership_inactive');
  assert.deepEqual(await governance(who.email), []);
});

test('a suspended organization’s people still sign in, and see that it is; a cancelled one’s do not', async () => {
  idp.be();
  await verified(borealis, 'north.test');
  const provider = await provided(borealis);
  const who = person({ email: `${randomUUID()}@north.test` });
  const status = (value) => demo.databases.rows('eu', 'update organizations set status = $2::tenant_status_enum where id = $1 returning id', [borealis.organization.id, value]);
  try {
    await status('suspended');
    const { browser, refused } = await signIn(provider, who);
    assert.equal(refused, null);
    await until(async () => (await browser.actor()).me.organization.status === 'suspended', { within: 5000, what: 'the page to say so' });
    await status('cancelled');
    await until(async () => (await signIn(provider, who)).refused === 'tenant_cancelled', { within: 5000, what: 'the status to be in force' });
  } finally {
    await status('active');
  }
});

test('a member whom an administrator has switched off stays so, whatever the provider says', async () => {
  idp.be();
  const provider = await provided(acme);
  const who = person();
  const { browser } = await signIn(provider, who);
  const { me } = await browser.actor();
  await demo.databases.rows('us', 'update memberships set is_active = false where user_id = $1 returning user_id', [me.user.id]);
  assert.equal((await signIn(provider, who)).refused, 'membership_inactive');
  await demo.databases.rows('us', 'update memberships set is_active = true where user_id = $1 returning user_id', [me.user.id]);
  await demo.databases.rows('us', 'update users set is_active = false where id = $1 returning id', [me.user.id]);
  assert.equal((await signIn(provider, who)).refused, 'account_inactive');
});

const onlyStaff = { default_role: null, rules: [{ group: 'staff', role_code: 'UR' }] };

test('who rests for want of groups and is ended by the directory or an administrator does not come back by them', async () => {
  idp.be();
  const provider = await provided(acme, { mapping: onlyStaff });
  const directory = await Directory.connect(acme);
  const resting = async () => {
    const who = { ...person(), groups: ['staff'] };
    const { me } = await (await signIn(provider, who)).browser.actor();
    assert.equal((await signIn(provider, { ...who, groups: [] })).refused, 'no_role');
    return { who, id: me.user.id };
  };
  const changed = await resting();
  await directory.scim(200, 'PATCH', `/Users/${changed.id}`, patch({ op: 'replace', path: 'displayName', value: 'Another' }));
  assert.equal((await signIn(provider, changed.who)).refused, null, 'the directory has said nothing of it');

  const ways = {
    'PATCH active': ({ id }) => directory.scim(200, 'PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' })),
    PUT: async ({ id }) => directory.scim(200, 'PUT', `/Users/${id}`, await directory.scim(200, 'GET', `/Users/${id}`)),
    DELETE: ({ id }) => directory.scim(204, 'DELETE', `/Users/${id}`),
    'an administrator': ({ id }) => acme.expect(204, 'DELETE', `/api/members/${id}`),
  };
  for (const [way, end] of Object.entries(ways)) {
    const one = await resting();
    await end(one);
    assert.equal((await signIn(provider, one.who)).refused, 'membership_inactive', way);
  }
  // Ended by the word that also gives them another address.
  const managed = await provided(acme, { mapping: onlyStaff, manages_existing: true });
  const who = { ...person(), groups: ['staff'] };
  const theirs = await directory.user(who.email);
  assert.equal((await signIn(managed, who)).refused, null);
  assert.equal((await signIn(managed, { ...who, groups: [] })).refused, 'no_role');
  const userName = person().email;
  assert.equal((await directory.scim(200, 'PATCH', `/Users/${theirs.id}`, patch({ op: 'replace', value: { active: false, userName } }))).userName, userName);
  assert.equal((await signIn(managed, who)).refused, 'membership_inactive');
  // Who was brought back by hand and ended afterwards has no groups to come back by either.
  const returned = await resting();
  await acme.expect(200, 'PATCH', `/api/members/${returned.id}`, { body: { is_active: true } });
  await demo.databases.rows('us', 'update memberships set is_active = false where user_id = $1 returning user_id', [returned.id]);
  assert.equal((await signIn(provider, returned.who)).refused, 'membership_inactive');
});

test('groups give workspaces and governance roles to nobody who rests for want of a role', async () => {
  idp.be();
  const rules = [{ group: 'staff', role_code: 'UR' }, { group: 'auditors', governance_roles: [{ role: 'Auditor', workspace_id: null }] }, { group: 'sales', workspace_ids: [await workspace('Sales too')] }];
  const provider = await provided(acme, { mapping: { default_role: null, rules } });
  const who = person();
  assert.equal((await signIn(provider, { ...who, groups: ['staff'] })).refused, null);
  for (const groups of [['auditors'], ['auditors', 'sales']]) assert.equal((await signIn(provider, { ...who, groups })).refused, 'no_role', groups.join());
  assert.deepEqual(await governance(who.email), []);
  assert.equal((await signIn(provider, { ...who, groups: ['staff', 'auditors'] })).refused, null);
  assert.deepEqual(await governance(who.email), [{ role: 'Auditor', workspace_id: null }]);
});

test('who comes back by groups takes one of the places that the plan has', async () => {
  idp.be();
  const { admin } = await makeTenant(demo, await makePlan(demo, { features: { max_users: 2 } }));
  await verified(admin, 'seats.test');
  const provider = await provided(admin, { mapping: onlyStaff });
  const newcomer = () => person({ email: `${randomUUID()}@seats.test`, groups: ['staff'] });
  const [first, second] = [newcomer(), newcomer()];
  assert.equal((await signIn(provider, first)).refused, null);
  assert.equal((await signIn(provider, { ...first, groups: [] })).refused, 'no_role');
  assert.equal((await signIn(provider, second)).refused, null);
  const { refused, requestId } = await signIn(provider, first);
  assert.equal(refused, 'plan_full');
  assert.deepEqual((await eventsOf(requestId)).map((event) => [event.action, event.outcome]), [['session.create', 'failed']]);
  assert.deepEqual((await memberships(first.email)).map((each) => each.is_active), [false]);
  assert.equal((await signIn(provider, { ...second, groups: [] })).refused, 'no_role');
  assert.equal((await signIn(provider, first)).refused, null);
});

test('groups do not take the role of the last administrator', async () => {
  idp.be();
  const { admin, tenant } = await makeTenant(demo, await makePlan(demo));
  const { email } = admin.me.user;
  await verified(admin, email.split('@')[1]);
  const provider = await provided(admin, { manages_existing: true });
  await demo.databases.rows('us', 'update memberships set is_owner = false where organization_id = $1 returning user_id', [tenant.id]);
  assert.equal((await signIn(provider, person({ email }))).refused, 'last_administrator');
  assert.deepEqual((await memberships(email)).map((each) => [each.role_code, each.is_active]), [['OA', true]]);
});

test('a plan without single sign-on takes no providers and starts no sign-in, and the sessions that there are can be ended', async () => {
  idp.be();
  const plan = await makePlan(demo);
  const { admin } = await makeTenant(demo, plan);
  await verified(admin, 'planned.test');
  const provider = await provided(admin);
  const who = person({ email: `${randomUUID()}@planned.test`, sid: randomUUID() });
  const session = await (await signIn(provider, who)).browser.actor();
  const underWay = new Browser(demo);
  const back = await underWay.consent(await underWay.leave(provider));
  await (await operatorOf(demo)).expect(200, 'PATCH', `/api/core/plans/${plan.id}`, { body: { features: { sso: false } }, headers: { 'if-match': `"${plan.version}"` } });
  await until(async () => (await signIn(provider, who)).refused === 'not_in_plan', { within: 5000, what: 'the plan to be in force' });
  assert.equal((await underWay.arrive(back)).refused, 'not_in_plan');
  const body = { name: 'Another', issuer: idp.issuer, client_id: 'c', client_secret: 's' };
  for (const [path, sent] of [['/api/identity-providers', body], [`/api/identity-providers/${provider.id}/test`], ['/api/auth/logins', { identity_provider_id: provider.id }]]) {
    const refused = await admin.post(path, sent);
    assert.deepEqual([refused.status, refused.json().code], [402, 'plan_limit_reached'], path);
  }
  assert.deepEqual((await demo.nobody().expect(200, 'POST', '/api/auth/sso/start', { body: { email: who.email } })).providers, []);
  const token = new URLSearchParams({ logout_token: idp.logoutToken({ sid: who.sid }) }).toString();
  await session.expect(200, 'GET', '/api/auth/me');
  assert.equal((await demo.http.send('POST', new URL(provider.backchannel_logout_url).pathname, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: token })).status, 200);
  await session.expect(401, 'GET', '/api/auth/me');
  await changed(admin, provider, { is_active: false });
});
