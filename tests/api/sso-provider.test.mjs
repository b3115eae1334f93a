// A provider that is slow, down, talkative or sends elsewhere; its word that a session is over; and what an administrator
// may write down of one.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { Browser } from '../harness/browser.mjs';
import { makeKey, now } from '../harness/identity-provider.mjs';
import { singleSignOn } from '../harness/single-sign-on.mjs';
import { until, waiting } from '../harness/until.mjs';

const { demo, idp, dns, signIn, person, verified, provided, changed, eventsOf, stop } = await singleSignOn();
after(stop);
const acme = await demo.as('admin@acme.test');
await verified(acme, 'corp.test');
const staff = await provided(acme, { name: 'Corp staff', domains: ['corp.test'] });

/** What the server remembers of the issuer is dropped by a test of its configuration, on the reactor that serves it. */
async function forgotten() {
  for (let i = 0; i < 8; ++i) await acme.expect(200, 'POST', `/api/identity-providers/${staff.id}/test`);
}

test('a provider that does not answer in time ends the sign-in, not the server', async () => {
  idp.be();
  idp.answers['/token'] = ({ response }) => new Promise((resolve) => response.once('close', resolve));
  const { refused, requestId } = await signIn(staff);
  assert.equal(refused, 'provider_unavailable');
  assert.deepEqual((await eventsOf(requestId)).map((event) => [event.action, event.outcome, event.payload_json.reason]), [['session.create', 'failed', 'provider_unavailable']]);
});

test('a provider that fails, sends elsewhere or never stops talking is told from one that refuses', async () => {
  const answers = [
    [{ status: 503, body: 'later' }, 'provider_unavailable'],
    [{ status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } }, 'code_refused'],
    [{ body: `"${'x'.repeat(400_000)}"` }, 'provider_unavailable'],
    [{ body: '<html>' }, 'token_response_invalid'],
    [{ body: { access_token: 'a', token_type: 'Bearer' } }, 'token_response_invalid'],
    [{ status: 400, body: { error: 'invalid_grant', error_description: 'no' } }, 'code_refused'],
    [{ status: 401, body: { error: 'invalid_client' } }, 'client_refused'],
  ];
  for (const [answer, reason] of answers) {
    idp.be();
    idp.answers['/token'] = answer;
    assert.equal((await signIn(staff)).refused, reason, JSON.stringify(answer).slice(0, 80));
  }
});

test('addresses that a discovery document names are judged as any other', async () => {
  idp.be();
  idp.document = (it) => ({ ...it, token_endpoint: 'http://10.0.0.1/token' });
  const other = await provided(acme, { issuer: `${idp.issuer}/inner` });
  idp.answers['/inner/.well-known/openid-configuration'] = { body: { issuer: `${idp.issuer}/inner`, authorization_endpoint: `${idp.issuer}/authorize`, token_endpoint: 'http://10.0.0.1/token', jwks_uri: `${idp.issuer}/keys` } };
  idp.person = person();
  const browser = new Browser(demo);
  const back = new URL(await browser.consent(await browser.leave(other)), 'http://x.test');
  back.searchParams.delete('iss');
  assert.equal((await browser.arrive(back.pathname + back.search)).refused, 'provider_not_allowed');
});

test('a document of another issuer, a redirect or no document at all is found by the test button', async () => {
  const path = `/api/identity-providers/${staff.id}/test`;
  const cases = [
    [{ body: { issuer: 'https://elsewhere.test' } }, 'issuer_mismatch'],
    [{ body: 'none' }, 'discovery_invalid'],
    [{ status: 302, headers: { location: '/elsewhere' } }, 'provider_unavailable'],
    [{ status: 404 }, 'provider_unavailable'],
  ];
  for (const [answer, reason] of cases) {
    idp.be();
    idp.answers['/.well-known/openid-configuration'] = answer;
    const { reason: found, passed, authorization_url } = await acme.expect(200, 'POST', path);
    assert.deepEqual([found, passed, authorization_url], [reason, [], null]);
  }
  idp.be();
  idp.answers['/keys'] = { body: { keys: [] } };
  assert.deepEqual((await acme.expect(200, 'POST', path)).passed, ['discovery']);
  idp.be();
  await forgotten();
});

