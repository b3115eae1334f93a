// An administrator's way through the organization: inviting, roles, groups, workspaces, settings, sessions; and the way in
// of those who are invited.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const mark = Date.now().toString(36);
const dialogOf = (page) => page.getByRole('dialog');
const linkOf = async (page) => {
  const link = await page.locator('[data-secret]').innerText();
  return new URL(link).hash;
};

test('somebody is invited, comes by the link, and is found among the members', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await page.getByRole('link', { name: 'Organization' }).click();
  await page.getByRole('link', { name: 'Invite' }).click();
  const email = `nina-${mark}@acme.test`;
  await dialogOf(page).getByLabel('E-mail (optional)').fill(email);
  await dialogOf(page).getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText('This link is shown once.').waitFor();
  const hash = await linkOf(page);
  await page.getByRole('button', { name: 'I have the link' }).click();
  await page.getByRole('cell', { name: new RegExp(`^${email}`) }).waitFor();

  const visitor = await open({ provoked: /status of 403/ });
  await visit(visitor.page, `/invite${hash}`, 'text=Join Acme');
  assert.deepEqual(await violations(visitor.page), []);
  await visitor.page.getByText('Ada Admin invites you as: User.').waitFor();
  await visitor.page.getByText('The invitation is for n…@acme.test.').waitFor();
  const fill = async (address) => {
    await visitor.page.getByLabel('E-mail').fill(address);
    await visitor.page.getByLabel('Your name').fill(`Nina ${mark}`);
    await visitor.page.getByLabel('Password').fill('a password of some length');
    await visitor.page.getByRole('button', { name: 'Create account and join' }).click();
  };
  await fill('somebody-else@acme.test');
  await visitor.page.getByRole('alert').waitFor();
  await fill(email);
  await visitor.page.waitForURL('**/chat');
  await visitor.done();

  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('searchbox', { name: 'Name or e-mail' }).fill(mark);
  await page.getByRole('link', { name: `Nina ${mark}` }).click();
  await dialogOf(page).getByLabel('Role').selectOption({ label: 'Workspace manager' });
  await page.getByText(`Nina ${mark} is now: Workspace manager.`, { exact: true }).first().waitFor();
  await dialogOf(page).getByRole('button', { name: 'End membership' }).click();
  await dialogOf(page).getByRole('textbox').fill(`Nina ${mark}`);
  await dialogOf(page).getByRole('button', { name: 'End membership' }).click();
  await dialogOf(page).waitFor({ state: 'detached' });
  await page.getByLabel('State').selectOption({ label: 'Ended' });
  await page.getByRole('link', { name: `Nina ${mark}` }).waitFor();
  await done();
});

test('who has an account signs in on the way of an invitation, whose code is in no address that a server gets', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await page.goto(`${url}/organization/invitations`);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialogOf(page).getByRole('button', { name: 'Invite', exact: true }).click();
  const hash = await linkOf(page);
  await done();

  const visitor = await open({ provoked: /status of 409/ });
  const asked = [];
  visitor.page.on('request', (request) => asked.push(request.url()));
  await visit(visitor.page, `/invite${hash}`, 'text=Join Acme');
  await visitor.page.getByRole('link', { name: 'Sign in first' }).click();
  await visitor.page.getByRole('button', { name: /manager@acme\.test/ }).click();
  await visitor.page.click('button[type=submit]');
  await visitor.page.getByRole('button', { name: 'Join and go there' }).click();
  // Of this organization already: it says so.
  await visitor.page.getByRole('alert').waitFor();
  assert.ok(asked.length > 0 && !asked.some((address) => address.split('#')[0].includes(hash.slice(1, 20))));
  assert.ok(!visitor.page.url().includes(hash.slice(1, 20)));
  await visitor.done();
});

