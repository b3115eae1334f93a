// The official OpenAI client against /v1, with nothing in between.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { Demo } from '../harness/demo.mjs';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { cpf, digitsOf } from '../harness/personal.mjs';
import { addProvider } from '../harness/providers.mjs';

const demo = await Demo.start();
const mock = await MockUpstream.start();
after(async () => {
  await mock.stop();
  await demo.stop();
});
await addProvider(await demo.as('admin@acme.test'), mock);

const clientWith = (apiKey) => new OpenAI({ apiKey, baseURL: `${demo.url}/v1`, maxRetries: 0 });
const client = clientWith(demo.ready.api_keys.acme);
const ask = (content, more = {}, options = {}) =>
  client.chat.completions.create({ model: 'demo/echo', messages: [{ role: 'user', content }], ...more }, options);

async function chunksOf(content, more = {}) {
  const chunks = [];
  for await (const chunk of await ask(content, { ...more, stream: true })) chunks.push(chunk);
  return chunks;
}
const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');

test('lists the models that the key may use', async () => {
  const models = [];
  for await (const model of client.models.list()) models.push(model);
  const ids = models.map((model) => model.id);
  assert.ok(ids.includes('demo/echo') && ids.includes('demo/assistant'), ids.join());
  for (const model of models) assert.equal(model.object, 'model');
});

test('gives one model, and says what is wrong of another, of an address that is none and of a body that is too large', async () => {
  assert.equal((await client.models.retrieve('demo/echo')).id, 'demo/echo');
  const failures = [
    [() => client.models.retrieve('demo/none'), 404, /There is no such model/],
    [() => client.embeddings.create({ model: 'demo/echo', input: 'x' }), 404, /not found|There is no/i],
    [() => client.get('/chat/completions'), 405, /./],
    [() => ask('x'.repeat(20 << 20)), 413, /./],
  ];
  for (const [call, status, message] of failures) {
    const error = await call().then(() => assert.fail('it was answered'), (reason) => reason);
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.equal(error.status, status, String(error));
    assert.ok(error.code && error.type, `${status} without code or type`);
    assert.match(error.message, message);
  }
});

test('answers in one piece', async () => {
  const completion = await ask('Good morning');
  assert.equal(completion.object, 'chat.completion');
  assert.equal(completion.model, 'demo/echo');
  assert.equal(completion.choices.length, 1);
  assert.deepEqual({ role: completion.choices[0].message.role, content: completion.choices[0].message.content }, { role: 'assistant', content: 'Good morning' });
  assert.equal(completion.choices[0].finish_reason, 'stop');
  const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = completion.usage;
  assert.ok(input > 0 && output > 0);
  assert.equal(total, input + output);
});

test('streams the same text in pieces, with one id and a reason to finish', async () => {
  const text = 'A text that is long enough to come in several pieces, with ünïcödé and 🙂 in it.';
  const chunks = await chunksOf(text);
  assert.equal(textOf(chunks), text);
  assert.ok(chunks.length > 2);
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.deepEqual(chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.finish_reason)).filter(Boolean), ['stop']);
  assert.ok(chunks.every((chunk) => chunk.usage == null && chunk.choices.length > 0), 'usage came although nobody asked');
});

test('tells the usage at the end of a stream, if asked', async () => {
  const chunks = await chunksOf('Count this', { stream_options: { include_usage: true } });
  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  assert.ok(last.usage.total_tokens > 0);
  assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
});

test('streams the demo assistant with the client’s own helper', async () => {
  const runner = client.chat.completions.stream({ model: 'demo/assistant', messages: [{ role: 'user', content: 'What are you?' }] });
  const completion = await runner.finalChatCompletion();
  assert.match(completion.choices[0].message.content, /demo/i);
});

test('carries what was decided and the request’s id in headers', async () => {
  const requestId = randomUUID();
  const { response } = await ask('My salary is a secret', {}, { headers: { 'x-request-id': requestId } }).withResponse();
  assert.equal(response.headers.get('gatehouse-decision'), 'warn');
  assert.equal(response.headers.get('x-request-id'), requestId);
  const plain = await ask('Nothing of note').withResponse();
  assert.equal(plain.response.headers.get('gatehouse-decision'), 'allow');
});

test('a wrong key is an AuthenticationError', async () => {
  const key = demo.ready.api_keys.acme;
  const damaged = key.slice(0, 60) + (key[60] === 'a' ? 'b' : 'a') + key.slice(61);
  for (const wrong of ['sk-nonsense', damaged, 'gh_us_', `${key}x`, 'x'.repeat(5000)])
    await assert.rejects(clientWith(wrong).models.list(), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError, `${wrong.slice(0, 20)}: ${error}`);
      assert.equal(error.status, 401);
      assert.ok(error.requestID);
      return true;
    });
});

