// Every screen and what opens over it: on a desk in light and English, on a phone in dark and Portuguese; and what only a
// desk shows in the other two as well. No violation that axe knows of, no words of the other language, nothing to scroll
// sideways.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { answered, ask, chooseModel, close, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const flat = (value, prefix = '') => Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'string' ? [[prefix + key, inner]] : flat(inner, `${prefix}${key}.`)));
const strings = Object.fromEntries(['en', 'pt-BR'].map((language) => [language, new Map(flat(read(`console/src/i18n/${language}.json`)))]));
const spec = read('docs/openapi.json');

// --- what opens what, by icon or place, so that it is the same in both languages

const menuItem = async (page, icon) => {
  await page.locator(`[role=menuitem]:has(svg.lucide-${icon})`).click();
};
const chatMenu = async (page) => {
  await page.locator('main header button[aria-haspopup=menu]').click();
  await page.waitForSelector('[role=menuitem]');
};
const chatDialog = (icon) => async (page) => {
  await chatMenu(page);
  await menuItem(page, icon);
  await page.waitForSelector('[role=dialog] form');
};
const at = (path, sign) => (page) => visit(page, path, sign);
const press = (selector, sign) => async (page) => {
  await page.locator(selector).first().click();
  await page.waitForSelector(sign);
};
const chord = (keys, sign) => async (page) => {
  await page.locator('body').press(keys);
  await page.waitForSelector(sign);
};
const converse = async (page) => {
  await visit(page, '/chat', 'textarea');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'My CPF is 529.982.247-25\n\n```js\nlet salary = 1;\n```');
  await answered(page);
  await ask(page, 'project aurora');
  await page.waitForSelector('[data-decision=block]');
};

/** Sends what makes something, as whoever is signed in. */
const posting = async (page) => {
  const { csrf_token, user, workspaces } = await (await page.request.get(`${url}/api/auth/me`)).json();
  return { user, workspaces, post: async (path, data) => (await page.request.post(url + path, { data, headers: { 'Gatehouse-Csrf': csrf_token } })).json() };
};
const withGrant = async (page) => {
  const { user, post } = await posting(page);
  const conditions = { ip_whitelist: ['10.0.0.0/8'], time_restrictions: { days_of_week: [1, 5], hours: '09:00-18:00', time_zone: 'America/Sao_Paulo' } };
  await post('/api/grants', { resource_kind: 'PRL', resource_id: user.id, action: 'REA', created_for_email: 'user@acme.test', attributes: { granted_reason: 'x', conditions, scope: { fields_allowed: ['phone'] } } });
};
const withServiceAccount = async (page) => {
  const { workspaces, post } = await posting(page);
  const { id } = await post('/api/service-accounts', { name: `Nightly ${Date.now()}`, description: '', workspace_id: workspaces[0].id, permissions: ['gateway_call'] });
  await post(`/api/service-accounts/${id}/secrets`, {});
};
const shareIt = async (page) => {
  await page.fill('[role=dialog] input[type=email]', 'manager@acme.test');
  await page.locator('[role=dialog] [type=submit]').click();
  await page.waitForSelector('[role=dialog] li');
};
const whyThing = async (page) => {
  await page.locator('main form [role=radio]').last().click();
  await page.locator('main form ul button').first().click();
  await page.locator('main form [aria-expanded=false]').click();
  await page.locator('main form [type=submit]').click();
  await page.waitForSelector('main ol li >> nth=3');
};
const member = async (page) => {
  await visit(page, '/organization/members', '[data-row]');
  await page.getByRole('link', { name: 'Uma User' }).click();
  await page.waitForSelector('[role=dialog] button:has(svg.lucide-eye)');
};

