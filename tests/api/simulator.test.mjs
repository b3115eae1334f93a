// Seed 003's engine: stages and their versions, the reply at each, what is said when the tenant, the plan, a topic or the model
// stands in the way; and requests that a tenant's own server signs.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { Demo } from '../harness/demo.mjs';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { sign } from '../harness/signed.mjs';
import { makePlan, makeTenant, operatorOf, setStatus } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
const upstream = await MockUpstream.start();
after(async () => {
  await demo.stop();
  await upstream.stop();
});

let admin, manager, user, plan;
before(async () => {
  [admin, manager, user] = await Promise.all(['admin@acme.test', 'manager@acme.test', 'user@acme.test'].map((email) => demo.as(email)));
  plan = await makePlan(demo);
});
const path = (actor) => `/api/tenants/${actor.organization.id}/test`;
const turn = (actor, body = {}) => actor.expect(200, 'POST', path(actor), { body: { stage: 'atendimento', message: 'Onde está o meu pedido?', name: 'Ana', model: 'demo/echo', ...body } });
const stageOf = async (actor, stage) => (await actor.expect(200, 'GET', '/api/stages')).data.find((each) => each.stage === stage);
async function configure(actor, stage, config) {
  const { version } = await stageOf(actor, stage);
  return actor.expect(200, 'PUT', '/api/stages', { body: { stage, based_on: version, config } });
}
const inForce = (actor, stage, version) => until(async () => (await turn(actor, { stage })).config_version === version, { within: 2000, what: 'the version to be in force' });
/** A tenant with nothing behind it, and a model that says what the test wants. */
async function tenant() {
  const made = await makeTenant(demo, plan);
  await made.admin.expect(201, 'POST', '/api/providers', {
    body: { name: 'mock', base_url: upstream.url, api_key: 'sk-mock-0123456789', models: [{ name: 'says' }, { name: 'fails' }] },
  });
  await until(async () => (await made.admin.expect(200, 'GET', '/api/models')).data.some((each) => each.name === 'mock/says'), { within: 3000, what: 'its models' });
  return made;
}

test('a new tenant has the three stages with seed 003’s defaults', async () => {
  const { admin: owner } = await makeTenant(demo, plan);
  const { data } = await owner.expect(200, 'GET', '/api/stages');
  assert.deepEqual(data.map((each) => [each.stage, each.version]), [['atendimento', 1], ['cobranca', 1], ['qualificacao', 1]]);
  for (const { config } of data) {
    assert.deepEqual(config, {
      tone: 'formal', cta_style: 'soft', template_fallback: 'Olá {name}, não conseguimos processar sua solicitação. Tente novamente.',
      guardrails: { on: true, max_tokens: 256, blocked_topics: [] }, questions: [],
    });
  }
});

test('a turn is answered by the model on the governed path, metered, recorded once and logged', async () => {
  const { reply, next_best_action, confidence, outcome, execution_id } = await turn(admin);
  assert.deepEqual([outcome, next_best_action, confidence], ['answered', 'answer_question', 0.5]);
  assert.match(reply, /Onde está o meu pedido\?/);
  const { data } = await admin.expect(200, 'GET', '/api/simulator/executions?stage=atendimento');
  const logged = data.find((each) => each.id === execution_id);
  assert.deepEqual([logged.outcome, logged.model, logged.reply === reply, logged.output_tokens > 0], ['answered', 'demo/echo', true, true]);
  const events = await admin.expect(200, 'GET', `/api/audit/events?action=simulator.run&actor_id=${admin.me.user.id}`);
  assert.equal(events.data.filter((event) => event.request_id === logged.request_id).length, 1);
  const redacted = await turn(admin, { message: 'Meu CPF é 529.982.247-25' });
  assert.doesNotMatch(redacted.reply, /529\.982/);
});

test('the stage’s configuration is what the model is told, and its answer is taken as it was asked for', async () => {
  const { admin: owner } = await tenant();
  upstream.said = JSON.stringify({ reply: 'Podemos parcelar?', next_best_action: 'offer_instalments', confidence: 0.8 });
  await configure(owner, 'cobranca', { tone: 'direct', cta_style: 'direct', guardrails: { max_tokens: 99, blocked_topics: ['política'] }, questions: ['Qual o vencimento?'] });
  await inForce(owner, 'cobranca', 2);
  const answered = await turn(owner, { stage: 'cobranca', model: 'mock/says' });
  assert.deepEqual([answered.reply, answered.next_best_action, answered.confidence], ['Podemos parcelar?', 'offer_instalments', 0.8]);
  const [{ content: told }] = upstream.last.body.messages;
  assert.equal(upstream.last.body.max_tokens, 99);
  for (const word of ['direct tone', 'Qual o vencimento?', 'política']) assert.match(told, new RegExp(word.replace('?', '\\?')));
});

