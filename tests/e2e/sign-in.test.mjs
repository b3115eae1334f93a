import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { account, close, open, signIn, url } from './harness.mjs';

after(close);

test('a wrong password is refused with a reason, and the right one opens the console', async () => {
  const { page, done } = await open();
  await page.goto(`${url}/`);
  await page.waitForURL('**/sign-in');
  await page.fill('input[name=email]', 'user@acme.test');
  await page.press('input[name=email]', 'Enter');
  await page.fill('input[name=password]', 'not the password');
  await page.click('button[type=submit]');
  assert.match(await page.getByRole('alert').innerText(), /not right/);
  await page.fill('input[name=password]', account('user@acme.test').password);
  await page.click('button[type=submit]');
  await page.waitForURL('**/chat');
  await done();
});

test('the sign-in page loads less than 200 KB of compressed JavaScript', async () => {
  const { page, done } = await open();
  const scripts = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script' || /javascript/.test(response.headers()['content-type'] ?? '')) scripts.push(response.body());
  });
  await page.goto(`${url}/sign-in`, { waitUntil: 'networkidle' });
  const bytes = (await Promise.all(scripts)).reduce((sum, script) => sum + gzipSync(script).length, 0);
  assert.ok(bytes > 10_000, 'no script was seen');
  assert.ok(bytes < 200 * 1024, `${bytes} bytes`);
  await done();
});

test('demo accounts fill in the form', async () => {
  const { page, done } = await open();
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: /manager@acme\.test/ }).click();
  assert.equal(await page.inputValue('input[name=email]'), 'manager@acme.test');
  await page.click('button[type=submit]');
  await page.waitForURL('**/chat');
  await done();
});

test('a page asked for before signing in is opened after it, and never another site', async () => {
  const { page, done } = await open();
  await page.goto(`${url}/audit?outcome=denied`);
  await page.waitForURL('**/sign-in?**');
  await page.fill('input[name=email]', 'admin@acme.test');
  await page.press('input[name=email]', 'Enter');
  await page.fill('input[name=password]', account('admin@acme.test').password);
  await page.click('button[type=submit]');
  await page.waitForURL('**/audit?outcome=denied');
  await page.context().clearCookies();
  await page.goto(`${url}/sign-in?next=${encodeURIComponent('//example.com/')}`);
  await page.fill('input[name=email]', 'admin@acme.test');
  await page.press('input[name=email]', 'Enter');
  await page.fill('input[name=password]', account('admin@acme.test').password);
  await page.click('button[type=submit]');
  await page.waitForURL((at) => at.pathname !== '/sign-in');
  assert.equal(new URL(page.url()).origin, new URL(url).origin);
  await done();
});

test('a session that ended leads back to the sign-in page and then to where one was', async () => {
  const { page, context, done } = await open();
  await signIn(page, 'admin@acme.test');
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  await page.waitForSelector('[data-row]');
  await context.clearCookies();
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.waitForURL('**/sign-in?**');
  assert.match(await page.getByRole('status').innerText(), /session has ended/);
  await page.fill('input[name=email]', 'admin@acme.test');
  await page.press('input[name=email]', 'Enter');
  await page.fill('input[name=password]', account('admin@acme.test').password);
  await page.click('button[type=submit]');
  await page.waitForURL('**/keys');
  await done();
});

test('signing out ends the session on the server', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  await page.goto(`${url}/chat`);
  await page.waitForURL('**/sign-in?**');
  await done();
});