test('a test goes all the way, signs nobody in and tells names, not values', async () => {
  idp.be({ ...person(), groups: ['leads', 'unknown'] });
  const mapped = await provided(acme, { mapping: { default_role: 'UR', rules: [{ group: 'leads', role_code: 'WM' }] } });
  const browser = new Browser(demo);
  browser.cookies.set('gatehouse_session', acme.cookie.split('=')[1]);
  const started = await acme.send('POST', `/api/identity-providers/${mapped.id}/test`);
  const { authorization_url, test_id, passed } = started.json();
  assert.deepEqual(passed, ['discovery', 'keys']);
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(started.headers['set-cookie'].at(-1));
  browser.cookies.set(name, value);
  const before = browser.cookies.get('gatehouse_session');
  const { to, refused } = await browser.arrive(await browser.consent(authorization_url));
  assert.deepEqual([to, refused], [`/identity-providers/${mapped.id}?test=${test_id}`, null]);
  assert.equal(browser.cookies.get('gatehouse_session'), before);
  const { outcome } = await acme.expect(200, 'GET', `/api/identity-provider-tests/${test_id}`);
  assert.deepEqual([outcome.role_code, outcome.matched_groups, outcome.group_count, outcome.email_is_verified, outcome.address_refusal], ['WM', ['leads'], 2, true, null]);
  assert.ok(outcome.claims.includes('groups'));
  assert.deepEqual(await demo.databases.search([idp.person.email]), []);
});

test('userinfo is asked for what the ID token lacks, and believed of the same person alone', async () => {
  const { email, sub } = person();
  idp.be({ sub });
  idp.userinfo = { sub, email, email_verified: true };
  const { refused, browser } = await signIn(staff, idp.person);
  assert.equal(refused, null);
  assert.equal((await browser.actor()).me.user.email, email);

  const other = person();
  idp.person = { sub: other.sub };
  idp.userinfo = { sub: 'another', email: other.email, email_verified: true };
  assert.equal((await signIn(staff, idp.person)).refused, 'subject_changed');
});

test('signing out tells where to end the provider’s session', async () => {
  idp.be();
  const { browser } = await signIn(staff);
  const actor = await browser.actor();
  const { logout_url } = await actor.expect(200, 'POST', '/api/auth/sign-out');
  const url = new URL(logout_url);
  assert.equal(url.origin + url.pathname, `${idp.issuer}/logout`);
  assert.equal(url.searchParams.get('client_id'), idp.clientId);
  assert.equal(url.searchParams.get('post_logout_redirect_uri'), staff.post_logout_url);
  assert.ok(url.searchParams.get('id_token_hint'));
  assert.deepEqual(await demo.databases.search([url.searchParams.get('id_token_hint')]), [], 'the token is stored sealed');
  await actor.expect(401, 'GET', '/api/auth/me');
  const { logout_url: none } = await (await demo.signIn('user@acme.test')).expect(200, 'POST', '/api/auth/sign-out');
  assert.equal(none, null);
});

const logout = (token) =>
  demo.http.send('POST', new URL(staff.backchannel_logout_url).pathname, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ logout_token: token }).toString() });

test('the provider ends the session that it names, at once', async () => {
  idp.be();
  const who = { ...person(), sid: 'provider-session-1' };
  const [named, other] = [await signIn(staff, who), await signIn(staff, { ...who, sid: 'provider-session-2' })];
  const [ended, lasting] = [await named.browser.actor(), await other.browser.actor()];
  const reply = await logout(idp.logoutToken({ sid: 'provider-session-1' }));
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers['cache-control'], 'no-store');
  await ended.expect(401, 'GET', '/api/auth/me');
  await lasting.expect(200, 'GET', '/api/auth/me');
  const [event] = await eventsOf(reply.requestId);
  assert.deepEqual([event.action, event.outcome, event.org_id, event.payload_json.sessions], ['session.revoke', 'success', acme.organization.id, 1]);
  assert.equal((await logout(idp.logoutToken({ sub: who.sub }))).status, 200);
  await lasting.expect(401, 'GET', '/api/auth/me');
});

