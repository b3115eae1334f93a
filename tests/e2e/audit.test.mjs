import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { answered, ask, chooseModel, close, open, signIn, url, visit } from './harness.mjs';

after(close);

const actions = (page) => page.locator('[data-row] button').allInnerTexts();

test('what was done is listed, filtered by the address, and opened with a proof that holds', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/audit', '[data-row]');
  const all = await actions(page);
  const wanted = all[0];
  await page.getByLabel('Action', { exact: true }).fill(wanted);
  await page.keyboard.press('Enter');
  await page.waitForURL((at) => at.searchParams.get('action') === wanted);
  await page.waitForFunction((action) => [...document.querySelectorAll('[data-row] button')].every((one) => one.textContent === action) && document.querySelector('[data-row]'), wanted);
  await page.reload();
  await page.waitForSelector('[data-row]');
  assert.ok((await actions(page)).every((action) => action === wanted));
  await page.locator('[data-row] button').first().click();
  await page.waitForURL((at) => at.searchParams.has('event'));
  await page.waitForSelector('[data-proof=ok]');
  const panel = page.getByRole('complementary', { name: 'Event' });
  assert.match(await panel.innerText(), new RegExp(wanted.replaceAll('.', '\\.')));
  assert.match(await panel.innerText(), /Canonical record/);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.waitForURL((at) => !at.searchParams.has('action'));
  await done();
});

test('a blocked prompt is found among the denied', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'project aurora');
  await page.waitForSelector('[data-decision=block]');
  await visit(page, '/audit?outcome=denied', '[data-row]');
  await page.locator('[data-row]').first().getByText('Denied').waitFor();
  await done();
});

test('the log verifies', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/audit', '[data-row]');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.waitForSelector('[data-verified=ok]');
  assert.match(await page.locator('[data-verified]').innerText(), /Intact/);
  await done();
});

test('the log is exported as CSV, JSON and JSON Lines', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'something to record');
  await answered(page);
  await visit(page, '/audit', '[data-row]');
  for (const [format, check] of [
    ['CSV', (text) => assert.ok(text.split('\n').length > 2 && text.split('\n')[0].includes(','))],
    ['JSON', (text) => assert.ok(Object.values({ list: JSON.parse(text) }).flat().length > 0)],
    ['JSON Lines', (text) => text.trim().split('\n').forEach((line) => JSON.parse(line))],
  ]) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: format, exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    check(readFileSync(await download.path(), 'utf8'));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await done();
});

test('who may not read the log is not shown it, whatever the address', async () => {
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await visit(page, '/audit', 'text=You do not have access to this');
  assert.deepEqual(requests.filter((one) => one.startsWith(`${url}/api/audit`)), []);
  await done();
});
