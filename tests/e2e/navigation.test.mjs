import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, open, signIn, url, visit } from './harness.mjs';

after(close);

const links = (page) => page.getByRole('navigation').getByRole('link').allInnerTexts();

test('everybody sees the pages that they may use and no others', async () => {
  for (const [email, pages] of [
    ['admin@acme.test', ['Chat', 'Policies', 'Audit', 'API keys']],
    ['manager@acme.test', ['Chat', 'Policies', 'API keys']],
    ['user@acme.test', ['Chat', 'API keys']],
    ['operator@gatehouse.test', ['Home']],
  ]) {
    const { page, done } = await open();
    await signIn(page, email);
    assert.deepEqual(await links(page), pages, email);
    await done();
  }
});

test('a page without permission says so, and an unknown one too', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await visit(page, '/audit', 'text=You do not have access to this');
  await visit(page, '/no-such-page', 'text=Page not found');
  await done();
});

test('the operator gets a page of their own, with account and sessions', async () => {
  const { page, done } = await open();
  await signIn(page, 'operator@gatehouse.test');
  await page.waitForURL('**/welcome');
  await page.getByRole('link', { name: 'Account and sessions' }).click();
  await page.waitForSelector('text=This session');
  await done();
});

test('the palette reaches pages and actions from the keyboard', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type('audit');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/audit');
  await page.waitForSelector('[data-row]');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type('theme dark');
  await page.keyboard.press('Enter');
  await page.waitForSelector('html[data-theme=dark]');
  await done();
});

test('shortcuts are listed and work, and can be switched off', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies', '[data-rule]');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Go to Audit').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.waitForURL('**/audit');
  await page.keyboard.press('?');
  await page.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/Type a page/).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 1);
  await done();
});

test('language and theme are chosen on the account and last', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await visit(page, '/account', 'text=This session');
  await page.getByRole('radio', { name: 'Português (Brasil)' }).click();
  await page.getByRole('link', { name: 'Conversas' }).waitFor();
  await page.getByRole('radio', { name: 'Escuro' }).click();
  await page.waitForSelector('html[data-theme=dark][lang=pt-BR]');
  await page.reload();
  await page.waitForSelector('html[data-theme=dark][lang=pt-BR]');
  await page.getByText('Esta sessão').waitFor();
  await page.getByRole('radio', { name: 'English' }).click();
  await page.getByText('This session').waitFor();
  await done();
});

test('another session is listed and can be ended', async () => {
  const other = await open({ userAgent: 'curl/8.0' });
  await signIn(other.page, 'manager@acme.test');
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  await visit(page, '/account', 'text=This session');
  const ends = page.getByRole('button', { name: 'End the session curl' });
  await ends.first().waitFor();
  for (let left = await ends.count(); left > 0; left--) {
    await ends.first().click();
    await page.waitForFunction((count) => document.querySelectorAll('button[aria-label="End the session curl"]').length < count, left);
  }
  await other.page.goto(`${url}/chat`);
  await other.page.waitForURL('**/sign-in?**');
  await other.done();
  await done();
});

test('an API key is shown once and can be revoked', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/keys', 'text=Create key');
  const name = `e2e ${Date.now()}`;
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  assert.match(secret, /^gh_us_/);
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('row').filter({ hasText: name }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Revoke' });
  assert.ok(await confirm.isDisabled());
  await page.getByRole('dialog').getByRole('textbox').fill(name);
  await confirm.click();
  await page.getByRole('row').filter({ hasText: name }).getByText('Revoked').waitFor();
  await done();
});