/** An identity provider and a domain that is not proved, made by whoever is signed in. */
const withSingleSignOn = async (page) => {
  const { post } = await posting(page);
  const name = `Acme ${Date.now()}`;
  const mapping = { default_role: 'UR', rules: [{ group: 'leads', role_code: 'WM', workspace_ids: [], governance_roles: [{ role: 'Auditor', workspace_id: null }] }] };
  await post('/api/identity-providers', { name, preset: 'okta', issuer: 'https://acme.okta.test', client_id: 'gatehouse', client_secret: 'a-secret', mapping });
  await post('/api/domains', { domain: `acme-${Date.now()}.test` });
};

/** The last stage has questions to ask. */
const withQuestions = async (page) => {
  const { csrf_token } = await (await page.request.get(`${url}/api/auth/me`)).json();
  const { stage, version, config } = (await (await page.request.get(`${url}/api/stages`)).json()).data.find((one) => one.stage === 'qualificacao');
  await page.request.put(`${url}/api/stages`, { data: { stage, based_on: version, config: { ...config, questions: ['Acme Labs 7?', 'Acme 42?'] } }, headers: { 'Gatehouse-Csrf': csrf_token } });
};

/** A view is opened by its steps, one after another. `desk`: there is none on a phone; `phone`: only there; `wide`: looks otherwise there. */
const views = {
  'admin@acme.test': [
    { name: 'new chat', steps: [at('/chat', 'textarea')] },
    { name: 'model menu', steps: [press('form button[aria-haspopup=menu]', '[role=menuitem]')] },
    { name: 'conversation', wide: true, steps: [converse] },
    { name: 'chat menu', steps: [chatMenu] },
    { name: 'rename', steps: [(page) => page.keyboard.press('Escape'), chatDialog('pencil')] },
    { name: 'tags', steps: [(page) => page.keyboard.press('Escape'), chatDialog('tags')] },
    { name: 'delete a chat', steps: [(page) => page.keyboard.press('Escape'), chatDialog('trash-2')] },
    { name: 'share a chat', steps: [(page) => page.keyboard.press('Escape'), chatDialog('user-round-plus')] },
    { name: 'a chat that is shared', steps: [shareIt] },
    { name: 'policies', wide: true, steps: [at('/policies', '[data-rule]')] },
    { name: 'delete a rule', steps: [press('[data-rule] button[aria-haspopup=menu]', '[role=menuitem]'), (page) => menuItem(page, 'trash-2'), (page) => page.waitForSelector('[role=dialog] form')] },
    { name: 'palette', steps: [(page) => page.keyboard.press('Escape'), chord('Control+k', '[cmdk-item]')] },
    { name: 'shortcuts', steps: [(page) => page.keyboard.press('Escape'), chord('?', '[role=dialog] dl')] },
    { name: 'account menu', desk: true, steps: [(page) => page.keyboard.press('Escape'), press('aside [aria-haspopup=menu] >> nth=-1', '[role=menuitem]')] },
    { name: 'switcher', desk: true, steps: [(page) => page.keyboard.press('Escape'), press('aside [aria-haspopup=menu] >> nth=0', '[role=menuitem]')] },
    { name: 'navigation', phone: true, steps: [at('/policies', '[data-rule]'), press('header button:has(svg.lucide-menu)', '[role=dialog] nav')] },
    { name: 'a rule', steps: [at('/policies', '[data-rule]'), press('[data-rule] a', 'form')] },
    { name: 'new rule, incomplete', steps: [at('/policies/new', 'form'), press('header button.bg-primary', 'form [role=alert]')] },
    { name: 'audit', steps: [at('/audit', '[data-row]')] },
    { name: 'export', steps: [press('header button:has(svg.lucide-download)', '[role=dialog]')] },
    { name: 'verification', steps: [(page) => page.keyboard.press('Escape'), press('header button:has(svg.lucide-badge-check)', '[data-verified]')] },
    { name: 'an event', wide: true, steps: [at('/audit', '[data-row]'), press('[data-row] button', '[data-proof]')] },
    { name: 'audit without events', steps: [at('/audit?action=nothing', 'main h2')] },
    { name: 'providers', wide: true, steps: [at('/providers', '[data-provider]')] },
    { name: 'add a provider, incomplete', steps: [press('header button.bg-primary', '[role=dialog] form'), press('[role=dialog] [type=submit]', '[role=dialog] [role=alert]')] },
    { name: 'grants', wide: true, steps: [withGrant, at('/access', '[data-row]')] },
    { name: 'a grant', steps: [press('[data-row] a', '[role=dialog] dl')] },
    { name: 'revoke a grant', steps: [press('[role=dialog] footer button', '[role=dialog] form')] },
    { name: 'new grant', wide: true, steps: [at('/access?create=true', '[role=dialog] form')] },
    { name: 'conditions of a grant', wide: true, steps: [press('[role=dialog] [role=radio] >> nth=2', '[role=dialog] form'), press('[role=dialog] [aria-expanded=false]', '[role=dialog] input[type=time]')] },
    { name: 'why may they', steps: [at('/access?why=true', 'main form')] },
    { name: 'why they may', wide: true, steps: [at('/access?why=true', 'main form'), press('main form [type=submit]', 'main ol li')] },
    { name: 'why they may, of a thing', wide: true, steps: [whyThing] },
    { name: 'service accounts', wide: true, steps: [withServiceAccount, at('/service-accounts', '[data-row]')] },
    { name: 'a service account', wide: true, steps: [press('[data-row] [role=cell] >> nth=0', '[role=dialog] code')] },
    { name: 'new service account', steps: [at('/service-accounts?create=true', '[role=dialog] form')] },
    { name: 'API keys', steps: [at('/keys', '[data-row]')] },
    { name: 'an API key', steps: [press('[data-row] button', '[role=dialog] dl')] },
    { name: 'create a key', steps: [at('/keys', '[data-row]'), press('header button.bg-primary', '[role=dialog] form')] },
    { name: 'single sign-on', wide: true, steps: [withSingleSignOn, at('/identity-providers', '[data-domain]')] },
    { name: 'presets of identity providers', steps: [at('/identity-providers/new', 'main ul a')] },
    { name: 'add an identity provider, incomplete', wide: true, steps: [at('/identity-providers/new?preset=entra', 'form'), press('form fieldset + button, form button:has(svg.lucide-plus)', 'form li'), press('form [type=submit]', 'form [role=alert]')] },
    { name: 'an identity provider', wide: true, steps: [at('/identity-providers', 'main li a'), press('main li a', 'form')] },
    { name: 'delete an identity provider', steps: [press('header:has(h1) button >> nth=-1', '[role=dialog] form')] },
    { name: 'SCIM', wide: true, steps: [at('/scim', 'main code')] },
    { name: 'make or rotate the directory’s token', steps: [press('main section header button', '[role=dialog] form')] },
    { name: 'the directory’s token', steps: [press('[role=dialog] [type=submit]', '[role=dialog] [data-secret]')] },
    { name: 'account', wide: true, steps: [at('/account', 'main li')] },
    { name: 'enrol a second factor', steps: [press('main section button.bg-primary', '[role=dialog] form')] },
    { name: 'dashboard', wide: true, steps: [at('/home', 'main [data-item]')] },
    { name: 'simulator', wide: true, steps: [at('/simulator', 'main form')] },
    { name: 'questions of a stage', steps: [withQuestions, at('/simulator', 'main form'), press('header [role=radio] >> nth=-1', 'section fieldset')] },
    { name: 'log of the simulator', steps: [press('main section [role=radio] >> nth=-1', 'main section > [role=region]')] },
    { name: 'members', wide: true, steps: [at('/organization/members', '[data-row]')] },
    { name: 'a member', steps: [press('[data-row] >> nth=-1 >> a', '[role=dialog] dl')] },
    { name: 'a member’s password link', steps: [press('[role=dialog] button:has(svg.lucide-key-round)', '[role=dialog] [data-secret]')] },
    { name: 'invitations', steps: [at('/organization/invitations', 'main h2, [data-row]')] },
    { name: 'invite', steps: [press('header button.bg-primary', '[role=dialog] form')] },
    { name: 'the link of an invitation', steps: [press('[role=dialog] [type=submit]', '[role=dialog] [data-secret]')] },
    { name: 'groups', steps: [at('/organization/groups', 'main h2, main li')] },
    { name: 'new group', steps: [press('header button.bg-primary', '[role=dialog] form')] },
    { name: 'roles', wide: true, steps: [at('/organization/roles', 'main table')] },
    { name: 'assign a role', steps: [press('header button.bg-primary', '[role=dialog] form li')] },
    { name: 'workspaces', wide: true, steps: [at('/organization/workspaces', 'main li a')] },
    { name: 'new workspace', steps: [press('header button.bg-primary', '[role=dialog] form')] },
    { name: 'a workspace', wide: true, steps: [at('/organization/workspaces', 'main li a'), press('main li a', 'main section li')] },
    { name: 'sessions of the organization', steps: [at('/organization/sessions', '[data-row]')] },
    { name: 'settings of the organization', wide: true, steps: [at('/organization/settings', 'main form')] },
    { name: 'another data mode', steps: [press('main section:last-of-type header button', '[role=dialog] form')] },
    { name: 'approval tiers', steps: [at('/organization/settings', 'main form'), press('form fieldset button', 'form fieldset button:has(svg.lucide-plus)'), press('form fieldset button', 'form fieldset input')] },
    { name: 'an invitation that is none', steps: [at('/invite#none', 'main h1')] },
    { name: 'viewing as another', wide: true, steps: [member, press('[role=dialog] button:has(svg.lucide-eye)', 'main > [role=status] button')] },
    { name: 'a page of theirs', wide: true, steps: [at('/keys', 'main > [role=status] button')] },
    { name: 'a page that they may not see', steps: [at('/audit', 'main h1')] },
    { name: 'oneself again', steps: [press('main > [role=status] button', '#content'), (page) => page.waitForSelector('main > [role=status]', { state: 'detached' })] },
    { name: 'unknown page', steps: [at('/no-such-page', 'main h1')] },
  ],
  'admin@borealis.test': [
    { name: 'conversation kept here', steps: [converse] },
    { name: 'account that keeps here', steps: [at('/account', 'main li')] },
    { name: 'erase', steps: [press('main section:last-of-type button', '[role=dialog] form')] },
  ],
  'user@acme.test': [{ name: 'forbidden', steps: [at('/audit', 'main h1')] }],
  'operator@gatehouse.test': [
    { name: 'operator', steps: [at('/welcome', 'main h2')] },
    { name: 'tenants', wide: true, steps: [at('/core/tenants', '[data-row]')] },
    { name: 'no tenant found', steps: [at('/core/tenants?text=nobody', 'main h2')] },
    { name: 'provision a tenant, incomplete', steps: [at('/core/tenants', '[data-row]'), press('header button.bg-primary', '[role=dialog] form'), press('[role=dialog] [type=submit]', '[role=dialog] [role=alert]')] },
    { name: 'tenant menu', steps: [at('/core/tenants', '[data-row]'), press('[data-row] button[aria-haspopup=menu]', '[role=menuitem]')] },
    { name: 'suspend a tenant', steps: [(page) => menuItem(page, 'circle-pause'), (page) => page.waitForSelector('[role=dialog] form')] },
    { name: 'a tenant', wide: true, steps: [at('/core/tenants', '[data-row]'), press('[data-row] a', 'main dl')] },
    { name: 'rotate a secret', steps: [press('header button[aria-haspopup=menu]', '[role=menuitem]'), (page) => menuItem(page, 'key-round'), (page) => page.waitForSelector('[role=dialog] form')] },
    { name: 'plans', wide: true, steps: [at('/core/plans', '[data-row]')] },
    { name: 'new plan, incomplete', steps: [press('header button.bg-primary', '[role=dialog] form'), press('[role=dialog] [type=submit]', '[role=dialog] [role=alert]')] },
    { name: 'retire a plan', steps: [at('/core/plans', '[data-row]'), press('[data-row] button[aria-haspopup=menu]', '[role=menuitem]'), (page) => menuItem(page, 'power-off'), (page) => page.waitForSelector('[role=dialog] form')] },
  ],
};

