// The dashboard: what an administrator and others see of it, its charts by mouse, keyboard and as a table, the checklist, the
// plan nearly and wholly used up, and what it shows while it waits or when it fails.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { account, answered, ask, chooseModel, close, databases, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const item = (page, name) => page.locator(`[data-item=${name}]`);
const state = (page, name) => item(page, name).getAttribute('data-state');
/** As somebody who may, beside the page. */
const call = async (page, method, path, data) => {
  const { csrf_token } = await (await page.request.get(`${url}/api/auth/me`)).json();
  const answer = await page.request.fetch(url + path, { method, data, headers: { 'Gatehouse-Csrf': csrf_token } });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
};

test('an administrator begins at the dashboard: what was asked a moment ago is in the charts, by mouse, keyboard and as a table', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await page.waitForURL('**/home');
  await page.getByText('Whole organization').waitFor();
  await visit(page, '/chat', 'textarea');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'My CPF is 529.982.247-25');
  await answered(page);
  await ask(page, 'project aurora');
  await page.waitForSelector('[data-decision=block]');
  // Metered and chained a moment after the answer.
  await visit(page, '/home', 'h1');
  const decisions = page.getByRole('group', { name: /^Policy outcomes by day/ });
  const today = () => decisions.getByRole('img').last();
  for (let again = 0; ; ++again) {
    await today().waitFor();
    if (/Redacted [1-9].*Blocked [1-9]/.test(await today().getAttribute('aria-label'))) break;
    assert.ok(again < 20, await today().getAttribute('aria-label'));
    await page.reload();
  }
  assert.equal(await decisions.getByRole('img').count(), 30);
  await today().hover();
  await page.locator('p', { hasText: /^Redacted/ }).waitFor();
  assert.deepEqual(await violations(page), []);

  await today().focus();
  await page.keyboard.press('ArrowLeft');
  const focused = () => page.evaluate(() => Number(document.activeElement.getAttribute('data-day')));
  assert.equal(await focused(), 28);
  await page.keyboard.press('Home');
  assert.equal(await focused(), 0);

  const use = page.getByRole('group', { name: /^Requests by day/ });
  await use.waitFor();
  await page.getByRole('radio', { name: 'Tokens' }).click();
  await page.getByRole('group', { name: /^Tokens by day/ }).waitFor();
  await page.getByRole('radio', { name: 'Cost' }).click();
  await page.getByRole('button', { name: 'Show as a table' }).first().click();
  const table = page.getByRole('table', { name: 'Cost by day' });
  assert.equal(await table.getByRole('row').count(), 31);
  assert.match(await table.getByRole('row').last().innerText(), /\$0\.0*[1-9]/);
  assert.deepEqual(await violations(page), []);
  await done();
});

test('the checklist ticks what is there, marks the demo, leads on, and is put away by each person alone', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await page.waitForURL('**/home');
  await item(page, 'policy').waitFor();
  assert.deepEqual(await Promise.all(['model', 'policy', 'people', 'sso'].map((name) => state(page, name))), ['done', 'done', 'done', 'open']);
  await item(page, 'model').getByText('Demo', { exact: true }).waitFor();
  assert.equal(await state(page, 'profile'), 'open');
  await item(page, 'profile').getByRole('link').click();
  await page.waitForURL('**/organization/settings');
  await page.getByLabel('Industry').selectOption('technology');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.locator('[data-item=profile][data-state=done]').waitFor();

  await page.getByRole('button', { name: 'Put away' }).click();
  await item(page, 'policy').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('button', { name: 'Show “Getting started” again' }).waitFor();
  assert.equal(await item(page, 'policy').count(), 0);
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Show “Getting started” again' }).click();
  await item(page, 'policy').waitFor();
  await done();
});

test('others see their share: a manager that of the workspace, a user their own, and neither the checklist nor the plan', async () => {
  for (const [email, reach] of [['manager@acme.test', /^Workspace: /], ['user@acme.test', /^Your own requests$/]]) {
    const { page, done } = await open({ theme: 'dark', width: 390 });
    await signIn(page, email);
    await visit(page, '/home', 'h1');
    await page.getByText(reach).waitFor();
    await page.getByText('Requests within your reach').waitFor();
    assert.equal(await page.locator('[data-item]').count(), 0);
    assert.equal(await page.getByRole('meter').count(), 0);
    assert.deepEqual(await violations(page), [], email);
    await done();
  }
});

test('a plan warns before it is used up, and says when models answer again', async () => {
  const operator = await open();
  await signIn(operator.page, 'operator@gatehouse.test');
  const mark = Date.now().toString(36);
  const plan = await call(operator.page, 'POST', '/api/core/plans', { name: `Ten ${mark}`, slug: `ten-${mark}`, max_requests_month: 10 });
  const { tenant } = await call(operator.page, 'POST', '/api/core/tenants', { name: `Ten ${mark}`, slug: `ten-${mark}`, owner_email: `ten-${mark}@ten.test`, owner_password: 'a password of some length', plan_id: plan.id, region: 'us' });
  await operator.done();

  const { page, done } = await open();
  const entered = await page.request.post(`${url}/api/auth/sign-in`, { data: { email: `ten-${mark}@ten.test`, password: 'a password of some length' } });
  assert.ok(entered.ok(), await entered.text());
  const used = (count) => databases.rows('us', "insert into tenant_usage (organization_id, month, request_count) values ($1, to_char(now() at time zone 'UTC', 'YYYY-MM'), $2) on conflict (organization_id, month) do update set request_count = $2", [tenant.id, count]);
  await visit(page, '/home', 'h1');
  await page.getByText('Nothing was asked in the last 30 days').waitFor();
  const meter = page.getByRole('meter', { name: 'Requests this month' });
  assert.equal(await meter.getAttribute('aria-valuetext'), '0 of 10');
  assert.deepEqual(await violations(page), []);
  await used(8);
  await page.reload();
  await page.getByRole('note').filter({ hasText: '80% of the plan is used.' }).waitFor();
  await used(10);
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'The plan’s requests are used up.' }).waitFor();
  assert.equal(await meter.getAttribute('aria-valuetext'), '10 of 10');
  assert.deepEqual(await violations(page), []);
  // What is stopped altogether says so in its place.
  await databases.rows('us', "update organizations set status = 'suspended' where id = $1", [tenant.id]);
  for (let again = 0; again < 20 && (await page.getByRole('heading', { name: /suspended/ }).count()) === 0; ++again) await page.reload({ waitUntil: 'networkidle' });
  await page.getByRole('heading', { name: /suspended/ }).waitFor();
  await done();
});

test('while it waits it shows the shape of what comes; what fails says so and can be asked again, each part for itself', async () => {
  const { page, done } = await open({ provoked: /status of 503/ });
  await page.request.post(`${url}/api/auth/sign-in`, { data: { email: 'admin@acme.test', password: account('admin@acme.test').password } });
  let failing = true;
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/api/dashboard', async (route) => {
    await held;
    await route.continue();
  });
  await page.route('**/api/dashboard/decisions', (route) =>
    failing ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: '/docs/errors#overloaded', title: 'Busy', status: 503, code: 'overloaded', request_id: 'r-1' }) }) : route.continue(),
  );
  await visit(page, '/home', 'main [role=status]');
  release();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  await page.getByText('This month').waitFor();
  failing = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await alert.waitFor({ state: 'detached' });
  await done();
});
