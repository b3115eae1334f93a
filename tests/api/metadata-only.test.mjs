// Nothing that a person of a metadata_only organization types is found in any table or file.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { searchFiles } from '../harness/databases.mjs';
import { Demo } from '../harness/demo.mjs';
import { MockUpstream } from '../harness/mock-upstream.mjs';
import { canary } from '../harness/personal.mjs';
import { addProvider } from '../harness/providers.mjs';
import { collect } from '../harness/sse.mjs';

const demo = await Demo.start();
const mock = await MockUpstream.start();
after(async () => {
  await mock.stop();
  await demo.stop();
});
const admin = await demo.as('admin@borealis.test');
await addProvider(admin, mock);
const key = demo.withKey(demo.ready.api_keys.borealis);
const planted = [];
const plant = (label) => {
  planted.push(canary(label));
  return planted.at(-1);
};
const ui = (text, more = {}) => ({ id: randomUUID(), trigger: 'submit-message', messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }], ...more });
const textOf = (parts) => parts.filter((part) => part.type === 'text-delta').map((part) => part.delta).join('');
const newChat = async (body = {}) => (await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', ...body } })).id;

test('a chat in the console is answered, and shows metadata alone afterwards', async () => {
  const chat = await newChat();
  const secret = plant('prompt');
  const { status, frames } = await admin.stream('POST', `/api/chats/${chat}/messages`, { body: ui(secret) });
  assert.equal(status, 200);
  assert.equal(textOf(await collect(frames)), secret);
  const shown = await admin.expect(200, 'GET', `/api/chats/${chat}`);
  assert.equal(shown.chat.title, null);
  assert.deepEqual(shown.messages.map((message) => [message.role, message.text]), [['user', null], ['assistant', null]]);
  assert.ok(shown.chat.total_tokens > 0 && shown.messages[1].output_tokens > 0);
});

test('the history that the model needs comes from the browser', async () => {
  const chat = await newChat({ model: 'mock/echo' });
  const [earlier, answer, last] = [plant('earlier'), plant('answer'), plant('last')];
  const turn = (role, text) => ({ id: randomUUID(), role, parts: [{ type: 'text', text }] });
  const { status, frames } = await admin.stream('POST', `/api/chats/${chat}/messages`, { body: ui('', { messages: [turn('user', earlier), turn('assistant', answer), turn('user', last)] }) });
  assert.equal(status, 200);
  assert.equal(textOf(await collect(frames)), last);
  assert.deepEqual(mock.last.body.messages.filter((each) => each.role !== 'system').map((each) => each.content), [earlier, answer, last]);
});

test('a title is not kept, whether given at the start or later', async () => {
  for (const reply of [await admin.post('/api/chats', { model: 'demo/echo', title: plant('title') }), await admin.patch(`/api/chats/${await newChat()}`, { title: plant('newtitle') })]) {
    assert.ok(reply.status < 500, reply.text);
    if (reply.status < 300) assert.equal(reply.json().title, null);
  }
});

test('what is looked for in the record is not kept', async () => {
  for (const filter of ['action', 'resource'])
    assert.deepEqual((await admin.expect(200, 'GET', `/api/audit/events?${filter}=${plant(filter)}`)).data, []);
});

test('searching by title finds nothing and keeps nothing', async () => {
  const { data } = await admin.expect(200, 'GET', `/api/chats?q=${plant('search')}`);
  assert.deepEqual(data, []);
});

test('the gateway answers, with content wherever OpenAI’s API allows it', async () => {
  for (const model of ['demo/echo', 'mock/echo'])
    for (const stream of [false, true]) {
      const secret = plant('gateway');
      const reply = await key.post('/v1/chat/completions', {
        model, stream, messages: [{ role: 'system', content: plant('system') }, { role: 'user', content: secret, name: plant('name') }],
        metadata: { note: plant('metadata'), [plant('metadatakey')]: 'x' }, user: plant('user'), unheard_of: { deep: [plant('unknown')] },
        tools: [{ type: 'function', function: { name: 'look', description: plant('tool'), parameters: { type: 'object', properties: { a: { type: 'string', description: plant('toolschema') } } } } }],
      });
      assert.equal(reply.status, 200, reply.text);
      assert.ok(reply.text.includes(secret.slice(0, 6)));
    }
});

test('what is refused, blocked, redacted or malformed leaves no trace of its text either', async () => {
  const blocked = `${plant('blocked')} project aurora ${plant('blockedafter')}`;
  assert.equal((await key.post('/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content: blocked }] })).status, 403);
  assert.equal((await admin.post(`/api/chats/${await newChat()}/messages`, ui(blocked))).status, 403);
  await key.post('/v1/chat/completions', { model: 'mock/echo', messages: [{ role: 'user', content: `${plant('redacted')} ana@example.org ${plant('salary')} salary` }] });
  await key.post('/v1/chat/completions', { model: 'mock/fails', messages: [{ role: 'user', content: plant('upstreamfails') }] });
  await key.post('/v1/chat/completions', { model: `no/${plant('model')}`, messages: [{ role: 'user', content: plant('nomodel') }] });
  await key.post('/v1/chat/completions', { model: 'demo/echo', messages: plant('notalist') });
  await key.post('/v1/chat/completions', `{"model":"demo/echo","messages":[{"role":"user","content":"${plant('cut')}"`);
  await key.post('/v1/chat/completions', `{"model":"demo/echo","${plant('dup')}":1,"${planted.at(-1)}":2,"messages":[]}`);
  await admin.post('/api/policies/evaluate', { text: `${plant('playground')} project aurora` });
  await admin.post(`/api/chats/${await newChat()}/messages`, { ...ui(plant('badtrigger')), trigger: plant('trigger') });
  await admin.get(`/api/chats/${plant('path')}`);
  await admin.get(`/api/audit/events?${plant('unknownparameter')}=1`);
});

test('a stream that its reader leaves, or that breaks, leaves no trace of its text either', async () => {
  for (const model of ['mock/slow', 'mock/cuts']) {
    const { response, frames } = await key.stream('POST', '/v1/chat/completions', { body: { model, stream: true, messages: [{ role: 'user', content: `${plant('left')} and then some more text after it` }] } });
    await frames.next();
    response.destroy();
  }
  const chat = await newChat({ model: 'mock/slow' });
  const { frames } = await admin.stream('POST', `/api/chats/${chat}/messages`, { body: ui(plant('stopped')) });
  await frames.next();
  // Nothing is kept, so there is nothing to resume.
  assert.equal((await admin.get(`/api/chats/${chat}/stream`)).status, 204);
  await admin.expect(204, 'POST', `/api/chats/${chat}/stop`);
});

test('tags are the person’s words too', async () => {
  const reply = await admin.patch(`/api/chats/${await newChat()}`, { tags: [plant('tag')] });
  // They may be refused or dropped; a stored tag would be found below.
  assert.ok(reply.status < 500, reply.text);
});

test('none of it lies in any table of any database', async () => {
  assert.ok(planted.length > 50);
  assert.deepEqual(await demo.databases.search(planted), []);
});

test('none of it lies in any file, the database’s and its log’s included', async () => {
  await demo.databases.outboxesEmpty();
  for (const name of demo.databases.names) await demo.databases.rows(name, 'checkpoint');
  assert.deepEqual(searchFiles(demo.data, planted), []);
  assert.deepEqual(planted.filter((text) => demo.output().includes(text)), []);
});
