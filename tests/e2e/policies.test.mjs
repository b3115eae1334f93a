import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '../harness/until.mjs';
import { close, open, signIn, visit, withoutRule } from './harness.mjs';

after(close);

const names = (page) => page.locator('[data-rule]').evaluateAll((rows) => rows.map((row) => row.dataset.rule));

test('a rule is written with the playground beside it, then acts, is shadowed, moved and deleted by name', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies', '[data-rule]');
  const before = await names(page);
  await page.getByRole('link', { name: 'New rule' }).click();
  const name = `Code name ${Date.now()}`;
  const word = `zebra${Array.from(String(Date.now()), (digit) => 'abcdefghij'[Number(digit)]).join('')}`;
  await page.getByRole('button', { name: 'Create rule' }).click();
  await page.getByText('Give the rule a name.').waitFor();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Kind of condition').selectOption('phrases');
  await page.getByLabel('Phrases', { exact: true }).fill(word);
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Block' }).click();
  await page.getByRole('radio', { name: 'Enabled' }).click();
  await page.getByLabel('Message').fill('Not this word.');
  const playground = page.getByRole('region', { name: 'Playground' });
  await playground.getByLabel('Text').fill(`I saw a ${word} today`);
  await playground.locator('mark').filter({ hasText: word }).waitFor();
  await playground.getByText(`decided by “${name}”`).waitFor();
  await page.getByRole('button', { name: 'Create rule' }).click();
  const row = page.locator(`[data-rule="${name}"]`);
  await row.waitFor();
  assert.deepEqual(await names(page), [...before, name]);

  await row.getByRole('combobox').selectOption('shadow');
  await page.waitForFunction((rule) => document.querySelector(`[data-rule="${rule}"] select`)?.value === 'shadow', name);
  await page.getByRole('button', { name: 'Playground' }).click();
  await page.getByRole('region', { name: 'Playground' }).getByLabel('Text').fill(`I saw a ${word} today`);
  await page.getByText('would block (shadow)').waitFor();
  await page.getByRole('region', { name: 'Playground' }).getByRole('listitem').filter({ hasText: name }).getByText('Shadow').waitFor();

  await row.getByRole('link').focus();
  await page.keyboard.press('Alt+ArrowUp');
  const expected = [...before.slice(0, -1), name, before.at(-1)];
  await page.waitForFunction((order) => JSON.stringify([...document.querySelectorAll('[data-rule]')].map((one) => one.dataset.rule)) === order, JSON.stringify(expected));
  await page.reload();
  await row.waitFor();
  assert.deepEqual(await names(page), expected);

  await row.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(await names(page), before);
  await done();
});

