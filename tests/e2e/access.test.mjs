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
  await dialog.getByText('Nobody active here has this address.').waitFor();
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
  await reader.page.getByRole('article', { name: 'Message of Uma User' }).getByText(words).waitFor();
  assert.equal(await reader.page.locator('textarea').count(), 0);
  await reader.done();

  const revoke = dialog.getByRole('button', { name: 'Revoke the grant of Marco Manager' });
  await revoke.click();
  await dialog.getByText('Not shared with anybody yet.').waitFor();
  // The same words again are another grant, not the answer of before.
  await dialog.getByLabel('Colleague’s e-mail').fill('manager@acme.test');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await revoke.waitFor();
  // Whoever may continue it has to see it: that takes no second grant where there is one to read.
  await dialog.getByLabel('May').selectOption('WRI');
  await dialog.getByText('Read is given along with it').waitFor();
  await dialog.getByLabel('Colleague’s e-mail').fill('manager@acme.test');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await revoke.nth(1).waitFor();
  assert.equal(await revoke.count(), 2);
  await revoke.first().click();
  await revoke.nth(1).waitFor({ state: 'detached' });
  await revoke.click();
  await dialog.getByText('Not shared with anybody yet.').waitFor();
  await dialog.getByLabel('Colleague’s e-mail').fill('manager@acme.test');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByRole('listitem').filter({ hasText: 'Read' }).waitFor();
  await dialog.getByRole('listitem').filter({ hasText: 'Continue' }).waitFor();
  await revoke.first().click();
  await revoke.nth(1).waitFor({ state: 'detached' });
  await revoke.click();
  await dialog.getByText('Not shared with anybody yet.').waitFor();
  await owner.done();
});

test('a grant is given with its conditions, refused where it is wrong, looked at, and revoked with a reason', async () => {
  const { page, done } = await open({ provoked: /status of 422/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/chat', 'textarea');
  const title = `Conditional words ${Date.now()}`;
  await ask(page, title);
  await answered(page);
  await visit(page, '/access', 'h1');
  await page.getByRole('button', { name: 'New grant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: title }).click();
  assert.equal(await dialog.getByRole('button', { name: 'Change: Chat' }).evaluate((button) => button === document.activeElement), true, 'the focus stays where it was');
  await dialog.getByRole('searchbox', { name: 'Person' }).fill('uma');
  await dialog.getByRole('button', { name: 'Uma User' }).click();
  await dialog.getByLabel('May').selectOption('WRI');
  await dialog.getByLabel('For how long').selectOption('7');
  await dialog.getByLabel('Reason').fill('Cover for a week');
  await dialog.getByRole('button', { name: 'Conditions' }).click();
  await dialog.getByLabel('Networks').fill('10.0.0.0/8 nonsense');
  for (const day of ['Mon', 'Fri']) await dialog.getByLabel(day).check();
  await dialog.getByLabel('From hour').fill('09:00');
  await dialog.getByLabel('To hour').fill('18:00');
  await dialog.getByLabel('Time zone').fill('America/Sao_Paulo');
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Give addresses or networks such as 10.0.0.0/8.' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByLabel('Networks').fill('10.0.0.0/8');
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });

  await page.getByRole('link', { name: title }).first().click();
  await page.waitForURL(/grant=/);
  for (const fact of ['Uma User', 'Cover for a week', 'From 10.0.0.0/8', 'Mon, Fri, 09:00–18:00 (America/Sao_Paulo)']) await dialog.getByText(fact).waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByLabel('Reason').fill('Back from leave');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByLabel('Show ended').check();
  await page.getByRole('link', { name: title }).first().click();
  await dialog.getByText('Back from leave').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Revoke' }).count(), 0);
  await done();
});

test('a group gets a right on a workspace, and a person some fields of a profile', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  const { csrf_token } = await (await page.request.get(`${url}/api/auth/me`)).json();
  const make = async (path, data) => (await page.request.post(url + path, { data, headers: { 'Gatehouse-Csrf': csrf_token } })).json();
  const stamp = Date.now();
  await make('/api/groups', { name: `Readers ${stamp}`, description: '' });
  await make('/api/workspaces', { name: `Field ${stamp}`, visibility: 'private', parent_workspace_id: null });
  await visit(page, '/access?create=true', '[role=dialog] form');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Workspace' }).click();
  await dialog.getByRole('searchbox', { name: 'Workspace' }).fill(`field ${stamp}`);
  await dialog.getByRole('button', { name: `Field ${stamp}` }).click();
  await dialog.getByRole('radio', { name: 'Group' }).click();
  await dialog.getByLabel('Group', { exact: true }).last().selectOption({ label: `Readers ${stamp}` });
  await dialog.getByLabel('For how long').selectOption({ label: 'no end' });
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const row = page.locator('[data-row]').filter({ hasText: `Field ${stamp}` });
  await row.getByText(`Readers ${stamp}`).waitFor();
  await row.getByText('no end').waitFor();

  await page.getByRole('button', { name: 'New grant' }).click();
  await dialog.getByRole('radio', { name: 'Profile' }).click();
  await dialog.getByRole('button', { name: 'Marco Manager' }).first().click();
  await dialog.getByRole('button', { name: 'Uma User' }).click();
  await dialog.getByRole('button', { name: 'Conditions' }).click();
  await dialog.getByLabel('Department').check();
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: 'Profile' }).first().click();
  await dialog.getByText('Only Department').waitFor();
  await dialog.getByText('Marco Manager').waitFor();
  await done();
});

