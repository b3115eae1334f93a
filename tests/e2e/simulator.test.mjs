// Stages with the simulator beside them: a new version, what it changed, turns and how they ended, the log, and who is kept out.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, databases, open, signIn, url, violations, visit } from './harness.mjs';

after(close);

const beside = (page) => page.getByRole('region', { name: 'Simulator' });
const say = async (page, text) => {
  await beside(page).getByLabel('Message').fill(text);
  await beside(page).getByRole('button', { name: 'Send' }).click();
  const turn = beside(page).locator('article', { hasText: text }).last();
  await turn.and(page.locator(':not([aria-busy])')).locator('svg').first().waitFor();
  return turn;
};

for (const [theme, width] of [['light', 1280], ['dark', 390]])
  test(`a stage is changed, tried out and read in the log, ${theme}, at ${width} pixels`, async () => {
    const { page, done } = await open({ theme, width });
    await signIn(page, 'admin@acme.test');
    await visit(page, '/simulator', 'main form');
    await page.getByRole('radio', { name: 'Collection' }).click();
    const topic = `gossip${Date.now()}`;
    await page.getByLabel('Tone').selectOption({ label: width > 600 ? 'Friendly' : 'Direct' });
    await page.getByLabel('Topics that are not talked about').fill(topic);
    await page.getByRole('button', { name: 'Put in force' }).click();
    const versions = page.getByRole('region', { name: 'Versions' });
    const said = await page.getByText(/^Version \d+ is in force$/).first().innerText();
    await versions.getByRole('button', { name: said.replace(' is in force', ''), exact: true, expanded: false }).click();
    await versions.getByText(topic).waitFor();
    await versions.getByText('Tone').waitFor();
    assert.deepEqual(await violations(page), []);

    await beside(page).getByLabel('Model').selectOption('demo/echo');
    const answered = await say(page, 'When do I have to pay?');
    await answered.getByText('Answered').waitFor();
    await answered.getByText('Next: negotiate the payment').waitFor();
    // In force within two seconds; until then the echo repeats the word.
    for (let again = 0; ; ++again) {
      const declined = await say(page, `What about ${topic}?`);
      if (await declined.getByText('Declined').isVisible()) break;
      assert.ok(again < 20, 'the topic is still talked about');
    }
    assert.deepEqual(await violations(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} pixels wide`);

    await page.getByRole('radio', { name: 'Log' }).click();
    const log = page.getByRole('region', { name: 'Log' });
    await log.locator('[data-execution]').first().getByText('A blocked topic').waitFor();
    await log.getByText('demo/echo').first().waitFor();
    assert.deepEqual(await violations(page), []);
    // The conversation is still there.
    await page.getByRole('radio', { name: 'Simulator' }).click();
    await beside(page).getByText('When do I have to pay?', { exact: true }).waitFor();

    // An earlier version is taken up as a draft, and becomes the next one.
    const shown = await versions.getByRole('listitem').first().innerText();
    await versions.getByRole('button', { name: /^Take up version/ }).first().click();
    await page.getByRole('button', { name: 'Put in force' }).click();
    await page.getByText(`Version ${Number(/Version (\d+)/.exec(shown)[1]) + 1} is in force`).first().waitFor();
    await done();
  });

test('who is kept out by the plan reads the engine’s reply and why no model was asked', async () => {
  const operator = await open();
  await signIn(operator.page, 'operator@gatehouse.test');
  const { csrf_token } = await (await operator.page.request.get(`${url}/api/auth/me`)).json();
  const make = async (path, data) => {
    const answer = await operator.page.request.post(url + path, { data, headers: { 'Gatehouse-Csrf': csrf_token } });
    assert.ok(answer.ok(), await answer.text());
    return answer.json();
  };
  const mark = Date.now().toString(36);
  const plan = await make('/api/core/plans', { name: `One ${mark}`, slug: `one-${mark}`, max_requests_month: 1 });
  const { tenant } = await make('/api/core/tenants', { name: `One ${mark}`, slug: `one-${mark}`, owner_email: `one-${mark}@one.test`, owner_password: 'a password of some length', plan_id: plan.id, region: 'us' });
  await operator.done();
  await databases.rows('us', "insert into tenant_usage (organization_id, month, request_count) values ($1, to_char(now() at time zone 'UTC', 'YYYY-MM'), 1) on conflict (organization_id, month) do update set request_count = 1", [tenant.id]);

  const { page, done } = await open();
  await page.request.post(`${url}/api/auth/sign-in`, { data: { email: `one-${mark}@one.test`, password: 'a password of some length' } });
  await visit(page, '/simulator', 'main form');
  const gated = await say(page, 'Bom dia');
  await gated.locator('[data-gated]').getByText('Limite mensal excedido.').waitFor();
  await gated.getByText('Kept out').waitFor();
  await gated.getByText('Next: contact support').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('radio', { name: 'Log' }).click();
  await page.locator('[data-execution]').first().getByText('The plan’s requests are used up').waitFor();
  await page.locator('[data-execution]').first().getByText('This organization stores no content.').waitFor();
  await done();
});

test('a manager reads the stages and runs the simulator, and changes nothing', async () => {
  const { page, done } = await open();
  await signIn(page, 'manager@acme.test');
  await visit(page, '/simulator', 'main form');
  assert.ok(await page.getByLabel('Tone').isDisabled());
  assert.equal(await page.getByRole('button', { name: 'Put in force' }).count(), 0);
  await beside(page).getByLabel('Model').selectOption('demo/echo');
  await (await say(page, 'Good morning')).getByText('Answered').waitFor();
  await done();
});

test('the engine asks on as the tester ticks what is answered', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/simulator', 'main form');
  await page.getByRole('radio', { name: 'Qualification' }).click();
  const mark = Date.now();
  const questions = [`How many people ${mark}?`, `Until when ${mark}?`];
  await page.getByLabel('Questions to ask').fill(questions.join('\n'));
  await page.getByRole('button', { name: 'Put in force' }).click();
  const asked = beside(page).getByRole('group', { name: 'Answered already' });
  await asked.getByLabel(questions[0]).waitFor();
  await beside(page).getByLabel('Model').selectOption('demo/echo');
  // In force within two seconds.
  for (let again = 0; ; ++again) {
    if (await (await say(page, `Hello ${again}`)).getByText('Next: ask the next question').isVisible()) break;
    assert.ok(again < 20, 'no question is asked');
  }
  for (const question of questions) {
    await asked.locator('label', { hasText: question }).getByText('asked next').waitFor();
    await asked.getByLabel(question).check();
  }
  assert.equal(await asked.getByText('asked next').count(), 0);
  assert.deepEqual(await violations(page), []);
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/test'));
  const last = await say(page, 'Twelve, by Friday');
  assert.deepEqual((await sent).postDataJSON().answered, questions);
  await last.getByText('Next: schedule a meeting').waitFor();
  await done();
});

test('a draft outlives somebody else’s change and keeps theirs', async () => {
  const { page, done } = await open();
  await signIn(page, 'admin@acme.test');
  await visit(page, '/simulator', 'main form');
  const fallback = `Later, {name}. ${Date.now()}`;
  await page.getByLabel('When the model fails').fill(fallback);
  // Somebody else, meanwhile.
  const { csrf_token } = await (await page.request.get(`${url}/api/auth/me`)).json();
  const stages = (await (await page.request.get(`${url}/api/stages`)).json()).data;
  const { stage, version, config } = stages.find((one) => one.stage === 'atendimento');
  const theirs = await page.request.put(`${url}/api/stages`, { data: { stage, based_on: version, config: { ...config, tone: config.tone === 'direct' ? 'neutral' : 'direct' } }, headers: { 'Gatehouse-Csrf': csrf_token } });
  assert.ok(theirs.ok(), await theirs.text());
  const made = await theirs.json();

  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('alert').filter({ hasText: 'try again' }).waitFor();
  await page.locator('main form').getByText(`Version ${made.version}`, { exact: true }).first().waitFor();
  assert.equal(await page.getByLabel('When the model fails').inputValue(), fallback);
  assert.equal(await page.getByLabel('Tone').inputValue(), made.config.tone);
  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByText(`Version ${made.version + 1} is in force`).first().waitFor();
  const now = (await (await page.request.get(`${url}/api/stages`)).json()).data.find((one) => one.stage === stage);
  assert.deepEqual([now.config.template_fallback, now.config.tone], [fallback, made.config.tone]);
  await done();
});