// --- what is checked

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** English words of the interface that Portuguese says otherwise, values standing for anything. */
const translated = new Set(strings['pt-BR'].values());
const foreign = new RegExp(
  `^(?:${[...strings.en]
    .filter(([key, text]) => /[a-z]{3}/i.test(text.replace(/\{\{.*?\}\}/g, '')) && !translated.has(text) && strings['pt-BR'].get(key) !== text)
    .map(([, text]) => escape(text).replace(/\\\{\\\{.*?\\\}\\\}/g, '.+?'))
    .join('|')})$`,
);
const key = new RegExp(`^(${Object.keys(read('console/src/i18n/en.json')).join('|')})(\\.[\\w-]+)+$`);
const actions = new Set(Object.values(spec.paths).flatMap(Object.values).map((operation) => operation['x-audit-action']));

/** Every text, and every attribute that is read out or shown; but of names that people gave, which stay as they are. */
const words = (page) =>
  page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, window.NodeFilter.SHOW_TEXT | window.NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === window.Node.TEXT_NODE) {
        if (!node.parentElement.closest('[translate=no]')) found.push(node.data);
      } else for (const name of ['aria-label', 'placeholder', 'title', 'alt']) if (node.hasAttribute(name)) found.push(node.getAttribute(name));
    }
    return found.map((text) => text.trim()).filter(Boolean);
  });

