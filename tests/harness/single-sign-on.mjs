// A demo with a name server and an identity provider of the test's own, and what its tests do with them.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { Browser, freePort } from './browser.mjs';
import { Demo } from './demo.mjs';
import { Dns } from './dns.mjs';
import { IdentityProvider } from './identity-provider.mjs';

export async function singleSignOn(options = {}) {
  const dns = await Dns.start();
  const idp = await IdentityProvider.start();
  // The provider has to know where the browser comes back to.
  const port = await freePort();
  const env = { ...options.env, GATEHOUSE_SERVER__BASE_URL: `http://127.0.0.1:${port}`, GATEHOUSE_SERVER__DNS_SERVER: dns.address };
  const demo = await Demo.start({ ...options, port, env });

  const person = (more = {}) => {
    const sub = randomUUID();
    return { sub, email: `${sub}@corp.test`, email_verified: true, name: 'Ada Staff', ...more };
  };
  return {
    demo, idp, dns,
    async stop() {
      await demo.stop();
      await idp.stop();
      await dns.stop();
    },
    /** The domain, proved to be the organization's. */
    async verified(admin, name) {
      const domain = await admin.expect(201, 'POST', '/api/domains', { body: { domain: name } });
      dns.records.set(domain.record_name, [domain.record_value]);
      return admin.expect(200, 'POST', `/api/domains/${domain.id}/verify`);
    },
    /** The provider, as the organization has it; with `more`. */
    provided: (admin, more) =>
      admin.expect(201, 'POST', '/api/identity-providers', {
        body: { name: `Staff ${randomUUID().slice(0, 8)}`, issuer: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret, jit: true, ...more },
      }),
    async changed(admin, provider, body) {
      const path = `/api/identity-providers/${provider.id}`;
      const { version } = await admin.expect(200, 'GET', path);
      return admin.expect(200, 'PATCH', path, { body, headers: { 'if-match': `"${version}"` } });
    },
    /** Somebody whom the provider knows and nobody else. */
    person,
    /** There and back as that person: {browser, back, to, refused, requestId}. */
    async signIn(provider, as = person(), browser = new Browser(demo)) {
      idp.person = as;
      const address = await browser.leave(provider);
      if (address.startsWith('/')) {
        const to = new URL(address, 'http://console.test').searchParams;
        return { browser, to: address, refused: to.get('refused'), requestId: to.get('request_id') };
      }
      const back = await browser.consent(address);
      return { browser, back, ...(await browser.arrive(back)) };
    },
    async eventsOf(requestId) {
      const events = (await demo.databases.eventsOf([requestId])).get(requestId);
      assert.ok(events, `no event of ${requestId}`);
      return events;
    },
  };
}
