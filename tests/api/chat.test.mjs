// Chats: the AI SDK's message stream, resuming, stopping, and everything around a conversation.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
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
await addProvider(await demo.as('admin@acme.test'), mock);
const user = await demo.as('user@acme.test');

const turn = (text, role = 'user') => ({ id: randomUUID(), role, parts: [{ type: 'text', text }] });
const submit = (text, more = {}) => ({ id: randomUUID(), trigger: 'submit-message', messages: [turn(text)], ...more });
const newChat = async (body = {}, actor = user) => (await actor.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', ...body } })).id;
const get = (id) => user.expect(200, 'GET', `/api/chats/${id}`);
const textOf = (parts) => parts.filter((part) => part.type === 'text-delta').map((part) => part.delta).join('');

async function say(chat, body) {
  const { status, headers, frames } = await user.stream('POST', `/api/chats/${chat}/messages`, { body: typeof body === 'string' ? submit(body) : body });
  assert.equal(status, 200);
  return { headers, parts: await collect(frames) };
}

test('an answer is the AI SDK’s message stream, part by part', async () => {
  const chat = await newChat();
  const { headers, parts } = await say(chat, 'A question that is worth several pieces');
  assert.match(headers['content-type'], /^text\/event-stream/);
  assert.equal(headers['cache-control'], 'no-cache');
  assert.equal(headers['x-vercel-ai-ui-message-stream'], 'v1');
  assert.equal(headers['x-accel-buffering'], 'no');
  const kinds = parts.map((part) => part.type).filter((type, i, all) => type !== 'text-delta' || all[i - 1] !== 'text-delta');
  assert.deepEqual(kinds, ['start', 'data-decision', 'start-step', 'text-start', 'text-delta', 'text-end', 'data-decision', 'data-usage', 'finish-step', 'finish']);
  const id = parts.find((part) => part.type === 'text-start').id;
  for (const part of parts.filter((each) => each.type.startsWith('text-'))) assert.equal(part.id, id);
  assert.equal(textOf(parts), 'A question that is worth several pieces');
  const [prompt, response] = parts.filter((part) => part.type === 'data-decision');
  assert.deepEqual([prompt.data.outcome, response.data.outcome, response.id], ['allow', 'allow', 'response']);
  const usage = parts.find((part) => part.type === 'data-usage').data;
  assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0 && Number.isInteger(usage.cost) && usage.model === 'demo/echo');
  const { messages } = await get(chat);
  assert.equal(parts[0].messageId, messages[1].id);
});

test('a conversation is stored as it was after policy, and counted', async () => {
  const chat = await newChat({ model: 'mock/echo' });
  const number = cpf();
  const { parts } = await say(chat, `My CPF is ${number}`);
  assert.equal(textOf(parts), 'My CPF is [CPF_1]');
  const decision = parts.find((part) => part.type === 'data-decision').data;
  assert.equal(decision.outcome, 'redact');
  assert.deepEqual(decision.detectors, [{ name: 'cpf', count: 1, redacted: 1 }]);
  assert.ok(decision.rules.length >= 1 && decision.stamps.includes('PII'));
  const stored = await get(chat);
  assert.deepEqual(stored.messages.map((message) => [message.role, message.status, message.text]), [['user', 'complete', 'My CPF is [CPF_1]'], ['assistant', 'complete', 'My CPF is [CPF_1]']]);
  assert.equal(stored.messages[0].decision.outcome, 'redact');
  assert.equal(stored.chat.message_count, 2);
  assert.equal(stored.chat.total_tokens, stored.messages.reduce((sum, each) => sum + each.input_tokens + each.output_tokens, 0));
  assert.equal(stored.chat.total_cost, stored.messages.reduce((sum, each) => sum + each.cost, 0));
  assert.ok(stored.chat.total_cost > 0);
  assert.deepEqual(await demo.databases.search([number, digitsOf(number)]), []);
});

test('a value split over the parts of a message is stored and titled as it was judged', async () => {
  const image = { type: 'file', mediaType: 'image/png', url: 'https://example.org/a.png' };
  const said = (...texts) => ({ id: randomUUID(), role: 'user', parts: texts.flatMap((text) => [{ type: 'text', text }, image]) });
  const number = cpf();
  for (const [texts, title] of [
    [[`meu cpf ${number.slice(0, 8)}`, number.slice(8)], 'meu cpf [CPF_1]'],
    [[`meu cpf ${number.slice(0, 8)}\0${'\0'.repeat(70)}`, number.slice(8)], 'meu cpf [CPF_1]'],
    // A title knows one kind of space, so that it says more than the text did.
    [[`meu cpf ${number.slice(0, 7)}\n\n\n\n\n\n${number.slice(8)}`], 'meu cpf [CPF_1]'],
  ]) {
    const chat = await newChat({ model: 'mock/echo' });
    await say(chat, submit('', { messages: [said(...texts)] }));
    const stored = await get(chat);
    assert.equal(stored.chat.title, title);
    if (texts.length > 1) assert.equal(stored.messages[0].text, title);
    assert.deepEqual(await demo.databases.search([number]), []);
    if (texts.length > 1) assert.ok(!JSON.stringify(mock.last.body).includes(number.slice(8)));
  }
});

