// What a screen shows that has not yet, cannot, or has nothing; and what becomes of it when its person is elsewhere.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { close, open, signIn, url, visit } from './harness.mjs';

after(close);

test('a screen keeps its place while it waits', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  for (const [path, api, sign] of [
    ['/policies', '**/api/policies', '[data-rule]'],
    ['/audit', '**/api/audit/events?**', '[data-row]'],
    ['/keys', '**/api/api-keys?**', '[data-row]'],
  ]) {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(api, async (route) => (await held, route.fallback()), { times: 1 });
    await visit(page, path, 'main [role=status][aria-label="Loading…"]');
    assert.equal(await page.locator(sign).count(), 0);
    release();
    await page.waitForSelector(sign);
    assert.equal(await page.getByRole('status', { name: 'Loading…' }).count(), 0);
  }
  await done();
});

test('a failure says what happened with its request, and trying again helps', async () => {
  const { page, done } = await open({ provoked: /status of 500/ });
  await signIn(page, 'admin@acme.test');
  const id = 'e2e-0123456789abcdef0123456789abcdef';
  const body = JSON.stringify({ title: 'Internal error', status: 500, detail: 'Something went wrong here.', code: 'internal', request_id: id });
  for (const [path, api, sign] of [
    ['/policies', '**/api/policies', '[data-rule]'],
    ['/audit', '**/api/audit/events?**', '[data-row]'],
    ['/keys', '**/api/api-keys?**', '[data-row]'],
  ]) {
    await page.route(api, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body }), { times: 1 });
    await page.goto(url + path);
    const failure = page.getByRole('alert').filter({ hasText: 'Something went wrong' });
    await failure.getByText('Something failed on our side.').waitFor();
    await failure.getByRole('button', { name: /^e2e-0123…cdef/ }).waitFor();
    await failure.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector(sign);
    assert.equal(await failure.count(), 0);
  }
  await done();
});

/** Lets the page believe that its person also belongs to an empty organization; everything else it hears is the server's. */
async function withAnotherOrganization(page) {
  const id = randomUUID();
  const name = 'Meridian';
  const also = (me) => ({ ...me, memberships: [...me.memberships, { ...me.memberships[0], organization_id: id, name }] });
  const me = async () => also(await (await page.request.get(`${url}/api/auth/me`)).json());
  const empty = new Set(['/api/policies', '/api/api-keys', '/api/chats']);
  await page.route('**/api/**', (route) => {
    const { 'gatehouse-organization': organization, ...headers } = route.request().headers();
    if (organization !== id) return route.fallback();
    if (empty.has(new URL(route.request().url()).pathname)) return route.fulfill({ json: { data: [], next_page_token: null } });
    return route.continue({ headers });
  });
  await page.route('**/api/auth/me', async (route) => route.fulfill({ json: await me() }));
  await page.route('**/api/auth/switch', async (route) => {
    assert.deepEqual(route.request().postDataJSON(), { organization_id: id });
    const here = await me();
    await route.fulfill({ json: { ...here, organization: { ...here.organization, id, name } } });
  });
  return name;
}

const switcher = (page, name) => page.getByRole('complementary', { name: 'Sidebar' }).getByRole('button', { name: new RegExp(`^${name}`) });

test('another organization is another set of screens, and one that is empty says what to do next', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  const name = await withAnotherOrganization(page);
  await visit(page, '/policies', '[data-rule]');
  await switcher(page, 'Acme').click();
  await page.getByRole('menuitem', { name }).click();
  await switcher(page, name).waitFor();
  await page.getByRole('link', { name: 'Chat', exact: true }).click();
  await page.getByText('No chats yet').waitFor();
  await page.getByRole('link', { name: 'Policies' }).click();
  await page.getByText('No rules yet').waitFor();
  assert.equal(await page.locator('[data-rule]').count(), 0);
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByText('No API keys yet').waitFor();
  await done();
});

test('a filter that finds nothing says so', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/audit?action=nothing.like.it', 'text=Nothing matches these filters.');
  await done();
});

test('a tab whose person went to another organization elsewhere is told, and begins anew there', async () => {
  const { page, done } = await open({ provoked: /status of 409/ });
  await signIn(page, 'admin@acme.test');
  const name = await withAnotherOrganization(page);
  await visit(page, '/policies', '[data-rule]');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type(`organization: ${name}`);
  await page.keyboard.press('Enter');
  await switcher(page, name).waitFor();
  await page.getByRole('link', { name: 'Chat', exact: true }).click();
  await page.getByText('No chats yet').waitFor();
  await page.waitForLoadState('networkidle');
  // To the server the session is still in Acme, as if another tab had gone back there.
  await page.unrouteAll();
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  await page.getByRole('dialog', { name: 'You switched organization' }).getByRole('button', { name: 'Reload' }).click();
  await switcher(page, 'Acme').waitFor();
  await visit(page, '/policies', '[data-rule]');
  await done();
});

test('a page that a role may not open is refused without asking the server', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const path of ['/policies', '/policies/new', '/audit']) {
    await visit(page, path, 'text=You do not have access to this');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'You do not have access to this');
  }
  assert.deepEqual(asked.filter((path) => /^\/api\/(policies|audit)/.test(path)), []);
  await done();
});
