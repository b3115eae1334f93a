import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { until } from '../harness/until.mjs';
import { answered, ask, chooseModel, close, open, signIn, url, visit, withoutRule } from './harness.mjs';

after(close);

/** A word that no detector takes for a number. */
const letters = () => Array.from(String(Date.now()), (digit) => 'abcdefghij'[Number(digit)]).join('');
const cpf = '529.982.247-25';

test('an answer streams in, with its cost and tokens, and is there after a reload', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/assistant');
  await ask(page, 'How should I begin?');
  const answer = page.locator('article[data-role=assistant]');
  await answer.and(page.locator('[aria-busy=true]')).filter({ hasText: /\w/ }).waitFor();
  const text = await (await answered(page)).innerText();
  assert.match(text, /demo\/assistant/);
  assert.match(text, /tokens?/);
  assert.match(text, /\$\d/);
  await page.reload();
  await answer.waitFor();
  assert.equal(await page.locator('article').count(), 2);
  await page.getByRole('heading', { name: 'How should I begin?' }).waitFor();
  await done();
});

test('an answer under way goes on after a reload and can be stopped', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'and on it goes '.repeat(1600));
  const live = page.locator('article[data-role=assistant][aria-busy=true]');
  await live.filter({ hasText: /\w/ }).waitFor();
  await page.reload();
  await live.filter({ hasText: /\w/ }).waitFor();
  assert.equal(await page.locator('article').count(), 2);
  await page.keyboard.press('Escape');
  const last = await answered(page);
  await last.getByText('Stopped', { exact: true }).waitFor();
  await page.reload();
  await page.locator('article[data-role=assistant]').getByText('Stopped', { exact: true }).waitFor();
  await done();
});

test('an answer is given again in place of the last', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'Say this twice');
  const first = await (await answered(page)).getAttribute('data-message');
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/messages'));
  await page.getByRole('button', { name: 'Answer again' }).click();
  assert.equal((await asked).postDataJSON().trigger, 'regenerate-message');
  await page.waitForFunction((id) => document.querySelector('article[data-role=assistant][aria-busy=false]:last-of-type')?.dataset.message !== id, first);
  assert.match(await (await answered(page)).innerText(), /Say this twice/);
  await page.reload();
  await answered(page);
  assert.deepEqual(await page.locator('article').evaluateAll((all) => all.map((one) => one.dataset.role)), ['user', 'assistant']);
  await done();
});

test('a CPF is redacted before the model sees it, and the message shows what, by which rule and why', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, `My CPF is ${cpf}.`);
  const last = await answered(page);
  const question = page.locator('article[data-role=user]');
  await question.locator('mark').filter({ hasText: /^\[CPF/ }).waitFor();
  const note = question.locator('[data-decision=redact]');
  assert.match(await note.innerText(), /Redacted before it was sent · CPF × 1/);
  assert.match(await last.innerText(), /\[CPF/);
  assert.ok(!(await page.locator('main').innerText()).includes(cpf));
  await page.reload();
  await question.locator('mark').filter({ hasText: /^\[CPF/ }).waitFor();
  await note.waitFor();
  assert.ok(!(await page.content()).includes(cpf));
  await done();
});

test('what was found and went on as it was is told from what was redacted', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await withoutRule('Secret keys are redacted', async () => {
    const note = page.locator('article[data-role=user]').last().locator('[data-decision=redact]');
    const free = note.getByText('Found and sent as it is: secret key × 1 (no rule redacts it)');
    await until(async () => {
      await ask(page, 'Write to ana@example.com with AKIAIOSFODNN7EXAMPLQ.');
      await answered(page);
      return (await free.count()) > 0;
    }, { within: 20_000, what: 'the rule to be off' });
    await note.getByText('Redacted before it was sent · e-mail address × 1', { exact: true }).waitFor();
    await note.getByText('PII (personal data)').waitFor();
  });
  await done();
});

