// What no well-meaning client sends: a clear error each time, and the server goes on serving.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, afterEach, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { Demo } from '../harness/demo.mjs';
import { connect, firstReply, raw } from '../harness/raw.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const user = await demo.as('user@acme.test');
const key = demo.withKey(demo.ready.api_keys.acme);

afterEach(async () => {
  assert.ok(demo.running, `the server died:\n${demo.output().slice(-4000)}`);
  await demo.nobody().expect(200, 'GET', '/healthz');
});

/** The answer is a problem, whole and as documented, with one of these statuses. */
function assertProblem(reply, statuses, what) {
  assert.ok(reply, `${what}: no answer`);
  assert.ok([statuses].flat().includes(reply.status), `${what}: ${reply.status} ${reply.text.slice(0, 300)}`);
  demo.contract.check('GET', '/nowhere', reply);
}

const host = 'Host: 127.0.0.1\r\n';
const get = (more = '', path = '/healthz') => `GET ${path} HTTP/1.1\r\n${host}${more}\r\n`;
const post = (more, body = '') => `POST /api/auth/sign-in HTTP/1.1\r\n${host}${more}\r\n${body}`;
const malformed = {
  'no HTTP at all': ['hello\r\n\r\n', 400],
  'TLS on the plain port': [Buffer.from('16030100a5010000a10303', 'hex'), 400],
  'binary noise': [Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 197) % 256)), 400],
  'an unknown version': [`GET /healthz HTTP/9.9\r\n${host}\r\n`, [400, 505]],
  'no Host': ['GET /healthz HTTP/1.1\r\n\r\n', 400],
  'two Hosts': [get('Host: other\r\n'), 400],
  'a bad Host': ['GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  'absolute form': [`GET http://127.0.0.1/healthz HTTP/1.1\r\n${host}\r\n`, 400],
  'a path that does not begin with a slash': [`GET healthz HTTP/1.1\r\n${host}\r\n`, 400],
  'a NUL in the path': [`GET /health\0z HTTP/1.1\r\n${host}\r\n`, 400],
  'an empty segment at the front': [get('', '//api/auth/me'), 404],
  'an empty segment inside': [get('', '/api//auth/me'), 404],
  'a bad percent escape': [get('', '/api/chats/%zz'), [400, 404]],
  'a percent-encoded NUL': [get('', '/api/chats/%00'), [400, 401, 404]],
  'dots that climb': [get('', '/../../etc/passwd'), [400, 404]],
  'encoded dots that climb': [get('', '/%2e%2e/%2e%2e/etc/passwd'), [400, 404]],
  'a space before the colon': [get('X-A : 1\r\n'), 400],
  'a folded header': [get('X-A: 1\r\n 2\r\n'), 400],
  'a header without a name': [get(': 1\r\n'), 400],
  'a bare line feed': [`GET /healthz HTTP/1.1\n${host}\r\n`, 400],
  'a bare carriage return in a value': [get('X-A: 1\r2\r\n'), 400],
  'a control character in a value': [get('X-A: \x01\r\n'), 400],
  'two lengths': [post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), 400],
  'a length and chunks': [post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
  'an unknown coding': [post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), [400, 501]],
  'a negative length': [post('Content-Length: -1\r\n'), 400],
  'a length that is no number': [post('Content-Length: 1x\r\n'), 400],
  'a length beyond all numbers': [post('Content-Length: 99999999999999999999999\r\n'), [400, 413]],
  'a bad chunk size': [post('Transfer-Encoding: chunked\r\n', 'xyz\r\n'), 400],
  'a chunk size beyond all numbers': [post('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n'), [400, 413]],
  'a chunk without its end': [post('Transfer-Encoding: chunked\r\n', '2\r\n{}xxxxxxxx\r\n0\r\n\r\n'), 400],
  'a request line that is too long': [get('', `/${'a'.repeat(20_000)}`), 414],
  'a header that is too long': [get(`X-A: ${'a'.repeat(40_000)}\r\n`), 431],
  'too many headers': [get(Array.from({ length: 300 }, (_, i) => `X-${i}: 1\r\n`).join('')), 431],
  'too many parameters': [get('', `/api/chats?${'a&'.repeat(1000)}`), 400],
  'an unknown method': [`BREW /healthz HTTP/1.1\r\n${host}\r\n`, [400, 405, 501]],
};
for (const [what, [bytes, statuses]] of Object.entries(malformed))
  test(`HTTP: ${what} is refused, and the connection closed`, async () => {
    assertProblem(firstReply(await raw(demo.url, bytes)), statuses, what);
  });

test('HTTP: a request that is cut anywhere gets a refusal or nothing, and harms nobody', async () => {
  const whole = post('Content-Type: application/json\r\nContent-Length: 48\r\n', '{"email":"user@acme.test","password":"wrong one"}');
  const cuts = Array.from({ length: 40 }, (_, i) => Math.floor((i * (whole.length - 1)) / 40));
  const answers = await Promise.all(cuts.map((cut) => raw(demo.url, whole.slice(0, cut))));
  for (const answer of answers.map(firstReply).filter(Boolean)) assertProblem(answer, [400, 408], 'cut');
});

