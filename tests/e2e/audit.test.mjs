import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { answered, ask, chooseModel, close, databases, open, signIn, url, visit } from './harness.mjs';

after(close);

const actions = (page) => page.locator('[data-row] button').allInnerTexts();

test('what was done is listed, filtered by the address, and opened with a proof that holds', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/audit', '[data-row]');
  const all = await actions(page);
  const wanted = all[0];
  await page.getByLabel('Action', { exact: true }).fill(wanted);
  await page.keyboard.press('Enter');
  await page.waitForURL((at) => at.searchParams.get('action') === wanted);
  await page.waitForFunction((action) => [...document.querySelectorAll('[data-row] button')].every((one) => one.textContent === action) && document.querySelector('[data-row]'), wanted);
  await page.reload();
  await page.waitForSelector('[data-row]');
  assert.ok((await actions(page)).every((action) => action === wanted));
  await page.locator('[data-row] button').first().click();
  await page.waitForURL((at) => at.searchParams.has('event'));
  await page.waitForSelector('[data-proof=ok]');
  const panel = page.getByRole('complementary', { name: 'Event' });
  assert.match(await panel.innerText(), new RegExp(wanted.replaceAll('.', '\\.')));
  assert.match(await panel.innerText(), /Canonical record/);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.waitForURL((at) => !at.searchParams.has('action'));
  await done();
});

test('a blocked prompt is found among the denied', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'project aurora');
  await page.waitForSelector('[data-decision=block]');
  await visit(page, '/audit?outcome=denied', '[data-row]');
  await page.locator('[data-row]').first().getByText('Denied').waitFor();
  await done();
});

test('actor, outcome and period are chosen from lists', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  const me = await (await page.request.get(`${url}/api/auth/me`)).json();
  await visit(page, '/audit', '[data-row]');
  const asked = (wanted) => page.waitForResponse((response) => {
    const { pathname, searchParams } = new URL(response.url());
    return pathname === '/api/audit/events' && Object.entries(wanted).every(([name, value]) => (value === null ? !searchParams.has(name) : value === true ? searchParams.has(name) : searchParams.get(name) === value));
  });
  const choose = async (label, value, wanted) => {
    const answer = asked(wanted);
    await page.getByLabel(label, { exact: true }).selectOption(value);
    return (await (await answer).json()).data;
  };
  const mine = await choose('Actor', me.user.id, { actor_id: me.user.id });
  assert.ok(mine.length > 0 && mine.every((event) => event.actor_id === me.user.id));
  const fine = await choose('Outcome', 'success', { actor_id: me.user.id, outcome: 'success' });
  assert.ok(fine.length > 0 && fine.every((event) => event.outcome === 'success'));
  await choose('Period', '1', { from: true, to: null });
  await page.waitForURL((at) => at.searchParams.get('hours') === '1');
  await page.getByLabel('Period', { exact: true }).selectOption('custom');
  const answer = asked({ to: '2001-01-01T00:00:00.000Z' });
  await page.getByLabel('To', { exact: true }).fill(await page.evaluate(() => {
    const at = new Date('2001-01-01T00:00:00Z');
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }));
  assert.deepEqual((await (await answer).json()).data, []);
  await page.getByText('Nothing matches these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.waitForSelector('[data-row]');
  assert.equal(await page.getByLabel('Actor', { exact: true }).inputValue(), '');
  await done();
});

test('an API key is an actor to choose, a decision and a family of actions are filters, and reads can be hidden', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'Write to ana@example.com');
  await answered(page);
  const { data: keys } = await (await page.request.get(`${url}/api/api-keys`)).json();
  await visit(page, '/audit', '[data-row]');
  const read = (wanted) => page.waitForResponse((response) => {
    const { pathname, searchParams } = new URL(response.url());
    return pathname === '/api/audit/events' && Object.entries(wanted).every(([name, value]) => searchParams.get(name) === value);
  });
  const found = async (answer) => (await (await answer).json()).data;
  const actor = page.getByLabel('Actor', { exact: true });
  await actor.locator(`optgroup[label="API keys"] option[value="${keys[0].id}"]`).waitFor({ state: 'attached' });
  const byKey = read({ actor_id: keys[0].id });
  await actor.selectOption(keys[0].id);
  assert.ok((await found(byKey)).every((event) => event.actor_id === keys[0].id));
  await actor.selectOption('');

  const redacted = read({ actor_id: null, decision: 'redact' });
  await page.getByLabel('Decision', { exact: true }).selectOption('redact');
  const messages = await found(redacted);
  assert.ok(messages.length > 0 && messages.every((event) => event.decision === 'redact'));
  await page.getByLabel('Decision', { exact: true }).selectOption('');

  await page.locator('datalist option[value="chat"][label="Chat: everything"]').waitFor({ state: 'attached' });
  const chats = read({ action: 'chat' });
  await page.getByLabel('Action', { exact: true }).fill('chat');
  await page.keyboard.press('Enter');
  const family = await found(chats);
  assert.ok(family.length > 0 && family.every((event) => event.action.startsWith('chat.')));

  const writes = read({ action: 'chat', reads: 'false' });
  await page.getByRole('switch', { name: 'Hide reads' }).check();
  assert.ok((await found(writes)).every((event) => !/\.(list|read)$/.test(event.action)));
  await page.waitForURL((at) => at.searchParams.get('reads') === 'false');
  await page.reload();
  await page.waitForSelector('[data-row]');
  assert.ok(await page.getByRole('switch', { name: 'Hide reads' }).isChecked());
  await page.getByRole('button', { name: 'Export' }).click();
  assert.match(await page.getByRole('link', { name: 'Download' }).getAttribute('href'), /[?&]action=chat&reads=false/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.waitForURL((at) => !at.searchParams.has('reads') && !at.searchParams.has('action'));
  assert.ok(!(await page.getByRole('switch', { name: 'Hide reads' }).isChecked()));
  await done();
});

