// Rules: written, ordered, tried, in force within two seconds, and counted.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const user = await demo.as('user@acme.test');
const nil = '00000000-0000-0000-0000-000000000000';

const draft = (name, more = {}) => ({ name, condition: { phrases: { texts: ['blue harvest'] } }, outcome: 'warn', ...more });
const create = (body) => admin.expect(201, 'POST', '/api/policies', { body });
const list = async () => (await admin.expect(200, 'GET', '/api/policies')).data;
const tag = (rule) => ({ 'if-match': `"${rule.version}"` });
const remove = (rule) => admin.expect(204, 'DELETE', `/api/policies/${rule.id}`, { headers: tag(rule) });
const pointers = (problem) => problem.errors.map((each) => each.pointer).sort();

test('the demo’s rules are listed in order', async () => {
  const rules = await list();
  assert.deepEqual(rules.map((rule) => rule.outcome), ['block', 'warn', 'redact', 'redact']);
  assert.deepEqual(rules[0].condition, { phrases: { texts: ['project aurora'], whole_word: true, min_count: 1 } });
  assert.deepEqual(rules[0].directions, ['prompt', 'response']);
  assert.ok(rules.every((rule) => rule.message && rule.version === 1));
});

test('a rule is made at the end, read with its tag, changed under it and deleted', async () => {
  const made = await create(draft('Life of a rule'));
  assert.equal((await list()).at(-1).id, made.id);
  const read = await admin.get(`/api/policies/${made.id}`);
  assert.equal(read.headers.etag, '"1"');
  const path = `/api/policies/${made.id}`;
  await admin.expect(428, 'PATCH', path, { body: { state: 'disabled' } });
  await admin.expect(412, 'PATCH', path, { body: { state: 'disabled' }, headers: { 'if-match': '"7"' } });
  const changed = await admin.expect(200, 'PATCH', path, { body: { state: 'disabled', message: 'No.' }, headers: tag(made) });
  assert.deepEqual([changed.version, changed.state, changed.message, changed.outcome], [2, 'disabled', 'No.', 'warn']);
  await admin.expect(412, 'DELETE', path, { headers: tag(made) });
  await remove(changed);
  await admin.expect(404, 'GET', path);
  await admin.expect(404, 'PATCH', path, { body: {}, headers: tag(changed) });
});

test('every kind of condition comes back as it was sent', async () => {
  const [workspace] = user.me.workspaces;
  const condition = {
    all: [
      { any: [{ detectors: { names: ['cpf', 'personal_data'], min_score: 0.5, min_count: 2 } }, { regexes: { patterns: ['ACME-[0-9]{4}'], case_sensitive: true, min_count: 1 } }] },
      { none: [{ phrases: { texts: ['harmless'], whole_word: false, min_count: 1 } }] },
    ],
    roles: ['UR'], workspaces: [workspace.id], models: ['demo/*'], providers: ['demo'], stamps: ['FIN'],
  };
  const made = await create(draft('All kinds', { condition, outcome: 'redact', redaction: { operation: 'partial', keep: 2 }, stamps: ['COF'] }));
  assert.deepEqual(made.condition, condition);
  assert.deepEqual(made.redaction, { operation: 'partial', replacement: '', keep: 2 });
  assert.deepEqual(made.stamps, ['COF']);
  await remove(made);
});

test('what is wrong with a rule is said at its place, all at once', async () => {
  const refuse = (body) => admin.expect(422, 'POST', '/api/policies', { body });
  assert.deepEqual(pointers(await refuse({ ...draft('x'), name: '', extra: 1 })), ['/extra', '/name']);
  assert.deepEqual(
    pointers(await refuse(draft('x', { condition: { any: [{ detectors: { names: ['nonsense'] } }, { regexes: { patterns: ['('] } }] } }))),
    ['/condition/any/0/detectors/names/0', '/condition/any/1/regexes/patterns/0']);
  assert.deepEqual(pointers(await refuse(draft('x', { directions: [] }))), ['/directions']);
  assert.deepEqual(pointers(await refuse(draft('x', { outcome: 'require_approval' }))), ['/outcome']);
  assert.deepEqual(pointers(await refuse(draft('x', { workspace_id: randomUUID() }))), ['/workspace_id']);
  const taken = await admin.expect(409, 'POST', '/api/policies', { body: draft((await list())[0].name) });
  assert.equal(taken.code, 'already_exists');
  // A replacement that a rule of the organization would find again could never be clean.
  assert.deepEqual(
    pointers(await refuse(draft('x', { outcome: 'redact', redaction: { operation: 'replace', replacement: 'project aurora' } }))),
    ['/redaction/replacement']);
});

test('an order names every rule once', async () => {
  const before = (await list()).map((rule) => rule.id);
  const order = (rule_ids) => admin.send('POST', '/api/policies/order', { body: { rule_ids } });
  for (const wrong of [before.slice(1), [...before, before[0]], [...before.slice(1), randomUUID()], []])
    assert.equal((await order(wrong)).status, 422);
  const reversed = before.toReversed();
  const answer = (await order(reversed)).json().data;
  assert.deepEqual(answer.map((rule) => [rule.id, rule.position]), reversed.map((id, at) => [id, at]));
  assert.deepEqual((await list()).map((rule) => rule.id), reversed);
  assert.equal((await order(before)).status, 200);
});