test('a blocked message says which rule blocked it, and the conversation goes on', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'Tell me about project aurora');
  const note = page.locator('[data-decision=block]');
  assert.match(await note.innerText(), /Blocked\. Nothing was sent to the model\./);
  assert.ok((await note.locator('li').innerText()).length > 5);
  assert.equal(await page.locator('article[data-role=assistant]').count(), 0);
  await ask(page, 'Then tell me something else');
  assert.match(await (await answered(page)).innerText(), /something else/);
  await done();
});

test('a warning goes along with the message', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'What is a fair salary?');
  await answered(page);
  assert.match(await page.locator('article[data-role=user] [data-decision=warn]').innerText(), /warning/);
  await done();
});

test('a chat is renamed, tagged, pinned, found, archived and deleted by name', async () => {
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'Something to file');
  await answered(page);
  const name = `Filed ${Date.now()}`;
  const menu = async (item) => {
    await page.locator('main header').getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  await page.getByRole('heading', { name: 'Something to file' }).waitFor();
  await menu('Rename');
  await page.getByRole('dialog').getByLabel('Title').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name }).waitFor();
  await menu('Edit tags');
  await page.getByRole('dialog').getByLabel('Tags').fill('e2e, filing');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('group', { name: 'Tags' }).getByRole('button', { name: 'filing' }).waitFor();
  await menu('Pin');
  await page.locator('main header').getByLabel('Pinned').waitFor();
  const inList = page.getByRole('list', { name: 'Chats' }).getByRole('link', { name });
  await page.getByRole('searchbox').fill(name);
  await inList.waitFor();
  await page.getByRole('searchbox').fill('no such title anywhere');
  await page.getByText('No chat matches').waitFor();
  await page.getByRole('searchbox').fill('');
  await menu('Archive');
  await inList.waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'Archived' }).click();
  await inList.waitFor();
  await menu('Delete chat');
  const remove = page.getByRole('dialog').getByRole('button', { name: 'Delete chat' });
  assert.ok(await remove.isDisabled());
  await page.getByRole('dialog').getByRole('textbox').fill(name);
  await remove.click();
  await page.waitForURL('**/chat');
  await inList.waitFor({ state: 'detached' });
  await done();
});

test('in a metadata-only organization the words are in this browser and in no other', async () => {
  const { page, done } = await open();
  const answers = [];
  page.on('response', (response) => {
    if (/\/api\/chats/.test(response.url()) && response.request().method() === 'GET' && !response.url().endsWith('/stream')) answers.push(response.text().catch(() => ''));
  });
  await signIn(page, 'admin@borealis.test');
  await visit(page, '/chat', 'text=Your words are kept only in this browser');
  await chooseModel(page, 'demo/echo');
  const canary = `canary${letters()}`;
  await ask(page, `Remember ${canary}`);
  assert.match(await (await answered(page)).innerText(), new RegExp(canary));
  await page.getByRole('heading', { name: `Remember ${canary}` }).waitFor();
  const tag = `tag${letters()}`;
  await page.locator('main header').getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Edit tags' }).click();
  await page.getByRole('dialog').getByLabel('Tags').fill(tag);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const shownTag = page.getByRole('group', { name: 'Tags' }).getByRole('button', { name: tag });
  await shownTag.waitFor();
  const here = new URL(page.url()).pathname;
  await page.reload();
  await page.locator('article[data-role=assistant]').filter({ hasText: canary }).waitFor();
  await shownTag.click();
  const inList = page.getByRole('list', { name: 'Chats' }).getByRole('link');
  await page.waitForFunction(() => document.querySelectorAll('ul[aria-label=Chats] a').length === 1);
  assert.match(await inList.innerText(), new RegExp(canary));
  await shownTag.click();
  await ask(page, 'And again');
  await page.locator('article[data-role=assistant]').filter({ hasText: 'And again' }).waitFor();
  assert.ok(answers.length > 0);
  for (const answer of await Promise.all(answers)) assert.ok(!answer.includes(canary) && !answer.includes(tag), 'the server gave back a word');

  const elsewhere = await open();
  await signIn(elsewhere.page, 'admin@borealis.test');
  await visit(elsewhere.page, here, 'article');
  await elsewhere.page.getByText('This text is in the browser it was written in, not here.').first().waitFor();
  const content = await elsewhere.page.content();
  assert.ok(!content.includes(canary) && !content.includes(tag));
  await elsewhere.done();
  await done();
});

