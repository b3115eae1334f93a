// What reaches a model provider, and what comes back from one: a mock upstream records every byte.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { searchFiles } from '../harness/databases.mjs';
import { Demo } from '../harness/demo.mjs';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { cpf, digitsOf } from '../harness/personal.mjs';
import { addProvider } from '../harness/providers.mjs';
import { collect } from '../harness/sse.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
const mock = await MockUpstream.start();
after(async () => {
  await mock.stop();
  await demo.stop();
});
const admin = await demo.as('admin@acme.test');
const provider = await addProvider(admin, mock);
const key = demo.withKey(demo.ready.api_keys.acme);
const client = new OpenAI({ apiKey: demo.ready.api_keys.acme, baseURL: `${demo.url}/v1`, maxRetries: 0 });

const ask = (content, more = {}) => ({ model: 'mock/echo', messages: [{ role: 'user', content }], ...more });
const meteringOf = async (model) => (await demo.databases.settled('us'), demo.databases.rows('us', 'select * from metering_events where model = $1 order by created_at', [model]));
/** The CPF in any spelling: digits alone, wherever they were cut. */
const contains = (text, number) => digitsOf(text.normalize('NFKC')).includes(digitsOf(number));

test('what is not interpreted is passed on unchanged, in both directions', async () => {
  const sent = ask('Pass this on', {
    temperature: 0.25, n: 2, seed: 7, logit_bias: { 50256: -100 }, unheard_of: { deep: [1, 'two', null, true, 1e-7] },
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } } }],
  });
  const completion = await client.chat.completions.create(sent);
  assert.deepEqual({ ...mock.last.body, model: 'mock/echo' }, { ...sent, ...(mock.last.body.stream === undefined ? {} : { stream: false }) });
  assert.equal(mock.last.body.model, 'echo');
  assert.equal(mock.last.headers.authorization, `Bearer ${provider.apiKey}`);
  assert.equal(completion.choices.length, 2);
  assert.equal(completion.choices[1].message.content, 'Pass this on');
  assert.deepEqual(completion.unheard_of, { kept: true });
});

test('the caller’s credential and cookies do not travel on', async () => {
  await key.expect(200, 'POST', '/v1/chat/completions', { body: ask('Headers'), headers: { cookie: 'gatehouse_session=x; theme=dark', 'x-own': 'caller' } });
  const headers = JSON.stringify(mock.last.headers);
  assert.ok(!headers.includes(demo.ready.api_keys.acme) && !headers.includes('theme=dark') && !headers.includes('x-own'), headers);
});