test('the server’s own history counts, not what the browser claims was said', async () => {
  const chat = await newChat({ model: 'mock/echo' });
  await say(chat, 'First question');
  await say(chat, submit('', { messages: [turn('Invented question'), turn('Invented answer', 'assistant'), turn('Second question')] }));
  const sent = mock.last.body.messages.filter((each) => each.role !== 'system').map((each) => [each.role, each.content]);
  assert.deepEqual(sent, [['user', 'First question'], ['assistant', 'First question'], ['user', 'Second question']]);
});

test('Project Aurora is refused with the decision, and recorded', async () => {
  const chat = await newChat();
  const requestId = randomUUID();
  const problem = await user.expect(403, 'POST', `/api/chats/${chat}/messages`, { body: submit('What is project aurora?'), headers: { 'x-request-id': requestId } });
  assert.equal(problem.code, 'policy_blocked');
  assert.equal(problem.decision.outcome, 'block');
  assert.ok(problem.decision.rules.some((rule) => rule.outcome === 'block' && rule.message), JSON.stringify(problem.decision));
  const events = (await demo.databases.eventsOf([requestId])).get(requestId);
  assert.deepEqual(events.map((event) => [event.outcome, event.decision]), [['denied', 'block']]);
});

test('a block in the answer cuts it before the match and ends with an error', async () => {
  const chat = await newChat({ model: 'mock/echo' });
  const admin = await demo.as('admin@acme.test');
  const rule = await admin.expect(201, 'POST', '/api/policies', { body: { name: 'No zeppelins in answers', outcome: 'block', directions: ['response'], message: 'No zeppelins', condition: { phrases: { texts: ['zeppelin'] } } } });
  try {
    const parts = await until(async () => {
      const said = (await say(chat, 'Before it comes the zeppelin and more')).parts;
      return said.some((part) => part.type === 'error') && said;
    }, { within: 5000, what: 'the new rule to be in force' });
    assert.ok(!/zeppelin/i.test(textOf(parts)));
    assert.ok(!parts.some((part) => part.type === 'finish'));
    const last = (await get(chat)).messages.at(-1);
    assert.equal(last.status, 'blocked');
    assert.ok(!/zeppelin/i.test(last.text ?? ''));
    await demo.databases.settled('us');
    const outcome = await demo.databases.value('us', 'select outcome from metering_events where chat_id = $1 order by created_at desc limit 1', [chat]);
    assert.equal(outcome, 'blocked');
  } finally {
    await admin.expect(204, 'DELETE', `/api/policies/${rule.id}`, { headers: { 'if-match': `"${rule.version}"` } });
  }
});

test('an answer that is under way can be resumed from its start by another page', async () => {
  const chat = await newChat({ model: 'demo/assistant' });
  const first = await user.stream('POST', `/api/chats/${chat}/messages`, { body: submit('Tell me about yourself') });
  assert.equal(first.status, 200);
  await first.frames.next();
  assert.equal((await get(chat)).chat.is_streaming, true);
  const second = await user.stream('GET', `/api/chats/${chat}/stream`);
  assert.equal(second.status, 200);
  // The page that asked goes away; the answer goes on.
  first.response.destroy();
  const parts = await collect(second.frames);
  assert.deepEqual([parts[0].type, parts.at(-1).type], ['start', 'finish']);
  const { messages, chat: shown } = await until(async () => {
    const now = await get(chat);
    return !now.chat.is_streaming && now;
  }, { what: 'the end of the answer' });
  assert.equal(shown.is_streaming, false);
  assert.equal(messages.at(-1).text, textOf(parts));
  assert.equal(messages.at(-1).status, 'complete');
  await user.expect(204, 'GET', `/api/chats/${chat}/stream`);
});

test('an answer can be stopped: it keeps what it had, and the provider is left', async () => {
  const chat = await newChat({ model: 'mock/slow' });
  const { frames } = await user.stream('POST', `/api/chats/${chat}/messages`, { body: submit('Go on') });
  const parts = [];
  for await (const data of frames) {
    if (data !== '[DONE]') parts.push(JSON.parse(data));
    if (parts.filter((part) => part.type === 'text-delta').length === 3) await user.expect(204, 'POST', `/api/chats/${chat}/stop`);
  }
  assert.equal(parts.at(-1).type, 'abort');
  await until(() => mock.last.left, { what: 'the provider to be left' });
  const last = (await get(chat)).messages.at(-1);
  assert.equal(last.status, 'stopped');
  assert.ok(last.text.startsWith('word0 ') && textOf(parts).startsWith('word0 '));
});

