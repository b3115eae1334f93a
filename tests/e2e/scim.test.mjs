// The SCIM page: address, token made once, rotated and revoked, what the directory did; both themes, both languages, a phone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, databases, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const t = { make: 'Make a token', rotate: 'Rotate', overlap: 'The token before stays good', hour: '1 hour', stored: 'I have stored it', current: 'Current', ends: 'Ends', none: 'There is no token yet', changed: 'Changed a user', revoke: 'Revoke', used: 'Last used' };

test('an administrator makes the token, the directory uses it, the page shows what it did, and the token is rotated and revoked', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/scim', 'main section');
  await page.getByText(t.none).waitFor();
  const address = await page.locator('main code').first().innerText();
  assert.equal(address, `${url}/scim/v2`);
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', { name: t.make }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: t.make }).click();
  const token = await dialog.locator('code[data-secret]').innerText();
  assert.match(token, /^ghd_us_/);
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: t.stored }).click();
  await page.getByText(t.current, { exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(token));

  // What a directory does meanwhile: it changes somebody's external id.
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const found = await page.request.get(`${address}/Users?filter=${encodeURIComponent('userName eq "user@acme.test"')}`, { headers });
  const { Resources: [user] } = await found.json();
  const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'Replace', path: 'externalId', value: `e2e-${Date.now()}` }] };
  assert.equal((await page.request.patch(user.meta.location, { headers, data: JSON.stringify(patch) })).status(), 200);
  await databases.outboxesEmpty();
  await visit(page, '/scim', 'main section');
  await page.getByText(t.changed).first().waitFor();
  await page.getByText(t.used).first().waitFor();

  await page.getByRole('button', { name: t.rotate }).click();
  await dialog.getByLabel(t.overlap).selectOption({ label: t.hour });
  await dialog.getByRole('button', { name: t.rotate }).click();
  const next = await dialog.locator('code[data-secret]').innerText();
  assert.notEqual(next, token);
  await dialog.getByRole('button', { name: t.stored }).click();
  await page.getByText(t.ends).waitFor();
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', { name: `Revoke the token that ends in ${next.slice(-4)}` }).click();
  await dialog.getByRole('textbox').fill(next.slice(-4));
  await dialog.getByRole('button', { name: t.revoke }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: `Revoke the token that ends in ${next.slice(-4)}` }).waitFor({ state: 'detached' });
  assert.equal((await page.request.get(`${address}/Users`, { headers: { authorization: `Bearer ${next}` } })).status(), 401);
  await done();
});

test('the page is whole in both themes and languages and on a phone, and only administrators open it', async () => {
  for (const [theme, language, width] of [['dark', 'pt-BR', 390], ['dark', 'en', 1280], ['light', 'pt-BR', 1280]]) {
    const { page, done } = await open({ theme, language, width });
    await signIn(page, 'admin@acme.test');
    await visit(page, '/scim', 'main section');
    await page.getByText(language === 'en' ? 'What changed last' : 'Últimas mudanças').waitFor();
    assert.deepEqual(await violations(page), [], `${theme}, ${language}, ${width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    if (process.env.GATEHOUSE_SHOTS) await page.screenshot({ path: `${process.env.GATEHOUSE_SHOTS}/scim-${theme}-${language}-${width}.png` });
    await done();
  }
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  await visit(page, '/scim', 'main');
  assert.equal(await page.locator('main code').count(), 0);
  assert.equal(await page.getByRole('link', { name: 'SCIM' }).count(), 0);
  await done();
});