test('an event’s classification is spelled out', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'Write to ana@example.com about the salary');
  await answered(page);
  await visit(page, '/audit?action=chat.message.create', '[data-row]');
  await page.locator('[data-row] button').first().click();
  await page.getByRole('complementary', { name: 'Event' }).getByText('PII (personal data), FIN (financial)').waitFor();
  await done();
});

test('whatever happened, its proof holds', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/audit', '[data-row]');
  const { data } = await (await page.request.get(`${url}/api/audit/events?limit=200`)).json();
  for (const [action, id] of new Map(data.map((event) => [event.action, event.id]))) {
    await visit(page, `/audit?event=${id}`, '[data-proof]');
    assert.equal(await page.locator('[data-proof]').getAttribute('data-proof'), 'ok', action);
  }
  await done();
});

test('the log verifies, and its head is copied as the command line takes it', async () => {
  const { page, context, done } = await open();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, 'admin@acme.test');
  await visit(page, '/audit', '[data-row]');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await page.waitForSelector('[data-verified=ok]');
  assert.match(await page.locator('[data-verified]').innerText(), /Intact/);
  const head = page.locator('[data-verified]').getByRole('button');
  const [shown] = (await head.innerText()).split('\n');
  assert.match(shown, /^\d+:[0-9a-f]{64}$/);
  await head.hover();
  await page.getByRole('tooltip').getByText(/gatehouse audit verify .*--expect/).waitFor();
  await head.click();
  await page.waitForFunction(async (text) => (await navigator.clipboard.readText()) === text, shown);
  await done();
});

test('the log is exported as CSV, JSON and JSON Lines', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'something to record');
  await answered(page);
  await visit(page, '/audit', '[data-row]');
  for (const [format, check] of [
    ['CSV', (text) => assert.ok(text.split('\n').length > 2 && text.split('\n')[0].includes(','))],
    ['JSON', (text) => assert.ok(Object.values({ list: JSON.parse(text) }).flat().length > 0)],
    ['JSON Lines', (text) => text.trim().split('\n').forEach((line) => JSON.parse(line))],
  ]) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: format, exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    check(readFileSync(await download.path(), 'utf8'));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await done();
});

test('a record changed behind the log’s back is found by the whole and in the one', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  const { data } = await (await page.request.get(`${url}/api/audit/events?action=session.create`)).json();
  const [{ id, sequence }] = data;
  const [{ record }] = await databases.rows('us_audit', 'select record from audit_events where id = $1', [id]);
  const write = (bytes) => databases.tamper('us_audit', 'update audit_events set record = $1 where id = $2', [bytes, id]);
  await write(Buffer.from(record.toString('utf8').replace('session.create', 'session.revoke'), 'utf8'));
  try {
    await visit(page, `/audit?event=${id}`, '[data-proof=broken]');
    await page.getByText('This record was altered').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    const verified = page.locator('[data-verified=broken]');
    await verified.getByText(`#${sequence} ·`).first().waitFor();
    assert.match(await verified.innerText(), /The log was altered/);
  } finally {
    await write(record);
  }
  await databases.tamper('us_audit', "update audit_events set action = 'session.revoke' where id = $1", [id]);
  try {
    await visit(page, `/audit?event=${id}`, '[data-proof=broken]');
    await page.getByText('what is shown here is not what they say').waitFor();
  } finally {
    await databases.tamper('us_audit', "update audit_events set action = 'session.create' where id = $1", [id]);
  }
  await done();
});

test('who may not read the log is not shown it, whatever the address', async () => {
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await visit(page, '/audit', 'text=You do not have access to this');
  assert.deepEqual(requests.filter((one) => one.startsWith(`${url}/api/audit`)), []);
  await done();
});