test('a rule whose answer was lost is not made twice by trying again', async () => {
  const { page, done } = await open({ provoked: /ERR_FAILED/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies/new', 'form');
  const name = `Lost ${Date.now()}`;
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Kind of condition').selectOption('phrases');
  await page.getByLabel('Phrases', { exact: true }).fill('nothing anybody says');
  await page.keyboard.press('Enter');
  await page.route('**/api/policies', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await page.getByRole('button', { name: 'Create rule' }).click();
  await page.getByText('The server cannot be reached').first().waitFor();
  await page.getByRole('button', { name: 'Create rule' }).click();
  const row = page.locator(`[data-rule="${name}"]`);
  await row.first().waitFor();
  assert.equal(await row.count(), 1);
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  await done();
});

test('a pattern that cannot be used is marked where it stands, until it is mended', async () => {
  const { page, done } = await open({ provoked: /status of 422/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies/new', 'form');
  await page.getByLabel('Name').fill('Never made');
  await page.getByLabel('Kind of condition').selectOption('regexes');
  const patterns = page.getByLabel('Patterns', { exact: true });
  for (const pattern of ['fine', 'broken(']) {
    await patterns.fill(pattern);
    await page.keyboard.press('Enter');
  }
  await page.getByRole('button', { name: 'Create rule' }).click();
  await page.getByRole('alert').getByText('The pattern broken( cannot be used').waitFor();
  assert.equal(await patterns.getAttribute('aria-invalid'), 'true');
  const note = await patterns.getAttribute('aria-describedby');
  assert.match(await page.locator(`[id="${note}"]`).innerText(), /broken\(/);
  assert.equal(await page.getByRole('region', { name: /^Notifications/ }).getByRole('listitem').count(), 0);
  await page.getByRole('button', { name: 'Remove broken(' }).click();
  assert.equal(await patterns.getAttribute('aria-invalid'), null);
  await done();
});

test('the playground tells what a rule redacts from what no rule is about', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies', '[data-rule]');
  await page.getByRole('button', { name: 'Playground' }).click();
  const playground = page.getByRole('region', { name: 'Playground' });
  await withoutRule('Secret keys are redacted', async () => {
    const free = playground.locator('mark[data-outcome=allow]').filter({ hasText: 'AKIA' });
    let tries = 0;
    await until(async () => {
      const judged = page.waitForResponse((response) => response.url().endsWith('/api/policies/evaluate') && response.ok());
      await playground.getByLabel('Text').fill(`ana@example.com, AKIAIOSFODNN7EXAMPLQ ${'.'.repeat(++tries)}`);
      await judged;
      await playground.locator('mark[data-outcome=redact]').filter({ hasText: 'ana@example.com' }).waitFor();
      return (await free.count()) > 0;
    }, { within: 20_000, what: 'the rule to be off' });
    await free.focus();
    await page.getByRole('tooltip').getByText(/^secret key, score .*: no rule$/).waitFor();
    assert.deepEqual(await playground.getByRole('list', { name: 'What the marks mean' }).getByRole('listitem').allTextContents(), ['Redact', 'no rule']);
  });
  await done();
});

test('a rule is dragged to its place', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies', '[data-rule]');
  const [first, second, ...rest] = await names(page);
  const row = (name) => page.locator(`[data-rule="${name}"]`);
  const shows = (order) => page.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll('[data-rule]')].map((one) => one.dataset.rule)) === wanted, JSON.stringify(order));
  for (const order of [[second, first, ...rest], [first, second, ...rest]]) {
    const saved = page.waitForResponse((response) => response.url().endsWith('/api/policies/order') && response.ok());
    await row(order[1]).locator('[draggable=true]').dragTo(row(order[0]));
    await shows(order);
    await saved;
    await page.reload();
    await page.waitForSelector('[data-rule]');
    assert.deepEqual(await names(page), order);
  }
  await done();
});

test('two people saving the same rule learn of each other', async () => {
  const first = await open();
  await signIn(first.page, 'admin@acme.test');
  await visit(first.page, '/policies', '[data-rule]');
  const rule = first.page.locator('[data-rule]').filter({ hasText: 'Warn' }).first().getByRole('link');
  const path = await rule.getAttribute('href');
  const second = await open();
  await signIn(second.page, 'admin@acme.test');
  await visit(first.page, path, 'form');
  await visit(second.page, path, 'form');
  const kept = await first.page.getByLabel('Message').inputValue();
  await first.page.getByLabel('Message').fill(`${kept} (first)`);
  await first.page.getByRole('button', { name: 'Save' }).click();
  await first.page.waitForURL('**/policies');
  await second.page.getByLabel('Message').fill(`${kept} (second)`);
  await second.page.getByRole('button', { name: 'Save' }).click();
  await second.page.getByText('Someone else saved this rule').waitFor();
  await second.page.getByRole('button', { name: 'Take the saved version' }).click();
  assert.equal(await second.page.getByLabel('Message').inputValue(), `${kept} (first)`);
  await second.page.getByLabel('Message').fill(kept);
  await second.page.getByRole('button', { name: 'Save' }).click();
  await second.page.waitForURL('**/policies');
  await first.done();
  await second.done();
});

test('the playground shows spans behind characters of two UTF-16 units and the redacted text', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/policies', '[data-rule]');
  await page.getByRole('button', { name: 'Playground' }).click();
  const playground = page.getByRole('region', { name: 'Playground' });
  await playground.getByLabel('Text').fill('😀😀 CPF 529.982.247-25!');
  await playground.locator('mark').filter({ hasText: /^529\.982\.247-25$/ }).waitFor();
  await playground.locator('mark').filter({ hasText: /^\[CPF/ }).waitFor();
  await done();
});

test('who may read policies but not manage them sees no way to change one', async () => {
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  await visit(page, '/policies', '[data-rule]');
  assert.equal(await page.getByRole('link', { name: 'New rule' }).count(), 0);
  assert.equal(await page.locator('[data-rule] select').count(), 0);
  await page.locator('[data-rule]').first().getByRole('link').click();
  await page.waitForSelector('form');
  assert.ok(await page.getByLabel('Name').isDisabled());
  assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  await done();
});
