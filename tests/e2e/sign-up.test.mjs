// From nothing to a streamed chat, in the browser: account, code, organization, model, first answer, dashboard, chat.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answered, ask, chooseModel, close, databases, open, url, violations } from './harness.mjs';

after(close);

const sound = async (page, width) => {
  assert.deepEqual(await violations(page), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${wide} pixels wide`);
};

for (const look of [
  { theme: 'light', language: 'en', width: 1280, height: 800, slug: 'initech-gmbh', name: 'Initech GmbH' },
  { theme: 'dark', language: 'pt-BR', width: 375, height: 740, slug: 'acao-e-filhos', name: 'Ação e Filhos' },
])
  test(`somebody founds an organization and reads a first answer, at ${look.width} pixels, ${look.theme}, in ${look.language}`, async () => {
    const { page, done } = await open({ ...look, provoked: /status of (409|422)/ });
    await page.goto(`${url}/sign-in`);
    await page.locator('a[href="/sign-up"]').click();
    await page.waitForURL('**/sign-up');
    await page.fill('input[name=name]', 'Nova Pessoa');
    await page.fill('input[name=email]', `nova@${look.slug}.test`);
    await page.fill('input[name=new-password]', 'password12345');
    await sound(page, look.width);
    await page.click('button[type=submit]');
    await page.locator('[aria-invalid=true][name=new-password]').waitFor();
    await sound(page, look.width);
    await page.fill('input[name=new-password]', 'orbital lantern quiet moss');
    await page.click('button[type=submit]');

    // The demo sends no mail, and says so where it shows the code.
    const code = await page.locator('[role=note] code').innerText();
    assert.match(code, /^\d{6}$/);
    await page.fill('input[name=code]', code === '111111' ? '222222' : '111111');
    await page.click('button[type=submit]');
    await page.getByRole('alert').waitFor();
    await sound(page, look.width);
    await page.fill('input[name=code]', code);
    await page.click('button[type=submit]');

    await page.fill('input[name=organization]', look.name);
    assert.equal(await page.inputValue('input[name=slug]'), look.slug);
    await page.fill('input[name=slug]', 'acme');
    await page.click('button[type=submit]');
    await page.locator('[aria-invalid=true][name=slug]').waitFor();
    await sound(page, look.width);
    await page.fill('input[name=slug]', look.slug);
    await page.click('button[type=submit]');

    await page.waitForURL('**/start');
    await page.getByRole('radio').first().waitFor();
    await sound(page, look.width);
    await page.locator('main button.bg-primary').click();
    await page.waitForURL('**/start?model=**');
    await page.click('button[type=submit]');
    const answer = page.locator('section[aria-live=polite]');
    await answer.and(page.locator('[aria-busy=true]')).waitFor();
    await answer.and(page.locator('[aria-busy=false]')).waitFor();
    assert.ok((await answer.innerText()).length > 40, 'an answer');
    await sound(page, look.width);
    await page.locator('a[href="/home"]').click();
    await page.waitForURL('**/home');
    // The dashboard ticks what the wizard did, and shows the first answer.
    await page.locator('[data-item=answer][data-state=done]').waitFor();
    assert.equal(await page.locator('[data-item=people]').getAttribute('data-state'), 'open');
    await page.getByRole('group').getByRole('img').last().waitFor();
    await sound(page, look.width);

    // From there to a chat, as somebody would go.
    if (look.width < 1024) await page.locator('header button:has(svg.lucide-menu)').click();
    await page.locator('nav a[href="/chat"]:visible').click();
    await page.waitForURL('**/chat');
    await chooseModel(page, 'demo/assistant');
    await ask(page, 'What does a gatehouse do?');
    await page.locator('article[data-role=assistant][aria-busy=true]').waitFor();
    assert.ok((await (await answered(page)).innerText()).length > 40, 'a streamed answer');
    await chooseModel(page, 'demo/echo');
    await ask(page, 'hello from the founder');
    await page.getByText('hello from the founder').nth(1).waitFor();
    assert.match(await (await answered(page)).innerText(), /hello from the founder/);
    await sound(page, look.width);
    const [made] = await databases.rows('us', 'select region::text from organizations where slug = $1', [look.slug]);
    assert.equal(made.region, 'us');
    await done();
  });

test('a key that the provider does not take is told on the spot, and can be mended', async () => {
  const { page, done } = await open({ provoked: /status of (403|404|409|502)/ });
  await page.goto(`${url}/sign-up`);
  await page.fill('input[name=name]', 'Nova Pessoa');
  await page.fill('input[name=email]', 'nova@keys.test');
  await page.fill('input[name=new-password]', 'orbital lantern quiet moss');
  await page.click('button[type=submit]');
  await page.fill('input[name=code]', await page.locator('[role=note] code').innerText());
  await page.click('button[type=submit]');
  await page.fill('input[name=organization]', 'Keys');
  await page.click('button[type=submit]');
  await page.waitForURL('**/start');
  await page.getByRole('radio').nth(1).click();
  await page.locator('select').first().selectOption('other');
  await page.getByLabel('Name', { exact: true }).fill('nowhere');
  await page.getByLabel('Address').fill('https://nowhere.invalid/v1');
  await page.getByLabel('Model', { exact: true }).fill('some-model');
  await page.getByLabel('Key', { exact: true }).fill('not-a-key');
  // What it costs is asked, and that it costs nothing is said.
  await page.click('button[type=submit]');
  assert.equal(await page.getByLabel('Input', { exact: true }).evaluate((field) => field.validity.valueMissing), true);
  await page.getByLabel('Input', { exact: true }).fill('1,25');
  await page.getByLabel('Output', { exact: true }).fill('0');
  const providers = () => databases.rows('us', "select p.name from providers p join organizations o on o.id = p.organization_id where o.slug = 'keys' and p.kind <> 'demo'");
  await page.click('button[type=submit]');
  const alert = page.getByRole('alert');
  await alert.filter({ hasText: /did not answer.*the name of the host does not resolve/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  // It is not kept, so that its name can be had again, and going on with the demo leaves nothing behind.
  assert.deepEqual(await providers(), []);
  await page.click('button[type=submit]');
  await alert.waitFor({ state: 'detached' });
  await alert.filter({ hasText: 'does not resolve' }).waitFor();
  assert.deepEqual(await providers(), []);
  await page.getByRole('radio').first().click();
  await page.locator('main button.bg-primary').click();
  await page.waitForURL('**/start?model=demo**');
  await done();
});
