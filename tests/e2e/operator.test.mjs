// The operator's console: a plan, a tenant with its secret shown once, its lifecycle, and what its people see of it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '../harness/until.mjs';
import { close, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const marker = Date.now().toString(36);
const row = (page, name) => page.locator('[data-row]').filter({ hasText: name });
const act = async (page, name, item) => {
  await row(page, name).getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

test('a plan is made, changed, retired by its name and taken up again', async () => {
  const { page, done } = await open({ provoked: /status of 409/ });
  await signIn(page, 'operator@gatehouse.test');
  await visit(page, '/core/plans', '[data-row]');
  assert.match(await row(page, 'Free').innerText(), /500/);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New plan' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(`Plan ${marker}`);
  await dialog.getByLabel('Slug').fill('free');
  await dialog.getByLabel('Requests a month').fill('1200');
  await dialog.getByLabel('Most users').fill('3');
  await dialog.getByLabel('Directory (SCIM)').uncheck();
  await dialog.getByRole('button', { name: 'Create plan' }).click();
  await dialog.getByText('This slug is taken.').waitFor();
  await dialog.getByLabel('Slug').fill(`plan-${marker}`);
  await dialog.getByRole('button', { name: 'Create plan' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.match(await row(page, `Plan ${marker}`).innerText(), /1,200/);

  await act(page, `Plan ${marker}`, 'Edit');
  assert.equal(await dialog.getByLabel('Most users').inputValue(), '3');
  assert.deepEqual([await dialog.getByLabel('Single sign-on').isChecked(), await dialog.getByLabel('Directory (SCIM)').isChecked()], [true, false]);
  await dialog.getByLabel('Requests a month').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(page, `Plan ${marker}`).getByText('Unlimited').waitFor();

  await act(page, `Plan ${marker}`, 'Retire');
  await dialog.getByRole('textbox').fill(`Plan ${marker}`);
  await dialog.getByRole('button', { name: 'Retire' }).click();
  await row(page, `Plan ${marker}`).getByText('Retired').waitFor();
  await act(page, `Plan ${marker}`, 'Activate');
  await row(page, `Plan ${marker}`).getByText('Active', { exact: true }).waitFor();
  await done();
});

test('a tenant is provisioned, its secret is shown once; its people are told when it is suspended, and work when it is not', async () => {
  const { page, done } = await open();
  await signIn(page, 'operator@gatehouse.test');
  const name = `Tenant ${marker}`;
  const email = `owner@${marker}.test`;
  await visit(page, '/core/tenants', '[data-row]');
  await page.getByRole('button', { name: 'New tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Provision' }).click();
  await dialog.getByText('Give a name.').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Owner’s e-mail').fill(email);
  await dialog.getByLabel('Owner’s password').fill('owner-of-it-all-2026');
  await dialog.getByLabel('Plan').selectOption({ label: 'Free' });
  await dialog.getByLabel('Region').selectOption('us');
  await dialog.getByRole('button', { name: 'Provision' }).click();
  const secret = await dialog.locator('[data-secret]').innerText();
  assert.match(secret, /^ghts_/);
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: 'I stored it' }).click();
  await row(page, name).getByText('Active', { exact: true }).waitFor();
  assert.match(await row(page, name).innerText(), /0 of 500/);
  assert.ok(!(await page.content()).includes(secret));

  const theirs = await open({ provoked: /status of 402/ });
  const answer = await theirs.page.request.post(`${url}/api/auth/sign-in`, { data: { email, password: 'owner-of-it-all-2026' } });
  assert.equal(answer.status(), 200);
  await visit(theirs.page, '/chat', 'textarea');

  await act(page, name, 'Suspend');
  await dialog.getByText('Within two seconds nobody of it can work').waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Suspend' }).isDisabled());
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await row(page, name).getByText('Suspended', { exact: true }).waitFor();

  await theirs.page.reload();
  await theirs.page.getByRole('heading', { name: `${name} is suspended` }).waitFor();
  assert.deepEqual(await violations(theirs.page), []);
  await theirs.page.getByRole('button', { name: 'Check again' }).click();
  await theirs.page.getByRole('heading', { name: `${name} is suspended` }).waitFor();
  await visit(theirs.page, '/account', 'text=This session');

  await row(page, name).getByRole('link', { name }).click();
  await page.getByText(email).waitFor();
  await page.getByText('Version 1').waitFor();
  await page.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Activate' }).click();
  await dialog.getByRole('button', { name: 'Activate' }).click();
  await page.locator('dl').getByText('Active', { exact: true }).waitFor();

  await until(async () => (await theirs.page.request.get(`${url}/api/organization`)).ok(), { what: 'the tenant to work again' });
  await visit(theirs.page, '/chat', 'textarea');
  await theirs.done();
  await done();
});

test('tenants are found by the words of their names and by status', async () => {
  const { page, done } = await open();
  await signIn(page, 'operator@gatehouse.test');
  await visit(page, '/core/tenants', '[data-row]');
  await page.getByRole('searchbox').fill('acm');
  await page.waitForURL('**text=acm');
  await row(page, 'Borealis').waitFor({ state: 'detached' });
  await row(page, 'Acme').waitFor();
  await page.getByLabel('Status').selectOption('cancelled');
  await page.getByText('No tenant matches').waitFor();
  await done();
});
