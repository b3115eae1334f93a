// Starting the demo: its folder, its port, beginning anew, and the commands of ./dev that look into it.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
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

test('a second demo on the same port says so, and ends with 1', () => {
  const { port } = new URL(demo.url);
  const { status, stderr } = another('--data', 'other data', '--port', port);
  assert.equal(status, 1, stderr);
  assert.match(stderr, new RegExp(`port ${port} is taken; use --port`));
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
