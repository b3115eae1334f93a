import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, databases, open, signIn, signInByForm, url, violations, visit } from './harness.mjs';

after(close);

const links = (page) => page.getByRole('navigation').getByRole('link').allInnerTexts();

test('everybody sees the pages that they may use and no others', async () => {
  for (const [email, pages] of [
    ['admin@acme.test', ['Dashboard', 'Chat', 'Policies', 'Audit', 'Providers', 'Simulator', 'Organization', 'Access', 'Single sign-on', 'SCIM', 'API keys', 'Service accounts']],
    ['manager@acme.test', ['Dashboard', 'Chat', 'Policies', 'Providers', 'Simulator', 'Organization', 'Access', 'API keys']],
    ['user@acme.test', ['Dashboard', 'Chat', 'Organization', 'Access', 'API keys']],
    ['operator@gatehouse.test', ['Tenants', 'Plans']],
  ]) {
    const { page, done } = await open();
    await signIn(page, email);
    assert.deepEqual(await links(page), pages, email);
    await done();
  }
});

test('the palette begins what one may: an administrator invites and grants, a member chats, an operator provisions', async () => {
  const offered = async (page) => {
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[cmdk-item]');
    return page.locator('[cmdk-item]').allInnerTexts().then((texts) => texts.map((text) => text.split('\n')[0]));
  };
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  const administrator = await offered(page);
  for (const entry of ['Organization: Members', 'Organization: Invitations', 'Organization: Groups', 'Organization: Roles', 'Organization: Workspaces', 'Organization: Sessions', 'Organization: Settings', 'Invite', 'New rule', 'New grant', 'Why may they?', 'New workspace', 'New group', 'Assign a role', 'New service account', 'Single sign-on: Add provider'])
    assert.ok(administrator.includes(entry), `${entry}: ${administrator.join()}`);
  assert.ok(!administrator.includes('New tenant'));
  for (const [entry, path, sign] of [['New group', '/organization/groups', 'New group'], ['Assign a role', '/organization/roles', 'Assign a role'], ['New workspace', '/organization/workspaces', 'New workspace'], ['New service account', '/service-accounts', 'New service account'], ['New grant', '/access', 'New grant']]) {
    await page.getByPlaceholder(/Type a page/).fill(entry);
    await page.keyboard.press('Enter');
    await page.waitForURL((at) => at.pathname === path);
    await page.getByRole('dialog').getByRole('heading', { name: sign }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForURL((at) => at.search === '');
    await page.keyboard.press('Control+k');
  }
  await done();

  for (const [email, has, lacks] of [
    ['user@acme.test', ['New chat', 'New grant'], ['Invite', 'New group', 'Organization: Members']],
    ['operator@gatehouse.test', ['New tenant', 'New plan'], ['New chat', 'Invite']],
  ]) {
    const other = await open();
    await signIn(other.page, email);
    const entries = await offered(other.page);
    assert.deepEqual(has.filter((entry) => !entries.includes(entry)), []);
    assert.deepEqual(lacks.filter((entry) => entries.includes(entry)), []);
    await other.done();
  }
});

test('a page without permission says so, and an unknown one too', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await visit(page, '/audit', 'text=You do not have access to this');
  await visit(page, '/no-such-page', 'text=Page not found');
  await done();
});

test('the operator begins at the tenants, and has a page of account and sessions', async () => {
  const { page, done } = await open();
  await signIn(page, 'operator@gatehouse.test');
  await page.waitForURL('**/core/tenants');
  await visit(page, '/welcome', 'main h2');
  await page.getByRole('link', { name: 'Account and sessions' }).click();
  await page.waitForSelector('text=This session');
  for (const path of ['/audit', '/chat']) await visit(page, path, 'text=Operators see no organization’s chats and records.');
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

  const other = await open();
  await signInByForm(other.page, 'user@acme.test');
  await other.page.waitForSelector('html[data-theme=dark][lang=pt-BR]');
  await other.page.getByRole('link', { name: 'Conversas' }).waitFor();
  await other.done();

  await page.getByRole('radio', { name: 'English' }).click();
  await page.getByText('This session').waitFor();
  await done();
});

test('a language chosen before signing in becomes the account’s', async () => {
  const { page, done } = await open();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Language').selectOption('pt-BR');
  await page.getByRole('button', { name: 'Continuar' }).waitFor();
  await page.getByRole('button', { name: /manager@acme\.test/ }).click();
  await page.click('button[type=submit]');
  await page.getByRole('link', { name: 'Conversas' }).waitFor();
  const other = await open();
  await signInByForm(other.page, 'manager@acme.test');
  await other.page.waitForSelector('html[lang=pt-BR]');
  await other.done();
  await done();
});