test('a blocked topic is declined without asking the model, and a model that touches it is not repeated', async () => {
  const { admin: owner } = await tenant();
  await configure(owner, 'atendimento', { guardrails: { blocked_topics: ['política'] } });
  await inForce(owner, 'atendimento', 2);
  const before = upstream.requests.length;
  const declined = await turn(owner, { message: 'O que acha da POLITICA?', model: 'mock/says' });
  assert.deepEqual([declined.outcome, declined.next_best_action], ['guardrail', 'change_topic']);
  assert.equal(upstream.requests.length, before);
  upstream.said = 'A política é assim.';
  const fallen = await turn(owner, { model: 'mock/says' });
  assert.deepEqual([fallen.outcome, fallen.reply], ['fallback', 'Olá Ana, não conseguimos processar sua solicitação. Tente novamente.']);
});

test('what is said in the model’s place has passed the rules: the caller’s name is in it', async () => {
  await configure(admin, 'cobranca', { guardrails: { blocked_topics: ['política'] } });
  await inForce(admin, 'cobranca', 2);
  const { outcome, reply, execution_id } = await turn(admin, { stage: 'cobranca', message: 'política', name: 'Ana 529.982.247-25' });
  assert.equal(outcome, 'guardrail');
  assert.match(reply, /^Olá Ana \S+, não posso falar/);
  const { data } = await admin.expect(200, 'GET', '/api/simulator/executions?stage=cobranca');
  assert.equal(data.find((each) => each.id === execution_id).reply, reply, 'this tenant stores content');
  assert.doesNotMatch(reply, /529\.982/);
  assert.deepEqual(await demo.databases.search(['529.982.247-25']), []);
});

test('when the model fails, the fallback is said with the person’s name, and the log says why', async () => {
  const { admin: owner } = await tenant();
  const { outcome, reply, confidence, execution_id } = await turn(owner, { model: 'mock/fails' });
  assert.deepEqual([outcome, reply, confidence], ['fallback', 'Olá Ana, não conseguimos processar sua solicitação. Tente novamente.', 0]);
  const { data } = await owner.expect(200, 'GET', '/api/simulator/executions');
  const logged = data.find((each) => each.id === execution_id);
  assert.equal(logged.reason, 'upstream_failed');
  // This tenant stores no content.
  assert.deepEqual([logged.message, logged.reply], [null, null]);
});

test('steps 10 and 11: a suspended tenant gets the gating reply, with 200, and answers again once it is active', async () => {
  const { tenant: made, admin: owner } = await tenant();
  await setStatus(demo, made, 'suspended');
  const stopped = await until(async () => {
    const reply = await turn(owner);
    return reply.outcome === 'gated' && reply;
  }, { within: 2000, what: 'the suspension' });
  assert.deepEqual([stopped.reply, stopped.next_best_action, stopped.confidence], ['Tenant suspenso.', 'contact_support', 0]);
  assert.equal((await owner.get('/api/stages')).status, 403);
  await setStatus(demo, made, 'active');
  upstream.said = 'Bom dia';
  await until(async () => (await turn(owner, { model: 'mock/says' })).outcome === 'answered', { within: 2000, what: 'the activation' });
});

test('a spent plan has its reply too, and the turn is counted like every model request', async () => {
  const small = await makePlan(demo, { max_requests_month: 2 });
  const { tenant: made, admin: owner } = await makeTenant(demo, small);
  const outcomes = [];
  for (let i = 0; i < 4; ++i) outcomes.push((await turn(owner)).outcome);
  assert.deepEqual(outcomes, ['answered', 'answered', 'gated', 'gated']);
  assert.equal((await turn(owner)).reply, 'Limite mensal excedido.');
  const seen = await (await operatorOf(demo)).expect(200, 'GET', `/api/core/tenants/${made.id}`);
  assert.deepEqual([seen.usage_this_month.used, seen.usage_this_month.limit], [2, 2]);
});