test('an unknown model is a NotFoundError', async () => {
  await assert.rejects(ask('Hello', { model: 'no/such-model' }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError, String(error));
    assert.equal(error.code, 'model_not_found');
    return true;
  });
});

test('a body that makes no sense is a BadRequestError or an UnprocessableEntityError, never the server’s fault', async () => {
  const bodies = [
    {}, { model: 'demo/echo' }, { model: 'demo/echo', messages: 'hello' }, { model: 'demo/echo', messages: [] },
    { model: 7, messages: [{ role: 'user', content: 'hello' }] }, { model: 'demo/echo', messages: [7] },
    { model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }], stream: 'yes' },
  ];
  for (const body of bodies)
    await assert.rejects(client.chat.completions.create(body), (error) => {
      const known = error instanceof OpenAI.BadRequestError || error instanceof OpenAI.UnprocessableEntityError;
      assert.ok(known && error.message && error.type, `${JSON.stringify(body)}: ${error}`);
      return true;
    }, JSON.stringify(body));
});

for (const stream of [false, true])
  test(`Project Aurora is a PermissionDeniedError, ${stream ? 'streaming' : 'in one piece'}, and an audit event`, async () => {
    const requestId = randomUUID();
    await assert.rejects(ask('Tell me about project aurora', { stream }, { headers: { 'x-request-id': requestId } }), (error) => {
      assert.ok(error instanceof OpenAI.PermissionDeniedError, String(error));
      assert.equal(error.status, 403);
      assert.equal(error.code, 'policy_blocked');
      assert.equal(error.type, 'policy_violation');
      return true;
    });
    const events = (await demo.databases.eventsOf([requestId])).get(requestId);
    assert.deepEqual(events.map((event) => [event.action, event.outcome, event.decision]), [['model.call', 'denied', 'block']]);
    assert.doesNotMatch(JSON.stringify(events), /Tell me about/);
  });

test('a CPF never comes back: numbered per value, however it is written', async () => {
  const [first, second] = [cpf(), cpf()];
  const completion = await ask(`My CPF is ${first}`);
  assert.equal(completion.choices[0].message.content, 'My CPF is [CPF_1]');
  const two = await ask(`CPF ${first}, CPF ${second}, and again ${digitsOf(first)}`);
  assert.equal(two.choices[0].message.content, 'CPF [CPF_1], CPF [CPF_2], and again [CPF_1]');
  assert.equal(textOf(await chunksOf(`My CPF is ${first}.`)), 'My CPF is [CPF_1].');
  const { response } = await ask(first).withResponse();
  assert.equal(response.headers.get('gatehouse-decision'), 'redact');
});

test('a CPF in full-width digits or with invisible characters between them does not come back either', async () => {
  const plain = cpf();
  const fullWidth = plain.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const invisible = [...plain].join('\u200b');
  for (const disguised of [fullWidth, invisible, `${plain.slice(0, 7)}\u00ad${plain.slice(7)}`]) {
    const content = (await ask(`CPF ${disguised}`)).choices[0].message.content.normalize('NFKC');
    assert.ok(!digitsOf(content).includes(digitsOf(plain)), content);
  }
});

test('a CPF does not pass in the parts of a message, whatever stands between them', async () => {
  const number = cpf();
  const text = (value) => ({ type: 'text', text: value });
  for (const between of [
    null, {}, { type: 'text' }, { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
    { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
  ]) {
    const content = [text(`CPF ${number.slice(0, 8)}`), between, text(number.slice(8))];
    const answer = await ask(content, { model: 'mock/parts' });
    assert.equal(answer.choices[0].message.content, 'CPF [CPF_1]');
    const parts = (await chunksOf(content, { model: 'mock/parts' })).flatMap((chunk) => chunk.choices[0]?.delta?.content ?? []);
    assert.ok(parts.filter((part) => part.text).every((part) => part.type === 'text'), JSON.stringify(parts));
    assert.equal(parts.map((part) => part.text ?? '').join(''), 'CPF [CPF_1]');
  }
  const refused = { role: 'assistant', content: [text('project '), { type: 'refusal', refusal: 'aurora' }] };
  await assert.rejects(ask('', { messages: [refused, { role: 'user', content: 'Go on' }] }), { status: 403 });
});

test('a large answer is judged like a small one', async () => {
  mock.said = `CPF ${cpf()}, `.repeat(20_000);
  const expected = 'CPF [CPF_1], '.repeat(20_000);
  assert.equal((await ask('Say it', { model: 'mock/says' })).choices[0].message.content, expected);
  assert.equal(textOf(await chunksOf('Say it', { model: 'mock/says' })), expected);
});

test('a key of another organization sees that organization’s models and rules only', async () => {
  const other = clientWith(demo.ready.api_keys.borealis);
  const completion = await other.chat.completions.create({ model: 'demo/echo', messages: [{ role: 'user', content: 'From Borealis' }] });
  assert.equal(completion.choices[0].message.content, 'From Borealis');
});