test('a logout token that is replayed, has a nonce, or is none ends nothing', async () => {
  idp.be();
  const who = { ...person(), sid: 'provider-session-3' };
  const used = idp.logoutToken({ sid: 'an-earlier-session' });
  assert.equal((await logout(used)).status, 200);
  const { browser } = await signIn(staff, who);
  const actor = await browser.actor();
  const stranger = makeKey('stranger');
  const cases = [
    [used, 'state_used'],
    [idp.logoutToken({ sid: who.sid, nonce: 'n' }), 'has_nonce'],
    [idp.logoutToken({ sid: who.sid, events: {} }), 'not_a_logout_token'],
    [idp.logoutToken({ sid: who.sid, aud: 'another' }), 'wrong_audience'],
    [idp.logoutToken({ sid: who.sid, iss: 'https://elsewhere.test' }), 'wrong_issuer'],
    [idp.logoutToken({ sid: who.sid, iat: now() - 3600, exp: now() + 60 }), 'too_old'],
    [idp.logoutToken({ sid: who.sid, jti: undefined }), 'token_malformed'],
    [idp.logoutToken({ sid: who.sid }, { typ: 'logout+jwt', kid: stranger.kid }), 'unknown_key'],
    ['nonsense', 'token_malformed'],
  ];
  for (const [token, reason] of cases) {
    const reply = await logout(token);
    assert.equal(reply.status, 400, reason);
    const [event] = await eventsOf(reply.requestId);
    assert.deepEqual([event.outcome, event.payload_json.reason], ['failed', reason]);
  }
  await actor.expect(200, 'GET', '/api/auth/me');
});

test('a logout token that could not be obeyed is obeyed when the provider sends it again', async () => {
  idp.be();
  const who = { ...person(), sid: 'provider-session-4' };
  const actor = await (await signIn(staff, who)).browser.actor();
  const token = idp.logoutToken({ sid: who.sid });
  await demo.databases.session('us', async (query) => {
    await query("create function fail_now() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$");
    await query('create trigger fail_now before update of revoked_at on sessions for each row execute function fail_now()');
    try {
      assert.equal((await logout(token)).status, 500);
    } finally {
      await query('drop trigger fail_now on sessions');
      await query('drop function fail_now()');
    }
  });
  await actor.expect(200, 'GET', '/api/auth/me');
  const reply = await logout(token);
  assert.equal(reply.status, 200, reply.text);
  await actor.expect(401, 'GET', '/api/auth/me');
  assert.deepEqual((await eventsOf(reply.requestId)).map((event) => [event.action, event.outcome, event.payload_json.sessions]), [['session.revoke', 'success', 1]]);
  assert.equal((await logout(token)).status, 400, 'and then it is used up');
});

test('a provider that is switched off or removed takes its sessions along', async () => {
  idp.be();
  const provider = await provided(acme);
  const first = await (await signIn(provider)).browser.actor();
  await changed(acme, provider, { is_active: false });
  const { refused } = await signIn(provider);
  assert.equal(refused, 'provider_inactive');
  await untilRefused(first);
  await changed(acme, provider, { is_active: true });
  const second = await (await signIn(provider)).browser.actor();
  await acme.expect(204, 'DELETE', `/api/identity-providers/${provider.id}`);
  await untilRefused(second);
});
const untilRefused = (actor) => until(async () => (await actor.get('/api/auth/me')).status === 401, { within: 5000, what: 'the session to end' });