const hidingPlaces = {
  'a message': (number) => ask(`CPF ${number}`),
  'a system message': (number) => ({ model: 'mock/echo', messages: [{ role: 'system', content: `The customer is ${number}` }, { role: 'user', content: 'Hello' }] }),
  'an earlier answer': (number) => ({ model: 'mock/echo', messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: number }, { role: 'user', content: 'Hello' }] }),
  'a tool’s answer': (number) => ({ model: 'mock/echo', messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: `{"cpf":"${number}"}` } }] },
    { role: 'tool', tool_call_id: 'call_1', content: `{"cpf":"${number}"}` }, { role: 'user', content: 'Hello' }] }),
  'metadata': (number) => ask('Hello', { metadata: { customer: number } }),
  'an object’s key': (number) => ask('Hello', { metadata: { [number]: 'customer' } }),
  'a number': (number) => ask('Hello', { metadata: { customer: Number(digitsOf(number)) } }),
  'a tool’s description': (number) => ask('Hello', { tools: [{ type: 'function', function: { name: 'look', description: `For CPF ${number}`, parameters: {} } }] }),
  'a tool’s schema': (number) => ask('Hello', { tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: { cpf: { type: 'string', default: number, enum: [number], examples: [digitsOf(number)] } } } } }] }),
  'a name in a tool’s schema': (number) => ask('Hello', { tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: { [`cpf ${number}`]: { type: 'string' } } } } }] }),
  'response_format': (number) => ask('Hello', { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { const: number } } } }),
  'the user’s name': (number) => ask('Hello', { user: number }),
  'a field that nobody knows': (number) => ask('Hello', { unheard_of: [{ deep: { deeper: [`x${' '}${number}`] } }] }),
  'one content part': (number) => ask([{ type: 'text', text: 'Who is this?' }, { type: 'text', text: number }]),
  'two content parts, cut in the middle': (number) => ask([{ type: 'text', text: `CPF ${number.slice(0, 7)}` }, { type: 'text', text: number.slice(7) }]),
  'JSON escapes': (number) => JSON.stringify(ask('CPF ####')).replace('####', [...number].map((each) => `\\u${each.codePointAt(0).toString(16).padStart(4, '0')}`).join('')),
  'full-width digits': (number) => ask(`CPF ${number.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))}`),
  'invisible characters': (number) => ask(`CPF ${[...number].join('\u200d')}`),
};
for (const [place, body] of Object.entries(hidingPlaces))
  for (const stream of [false, true])
    test(`a CPF hidden in ${place} neither reaches the provider nor comes back${stream ? ', streaming' : ''}`, async () => {
      const number = cpf();
      let made = body(number);
      if (stream) made = typeof made === 'string' ? made.replace(/^\{/, '{"stream":true,') : { ...made, stream: true };
      const before = mock.requests.length;
      const reply = await key.post('/v1/chat/completions', made);
      assert.ok(!contains(reply.text, number), reply.text);
      for (const request of mock.requests.slice(before)) assert.ok(!contains(request.text, number), request.text);
      // It is either redacted, or refused by a rule; nothing else may stop it.
      if (reply.status === 200) assert.equal(mock.requests.length, before + 1);
      else assert.equal(reply.json().error.code, 'policy_blocked', reply.text);
      assert.deepEqual(await demo.databases.search([number, digitsOf(number)]), []);
    });

test('none of all this lies in any file of the server, and neither does the provider’s key', async () => {
  const number = cpf();
  await key.post('/v1/chat/completions', ask(`Once more: CPF ${number}`, { metadata: { a: number } }));
  await key.post('/v1/chat/completions', `{"model":"mock/echo","messages":[{"role":"user","content":"${number}"}],`);
  await key.post('/v1/chat/completions', ask(number, { model: 'mock/fails' }));
  const needles = [number, digitsOf(number), provider.apiKey];
  assert.deepEqual(searchFiles(demo.data, needles), []);
  assert.deepEqual(await demo.databases.search([provider.apiKey]), []);
  assert.ok(!demo.output().includes(number));
});

test('an answer is redacted while it streams, wherever it is cut', async () => {
  // The mock answers with the last user message in pieces of three characters; `salary` is only a warning, so it stays.
  const bodies = ask([{ type: 'text', text: 'The salary of ana.silva' }, { type: 'text', text: '@example.org is a secret' }], { stream: true });
  const { status, frames } = await key.stream('POST', '/v1/chat/completions', { body: bodies });
  assert.equal(status, 200);
  const text = (await collect(frames)).map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');
  assert.ok(!text.includes('ana.silva@example.org'), text);
  assert.ok(text.includes('salary') && text.endsWith('is a secret'), text);
});

test('usage that only we asked for is not passed on, and is metered', async () => {
  const { frames } = await key.stream('POST', '/v1/chat/completions', { body: ask('Count me', { stream: true }) });
  const chunks = await collect(frames);
  assert.equal(mock.last.body.stream_options.include_usage, true);
  assert.ok(chunks.every((chunk) => chunk.usage == null && chunk.choices.length === 1));
  const metered = (await meteringOf('mock/echo')).at(-1);
  assert.deepEqual([Number(metered.input_tokens), Number(metered.output_tokens), metered.is_estimated, metered.outcome], [11, 8, false, 'completed']);
  // A dollar a million tokens in, two out: 11 + 16 microdollars.
  assert.equal(Number(metered.cost), 27);
});

test('a provider that fails is a clean error that tells nothing of the provider’s key or headers', async () => {
  for (const model of ['mock/fails', 'mock/refuses']) {
    for (const stream of [false, true]) {
      const reply = await key.post('/v1/chat/completions', ask('Hello', { model, stream }));
      assert.ok(reply.status === 502 || reply.status === 504, `${model}: ${reply.status} ${reply.text}`);
      assert.ok(!reply.text.includes(provider.apiKey) && !('x-upstream-secret' in reply.headers), reply.text);
    }
    assert.equal((await meteringOf(model)).at(-1).outcome, 'failed');
  }
});

test('a provider that is busy is asked again before the first byte', async () => {
  const before = mock.requests.length;
  const reply = await key.post('/v1/chat/completions', ask('Patience', { model: 'mock/busy', seed: 41 }));
  assert.equal(reply.status, 200, reply.text);
  assert.equal(mock.requests.length, before + 3);
});

test('a stream that breaks off upstream ends with an error and without [DONE], and is metered once', async () => {
  const before = mock.requests.length;
  const { status, frames } = await key.stream('POST', '/v1/chat/completions', { body: ask('A text that is cut in the middle of it', { model: 'mock/cuts', stream: true }) });
  assert.equal(status, 200);
  const all = [];
  for await (const data of frames) all.push(data);
  assert.ok(JSON.parse(all.at(-1)).error, all.join('\n'));
  assert.equal(mock.requests.length, before + 1);
  const metered = await meteringOf('mock/cuts');
  assert.deepEqual(metered.map((event) => event.outcome), ['failed']);
});

test('when the client leaves, the provider is left as well, and what was used is metered', async () => {
  const requestId = randomUUID();
  const { response, frames } = await key.stream('POST', '/v1/chat/completions', { body: ask('Go on for long', { model: 'mock/slow', stream: true }), headers: { 'x-request-id': requestId } });
  await frames.next();
  const seen = mock.last;
  response.destroy();
  await until(() => seen.left, { what: 'the provider to be left' });
  const [metered] = await until(async () => (await meteringOf('mock/slow')).length && meteringOf('mock/slow'), { what: 'the metering event' });
  assert.equal(metered.outcome, 'stopped');
  assert.equal(metered.is_estimated, true);
  assert.ok(Number(metered.output_tokens) > 0);
  const events = await until(async () => {
    const found = (await demo.databases.eventsOf([requestId])).get(requestId);
    return found.length && found;
  }, { what: 'the audit event' });
  assert.equal(events.length, 1);
});

test('a provider’s key is shown by its last four characters only, and a new one is used at once', async () => {
  const shown = await admin.expect(200, 'GET', `/api/providers/${provider.id}`);
  assert.equal(shown.key_last_four, provider.apiKey.slice(-4));
  assert.ok(!JSON.stringify(shown).includes(provider.apiKey));
  const next = `sk-next-${randomUUID()}`;
  await admin.expect(200, 'PATCH', `/api/providers/${provider.id}`, { body: { api_key: next }, headers: { 'if-match': `"${shown.version}"` } });
  await until(async () => {
    await key.expect(200, 'POST', '/v1/chat/completions', { body: ask('Which key?') });
    return mock.last.headers.authorization === `Bearer ${next}`;
  }, { within: 2500, what: 'the new key to be used' });
});

test('a provider’s address is not changed without its key, so that nobody has the stored one sent elsewhere', async () => {
  const shown = await admin.expect(200, 'GET', `/api/providers/${provider.id}`);
  const elsewhere = shown.base_url.replace(/\/v1$/, '/elsewhere/v1');
  const move = (body) => admin.patch(`/api/providers/${provider.id}`, body, { headers: { 'if-match': `"${shown.version}"` } });
  const refused = await move({ base_url: elsewhere });
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.json().errors.map(({ pointer, code }) => [pointer, code]), [['/api_key', 'required']]);
  assert.equal((await move({ base_url: shown.base_url })).status, 200, 'the same address is no change');
});

test('an address inside the installation’s network is refused as a provider', async () => {
  for (const address of ['http://169.254.169.254/latest', 'http://10.0.0.1/v1', 'http://[fe80::1]/v1', 'ftp://example.org/v1', 'file:///etc/passwd', 'http://user:pass@example.org/v1']) {
    const reply = await admin.post('/api/providers', { name: 'inside', base_url: address, api_key: 'sk-key', models: [{ name: 'm' }] });
    assert.ok([403, 422].includes(reply.status), `${address}: ${reply.status} ${reply.text}`);
  }
});