test('a workspace is made, changed, given people and roles, and closed by its name', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/workspaces', 'text=OrgWorkspace');
  const name = `Sales ${mark}`;
  await page.getByRole('button', { name: 'New workspace' }).click();
  await dialogOf(page).getByLabel('Name').fill(name);
  await dialogOf(page).getByLabel('Visibility').selectOption({ label: 'Private' });
  await dialogOf(page).getByLabel('Stands below').selectOption({ label: 'OrgWorkspace' });
  await dialogOf(page).getByRole('button', { name: 'New workspace' }).click();
  await page.getByRole('link', { name }).click();

  await page.getByLabel('Department').fill('Sales');
  await page.locator('section', { hasText: 'About' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.', { exact: true }).first().waitFor();
  const save = page.locator('section', { hasText: 'What is not set here' }).getByRole('button', { name: 'Save' });
  const saved = () => Promise.all([page.waitForResponse((reply) => reply.request().method() === 'PATCH' && reply.ok()), save.click()]);
  await page.getByLabel('Keep content (days)').fill('30');
  await saved();
  await page.getByText('Empty: what is inherited.').first().waitFor();

  const tiers = page.getByRole('group', { name: 'Approval tiers' });
  await tiers.getByText('Default.').waitFor();
  await tiers.getByRole('button', { name: 'Set tiers here' }).click();
  await tiers.getByRole('button', { name: 'Add tier' }).click();
  await tiers.getByLabel('Name').fill('Costly');
  await tiers.getByLabel('From cost (USD)').fill('2.5');
  await tiers.getByLabel('Approvals').fill('2');
  assert.deepEqual(await violations(page), []);
  await saved();
  await tiers.getByText('Set here.').waitFor();
  await page.reload();
  assert.equal(await tiers.getByLabel('From cost (USD)').inputValue(), '2.5');
  await tiers.getByRole('button', { name: 'Back to what is inherited' }).click();
  await saved();
  await tiers.getByText('Default.').waitFor();

  await page.getByRole('button', { name: 'Let somebody in' }).click();
  await dialogOf(page).getByRole('searchbox').fill('uma');
  await dialogOf(page).getByRole('button', { name: /Uma User/ }).click();
  await dialogOf(page).getByRole('button', { name: 'Add' }).click();
  const role = page.getByLabel('What Uma User is here');
  await role.selectOption({ label: 'Administrator' });

  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Uma User' }).filter({ hasText: 'Workspace admin' }).waitFor();
  await page.getByRole('rowheader', { name: 'Manage workspaces' }).waitFor();
  await page.getByRole('button', { name: 'Take Workspace admin back from Uma User' }).click();
  await page.getByText('The role is taken back.', { exact: true }).first().waitFor();

  await page.getByRole('link', { name: 'Workspaces' }).click();
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Close workspace' }).click();
  await dialogOf(page).getByRole('textbox').fill(name);
  await dialogOf(page).getByRole('button', { name: 'Close workspace' }).click();
  await page.waitForURL('**/organization/workspaces');
  await page.getByRole('radio', { name: 'Closed' }).click();
  await page.getByRole('link', { name }).waitFor();
  await done();
});

test('a user sees the workspaces that they may know, and joins one', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/workspaces', 'text=OrgWorkspace');
  const name = `Open ${mark}`;
  await page.getByRole('button', { name: 'New workspace' }).click();
  await dialogOf(page).getByLabel('Name').fill(name);
  await dialogOf(page).getByLabel('Visibility').selectOption({ label: 'Public' });
  await dialogOf(page).getByRole('button', { name: 'New workspace' }).click();
  await dialogOf(page).waitFor({ state: 'detached' });
  await done();

  const user = await open();
  await signIn(user.page, 'user@acme.test');
  await user.page.getByRole('link', { name: 'Organization' }).click();
  await user.page.waitForURL('**/organization/workspaces');
  await user.page.getByRole('button', { name: `Join ${name}` }).click();
  await user.page.getByRole('button', { name: `Leave ${name}` }).waitFor();
  await visit(user.page, '/organization/settings', 'text=You do not have access to this');
  await user.done();
});

test('a group gets people and a role', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/groups', 'main h1');
  const name = `Reviewers ${mark}`;
  await page.getByRole('button', { name: 'New group' }).click();
  await dialogOf(page).getByLabel('Name').fill(name);
  await dialogOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: `People of ${name}` }).click();
  await dialogOf(page).getByRole('searchbox').fill('marco');
  await dialogOf(page).getByRole('button', { name: /Marco Manager/ }).click();
  await dialogOf(page).getByRole('button', { name: 'Add' }).click();
  await dialogOf(page).getByRole('button', { name: 'Remove Marco Manager' }).waitFor();
  await dialogOf(page).getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'Assign a role' }).click();
  await dialogOf(page).getByLabel('Role', { exact: true }).selectOption({ label: 'Approver' });
  await dialogOf(page).getByRole('radio', { name: 'Group' }).click();
  await dialogOf(page).getByLabel('Group').last().selectOption({ label: name });
  await dialogOf(page).getByRole('button', { name: 'Assign a role' }).click();
  await page.getByRole('listitem').filter({ hasText: name }).filter({ hasText: 'Approver' }).filter({ hasText: 'Whole organization' }).waitFor();
  await done();
});

