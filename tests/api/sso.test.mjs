// Single sign-on over HTTP, against a provider that is honest or lies as it is told.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { altered } from '../harness/altered.mjs';
import { Browser } from '../harness/browser.mjs';
import { IdentityProvider, makeKey, now, signed, signedWithPublicKey, unsigned } from '../harness/identity-provider.mjs';
import { singleSignOn } from '../harness/single-sign-on.mjs';

const { demo, idp, signIn, person, verified, provided, eventsOf, stop } = await singleSignOn();
after(stop);
const acme = await demo.as('admin@acme.test');
await verified(acme, 'corp.test');
const staff = await provided(acme, { name: 'Corp staff' });

test('the first sign-in makes a member, and the next one is the same person', async () => {
  idp.be();
  const who = person();
  const first = await signIn(staff, who);
  assert.deepEqual([first.refused, first.to], [null, '/']);
  const { me } = await first.browser.actor();
  assert.equal(me.user.email, who.email);
  assert.equal(me.user.name, 'Ada Staff');
  assert.equal(me.role_code, 'UR');
  assert.equal(me.by_provider, true);
  assert.equal(me.organization.slug, 'acme');
  const again = await signIn(staff, { ...who, email: 'moved@elsewhere.test', name: 'Other' });
  assert.equal((await again.browser.actor()).me.user.id, me.user.id, 'a login is known by its subject, whatever its address');
  assert.equal((await again.browser.actor()).me.user.email, who.email, 'and changes nothing of the person');
});

test('the browser is sent with state, nonce and a PKCE challenge, and none of them is stored in clear', async () => {
  idp.be(person());
  const browser = new Browser(demo);
  const address = new URL(await browser.leave(staff, '?return_to=/policies&login_hint=ada%40corp.test'));
  const query = Object.fromEntries(address.searchParams);
  assert.equal(query.response_type, 'code');
  assert.equal(query.code_challenge_method, 'S256');
  assert.equal(query.redirect_uri, staff.callback_url);
  assert.equal(query.login_hint, 'ada@corp.test');
  assert.match(query.state, /^gho_us_/);
  assert.deepEqual(await demo.databases.search([query.state, query.nonce]), []);
  const end = await browser.arrive(await browser.consent(address.href));
  assert.equal(end.to, '/policies');
  const exchange = idp.requests.find((request) => request.path === '/token');
  assert.equal(exchange.form.get('code_verifier').length, 43);
  assert.deepEqual(await demo.databases.search([exchange.form.get('code_verifier'), idp.clientSecret]), []);
});

test('nobody is sent elsewhere after signing in', async () => {
  for (const target of ['//evil.test', 'https://evil.test/', '/\\evil.test', '/api/auth/me']) {
    idp.be(person());
    const { to } = await new Browser(demo).signIn(staff, `?return_to=${encodeURIComponent(target)}`);
    assert.equal(to, '/', target);
  }
});

const forged = [
  ['of another issuer', 'wrong_issuer', () => { idp.claims = (claims) => ({ ...claims, iss: 'https://idp.elsewhere.test' }); }],
  ['for another audience', 'wrong_audience', () => { idp.claims = (claims) => ({ ...claims, aud: 'another-client' }); }],
  ['for several audiences without saying for whom', 'wrong_party', () => { idp.claims = (claims) => ({ ...claims, aud: [idp.clientId, 'another'] }); }],
  ['without a nonce', 'wrong_nonce', () => { idp.claims = ({ nonce, ...claims }) => claims; }],
  ['with the nonce of another sign-in', 'wrong_nonce', () => { idp.claims = (claims) => ({ ...claims, nonce: 'of-another' }); }],
  ['that has expired', 'expired', () => { idp.claims = (claims) => ({ ...claims, iat: now() - 600, exp: now() - 120 }); }],
  ['from the future', 'issued_in_future', () => { idp.claims = (claims) => ({ ...claims, iat: now() + 300, exp: now() + 600 }); }],
  ['for another access token', 'wrong_token_hash', () => { idp.claims = (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }); }],
  ['that nobody signed', 'algorithm_refused', () => { idp.forge = unsigned; }],
  ['with an HMAC of the public key', 'algorithm_refused', () => { idp.forge = (claims) => signedWithPublicKey(idp.key, claims); }],
  ['whose header names another algorithm than the key', 'algorithm_refused', () => { idp.forge = (claims) => signed(idp.key, claims, { alg: 'PS256' }); }],
  ['by another key of the same name', 'bad_signature', () => { const other = makeKey(idp.key.kid); idp.forge = (claims) => signed(other, claims); }],
  ['that brings its key along', 'token_malformed', () => { const own = makeKey('own'); idp.forge = (claims) => signed(own, claims, { jwk: own.jwk }); }],
  ['without a subject', 'subject_invalid', () => { idp.claims = ({ sub, ...claims }) => claims; }],
];
for (const [what, reason, lie] of forged)
  test(`an ID token ${what} opens no session`, async () => {
    idp.be();
    lie();
    const { refused, browser, requestId, to } = await signIn(staff);
    assert.equal(refused, reason);
    assert.ok(to.includes(`request_id=${requestId}`), 'the page can name the request');
    assert.equal(browser.cookies.has('gatehouse_session'), false);
    const [event] = await eventsOf(requestId);
    assert.deepEqual([event.action, event.outcome, event.org_id, event.payload_json.reason, event.payload_json.provider_id], ['session.create', 'failed', acme.organization.id, reason, staff.id]);
    assert.deepEqual(await demo.databases.search([idp.person.email]), [], 'nobody is remembered who was refused');
  });

