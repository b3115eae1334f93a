import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { answered, ask, chooseModel, close, open, signIn, visit } from './harness.mjs';

let upstream;
before(async () => (upstream = await MockUpstream.start()));
after(async () => {
  await close();
  await upstream.stop();
});

test('a provider is added, answers, gets another key and other models, is switched off and deleted by name', async () => {
  const { page, done } = await open({ provoked: /status of 422/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/providers', '[data-provider]');
  const demo = page.locator('[data-provider=demo]');
  await demo.getByText('Demo', { exact: true }).waitFor();
  await demo.getByText('demo/echo').waitFor();

  const name = `mock-${Date.now()}`;
  const key = `sk-first-${Date.now()}-wxyz`;
  await page.getByRole('button', { name: 'Add provider' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  await dialog.getByText('Lower-case letters, digits and single hyphens.').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('API key').fill(key);
  await dialog.getByLabel('Base address').fill('http://169.254.169.254/v1');
  await dialog.getByLabel('Name at the provider, model 1').fill('echo');
  await dialog.getByLabel('Shown as, model 1').fill('Echo upstream');
  await dialog.getByLabel('Input, $, model 1').fill('2.5');
  await dialog.getByLabel('Output, $, model 1').fill('10');
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  await dialog.getByLabel('Base address').and(page.locator('[aria-invalid=true]')).waitFor();
  await dialog.getByText('An operator can allow it in [egress] of the configuration.').waitFor();
  await dialog.getByLabel('Base address').fill(upstream.url);
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  await dialog.waitFor({ state: 'detached' });

  const card = page.locator(`[data-provider="${name}"]`);
  await card.getByText('Key ends in wxyz').waitFor();
  assert.match(await card.innerText(), /Echo upstream.*\$2\.50.*\$10\.00/s);
  assert.ok(!(await page.content()).includes(key));

  await visit(page, '/chat', 'textarea');
  await chooseModel(page, `${name}/echo`);
  await ask(page, 'Is anybody there?');
  assert.match(await (await answered(page)).innerText(), /Is anybody there\?/);
  assert.equal(upstream.last.headers.authorization, `Bearer ${key}`);

  await visit(page, '/providers', '[data-provider]');
  const menu = async (item) => {
    await card.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  await menu('Rotate key');
  await dialog.getByLabel('New API key').fill('sk-second-0123456789-abcd');
  await dialog.getByRole('button', { name: 'Rotate key' }).click();
  await card.getByText('Key ends in abcd').waitFor();

  await menu('Rotate key');
  await dialog.getByLabel('New API key').fill('short');
  await dialog.getByRole('button', { name: 'Rotate key' }).click();
  await card.getByText('Key set', { exact: true }).waitFor();

  await menu('Edit');
  await dialog.getByRole('button', { name: 'Add model' }).click();
  await dialog.getByLabel('Name at the provider, model 2').fill('slow');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await card.getByText(`${name}/slow`).first().waitFor();
  await card.getByText('Key set', { exact: true }).waitFor();

  await menu('Switch off');
  await card.getByText('Switched off').waitFor();

  await menu('Delete');
  const remove = dialog.getByRole('button', { name: 'Delete' });
  assert.ok(await remove.isDisabled());
  await dialog.getByRole('textbox').fill(name);
  await remove.click();
  await card.waitFor({ state: 'detached' });
  await done();
});

test('two people changing the same provider learn of each other', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/providers', '[data-provider]');
  const demo = page.locator('[data-provider=demo]');
  const change = async (item) => {
    await demo.getByRole('button', { name: 'Actions for demo' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const other = await open();
  await signIn(other.page, 'admin@acme.test');
  await visit(other.page, '/providers', '[data-provider]');
  await change('Switch off');
  await demo.getByText('Switched off').waitFor();
  const theirs = other.page.locator('[data-provider=demo]');
  await theirs.getByRole('button', { name: 'Actions for demo' }).click();
  await other.page.getByRole('menuitem', { name: 'Switch off' }).click();
  await other.page.getByText('Someone changed this in the meantime').first().waitFor();
  await theirs.getByText('Switched off').waitFor();
  await change('Switch on');
  await demo.getByText('Switched off').waitFor({ state: 'detached' });
  await other.done();
  await done();
});

test('who may read providers but not manage them sees no way to change one', async () => {
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  await visit(page, '/providers', '[data-provider=demo]');
  assert.equal(await page.getByRole('button', { name: 'Add provider' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: /^Actions for/ }).count(), 0);
  await visit(page, '/providers?create=true', '[data-provider=demo]');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await done();
});
