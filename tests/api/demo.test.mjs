// Starting the demo: its folder, its port, beginning anew, and the commands of ./dev that look into it.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { binary, Demo, root } from '../harness/demo.mjs';

const demo = await Demo.start({ folder: "Ann's data" });
after(() => demo.stop());
const another = (...args) => spawnSync(binary, ['demo', '--migrations', join(root, 'migrations'), ...args], { encoding: 'utf8', cwd: dirname(demo.data), timeout: 120_000 });
const dev = (args, input) => spawnSync(join(root, 'dev'), args, { encoding: 'utf8', cwd: dirname(demo.data), input, env: { ...process.env, GATEHOUSE_NO_INSTALL: '1' } });

async function freePort() {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address();
  listening.close();
  await once(listening, 'close');
  return port;
}

test('a folder with spaces and quotes in its name serves, and so does the command line on it', async () => {
  const { code, stderr } = await demo.cli('migrate', 'status');
  assert.equal(code, 0, stderr);
  await demo.nobody().expect(200, 'GET', '/readyz');
});

test('a name that is made to lead to the demo is not served', async () => {
  const { port } = new URL(demo.url);
  const ask = (host) => new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/healthz', headers: { host }, agent: false }, (response) => resolve(response.resume().statusCode)).on('error', reject).end();
  });
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) assert.equal(await ask(`${host}:${port}`), 200, host);
  for (const host of ['evil.test', 'localhost.evil.test']) assert.equal(await ask(`${host}:${port}`), 403, host);
});

test('what the demo prints can be pasted', () => {
  const [, lines] = /^( {4}export OPENAI_BASE_URL=[^]*?)\n\n/m.exec(demo.output());
  const { status, stdout, stderr } = spawnSync('bash', ['-c', lines], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).choices[0].message.content, 'hello');
  assert.doesNotMatch(demo.output(), /[ \t]$/m);
  assert.match(demo.output(), /^ {4}admin@acme\.test .* organization admin of acme$/m);
});

test('a second demo on the same port says so, and ends with 1', () => {
  const { port } = new URL(demo.url);
  const { status, stderr } = another('--data', 'other data', '--port', port);
  assert.equal(status, 1, stderr);
  assert.match(stderr, new RegExp(`port ${port} is taken; use --port`));
  assert.doesNotMatch(stderr, /PostgreSQL/);
  assert.ok(!existsSync(join(dirname(demo.data), 'other data/secrets')));
});

test('a second demo on the same folder is refused, and --fresh removes nothing from under a running one', async () => {
  const user = await demo.as('user@acme.test');
  const { id } = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  for (const args of [[], ['--fresh']]) {
    const { status, stderr } = another('--data', demo.data, '--port', '0', ...args);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /another demo runs on .*: stop it, or name a folder with --data/);
  }
  await user.expect(200, 'GET', `/api/chats/${id}`);
});

test('--fresh does not remove a folder that is no demo’s', () => {
  const { status, stderr } = another('--data', '.', '--port', '0', '--fresh');
  assert.equal(status, 1, stderr);
  assert.match(stderr, /is no data folder of Gatehouse/);
});

test('./dev db is a psql on the running demo, whether the folder is named from here or from the root', () => {
  for (const folder of [demo.data, relative(dirname(demo.data), demo.data)]) {
    const { status, stdout, stderr } = dev(['db', '--data', folder, 'eu_audit'], 'select current_database();\n');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /gatehouse_eu_audit/);
  }
  assert.notEqual(dev(['db', '--data', 'nowhere'], '').status, 0);
});

test('./dev smoke checks a chat, and fails with a key that is none', () => {
  const { status, stdout, stderr } = dev(['smoke', demo.url, demo.ready.api_keys.acme]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /smoke: ok/);
  assert.notEqual(dev(['smoke', demo.url, 'gh_us_nonsense']).status, 0);
  const named = dev(['smoke', '--data', demo.data]);
  assert.equal(named.status, 0, named.stderr);
  for (const command of ['smoke', 'db']) assert.match(dev([command, '--data', 'nowhere'], '').stderr, /--data DIR/);
});

test('a port that was asked for is the one that it listens on, and --fresh begins anew', async () => {
  const user = await demo.as('user@acme.test');
  const { id } = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const keys = demo.ready.api_keys;
  await demo.databases.close();
  assert.equal(await demo.interrupt(), 0);
  const port = await freePort();
  await demo.launch({ port, fresh: true });
  assert.equal(demo.url, `http://127.0.0.1:${port}`);
  demo.databases.dsns = demo.ready.postgres;
  assert.notDeepEqual(demo.ready.api_keys, keys);
  await (await demo.as('user@acme.test')).expect(404, 'GET', `/api/chats/${id}`);
});