test('who sees no other people grants by address, on chats and their own profile', async () => {
  const { page, done } = await open({ language: 'pt-BR', provoked: /status of 422/ });
  await signIn(page, 'user@acme.test');
  await visit(page, '/access?create=true', '[role=dialog] form');
  const dialog = page.getByRole('dialog');
  assert.deepEqual(await dialog.getByRole('radio').allInnerTexts(), ['Conversa', 'Perfil']);
  await dialog.getByRole('radio', { name: 'Perfil' }).click();
  await dialog.getByText('Uma User').waitFor();
  await dialog.getByLabel('E-mail do colega').fill('nobody@acme.test');
  await dialog.getByRole('button', { name: 'Conceder' }).click();
  await dialog.getByText('Ninguém ativo aqui tem este endereço.').waitFor();
  await dialog.getByLabel('E-mail do colega').fill('manager@acme.test');
  await dialog.getByRole('button', { name: 'Conceder' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: 'Seu perfil' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await done();
});

test('why somebody may is told step by step, of a permission and of a thing, in both themes and on a phone', async () => {
  for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
    const { page, done } = await open({ theme, width, provoked: /status of 422/ });
    await signIn(page, 'admin@acme.test');
    await visit(page, '/chat', 'textarea');
    const title = `Explained words ${Date.now()}`;
    await ask(page, title);
    await answered(page);
    await visit(page, '/access', 'h1');
    await page.getByRole('radio', { name: 'Why may they?' }).click();
    const form = page.getByRole('form', { name: 'Why may they?' });
    const answer = page.getByRole('region', { name: 'Answer' });
    await form.getByRole('button', { name: 'Change: Person' }).click();
    await form.getByRole('searchbox', { name: 'Person' }).fill('uma');
    await form.getByRole('button', { name: 'Uma User' }).click();
    await form.getByLabel('Permission', { exact: true }).last().selectOption({ label: 'Change policies' });
    await form.getByRole('button', { name: 'Explain' }).click();
    await answer.getByText('Not allowed').waitFor();
    await answer.getByText('Role: User (UR)').waitFor();
    await answer.getByText('Does not include it.').waitFor();
    await form.getByLabel('Permission', { exact: true }).last().selectOption({ label: 'Read chats' });
    await form.getByRole('button', { name: 'Explain' }).click();
    await answer.getByText('Allowed', { exact: true }).waitFor();
    await answer.getByText('Gives it: their own.', { exact: true }).waitFor();

    await form.getByRole('radio', { name: 'One thing' }).click();
    await form.getByRole('button', { name: title }).click();
    await form.getByRole('button', { name: 'Circumstances' }).click();
    await form.getByLabel('From address').fill('nowhere');
    await form.getByRole('button', { name: 'Explain' }).click();
    await form.getByText('Give an IP address such as 192.0.2.7.').waitFor();
    await form.getByLabel('From address').fill('192.0.2.7');
    await form.getByLabel('At', { exact: true }).fill('2030-01-02T10:00');
    await form.getByRole('button', { name: 'Explain' }).click();
    await answer.getByText('There is none on this thing.').waitFor();
    await answer.getByText('Gives it only so far: their own.').waitFor();
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
  assert.ok(offered.includes('Sign out') && !offered.some((text) => /^(Account|Theme|Language|Organization: (Acme|Borealis))/.test(text)), offered.join());
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