test('versions are kept, one edits the last, and others than administrators only read', async () => {
  const { version } = await stageOf(admin, 'qualificacao');
  await configure(admin, 'qualificacao', { tone: 'friendly' });
  const late = await admin.send('PUT', '/api/stages', { body: { stage: 'qualificacao', based_on: version, config: {} } });
  assert.deepEqual([late.status, late.json().code], [412, 'precondition_failed']);
  const { data } = await manager.expect(200, 'GET', '/api/stages/versions?stage=qualificacao');
  assert.deepEqual(data.slice(0, 2).map((each) => [each.version, each.config.tone]), [[version + 1, 'friendly'], [version, 'formal']]);
  assert.equal((await manager.send('PUT', '/api/stages', { body: { stage: 'qualificacao', based_on: version + 1, config: {} } })).status, 403);
  assert.equal((await user.get('/api/stages')).status, 403);
  assert.equal((await user.post(path(user), { stage: 'atendimento', message: 'x' })).status, 403);
  const refused = await admin.send('PUT', '/api/stages', { body: { stage: 'qualificacao', based_on: 1, config: { tone: 'loud', guardrails: { max_tokens: 5 }, more: 1 } } });
  assert.deepEqual(refused.json().errors.map((error) => error.pointer).sort(), ['/config/guardrails/max_tokens', '/config/more', '/config/tone']);
});

test('a tenant’s server signs with the tenant’s secret: what is old, altered, replayed or another’s is refused', async () => {
  const { tenant: made, secret, admin: owner } = await makeTenant(demo, plan);
  const key = { secret, organization: made.id };
  const target = `/api/tenants/${made.id}/test`;
  const body = JSON.stringify({ stage: 'atendimento', message: 'Bom dia', model: 'demo/echo' });
  const call = (headers, { to = target, text = body, method = 'POST' } = {}) => new Actor(demo, 'server', { ...headers, 'content-type': 'application/json' }).send(method, to, { body: text ?? undefined });
  const good = sign(key, 'POST', target, body);
  const answered = await call(good);
  assert.equal(answered.status, 200, answered.text);
  assert.equal(answered.json().outcome, 'answered');
  assert.equal((await call(good)).status, 401, 'replayed');
  const now = Math.floor(Date.now() / 1000);
  const cases = {
    'six minutes old': sign(key, 'POST', target, body, { at: now - 360 }),
    'from the future': sign(key, 'POST', target, body, { at: now + 360 }),
    'another secret': sign({ ...key, secret: 'ghts_wrong' }, 'POST', target, body),
    'another version': sign({ ...key, version: 2 }, 'POST', target, body),
    'another tenant': sign({ ...key, organization: admin.organization.id }, 'POST', target, body),
    'another method': sign(key, 'PUT', target, body),
    'another path': sign(key, 'POST', `${target}?x=1`, body),
    'another body': sign(key, 'POST', target, `${body} `),
    'a short nonce': sign(key, 'POST', target, body, { nonce: 'x' }),
    'no timestamp': { ...sign(key, 'POST', target, body), 'gatehouse-timestamp': '' },
  };
  for (const [what, headers] of Object.entries(cases)) assert.equal((await call(headers)).status, 401, what);
  assert.equal((await call(sign({ ...key, region: 'eu' }, 'POST', target, body))).status, 401);
  // It runs the simulator and reads usage, and nothing else.
  assert.equal((await call(sign(key, 'GET', '/api/stages'), { to: '/api/stages', method: 'GET', text: null })).status, 200);
  assert.equal((await call(sign(key, 'GET', '/api/members'), { to: '/api/members', method: 'GET', text: null })).status, 403);
  const { secret: next } = await (await operatorOf(demo)).expect(201, 'POST', `/api/core/tenants/${made.id}/secret`, { body: {}, headers: { 'idempotency-key': randomUUID() } });
  for (const each of [{ secret: next, version: 2 }, { secret, version: 1 }])
    assert.equal((await call(sign({ organization: made.id, ...each }, 'POST', target, body))).status, 200, `version ${each.version}`);
  const { data } = await owner.expect(200, 'GET', `/api/audit/events?action=simulator.run`);
  assert.ok(data.every((event) => event.actor_type === 'service_account' && event.actor_id === made.id));
});
