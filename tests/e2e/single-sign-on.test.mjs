// Single sign-on in the browser, against a real provider process: written down, tried, used, and signed out of both.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { freePort } from '../harness/browser.mjs';
import { Dns } from '../harness/dns.mjs';
import { startProvider } from '../harness/oidc-provider.mjs';
import { until } from '../harness/until.mjs';

const dns = await Dns.start();
process.env.GATEHOUSE_SERVER__DNS_SERVER = dns.address;
const { close, databases, open, signIn, url, violations, visit } = await import('./harness.mjs');

const port = await freePort();
const client = { client_id: 'gatehouse', client_secret: 'a-client-secret-of-some-length' };
let provider;
let shown;
after(async () => {
  await close();
  await provider?.stop();
  await dns.stop();
});

/** The provider's own pages ask for a typeface from elsewhere. */
const elsewhere = /ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/;

/** Through the provider's own forms, as `name`. */
async function atTheProvider(page, name) {
  await page.waitForURL((at) => at.port === String(port));
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'whatever');
  await page.click('button[type=submit]');
  await consent(page);
}
async function consent(page) {
  await page.waitForURL((at) => at.port !== String(port) || at.pathname.startsWith('/interaction/'));
  if (new URL(page.url()).port === String(port)) await page.getByRole('button', { name: 'Continue' }).click();
}
const named = (page, email) => page.fill('input[name=email]', email).then(() => page.press('input[name=email]', 'Enter'));

test('an administrator proves a domain by its record', async () => {
  const { page, done } = await open({ provoked: /409/ });
  await signIn(page, 'admin@acme.test');
  await page.getByRole('link', { name: 'Single sign-on' }).click();
  await page.getByPlaceholder('acme.example').fill('corp.test');
  await page.getByRole('button', { name: 'Add domain' }).click();
  const line = page.locator('[data-domain="corp.test"]');
  await line.getByRole('button', { name: 'Check now' }).click();
  assert.match(await line.getByRole('alert').innerText(), /not there yet/);
  const [name, value] = await line.locator('dd button').allInnerTexts();
  dns.records.set(name.split('\n')[0], [value.split('\n')[0]]);
  await line.getByRole('button', { name: 'Check now' }).click();
  await line.getByText('Verified').waitFor();
  assert.deepEqual(await violations(page), []);
  await done();
});