test('the playground judges by the rules as they stand, counts in characters, and stores nothing', async () => {
  const text = '🔒 é: 529.982.247-25 e o salário';
  const result = await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text } });
  assert.equal(result.outcome, 'redact');
  assert.equal(result.redacted_text, '🔒 é: [CPF_1] e o salário');
  const characters = [...text];
  const found = result.matches.map((match) => [match.detector, characters.slice(match.begin, match.end).join('')]);
  assert.deepEqual(found, [['cpf', '529.982.247-25'], ['phrase', 'salário']]);
  assert.deepEqual(result.decision.stamps, ['PII', 'FIN']);
  assert.deepEqual(result.decision.rules.map((rule) => [rule.outcome, rule.direction, rule.shadow]), [['warn', 'prompt', false], ['redact', 'prompt', false]]);
  const blocked = await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text: 'Project  AURORA', direction: 'prompt' } });
  assert.deepEqual([blocked.outcome, blocked.redacted_text], ['block', '']);
});

test('the playground judges by a rule as soon as it is written, though no node has it in force', async () => {
  const evaluate = async () => {
    const { outcome, decision } = await admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text: 'the marmalade plan' } });
    return [outcome, decision.rules.length];
  };
  await evaluate();
  let rule = await create(draft('just written', { outcome: 'block', condition: { phrases: { texts: ['marmalade plan'] } } }));
  assert.deepEqual(await evaluate(), ['block', 1]);
  for (const [state, seen] of [['shadow', ['allow', 1]], ['disabled', ['allow', 0]]]) {
    rule = await admin.expect(200, 'PATCH', `/api/policies/${rule.id}`, { body: { state }, headers: tag(rule) });
    assert.deepEqual(await evaluate(), seen);
  }
  await remove(rule);
});

test('the playground tries drafts in place of the rules as they stand', async () => {
  const evaluate = (text, rules) => admin.expect(200, 'POST', '/api/policies/evaluate', { body: { text, rules } });
  assert.equal((await evaluate('project aurora', [])).outcome, 'allow');
  const tried = await evaluate('Blue-Harvest', [draft('tried', { outcome: 'block' })]);
  assert.deepEqual([tried.outcome, tried.matches[0].rule_name], ['block', 'tried']);
  const shadow = await evaluate('blue harvest', [draft('tried', { outcome: 'block', state: 'shadow' })]);
  assert.deepEqual([shadow.outcome, shadow.decision.rules[0].shadow], ['allow', true]);
  const wrong = await admin.expect(422, 'POST', '/api/policies/evaluate', { body: { text: '', rules: [draft('ok'), draft('x', { condition: { detectors: { names: ['?'] } } })] } });
  assert.deepEqual(pointers(wrong), ['/rules/1/condition/detectors/names/0']);
  assert.ok(!(await list()).some((rule) => rule.name === 'tried'));
});

test('detectors are listed with what they stamp', async () => {
  const { data } = await admin.expect(200, 'GET', '/api/policies/detectors');
  const named = new Map(data.map((each) => [each.name, each]));
  assert.deepEqual([named.get('cpf').stamp, named.get('secret_key').stamp], ['PII', 'COF']);
  assert.deepEqual(data.filter((each) => each.is_group).map((each) => each.name), ['personal_data', 'any']);
  assert.ok(data.every((each) => each.description));
});

test('a rule is in force within two seconds of being written, in its workspace alone, and its hits are counted', async () => {
  const ask = (workspace) => user.send('POST', '/v1/chat/completions', {
    headers: { 'gatehouse-workspace': workspace.id, 'gatehouse-csrf': user.csrf },
    body: { model: 'demo/echo', messages: [{ role: 'user', content: 'blue harvest' }] },
  });
  const mine = user.me.workspaces.find((each) => each.workspace_type === 'PERSONAL');
  const shared = user.me.workspaces.find((each) => each.workspace_type === 'FUNCTIONAL');
  const made = await create(draft('In one workspace', { outcome: 'block', workspace_id: shared.id }));
  await until(async () => (await ask(shared)).status === 403, { within: 2500, every: 100 });
  assert.equal((await ask(mine)).status, 200);
  const counted = async () => (await list()).find((rule) => rule.id === made.id).hits_30d > 0;
  await until(counted, { within: 15000, every: 500 });
  await remove(made);
  await until(async () => (await ask(shared)).status === 200, { within: 2500, every: 100 });
});

test('hashed values stay equal, and nobody else’s hash is the same', async () => {
  const rules = [draft('hash', { condition: { detectors: { names: ['email'] } }, outcome: 'redact', redaction: { operation: 'hash' } })];
  const hashed = async (actor) => (await actor.expect(200, 'POST', '/api/policies/evaluate', { body: { text: 'ana@example.org', rules } })).redacted_text;
  const first = await hashed(admin);
  assert.match(first, /^\[EMAIL:[a-z2-7]+\]$/i);
  assert.equal(await hashed(admin), first);
  assert.notEqual(await hashed(await demo.as('admin@borealis.test')), first);
});

test('who may not tend rules is refused, and ids of another organization name nothing', async () => {
  const [rule] = await list();
  assert.equal((await user.get('/api/policies')).status, 403);
  const manager = await demo.as('manager@acme.test');
  assert.equal((await manager.get('/api/policies')).status, 200);
  assert.equal((await manager.post('/api/policies', draft('x'))).status, 403);
  const stranger = await demo.as('admin@borealis.test');
  await stranger.expect(404, 'GET', `/api/policies/${rule.id}`);
  await stranger.expect(404, 'DELETE', `/api/policies/${rule.id}`, { headers: tag(rule) });
  await admin.expect(404, 'GET', `/api/policies/${nil}`);
});