test('HTTP: a connection that is reset in the middle of a body or an answer harms nobody', async () => {
  const head = `POST /v1/chat/completions HTTP/1.1\r\n${host}Authorization: Bearer ${demo.ready.api_keys.acme}\r\nContent-Type: application/json\r\n`;
  const body = '{"model":"demo/assistant","stream":true,"messages":[{"role":"user","content":"Tell me a lot"}]}';
  for (let i = 0; i < 20; ++i) {
    const socket = await connect(demo.url);
    socket.on('error', () => {});
    socket.write(i % 2 ? `${head}Content-Length: ${body.length}\r\n\r\n${body}` : `${head}Content-Length: 5000\r\n\r\n{"model":`);
    if (i % 2) await once(socket, 'data');
    socket.resetAndDestroy();
  }
});

test('HTTP: several requests in one piece are answered in their order', async () => {
  const received = await raw(demo.url, get() + get('', '/nowhere-at-all') + get('Connection: close\r\n'), { end: false });
  assert.deepEqual([...received.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]), ['200', '404', '200']);
});

const deep = (open, close, depth) => open.repeat(depth) + close.repeat(depth);
const json = {
  'nothing': '', 'a space': ' ', 'a word': 'hello', 'half an object': '{"model":"demo/echo"', 'two values': '{} {}', 'a trailing comma': '{"model":"demo/echo",}',
  'a comment': '/* */{}', 'single quotes': "{'model':'demo/echo'}", 'NaN': '{"model":NaN}', 'a byte order mark': '\ufeff{"model":"demo/echo"}',
  'deep arrays': `{"model":${deep('[', ']', 100_000)}}`, 'deep objects': deep('{"a":', '}', 20_000).replace('}', '1}'),
  'a duplicate key': '{"model":"demo/echo","model":"demo/assistant"}', 'a duplicate key in disguise': '{"model":"demo/echo","\\u006dodel":"demo/assistant"}',
  'bad UTF-8': Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff, 0xfe, 0xc0, 0xaf]), Buffer.from('"}')]),
  'UTF-8 that is cut': Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]),
  'an encoded surrogate': Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  'half a surrogate pair': '{"model":"\\ud800"}', 'a control character': '{"model":"a\u0001b"}', 'a bad escape': '{"model":"\\x41"}',
};
for (const [what, body] of Object.entries(json)) {
  test(`JSON: ${what} is a 400 of the API`, async () => {
    const reply = await user.post('/api/chats', body);
    assert.equal(reply.status, 400, reply.text);
    assert.equal(reply.json().code, 'malformed_json');
  });
  test(`JSON: ${what} is a 400 of the gateway, in its own words`, async () => {
    const reply = await key.post('/v1/chat/completions', body);
    assert.equal(reply.status, 400, reply.text);
    assert.equal(reply.json().error.code, 'malformed_json');
  });
}

const invalid = {
  'another type': [[], 'text', 7, true, null],
  'a field of another type': [{ model: 7 }, { model: ['demo/echo'] }, { model: { name: 'demo/echo' } }, { model: 'demo/echo', title: { $ne: 1 } }],
  'an unknown field': [{ model: 'demo/echo', is_admin: true }, { model: 'demo/echo', __proto__x: 1 }, { model: 'demo/echo', organization_id: user.organization.id }],
  'text beyond its limit': [{ model: 'demo/echo', title: 'x'.repeat(20_000) }, { model: 'x'.repeat(5000) }],
  'a NUL in a text': [{ model: 'demo/echo', title: 'a\u0000b' }, { model: 'demo/\u0000' }],
  'an id that is none': [{ id: '1 or 1=1', model: 'demo/echo' }, { id: 7, model: 'demo/echo' }, { model: 'demo/echo', workspace_id: '../' }],
};
for (const [what, bodies] of Object.entries(invalid))
  test(`a body with ${what} is refused with a pointer to it`, async () => {
    for (const body of bodies) {
      const reply = await user.post('/api/chats', JSON.stringify(body));
      assert.ok([400, 404, 422].includes(reply.status), `${JSON.stringify(body).slice(0, 100)}: ${reply.status} ${reply.text.slice(0, 300)}`);
      if (reply.status === 422) assert.ok(reply.json().errors.length > 0, reply.text);
    }
  });

test('numbers beyond what can be counted are refused or kept, never bent', async () => {
  for (const number of ['1e999999', '-1e999999', '99999999999999999999999999', '0.1', '1e2', '-1', '007'])
    assert.ok([400, 422].includes((await user.send('POST', '/api/chats', { body: `{"model":"demo/echo","tags":${number}}` })).status), number);
  for (const limit of ['0', '-1', '201', '1e999', '99999999999999999999', 'ten', '1.5', '', '0x10'])
    assert.ok([400, 422].includes((await user.get(`/api/chats?limit=${limit}`)).status), `limit=${limit}`);
});

