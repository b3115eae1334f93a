// Sharing a chat, finding out why, viewing as another, and service accounts, as people do them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answered, ask, close, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

test('a chat is shared to be read, found under "Shared" by who it was shared with, and taken back', async () => {
  const owner = await open({ provoked: /status of 422/ });
  await signIn(owner.page, 'user@acme.test');
  await visit(owner.page, '/chat', 'textarea');
  const words = `Shared words ${Date.now()}`;
  await ask(owner.page, words);
  await answered(owner.page);
  await owner.page.waitForURL(/\/chat\/[0-9a-f-]{36}$/);
  const header = owner.page.locator('main header').last();
  await header.getByRole('button', { name: /^Actions for/ }).click();
  await owner.page.getByRole('menuitem', { name: 'Share…' }).click();
  const dialog = owner.page.getByRole('dialog');
  await dialog.getByText('Not shared with anybody yet.').waitFor();
  await dialog.getByLabel('Colleague’s e-mail').fill('nobody@acme.test');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByText('is no active member’s address').or(dialog.getByText("is no active member's address")).waitFor();
  await dialog.getByLabel('Colleague’s e-mail').fill('manager@acme.test');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByText('Marco Manager').waitFor();
  assert.deepEqual(await violations(owner.page), []);

  const reader = await open();
  await signIn(reader.page, 'manager@acme.test');
  await visit(reader.page, '/chat', 'textarea');
  await reader.page.getByRole('radio', { name: 'Shared' }).click();
  await reader.page.getByRole('link', { name: words }).click();
  await reader.page.getByText('This chat was shared with you to read.').waitFor();
  assert.equal(await reader.page.locator('textarea').count(), 0);
  await reader.done();

  const revoke = dialog.getByRole('button', { name: 'Revoke the grant of Marco Manager' });
  await revoke.click();
  await dialog.getByText('Not shared with anybody yet.').waitFor();
  // The same words again are another grant, not the answer of before.
  await dialog.getByLabel('Colleague’s e-mail').fill('manager@acme.test');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await revoke.click();
  await dialog.getByText('Not shared with anybody yet.').waitFor();
  await owner.done();
});

test('the access page lists grants and says why somebody may, in both themes and on a phone', async () => {
  for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
    const { page, done } = await open({ theme, width });
    await signIn(page, 'admin@acme.test');
    await visit(page, '/access', 'h1');
    const why = page.getByRole('region', { name: 'Why may they?' });
    await why.getByLabel('Person').selectOption({ label: 'Uma User' });
    await why.getByLabel('Permission').selectOption({ label: 'Manage policies' });
    await why.getByText('Not allowed').waitFor();
    await why.getByText('Role: User (UR)').waitFor();
    await why.getByLabel('Permission').selectOption({ label: 'Read chats' });
    await why.getByText('Allowed', { exact: true }).waitFor();
    assert.deepEqual(await violations(page), [], `${theme}, ${width}`);
    await done();
  }
});

test('a service account gets secrets, each shown once, is opened from the keyboard, and is switched off', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/service-accounts', 'h1');
  await page.getByRole('button', { name: 'New service account' }).first().click();
  const dialog = page.getByRole('dialog');
  const name = `Nightly ${Date.now()}`;
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'New service account' }).click();
  await dialog.getByRole('heading', { name }).waitFor();
  await dialog.getByRole('button', { name: 'New secret' }).click();
  const secret = await dialog.locator('code[data-secret]').innerText();
  assert.match(secret, /^ghc_us_/);
  assert.deepEqual(await violations(page), []);
  // One more after the first was revoked: another one.
  await dialog.getByRole('button', { name: /^Revoke ghc_/ }).click();
  await dialog.getByText('No secret yet.').waitFor();
  await dialog.getByRole('button', { name: 'New secret' }).click();
  await dialog.getByRole('button', { name: /^Revoke ghc_/ }).waitFor();
  const second = await dialog.locator('code[data-secret]').innerText();
  assert.match(second, /^ghc_us_/);
  assert.notEqual(second, secret);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByRole('heading', { name }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await dialog.getByRole('button', { name: 'Switch on' }).waitFor();
  await done();
});

test('an administrator looks as a member from the member’s page: told beforehand, read-only, in their own theme, until they leave', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/members', '[data-row]');
  await page.getByRole('link', { name: 'Ada Admin' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('This is the owner').or(dialog.locator('dl')).first().waitFor();
  assert.equal(await dialog.getByRole('button', { name: /^View as/ }).count(), 0, 'nobody views as themselves');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Uma User' }).click();
  await dialog.getByText('Nothing can be changed meanwhile, and the audit log records every look as yours.').waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: 'View as Uma User' }).click();
  const bar = page.getByRole('status').filter({ hasText: 'You see what Uma User sees. Nothing can be changed.' });
  await bar.waitFor();
  const pages = await page.getByRole('navigation').getByRole('link').allInnerTexts();
  assert.ok(pages.includes('Chat') && !pages.includes('Policies') && !pages.includes('Audit'), pages.join());
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  // Whatever is tried, the server refuses it.
  await visit(page, '/home', 'h1');
  await page.getByText('Your own requests').waitFor();
  await bar.waitFor();
  const refused = await page.evaluate(async () => {
    const me = await (await fetch('/api/auth/me')).json();
    const viewed = window.sessionStorage.getItem('gatehouse.view-as');
    return (await fetch('/api/chats', { method: 'POST', headers: { 'content-type': 'application/json', 'Gatehouse-Csrf': me.csrf_token, 'Gatehouse-View-As': viewed }, body: '{"model":"demo/echo"}' })).status;
  });
  assert.equal(refused, 403);
  assert.deepEqual(await violations(page), []);
  // What would be refused is not offered: account, theme, language, another organization.
  await page.getByRole('complementary', { name: 'Sidebar' }).getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  assert.deepEqual(await page.getByRole('menuitem').allInnerTexts().then((texts) => texts.map((text) => text.split('\n')[0])), ['Keyboard shortcuts', 'Sign out']);
  assert.equal(await page.getByRole('menuitemradio').count(), 0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.locator('[cmdk-item]').first().waitFor();
  const offered = await page.locator('[cmdk-item]').allInnerTexts();
  assert.ok(offered.includes('Sign out') && !offered.some((text) => /^(Account|Theme|Language|Organization:)/.test(text)), offered.join());
  await page.keyboard.press('Escape');
  await page.goto(`${url}/account`);
  await page.waitForURL('**/chat');
  await bar.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Policies' }).waitFor();
  await page.waitForURL('**/home');
  assert.equal(await bar.count(), 0);

  // They read no chats themselves.
  await visit(page, '/audit?action=chat.list', '[data-row]');
  await page.locator('[data-row] button').first().click();
  await page.getByText('view_as').first().waitFor();
  await done();
});

test('who signs out while looking as another is signed out themselves', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/members', '[data-row]');
  await page.getByRole('link', { name: 'Uma User' }).click();
  await page.getByRole('button', { name: 'View as Uma User' }).click();
  await page.getByText('You see what Uma User sees.').waitFor();
  await page.getByRole('complementary', { name: 'Sidebar' }).getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  assert.equal((await page.request.get(`${url}/api/auth/me`)).status(), 401);
  assert.equal(await page.evaluate(() => window.sessionStorage.getItem('gatehouse.view-as')), null);
  await done();
});