test('what cannot be right is refused when it is written down', async () => {
  const refusedFor = async (body, pointer) => {
    const whole = { name: 'Draft', issuer: idp.issuer, client_id: 'c', client_secret: 's', ...body };
    const { errors } = await acme.expect(422, 'POST', '/api/identity-providers', { body: whole });
    assert.deepEqual(errors.map((error) => error.pointer), [pointer], JSON.stringify(body));
  };
  await refusedFor({ issuer: 'http://idp.elsewhere.test' }, '/issuer');
  await refusedFor({ issuer: 'https://10.0.0.1' }, '/issuer');
  await refusedFor({ issuer: 'https://idp.test?x=1' }, '/issuer');
  await refusedFor({ issuer: 'https://login.microsoftonline.com/{tenant id}/v2.0' }, '/issuer');
  await refusedFor({ scopes: 'email' }, '/scopes');
  await refusedFor({ scopes: 'openid offline_access' }, '/scopes');
  await refusedFor({ client_secret: undefined }, '/client_secret');
  await refusedFor({ client_secret: 'with space' }, '/client_secret');
  await refusedFor({ vouches_for_email: true }, '/domains');
  await refusedFor({ domains: ['gmail.com'] }, '/domains/0');
  await refusedFor({ mapping: { default_role: 'MS', rules: [] } }, '/mapping/default_role');
  await refusedFor({ mapping: { default_role: null, rules: [{ group: 'g', role_code: 'MS' }] } }, '/mapping/rules/0/role_code');
  const foreign = (await demo.as('admin@borealis.test')).me.default_workspace_id;
  await refusedFor({ mapping: { default_role: 'UR', rules: [{ group: 'g', workspace_ids: [foreign] }] } }, '/mapping/rules');
  const path = `/api/identity-providers/${staff.id}`;
  const { version } = await acme.expect(200, 'GET', path);
  const elsewhere = await acme.expect(422, 'PATCH', path, { body: { issuer: 'https://idp.elsewhere.test' }, headers: { 'if-match': `"${version}"` } });
  assert.equal(elsewhere.errors[0].pointer, '/client_secret', 'the stored secret is not sent elsewhere');
});

test('a domain is proved by its record, and is one organization’s in the whole installation', async () => {
  const borealis = await demo.as('admin@borealis.test');
  const mine = await acme.expect(201, 'POST', '/api/domains', { body: { domain: 'Shared.Test' } });
  assert.equal(mine.record_name, '_gatehouse-challenge.shared.test');
  await acme.expect(409, 'POST', `/api/domains/${mine.id}/verify`);
  dns.records.set(mine.record_name, ['v=spf1 -all', `${mine.record_value}x`]);
  await acme.expect(409, 'POST', `/api/domains/${mine.id}/verify`);
  const theirs = await borealis.expect(201, 'POST', '/api/domains', { body: { domain: 'shared.test' } });
  dns.records.set(mine.record_name, ['v=spf1 -all', theirs.record_value, mine.record_value]);
  assert.equal((await borealis.expect(200, 'POST', `/api/domains/${theirs.id}/verify`)).is_verified, true);
  assert.equal((await acme.expect(409, 'POST', `/api/domains/${mine.id}/verify`)).code, 'already_exists');
  await borealis.expect(204, 'DELETE', `/api/domains/${theirs.id}`);
  assert.equal((await acme.expect(200, 'POST', `/api/domains/${mine.id}/verify`)).is_verified, true);
  for (const domain of ['localhost', '10.0.0.1', 'a..test', '-a.test', 'a_b.test', 'münchen.test'])
    await acme.expect(422, 'POST', '/api/domains', { body: { domain } });
});

const claims = () => demo.databases.value('control', 'select count(*)::int from verified_domains');

test('a domain that is given up while DNS is asked for it belongs to nobody', async () => {
  const before = await claims();
  const domain = await acme.expect(201, 'POST', '/api/domains', { body: { domain: 'given-up.test' } });
  dns.records.set(domain.record_name, [domain.record_value]);
  const { promise, resolve } = Promise.withResolvers();
  dns.held = promise;
  const proving = acme.post(`/api/domains/${domain.id}/verify`);
  await until(() => dns.asked.includes(domain.record_name), { what: 'DNS to be asked' });
  await acme.expect(204, 'DELETE', `/api/domains/${domain.id}`);
  resolve();
  assert.equal((await proving).status, 404);
  assert.equal(await claims(), before);
});