test('the organization’s settings say what is refused, and keep what is saved', async () => {
  const { page, done } = await open({ provoked: /status of 422/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/settings', 'main form');
  await page.getByLabel('Primary colour').fill('#fefefe');
  await page.locator('section', { hasText: 'Branding' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('must stand out by 3:1').waitFor();
  await page.getByLabel('Primary colour').fill('#3498db');
  await page.locator('section', { hasText: 'Branding' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.', { exact: true }).first().waitFor();
  // The field that is refused is the one that is marked, and it takes the focus.
  const profile = page.locator('section', { hasText: 'What the company is.' });
  await profile.getByLabel('E-mail domain').fill('not a domain');
  await profile.getByRole('button', { name: 'Save' }).click();
  await profile.locator('[aria-invalid=true]:focus').waitFor();
  assert.deepEqual(await profile.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => field.labels[0].textContent)), ['E-mail domain']);
  await profile.getByLabel('E-mail domain').fill('acme.test');
  await profile.getByLabel('Industry').selectOption('manufacturing');
  await profile.getByRole('button', { name: 'Save' }).click();
  await profile.getByRole('button', { name: 'Save', disabled: true }).waitFor();
  await page.reload();
  await page.waitForSelector('main form');
  assert.equal(await page.getByLabel('Industry').inputValue(), 'manufacturing');
  const tiers = page.getByRole('group', { name: 'Approval tiers' });
  const saveDefaults = page.locator('section', { hasText: 'Each workspace can set its own.' }).getByRole('button', { name: 'Save' });
  await tiers.getByText('Default.').waitFor();
  await tiers.getByRole('button', { name: 'Set tiers here' }).click();
  await tiers.getByRole('button', { name: 'Add tier' }).click();
  await tiers.getByLabel('Name').fill('Costly');
  await saveDefaults.click();
  await tiers.getByText('Set here.').waitFor();
  // The organization's tiers are its workspaces'.
  const { data } = await (await page.request.get(`${url}/api/workspaces?workspace_type=FUNCTIONAL`)).json();
  await visit(page, `/organization/workspaces/${data[0].id}`, 'main form');
  await tiers.getByText('From the organization.').waitFor();
  await tiers.getByRole('listitem').filter({ hasText: 'Costly' }).filter({ hasText: '1 approval' }).waitFor();
  await visit(page, '/organization/settings', 'main form');
  await tiers.getByRole('button', { name: 'Back to what is inherited' }).click();
  await saveDefaults.click();
  await tiers.getByText('Default.').waitFor();
  await page.getByLabel('Logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') });
  await page.getByRole('img', { name: 'Logo' }).waitFor();
  // Nothing is asked of anybody before it is saved, and oneself is warned.
  const ways = page.locator('section', { hasText: 'Second factor required of' });
  await ways.getByLabel('Organization admin').check();
  await ways.getByText('you will be asked to set one up').waitFor();
  const { settings } = await (await page.request.get(`${url}/api/organization`)).json();
  assert.deepEqual(settings.sign_in.second_factor_roles, []);
  await ways.getByLabel('Organization admin').uncheck();
  assert.ok(await ways.getByRole('button', { name: 'Save' }).isDisabled());
  await done();
});

test('somebody of another organization joins by the link and goes on there', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/invitations?create=true', '[role=dialog] form');
  await dialogOf(page).getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText('This link is shown once.').waitFor();
  const hash = await linkOf(page);
  await done();
  const bruno = await open();
  await signIn(bruno.page, 'admin@borealis.test');
  await visit(bruno.page, `/invite${hash}`, 'text=You are signed in as Bruno Borealis');
  await bruno.page.getByRole('button', { name: 'Join and go there' }).click();
  await bruno.page.waitForURL(`${url}/chat`);
  await bruno.page.getByRole('button', { name: /Acme/ }).waitFor();
  await bruno.done();
});

test('an administrator makes a link for a new password: shown once, or sent; a refusal is said in words', async () => {
  const { page, done } = await open({ provoked: /status of 409/ });
  await signIn(page, 'admin@acme.test');
  await visit(page, '/organization/members', '[data-row]');
  await page.getByRole('link', { name: 'Uma User' }).click();
  const section = dialogOf(page).getByRole('region', { name: 'Password link' });
  await section.getByRole('button', { name: 'Password link' }).click();
  await section.getByText('This link is shown once. Pass it on to Uma User alone').waitFor();
  const link = await section.locator('[data-secret]').innerText();
  assert.ok(link.startsWith(`${url}/reset-password#`), link);
  assert.deepEqual(await violations(page), []);
  const visitor = await open();
  await visit(visitor.page, `/reset-password${new URL(link).hash}`, 'text=Set a new password');
  await visitor.done();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Uma User' }).click();
  await section.waitFor();
  assert.ok(!(await page.content()).includes(link.split('#')[1]));

  const answers = [
    { status: 409, contentType: 'application/problem+json', body: '{"code":"conflict","detail":"The person belongs to another organization as well: only they can ask for a new password"}' },
    { status: 201, contentType: 'application/json', body: JSON.stringify({ sent: true, expires_at: new Date().toISOString() }) },
  ];
  await page.route('**/password-reset', (route) => route.fulfill(answers.shift()));
  await section.getByRole('button', { name: 'Password link' }).click();
  await section.getByRole('alert').getByText('Only they themselves can ask for a new password').waitFor();
  await section.getByRole('button', { name: 'Password link' }).click();
  await section.getByText('The link is on its way to user@acme.test.').waitFor();
  assert.equal(await section.locator('[data-secret]').count(), 0);
  assert.deepEqual(await violations(page), []);
  await done();
});