test('a chat has one answer under way at a time', async () => {
  const chat = await newChat({ model: 'mock/slow' });
  const { frames } = await user.stream('POST', `/api/chats/${chat}/messages`, { body: submit('Go on') });
  await frames.next();
  const reply = await user.post(`/api/chats/${chat}/messages`, submit('Me too'));
  assert.deepEqual([reply.status, reply.json().code], [409, 'stream_in_progress']);
  await user.expect(204, 'POST', `/api/chats/${chat}/stop`);
  for await (const _ of frames);
});

test('an answer can be made again, in its place', async () => {
  const chat = await newChat({ model: 'mock/echo' });
  await say(chat, 'Say it');
  const before = await get(chat);
  const { parts } = await say(chat, { id: chat, trigger: 'regenerate-message', messageId: before.messages[1].id, messages: [turn('Say it')] });
  assert.equal(textOf(parts), 'Say it');
  const now = await get(chat);
  assert.deepEqual(now.messages.map((message) => message.role), ['user', 'assistant']);
  assert.equal(now.messages[0].id, before.messages[0].id);
  assert.ok(now.chat.total_tokens > before.chat.total_tokens);
});

test('a provider that fails ends the stream or the call with an error, and the answer is marked', async () => {
  const chat = await newChat({ model: 'mock/fails' });
  const { status, frames } = await user.stream('POST', `/api/chats/${chat}/messages`, { body: submit('Hello') });
  const parts = [];
  for await (const data of frames) if (data !== '[DONE]') parts.push(data);
  if (status === 200) assert.ok(parts.some((data) => JSON.parse(data).type === 'error'), parts.join('\n'));
  else assert.equal(status, 502);
  const answers = (await get(chat)).messages.filter((message) => message.role === 'assistant');
  assert.deepEqual(answers.map((message) => message.status), ['failed']);
});

test('chats are named after their first message, renamed, pinned, archived, tagged and found by title', async () => {
  const chat = await newChat();
  const word = `Heron${randomUUID().slice(0, 8)}`;
  await say(chat, `${word}, what is it?`);
  assert.ok((await get(chat)).chat.title.startsWith(word));
  const found = async (query) => (await user.expect(200, 'GET', `/api/chats?${query}`)).data.map((each) => each.id);
  assert.deepEqual(await found(`q=${word.toLowerCase()}`), [chat]);
  assert.deepEqual(await found(`q=${word}%25`), []);
  const changed = await user.expect(200, 'PATCH', `/api/chats/${chat}`, { body: { title: `Egret ${word}`, is_pinned: true, tags: [word] } });
  assert.deepEqual([changed.title, changed.is_pinned, changed.tags], [`Egret ${word}`, true, [word]]);
  assert.deepEqual(await found('q=egret'), [chat]);
  assert.deepEqual(await found(`tag=${word}`), [chat]);
  await user.expect(200, 'PATCH', `/api/chats/${chat}`, { body: { is_archived: true } });
  assert.deepEqual(await found('q=egret&archived=false'), []);
  assert.deepEqual(await found('q=egret&archived=true'), [chat]);
});

test('a deleted chat is gone with all its messages', async () => {
  const chat = await newChat();
  const word = `deleted${randomUUID()}`;
  await say(chat, word);
  assert.notDeepEqual(await demo.databases.search([word]), []);
  await user.expect(204, 'DELETE', `/api/chats/${chat}`);
  await user.expect(404, 'GET', `/api/chats/${chat}`);
  assert.deepEqual(await demo.databases.search([word]), []);
});

test('a page may choose the chat’s id, once', async () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  assert.equal(await newChat({ id }), id);
  const again = await user.post('/api/chats', { id, model: 'demo/echo' });
  assert.equal(again.status, 409, again.text);
  // Another organization neither learns of it nor is kept from it.
  assert.equal(await newChat({ id }, await demo.as('admin@borealis.test')), id);
});

test('the oldest messages do not get lost in a long conversation', async () => {
  const chat = await newChat({ model: 'mock/echo' });
  for (let i = 0; i < 12; ++i) await say(chat, `Turn ${i}`);
  const { messages } = await get(chat);
  assert.deepEqual(messages.filter((each) => each.role === 'user').map((each) => each.text), Array.from({ length: 12 }, (_, i) => `Turn ${i}`));
  assert.equal(mock.last.body.messages.filter((each) => each.role === 'user').length, 12);
});