test('a domain that is being claimed is given up afterwards, and with it the claim', async () => {
  const before = await claims();
  const domain = await acme.expect(201, 'POST', '/api/domains', { body: { domain: 'in-turn.test' } });
  dns.records.set(domain.record_name, [domain.record_value]);
  const [proved, gone] = await demo.databases.session('control', async (query) => {
    await query('begin');
    await query('lock table verified_domains in share mode');
    const proving = acme.post(`/api/domains/${domain.id}/verify`);
    await waiting(demo.databases, 1);
    const giving_up = acme.delete(`/api/domains/${domain.id}`);
    await waiting(demo.databases, 2);
    await query('commit');
    return Promise.all([proving, giving_up]);
  });
  assert.deepEqual([proved.status, gone.status], [200, 204]);
  assert.equal(await claims(), before);
});

test('an organization has no more domains than it may, also of some that are named at once', async () => {
  const { id } = (await demo.as('admin@borealis.test')).organization;
  const borealis = await demo.as('admin@borealis.test');
  const counted = () => demo.databases.value('eu', 'select count(*)::int from organization_domains where organization_id = $1', [id]);
  await demo.databases.rows('eu', `insert into organization_domains (organization_id, id, domain, challenge)
    select $1, gen_random_uuid(), 'd' || i || '.test', 'challenge-challenge-challenge-' || i from generate_series(1, $2::int) i`, [id, 199 - await counted()]);
  const replies = await demo.databases.session('eu', async (query) => {
    await query('begin');
    await query('lock table organization_domains in share mode');
    const naming = ['one', 'two', 'three'].map((name) => borealis.post('/api/domains', { domain: `${name}.last.test` }));
    await waiting(demo.databases, 3);
    await query('commit');
    return Promise.all(naming);
  });
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409]);
  assert.equal(await counted(), 200);
  await demo.databases.rows('eu', "delete from organization_domains where organization_id = $1 and domain like 'd%'", [id]);
});

test('an operator vouches for a domain where DNS cannot be asked', async () => {
  const { id, domain } = await acme.expect(201, 'POST', '/api/domains', { body: { domain: 'offline.test' } });
  const command = (organization, name) => demo.cli('admin', 'verify-domain', '--organization', organization, '--domain', name);
  assert.equal((await command(acme.organization.id, 'not-named.test')).code, 1);
  const { code, stdout, stderr } = await command(acme.organization.id, domain);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /offline\.test counts as verified/);
  const listed = (await acme.expect(200, 'GET', '/api/domains')).data.find((each) => each.id === id);
  assert.equal(listed.is_verified, true);
  const borealis = await demo.as('admin@borealis.test');
  await borealis.expect(201, 'POST', '/api/domains', { body: { domain } });
  assert.match((await command(borealis.organization.id, domain)).stderr, /another organization/);
  const { data } = await acme.expect(200, 'GET', '/api/audit/events?action=domain.verify&limit=200');
  assert.ok(data.some((event) => event.resource_id === id));
});

test('the sign-in page learns of a domain’s providers, and nothing of accounts', async () => {
  idp.be();
  const ask = (email) => demo.nobody().expect(200, 'POST', '/api/auth/sso/start', { body: { email } });
  const known = await signIn(staff);
  const { me } = await known.browser.actor();
  const [there, absent, elsewhere] = [await ask(me.user.email), await ask('nobody-at-all@corp.test'), await ask('admin@acme.test')];
  assert.deepEqual(there, absent);
  assert.ok(there.providers.some((each) => each.name === 'Corp staff' && each.start_path === new URL(staff.start_url).pathname));
  assert.deepEqual(elsewhere, { providers: [] });
});