test('a state is good once, in the browser that left, and only one that was made here', async () => {
  idp.be();
  const { browser, back, refused } = await signIn(staff);
  assert.equal(refused, null);
  assert.equal((await browser.arrive(back)).refused, 'state_used', 'replayed');

  idp.person = person();
  const victim = new Browser(demo);
  const planted = await victim.consent(await victim.leave(staff));
  const other = new Browser(demo);
  assert.equal((await other.arrive(planted)).refused, 'other_browser');
  assert.equal(other.cookies.has('gatehouse_session'), false);
  assert.equal((await victim.arrive(planted)).refused, 'state_used', 'and it is used up');

  const address = new URL(planted, 'http://x.test');
  const state = address.searchParams.get('state');
  for (const made of ['', 'no-state', altered(state), state.replace('gho_us_', 'gho_eu_')]) {
    address.searchParams.set('state', made);
    const end = await victim.arrive(address.pathname + address.search);
    assert.equal(end.refused, 'state_invalid', made);
    const [event] = await eventsOf(end.requestId);
    assert.deepEqual([event.action, event.outcome, event.org_id], ['session.create', 'failed', null]);
  }
});

test('a state that has waited too long is refused', async () => {
  idp.be(person());
  const browser = new Browser(demo);
  const back = await browser.consent(await browser.leave(staff));
  await demo.databases.rows('us', "update sign_in_attempts set expires_at = now() - interval '1 second' where used_at is null returning id");
  assert.equal((await browser.arrive(back)).refused, 'state_expired');
});

test('a code is redeemed by the sign-in that it was made for', async () => {
  idp.be(person());
  const [one, two] = [new Browser(demo), new Browser(demo)];
  const [first, second] = [await one.consent(await one.leave(staff)), await two.consent(await two.leave(staff))];
  const mixed = new URL(first, 'http://x.test');
  mixed.searchParams.set('code', new URL(second, 'http://x.test').searchParams.get('code'));
  assert.equal((await one.arrive(mixed.pathname + mixed.search)).refused, 'code_refused');
});

test('the way back names the issuer, and no other', async () => {
  idp.be(person());
  for (const iss of ['https://idp.elsewhere.test', null]) {
    const browser = new Browser(demo);
    const back = new URL(await browser.consent(await browser.leave(staff)), 'http://x.test');
    if (iss) back.searchParams.set('iss', iss);
    else back.searchParams.delete('iss');
    assert.equal((await browser.arrive(back.pathname + back.search)).refused, 'issuer_mismatch');
  }
  const browser = new Browser(demo);
  const back = new URL(await browser.consent(await browser.leave(staff)), 'http://x.test');
  back.searchParams.delete('code');
  back.searchParams.set('error', 'access_denied');
  back.searchParams.set('error_description', '<script>');
  assert.equal((await browser.arrive(back.pathname + back.search)).refused, 'access_denied');
});

test('a code of one organization’s provider does not come to another’s: each has a callback of its own', async () => {
  idp.be(person());
  const evil = await IdentityProvider.start();
  try {
    // As many providers do, it names no issuer on the way back.
    evil.document = (it) => ({ ...it, authorization_response_iss_parameter_supported: false });
    const trap = await provided(await demo.as('admin@borealis.test'), { issuer: evil.issuer, client_id: evil.clientId, client_secret: evil.clientSecret });
    assert.notEqual(trap.callback_url, staff.callback_url);
    const attacker = new Browser(demo);
    // Whoever leaves for the trap goes on to the honest provider, with the trap's state and all else of an attempt of the
    // attacker's own.
    const lure = async (callback) => {
      const own = new URL(await attacker.leave(staff));
      evil.answers['/authorize'] = ({ url }) => {
        const on = new URL(own);
        on.searchParams.set('state', url.searchParams.get('state'));
        on.searchParams.set('redirect_uri', callback);
        return { status: 302, headers: { location: on.href } };
      };
      const victim = new Browser(demo);
      const on = await victim.consent(await victim.leave(trap));
      const back = new URL(await victim.consent(idp.issuer + on), 'http://x.test');
      back.searchParams.delete('iss');
      const { refused } = await victim.arrive(back.pathname + back.search);
      assert.equal(victim.cookies.has('gatehouse_session'), false);
      return { refused, own, code: back.searchParams.get('code') };
    };
    assert.equal((await lure(staff.callback_url)).refused, 'other_provider');
    assert.deepEqual([evil.asked('/token'), idp.asked('/token')], [0, 0], 'the code is shown to nobody');

    // A provider that sends codes to any address of ours: the trap reads the code, and it is of no use.
    const { own, code } = await lure(trap.callback_url);
    assert.equal(evil.requests.find(({ path }) => path === '/token').form.get('code'), code);
    const query = new URLSearchParams({ code, state: own.searchParams.get('state'), iss: idp.issuer });
    assert.equal((await attacker.arrive(`${new URL(staff.callback_url).pathname}?${query}`)).refused, 'code_refused');
    assert.equal(attacker.cookies.has('gatehouse_session'), false);
  } finally {
    await evil.stop();
  }
});

test('rotated keys are found, and made-up key names ask the provider a few times only', async () => {
  idp.be();
  const rotated = makeKey('key-2', 'ES256');
  idp.keys = [idp.key, rotated];
  assert.equal((await signIn(staff)).refused, null, 'the new key, while the old one is published too');
  idp.be();
  for (let i = 0; i < 12; ++i) {
    const stranger = makeKey(`made-up-${i}`, 'ES256');
    idp.forge = (claims) => signed(stranger, claims);
    assert.equal((await signIn(staff)).refused, 'unknown_key');
  }
  const reactors = 2;
  assert.ok(idp.asked('/keys') <= 4 * reactors, `asked ${idp.asked('/keys')} times`);
});
