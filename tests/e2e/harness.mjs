// A browser at a demo of its own, or at the running server whose ready file GATEHOUSE_READY_FILE names.
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { freePort } from '../harness/browser.mjs';
import { Databases } from '../harness/databases.mjs';
import { Demo } from '../harness/demo.mjs';

const file = process.env.GATEHOUSE_READY_FILE;
// The demo's answer lasts long enough for a page to be loaded again meanwhile, on a busy machine too.
// Its address is known to it, so that an identity provider can send a browser back.
const port = await freePort();
const demo = file ? null : await Demo.start({ console: true, port, env: { GATEHOUSE_DEMO__PACE_MS: '100', GATEHOUSE_SERVER__BASE_URL: `http://127.0.0.1:${port}` } });
const ready = demo ? demo.ready : JSON.parse(readFileSync(file, 'utf8'));

export const url = ready.url.replace(/\/$/, '');

/** The server's databases, as a superuser. */
export const databases = new Databases(ready.postgres);

/** Does `work` while Acme's rule of this name is off; each thread of the server knows it a moment later. */
export async function withoutRule(name, work) {
  const turn = async (state) => {
    const changed = await databases.rows('us', 'update policy_rules set state = $1 where name = $2 returning id', [state, name]);
    if (changed.length !== 1) throw new Error(`There is no rule “${name}”.`);
  };
  await turn('disabled');
  try {
    await work();
  } finally {
    await turn('enabled');
  }
}

export function account(email) {
  const found = ready.accounts.find((one) => one.email === email);
  if (!found) throw new Error(`The server has no account ${email}.`);
  return found;
}

let running;

export async function browser() {
  running ??= chromium.launch({
    executablePath: process.env.GATEHOUSE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return running;
}

/** Ends the browser and the demo, and fails if that did not end well. */
export async function close() {
  if (running) await (await running).close();
  running = undefined;
  await databases.close();
  await demo?.stop();
}

/** Refusals the tests provoke; the browser notes every answer of 400 and above. */
const expected = /Failed to load resource: the server responded with a status of (401|403|404|412)/;

/** How each context is to look: accounts carry theme and language from one browser to the next. */
const looks = new WeakMap();

/**
 * A page of its own, in its own context. What goes wrong on any page (an exception, an error in its console, a breach of
 * the content security policy) is collected in `complaints`, which `done` checks; `provoked` names what the test brings about.
 */
export async function open({ theme = 'light', language = 'en', width = 1280, height = 800, userAgent, provoked } = {}) {
  const context = await (await browser()).newContext({ viewport: { width, height }, locale: language === 'en' ? 'en-US' : 'pt-BR', colorScheme: theme, userAgent });
  const complaints = [];
  await context.addInitScript(
    ([chosenTheme, chosenLanguage]) => {
      localStorage.setItem('gatehouse.theme', localStorage.getItem('gatehouse.theme') ?? chosenTheme);
      localStorage.setItem('gatehouse.language', localStorage.getItem('gatehouse.language') ?? chosenLanguage);
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy breached: ${event.violatedDirective} ${event.blockedURI}`));
    },
    [theme, language],
  );
  looks.set(context, { theme, language });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text()) && !provoked?.test(message.text())) complaints.push(message.text());
  });
  return {
    page,
    context,
    done: async () => {
      await context.close();
      if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
    },
  };
}

/** Fills in the form. */
export async function signInByForm(page, email) {
  const { password } = account(email);
  await page.goto(`${url}/sign-in`);
  await page.fill('input[name=email]', email);
  await page.press('input[name=email]', 'Enter');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForURL((at) => at.pathname !== '/sign-in');
  await page.waitForSelector('#content');
}

/** Signs in without the form, with the theme and the language that the page was opened with. */
export async function signIn(page, email) {
  const { password } = account(email);
  const { user, csrf_token } = await accepted(page.request.post(`${url}/api/auth/sign-in`, { data: { email, password } }));
  const { theme, language } = looks.get(page.context());
  if (user.theme !== theme || user.language !== language)
    await accepted(page.request.patch(`${url}/api/auth/me`, { data: { theme, language }, headers: { 'Gatehouse-Csrf': csrf_token } }));
  await visit(page, '/', '#content');
  await page.waitForURL((at) => at.pathname !== '/');
}

async function accepted(request) {
  const answer = await request;
  if (!answer.ok()) throw new Error(`${answer.url()}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** Opens an address of the console and waits for what shows that it is there. */
export async function visit(page, path, sign) {
  await page.goto(url + path);
  await page.waitForSelector(sign);
}

/** Goes to the chats, unless one is there: administrators begin elsewhere. */
async function toChat(page) {
  if (!new URL(page.url()).pathname.startsWith('/chat')) await visit(page, '/chat', 'form textarea');
}

export async function chooseModel(page, name) {
  await toChat(page);
  await page.locator('form button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem').filter({ hasText: name }).click();
}

export async function ask(page, text) {
  await toChat(page);
  const field = page.locator('form textarea');
  await field.fill(text);
  await field.press('Enter');
}

/** The last answer, once it is complete. */
export async function answered(page) {
  const last = page.locator('article[data-role=assistant]').last();
  await last.and(page.locator('[aria-busy=false]')).waitFor();
  return last;
}

/** Waits until nothing moves, so that colours are those at rest, then asks axe. */
export async function violations(page) {
  await page.evaluate(async () => {
    await Promise.all(document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity).map((animation) => animation.finished.catch(() => undefined)));
  });
  // Legacy: without a blank page of axe's own for each check. There are no frames of another origin here.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  const { violations: found } = await axe.analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary?.replace(/\s+/g, ' ')})`).join('; ')}`);
}