test('an account that never chose a language is shown the browser’s', async () => {
  await databases.rows('us', `update users set language = null where email = 'user@acme.test'`);
  const { page, done } = await open({ language: 'pt-BR' });
  await signInByForm(page, 'user@acme.test');
  await page.getByRole('link', { name: 'Conversas' }).waitFor();
  await page.waitForSelector('html[lang=pt-BR]');
  assert.equal(await databases.value('us', `select language from users where email = 'user@acme.test'`), null);
  await done();
});

test('a choice that cannot be saved is taken back', async () => {
  const { page, done } = await open({ provoked: /status of 503/ });
  await signIn(page, 'user@acme.test');
  await page.route('**/api/auth/me', (route) => (route.request().method() === 'PATCH' ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"overloaded"}' }) : route.fallback()));
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type('theme dark');
  await page.keyboard.press('Enter');
  await page.getByText('The server is busy').first().waitFor();
  await page.waitForSelector('html[data-theme=light]');
  await done();
});

test('a workspace is switched in one place for all that shows or sends it', async () => {
  const { page, context, done } = await open();
  await signIn(page, 'manager@acme.test');
  const { workspaces: all } = await (await page.request.get(`${url}/api/auth/me`)).json();
  const [first, second] = all;
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  const switcher = sidebar.getByRole('button', { name: /Switch organization or workspace/ });
  await switcher.click();
  await page.getByRole('menuitemradio', { name: first.name }).click();
  await switcher.getByText(first.name).waitFor();
  const sent = (id) => page.waitForRequest((request) => request.url().includes('/api/chats') && request.headers()['gatehouse-workspace'] === id);

  const viaPalette = sent(second.id);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type(`workspace: ${second.name}`);
  await page.keyboard.press('Enter');
  await viaPalette;
  await switcher.getByText(second.name).waitFor();

  const other = await context.newPage();
  await visit(other, '/chat', 'textarea');
  const elsewhere = sent(first.id);
  await other.getByRole('button', { name: /Switch organization or workspace/ }).click();
  await other.getByRole('menuitemradio', { name: first.name }).click();
  await elsewhere;
  await switcher.getByText(first.name).waitFor();
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

test('what can be made can be made from the palette', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  for (const name of ['Create key', 'Add provider']) {
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[cmdk-input]:focus');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
  await done();
});

test('an API key is shown once, says what it may and from where, and can be revoked', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/keys', 'text=Create key');
  const name = `e2e ${Date.now()}`;
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByLabel('Only from these networks').fill('10.0.0.0/8, 2001:db8::/32');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  assert.match(secret, /^gh_us_/);
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('row').filter({ hasText: name }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name });
  await panel.getByText('Call models').waitFor();
  await panel.getByText('10.0.0.0/8').waitFor();
  await panel.getByText('2001:db8::/32').waitFor();
  await panel.locator('dt', { hasText: 'Expires' }).locator('xpath=following-sibling::dd').locator('time').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Revoke' });
  assert.ok(await confirm.isDisabled());
  await page.getByRole('dialog').getByRole('textbox').fill(name);
  await confirm.click();
  await page.getByRole('row').filter({ hasText: name }).getByText('Revoked').waitFor();
  await done();
});

test('a profile is written on the account and read by the organization', async () => {
  const { page, done } = await open({ provoked: /status of 422/ });
  await signIn(page, 'manager@acme.test');
  await visit(page, '/account', 'text=This session');
  const card = page.locator('section', { has: page.getByRole('heading', { name: 'Profile at Acme' }) });
  const title = `Head of Sales ${Date.now()}`;
  await card.getByLabel('Job title').fill(title);
  await card.getByLabel('Phone').fill('+55 11 5555-0100');
  await card.getByLabel('Time zone').selectOption('America/Sao_Paulo');
  assert.deepEqual(await violations(page), []);
  await card.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).first().waitFor();
  await page.reload();
  await card.getByLabel('Job title').and(page.locator(`[value="${title}"]`)).waitFor();
  assert.ok(await card.getByRole('button', { name: 'Save' }).isDisabled());
  // What is emptied is gone.
  await card.getByLabel('Phone').fill('');
  await card.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).first().waitFor();
  const { profile } = await (await page.request.get(`${url}/api/profile`)).json();
  assert.deepEqual([profile.job_title, profile.phone ?? null, profile.timezone], [title, null, 'America/Sao_Paulo']);
  await done();
});