test('page tokens that were altered, invented, or made for another list or person are refused', async () => {
  for (let i = 0; i < 3; ++i) await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const { next_page_token: token } = await user.expect(200, 'GET', '/api/chats?limit=1');
  const altered = token.slice(0, 10) + (token[10] === 'A' ? 'B' : 'A') + token.slice(11);
  for (const [actor, path] of [
    [user, `/api/chats?page_token=${altered}`], [user, '/api/chats?page_token=bm9uc2Vuc2U'], [user, `/api/chats?page_token=${'A'.repeat(2000)}`],
    [user, `/api/api-keys?page_token=${token}`], [await demo.as('admin@borealis.test'), `/api/chats?page_token=${token}`],
  ]) {
    const reply = await actor.get(path);
    assert.ok([400, 422].includes(reply.status), `${path.slice(0, 60)}: ${reply.status} ${reply.text}`);
  }
});

test('cookies and credentials that make no sense are refused as if there were none', async () => {
  const cookies = ['gatehouse_session', 'gatehouse_session=', 'gatehouse_session=;;;', 'gatehouse_session=ghs_us_', '=', ';;;', `gatehouse_session=${'x'.repeat(8000)}`,
    'gatehouse_session="quoted"', `gatehouse_session=a; ${user.cookie}`, 'gatehouse_session=%00%ff', 'a=b; '.repeat(500)];
  for (const cookie of cookies) {
    const reply = await new Actor(demo, 'bad cookie', { cookie }).get('/api/auth/me');
    assert.equal(reply.status, 401, cookie.slice(0, 60));
  }
  const credentials = ['', 'Bearer', 'Bearer ', 'Bearer  x', 'bearer a.b.c', 'Basic dXNlcjpwYXNz', 'Bearer ..', `Bearer ${'.'.repeat(6000)}`, 'Bearer eyJhbGciOiJub25lIn0.e30.', `Bearer ${'A'.repeat(8000)}`,
    'Bearer gh_us_', 'Bearer gh_xx_0000_0000', 'Bearer \u00e9'];
  for (const authorization of credentials) {
    const reply = await new Actor(demo, 'bad credential', { authorization }).get('/api/auth/me');
    assert.equal(reply.status, 401, `${authorization.slice(0, 40)}: ${reply.text}`);
  }
});

test('a body over its limit is a 413, announced or not, and before it is read when announced', async () => {
  const big = JSON.stringify({ model: 'demo/echo', title: 'x'.repeat(300 * 1024) });
  const reply = await user.post('/api/chats', big);
  assert.equal(reply.status, 413, reply.text.slice(0, 300));
  const auth = `Authorization: Bearer ${demo.ready.api_keys.acme}\r\n`;
  // 50 GB are announced and never sent.
  const announced = await raw(demo.url, `POST /v1/chat/completions HTTP/1.1\r\n${host}${auth}Content-Length: 50000000000\r\n\r\n{`, { end: false, enough: (received) => firstReply(received)?.body.length > 10 });
  assert.equal(firstReply(announced).status, 413);
  const { access_token: token } = await user.expect(200, 'POST', '/api/auth/token');
  const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const chunked = await raw(demo.url, `POST /api/chats HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n${piece.repeat(8)}`, { end: false, enough: (received) => firstReply(received)?.body.length > 10 });
  assert.equal(firstReply(chunked).status, 413);
});

test('who sends a body is asked before the body is waited for', async () => {
  const large = `${host}Content-Type: application/json\r\nContent-Length: 5000000\r\n`;
  const begun = `\r\n{"model":"${'x'.repeat(1000)}`;
  const whole = { end: false, enough: (received) => firstReply(received)?.body.length > 10 };
  for (const [head, status] of [['', 401], ['Authorization: Bearer gh_us_nonsense\r\n', 401], [`Authorization: Bearer ${demo.ready.api_keys.acme}\r\nGatehouse-Workspace: ${randomUUID()}\r\n`, 403]]) {
    const reply = firstReply(await raw(demo.url, `POST /v1/chat/completions HTTP/1.1\r\n${large}${head}${begun}`, whole));
    assert.equal(reply?.status, status, head);
    assert.equal(reply.headers.connection, 'close');
  }
});

test('two thousand idle connections, and as many that send half a request, leave room for others', async () => {
  const sockets = [];
  try {
    for (let i = 0; i < 20; ++i)
      sockets.push(...await Promise.all(Array.from({ length: 100 }, () => connect(demo.url))));
    sockets.forEach((socket) => socket.on('error', () => {}));
    sockets.slice(0, 500).forEach((socket) => socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0'));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) =>
      (i % 2 ? key.post('/v1/chat/completions', { model: 'demo/echo', messages: [{ role: 'user', content: `Number ${i}` }] }) : user.get('/api/auth/me'))));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
    assert.equal(sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length >= 1500, true);
  } finally {
    sockets.forEach((socket) => socket.destroy());
  }
});

test('what is not there is a problem too, and unknown paths of the console are its page or a 404', async () => {
  for (const path of ['/api/nowhere', '/v1/nowhere', '/api/chats/', '/docs/nowhere']) {
    const reply = await user.get(path);
    assert.equal(reply.status, 404, `${path}: ${reply.text}`);
  }
});