test('a chat whose answer was lost is not made twice, and the words are not lost', async () => {
  const { page, done } = await open({ provoked: /ERR_FAILED/ });
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  const text = `Only once ${letters()}`;
  const made = [];
  await page.route('**/api/chats', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    const response = await route.fetch();
    made.push((await response.json()).id);
    return made.length === 1 ? route.abort() : route.fulfill({ response });
  });
  await ask(page, text);
  await page.getByText('The server cannot be reached').first().waitFor();
  const field = page.locator('form textarea');
  assert.equal(await field.inputValue(), text);
  await field.press('Enter');
  await answered(page);
  assert.equal(made.length, 2);
  assert.equal(made[0], made[1]);
  await done();
});

test('Shift+Enter breaks the line, "/" comes to the message, and code can be copied', async () => {
  const { page, context, done } = await open();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  const field = page.locator('form textarea');
  await field.blur();
  await page.keyboard.press('/');
  for (const line of ['```js', 'let a = 1;']) {
    await page.keyboard.type(line);
    await page.keyboard.press('Shift+Enter');
  }
  await page.keyboard.type('```');
  await page.keyboard.press('Enter');
  await (await answered(page)).getByRole('button', { name: 'Copy code' }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === 'let a = 1;');
  await done();
});

test('an answer that the provider fails to give says what happened, and that there is none', async () => {
  const upstream = await MockUpstream.start();
  try {
    const { page, done } = await open();
    await signIn(page, 'admin@acme.test');
    const name = `failing-${Date.now()}`;
    const { csrf_token } = await (await page.request.get(`${url}/api/auth/me`)).json();
    const made = await page.request.post(`${url}/api/providers`, {
      headers: { 'Gatehouse-Csrf': csrf_token },
      data: { name, base_url: upstream.url, api_key: 'sk-0123456789abcdef', models: [{ name: 'fails' }, { name: 'echo' }] },
    });
    assert.equal(made.status(), 201, await made.text());
    await visit(page, '/chat', 'textarea');
    await chooseModel(page, `${name}/fails`);
    const said = page.getByRole('alert').getByText('The provider answered with status 500');
    // On every thread of the server its models are in force a moment later.
    await until(
      async () => {
        await ask(page, 'Is anybody there?');
        return said.waitFor({ timeout: 3000 }).then(() => true, () => false);
      },
      { within: 20_000, what: 'the provider to be asked' },
    );
    const answer = page.locator('article[data-role=assistant]').last();
    await answer.getByText('The model gave no answer.').waitFor();
    await answer.getByText('Failed', { exact: true }).waitFor();
    await page.getByRole('status').getByText('The answer failed').waitFor();
    await page.reload();
    await answer.getByText('The model gave no answer.').waitFor();
    await page.getByRole('status').getByText('The answer failed').waitFor();
    await chooseModel(page, `${name}/echo`);
    await ask(page, 'And now?');
    await answer.and(page.locator('article:has-text("And now?")')).waitFor();
    await page.getByRole('status').getByText('Answer complete').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
    await done();
  } finally {
    await upstream.stop();
  }
});

test('a warning is given for what is new in a message, not for what was there before', async () => {
  const { page, done } = await open();
  await signIn(page, 'user@acme.test');
  await chooseModel(page, 'demo/echo');
  await ask(page, 'What is a fair salary?');
  await answered(page);
  await ask(page, 'And something else');
  await page.locator('article[data-role=assistant]').filter({ hasText: 'And something else' }).and(page.locator('[aria-busy=false]')).waitFor();
  const warnings = page.locator('article[data-role=user]').locator('[data-decision=warn]');
  const questions = page.locator('article[data-role=user]');
  assert.equal(await warnings.count(), 1);
  await ask(page, 'Is that salary high?');
  await questions.nth(2).locator('[data-decision=warn]').waitFor();
  await page.reload();
  await questions.nth(2).locator('[data-decision=warn]').waitFor();
  assert.deepEqual(await questions.evaluateAll((all) => all.map((one) => one.querySelector('[data-decision]') !== null)), [true, false, true]);
  await done();
});
