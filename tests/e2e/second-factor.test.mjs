// A password forgotten and set anew by mail; a second factor enrolled, signed in with, and asked for.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Mailbox } from '../harness/mailbox.mjs';
import { totp } from '../harness/totp.mjs';

const mailbox = await Mailbox.start();
// The harness starts its server with this process's environment.
Object.assign(process.env, mailbox.env);
const { account, close, databases, open, signIn, signInByForm, url, violations } = await import('./harness.mjs');
after(async () => {
  await close();
  await mailbox.stop();
});

const provoked = /status of (403|409|422)/;
const submit = (page) => page.locator('button[type=submit]').last().click();
const fillPassword = async (page, email, password) => {
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=email]', email);
  await page.press('input[name=email]', 'Enter');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
};
const settings = (value) => databases.rows('us', "update organizations set settings = $1 where slug = 'acme'", [JSON.stringify(value)]);

for (const look of [{ theme: 'light', language: 'en', email: 'manager@acme.test' }, { theme: 'dark', language: 'pt-BR', width: 375, height: 740, email: 'admin@borealis.test' }])
  test(`a forgotten password is set anew by a link from the mail, ${look.theme}, in ${look.language}`, async () => {
    const { page, done } = await open({ ...look, provoked });
    await page.goto(`${url}/sign-in`);
    await page.locator('a[href="/forgot-password"]').click();
    await page.waitForURL('**/forgot-password');
    assert.deepEqual(await violations(page), []);
    await page.fill('input[name=email]', look.email);
    await page.click('button[type=submit]');
    await page.getByRole('status').waitFor();
    assert.deepEqual(await violations(page), []);
    const token = /#(ghr_\w+)/.exec((await mailbox.next(look.email)).text)[1];
    await page.goto(`${url}/reset-password#${token}`);
    await page.fill('input[name=new-password]', 'password12345');
    await page.click('button[type=submit]');
    await page.locator('[aria-invalid=true]').waitFor();
    assert.deepEqual(await violations(page), []);
    const fresh = 'orbital lantern quiet moss';
    await page.fill('input[name=new-password]', fresh);
    await page.click('button[type=submit]');
    await page.waitForURL('**/sign-in?reason=reset');
    await page.getByRole('status').waitFor();
    await fillPassword(page, look.email, fresh);
    await page.waitForURL(/\/(home|chat)$/);
    await page.context().clearCookies();
    await page.goto(`${url}/reset-password#${token}`);
    await page.fill('input[name=new-password]', `${fresh} again`);
    await page.click('button[type=submit]');
    await page.getByRole('alert').waitFor();
    assert.equal(await page.locator('input').count(), 0, 'a link counts once');
    await done();
  });

test('a second factor is enrolled on the account page, then asked for at sign-in', async () => {
  const email = 'user@acme.test';
  const { page, done } = await open({ provoked });
  await signIn(page, email);
  await page.goto(`${url}/account`);
  await page.getByRole('button', { name: 'Turn on the second factor' }).click();
  await page.getByRole('dialog').getByLabel('Current password').fill(account(email).password);
  await submit(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('img', { name: /QR code/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  const secret = (await dialog.locator('button.font-mono span').first().innerText()).trim();
  await dialog.locator('input[name=code]').fill(totp(secret, -1));
  await submit(page);
  const list = dialog.getByRole('list', { name: 'Recovery codes' });
  await list.waitFor();
  const codes = await list.getByRole('listitem').allInnerTexts();
  assert.equal(codes.length, 10);
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes left').waitFor();
  assert.deepEqual(await violations(page), []);

  await page.context().clearCookies();
  await fillPassword(page, email, account(email).password);
  await page.locator('input[name=code]').fill('000000');
  await page.click('button[type=submit]');
  await page.getByRole('alert').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.locator('input[name=code]').fill(codes[0]);
  await page.click('button[type=submit]');
  await page.waitForURL('**/chat');

  await page.goto(`${url}/account`);
  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByRole('dialog').locator('input[name=code]').fill(totp(secret, 1));
  await submit(page);
  const fresh = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').first().innerText();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('dialog').getByLabel('Current password').fill(account(email).password);
  await page.getByRole('dialog').locator('input[name=code]').fill(fresh);
  await submit(page);
  await page.getByRole('button', { name: 'Turn on the second factor' }).waitFor();
  await done();
});

test('one’s password is changed on the account page', async () => {
  const email = 'user@acme.test';
  const { page, done } = await open({ provoked });
  await signIn(page, email);
  await page.goto(`${url}/account`);
  await page.getByLabel('Current password').fill('not mine at all');
  await page.getByLabel('New password').fill('orbital lantern quiet moss');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('This is not your password.').waitFor();
  await page.getByLabel('Current password').fill(account(email).password);
  await page.getByLabel('New password').fill(account(email).password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your other sessions have ended.').first().waitFor();
  await done();
});

for (const look of [{ theme: 'light', language: 'en' }, { theme: 'dark', language: 'pt-BR', width: 375, height: 740 }])
  test(`an organization that asks for a second factor shows nothing before it is there, ${look.theme}, in ${look.language}`, async () => {
    const email = 'admin@acme.test';
    await settings({ sign_in: { second_factor_roles: ['OA'] } });
    const { page, done } = await open({ ...look, provoked });
    await page.goto(`${url}/audit`);
    await page.waitForURL('**/sign-in?**');
    await page.fill('input[name=email]', email);
    await page.press('input[name=email]', 'Enter');
    await page.fill('input[name=password]', account(email).password);
    await page.click('button[type=submit]');
    await page.waitForURL('**/second-factor**');
    // The sign-in page's own field, which has a name, may still be there.
    await page.locator('input[type=password]:not([name])').fill(account(email).password);
    assert.deepEqual(await violations(page), []);
    await submit(page);
    await page.locator('svg[role=img]').waitFor();
    assert.deepEqual(await violations(page), []);
    const secret = (await page.locator('button.font-mono span').first().innerText()).trim();
    await page.locator('input[name=code]').fill(totp(secret));
    await submit(page);
    await page.locator('ul.font-mono li').first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('main button.bg-primary').click();
    await page.waitForSelector('#content');
    await databases.rows('us', 'delete from second_factors');
    await settings({});
    await done();
  });

test('who is signed in when the rule comes into force is led to it, and back', async () => {
  const email = 'admin@acme.test';
  const { page, done } = await open({ provoked });
  await signInByForm(page, email);
  await settings({ sign_in: { second_factor_roles: ['OA'] } });
  for (let i = 0; i < 50 && !page.url().includes('/second-factor'); ++i) await page.goto(`${url}/policies`);
  await page.waitForURL('**/second-factor**');
  await settings({});
  await done();
});
