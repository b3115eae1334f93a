// Every screen, in both themes and both languages: no violation that axe knows of, no word left in the other language's
// place, and on a phone nothing to scroll sideways.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { answered, ask, chooseModel, close, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const screens = [
  { name: 'new chat', path: '/chat', sign: 'textarea' },
  { name: 'policies', path: '/policies', sign: '[data-rule]' },
  { name: 'new rule', path: '/policies/new', sign: 'form' },
  { name: 'audit', path: '/audit', sign: '[data-row]' },
  { name: 'API keys', path: '/keys', sign: 'main h1' },
  { name: 'account', path: '/account', sign: 'main li' },
  { name: 'unknown page', path: '/no-such-page', sign: 'main h1' },
];

/** Opens one thing after another that lies over or beside a screen. */
const layers = [
  { name: 'palette', open: async (page) => (await visit(page, '/policies', '[data-rule]'), page.keyboard.press('Control+k'), page.waitForSelector('[cmdk-item]')) },
  { name: 'shortcuts', open: async (page) => (await visit(page, '/policies', '[data-rule]'), page.keyboard.press('?'), page.waitForSelector('[role=dialog] dl')) },
  { name: 'a rule', open: async (page) => (await visit(page, '/policies', '[data-rule]'), await page.locator('[data-rule] a').first().click(), page.waitForSelector('form')) },
  { name: 'an event', open: async (page) => (await visit(page, '/audit', '[data-row]'), await page.locator('[data-row] button').first().click(), page.waitForSelector('[data-proof]')) },
  { name: 'verification', open: async (page) => (await visit(page, '/audit', '[data-row]'), await page.locator('header button:has(svg.lucide-badge-check)').click(), page.waitForSelector('[data-verified]')) },
];

/** What a text without translation would look like; the audit screen shows names of actions that look alike. */
const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const key = new RegExp(`^(${Object.keys(read('console/src/i18n/en.json')).join('|')})(\\.[\\w-]+)+$`);
const actions = new Set(Object.values(read('docs/openapi.json').paths).flatMap(Object.values).map((operation) => operation['x-audit-action']));

async function converse(page) {
  await visit(page, '/chat', 'textarea');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'My CPF is 529.982.247-25\n\n```js\nlet salary = 1;\n```');
  await answered(page);
  await ask(page, 'project aurora');
  await page.waitForSelector('[data-decision=block]');
}

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing in the ${theme} theme`, async (t) => {
    const { page, done } = await open({ theme });
    const check = (name) => t.test(name, async () => assert.deepEqual(await violations(page), []));
    await page.goto(`${url}/sign-in`);
    await page.waitForSelector('form');
    await check('sign-in');
    await page.fill('input[name=email]', 'nobody@acme.test');
    await page.fill('input[name=password]', 'wrong');
    await page.click('button[type=submit]');
    await page.getByRole('alert').waitFor();
    await check('sign-in refused');
    await signIn(page, 'admin@acme.test');
    for (const screen of screens) {
      await visit(page, screen.path, screen.sign);
      await check(screen.name);
    }
    for (const layer of layers) {
      await layer.open(page);
      await check(layer.name);
    }
    await converse(page);
    await check('conversation');
    await done();
  });
}

test('on a phone nothing scrolls sideways, and axe finds nothing', async (t) => {
  const { page, done } = await open({ width: 375, height: 740, language: 'pt-BR' });
  const check = (name) =>
    t.test(name, async () => {
      const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main')?.scrollWidth ?? 0));
      assert.ok(wide <= 375, `${wide} pixels wide`);
      assert.deepEqual(await violations(page), []);
    });
  await page.goto(`${url}/sign-in`);
  await page.waitForSelector('form');
  await check('sign-in');
  await signIn(page, 'admin@acme.test');
  for (const screen of screens) {
    await visit(page, screen.path, screen.sign);
    await check(screen.name);
  }
  await visit(page, '/audit', '[data-row]');
  await page.locator('[data-row] button').first().click();
  await page.waitForSelector('[data-proof]');
  await check('an event');
  await page.getByRole('button', { name: 'Abrir navegação' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Conversas' }).waitFor();
  await check('navigation');
  await page.getByRole('dialog').getByRole('link', { name: 'Conversas' }).click();
  await page.waitForSelector('textarea');
  await converse(page);
  await check('conversation');
  await done();
});

test('in Portuguese no screen shows a key or an English word of the interface', async () => {
  const { page, done } = await open({ language: 'pt-BR' });
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: 'Entrar' }).waitFor();
  await signIn(page, 'admin@acme.test');
  for (const screen of screens) {
    await visit(page, screen.path, screen.sign);
    assert.equal(await page.getAttribute('html', 'lang'), 'pt-BR');
    const seen = await page.locator('body').innerText();
    assert.deepEqual(seen.split(/\s+/).filter((word) => key.test(word) && !actions.has(word)), [], screen.name);
    assert.doesNotMatch(seen, /\b(Search|Settings|Policies|Sign out|Any actor|New chat|Create|Loading)\b/, screen.name);
  }
  await done();
});