async function check(page, { language, width, height }) {
  const seen = await words(page);
  assert.equal(await page.getAttribute('html', 'lang'), language);
  assert.deepEqual(seen.filter((word) => key.test(word) && !actions.has(word)), [], 'keys');
  if (language === 'pt-BR') assert.deepEqual(seen.filter((word) => foreign.test(word)), [], 'English');
  const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main')?.scrollWidth ?? 0));
  assert.ok(wide <= width, `${wide} pixels wide`);
  // Inside the shell pages scroll by themselves: the document, and with it the navigation, stays where it is.
  const high = await page.evaluate(() => (document.getElementById('content') ? document.documentElement.scrollHeight : 0));
  assert.ok(high <= height, `${high} pixels high`);
  assert.deepEqual(await violations(page), []);
}

for (const look of [
  { theme: 'light', language: 'en', width: 1280, height: 800 },
  { theme: 'dark', language: 'pt-BR', width: 375, height: 740 },
  { theme: 'dark', language: 'pt-BR', width: 1280, height: 800, only: ({ desk, wide }) => desk || wide },
])
  test(`every screen is sound at ${look.width} pixels, ${look.theme}, in ${look.language}`, async (t) => {
    const shownHere = look.only ?? (look.width < 640 ? ({ desk }) => !desk : ({ phone }) => !phone);
    const { page, done } = await open(look);
    await page.goto(`${url}/sign-in`);
    await page.waitForSelector('form');
    await t.test('sign-in', () => check(page, look));
    await page.fill('input[name=email]', 'nobody@acme.test');
    await page.press('input[name=email]', 'Enter');
    await page.fill('input[name=password]', 'wrong');
    await page.click('button[type=submit]');
    await page.getByRole('alert').waitFor();
    await t.test('sign-in refused', () => check(page, look));
    for (const [name, path] of [['forgotten password', '/forgot-password'], ['a link that is over', '/reset-password'], ['sign-up', '/sign-up'], ['an organization that is not open', '/sign-up?organization=acme']])
      await t.test(name, async () => {
        await visit(page, path, 'main a');
        await check(page, look);
      });
    for (const [email, shown] of Object.entries(views)) {
      if (!shown.some(shownHere)) continue;
      await page.context().clearCookies();
      await signIn(page, email);
      for (const view of shown.filter(shownHere))
        await t.test(view.name, async () => {
          for (const step of view.steps) await step(page);
          await check(page, look);
        });
    }
    await done();
  });