test('a provider is added from a preset, with what it has to be told', async () => {
  const { page, done } = await open({ provoked: /422/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/identity-providers/new', 'ul');
  await page.getByRole('link', { name: /OpenID Connect/ }).click();
  await page.getByRole('button', { name: 'Add provider' }).click();
  assert.equal(await page.getByText('Give it a name.').isVisible(), true, 'what is missing is said');
  assert.equal(await page.getByLabel('Name', { exact: true }).evaluate((field) => field === document.activeElement), true, 'and where');
  await page.getByLabel('Name', { exact: true }).fill('Corp login');
  await page.getByLabel('Issuer').fill(`http://127.0.0.1:${port}`);
  await page.getByLabel('Client ID').fill(client.client_id);
  await page.getByLabel('Client secret').fill(client.client_secret);
  await page.getByLabel('Scopes').fill('openid email profile groups');
  await page.getByRole('checkbox', { name: 'corp.test' }).check();
  await page.getByRole('button', { name: 'Add group' }).click();
  await page.getByLabel('Group, as the provider writes it').fill('lena');
  await page.getByLabel('Role', { exact: true }).selectOption('WM');
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Add provider' }).click();
  await page.getByText('To be registered at the provider').waitFor();
  const addresses = (await page.locator('dd button').allInnerTexts()).map((text) => text.split('\n')[0]);
  shown = { callback: addresses[0], backchannel: addresses[2], postLogout: addresses[3], page: new URL(page.url()).pathname };
  assert.match(shown.callback, /\/api\/auth\/sso\/callback\/us\.[0-9a-f-]{36}\.[0-9a-f-]{36}$/, 'its own');
  assert.ok(shown.callback.startsWith(url) && shown.callback.endsWith(shown.page.split('/').at(-1)));
  provider = await startProvider({ port, client: { ...client, redirect_uris: [shown.callback], post_logout_redirect_uris: [shown.postLogout], backchannel_logout_uri: shown.backchannel } });
  assert.deepEqual(await violations(page), []);
  await done();
});

test('the test goes to the provider and back, and tells what it would give', async () => {
  const { page, done } = await open({ provoked: elsewhere });
  await signIn(page, 'admin@acme.test');
  await visit(page, shown.page, 'form');
  await page.getByRole('button', { name: 'Run test' }).click();
  await atTheProvider(page, 'lena');
  await page.waitForURL((at) => at.pathname === shown.page);
  const outcome = page.getByRole('status').filter({ hasText: 'ID token was accepted' });
  await outcome.waitFor();
  assert.match(await outcome.innerText(), /Would be: Workspace manager/);
  assert.match(await outcome.innerText(), /A verified address came/);
  assert.deepEqual(await violations(page), []);
  await done();
});

for (const look of [{ theme: 'light', language: 'en' }, { theme: 'dark', language: 'pt-BR', width: 390, height: 844 }])
  test(`somebody new signs in with the company’s account and out of both (${look.theme}, ${look.language})`, async () => {
    const { page, context, done } = await open({ ...look, provoked: elsewhere });
    const name = look.language === 'en' ? 'lena' : 'ola';
    await page.goto(`${url}/policies`);
    await page.waitForURL('**/sign-in?**');
    await named(page, `${name}@corp.test`);
    const way = page.getByRole('link', { name: /Corp login/ });
    await way.waitFor();
    assert.deepEqual(await violations(page), []);
    await way.click();
    await atTheProvider(page, name);
    await page.waitForURL('**/policies');
    const me = await (await page.request.get(`${url}/api/auth/me`)).json();
    assert.deepEqual([me.user.email, me.user.name, me.role_code, me.by_provider], [`${name}@corp.test`, `Real ${name}`, name === 'lena' ? 'WM' : 'UR', true]);
    await visit(page, '/account', '#content');
    await page.getByText('Corp login').first().waitFor();
    assert.deepEqual(await violations(page), []);

    // Signing out here ends the provider's session too: it asks, and comes back.
    const cookies = async () => (await context.cookies()).map((cookie) => cookie.name);
    assert.ok((await cookies()).includes('_session'));
    if (look.width) await page.getByRole('button', { name: /navegação/ }).click();
    await page.getByRole('button', { name: look.language === 'en' ? /Account menu/ : /Menu da conta/ }).click();
    await page.getByRole('menuitem', { name: look.language === 'en' ? 'Sign out' : 'Sair' }).click();
    await page.waitForURL((at) => at.port === String(port));
    await page.getByRole('button', { name: /Yes, sign me out/ }).click();
    await page.waitForURL('**/sign-in');
    await named(page, `${name}@corp.test`);
    await page.getByRole('link', { name: /Corp login/ }).click();
    await page.waitForURL((at) => at.port === String(port));
    await page.locator('input[name=login]').waitFor();
    await done();
  });

test('the provider’s own sign-out ends the session here by the back channel', async () => {
  const { page, done } = await open({ provoked: elsewhere });
  await page.goto(`${url}/sign-in`);
  await named(page, 'lena@corp.test');
  await page.getByRole('link', { name: /Corp login/ }).click();
  await atTheProvider(page, 'lena');
  await page.waitForURL('**/chat');
  await page.goto(`http://127.0.0.1:${port}/session/end`);
  await page.getByRole('button', { name: /Yes, sign me out/ }).click();
  await until(async () => (await page.request.get(`${url}/api/auth/me`)).status() === 401, { what: 'the session to end' });
  await done();
});

test('who is refused reads why on the sign-in page, with the request to name', async () => {
  const { page, done } = await open({ language: 'pt-BR', provoked: elsewhere });
  await databases.rows('us', 'update identity_providers set jit = false where name = $1 returning id', ['Corp login']);
  await page.goto(`${url}/sign-in`);
  await named(page, 'nora@corp.test');
  await page.getByRole('link', { name: /Corp login/ }).click();
  await atTheProvider(page, 'nora');
  await page.waitForURL('**/sign-in?**');
  const alert = page.getByRole('alert');
  assert.match(await alert.innerText(), /não é membro/);
  assert.match(await alert.innerText(), /not_a_member/);
  assert.deepEqual(await violations(page), []);
  await done();
});
