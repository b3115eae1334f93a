// The command line of the same binary, on the demo's installation.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { binary, Demo, root } from '../harness/demo.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const config = () => readFileSync(demo.ready.config, 'utf8');
function check(text, env = {}) {
  const path = join(dirname(demo.ready.config), 'changed.toml');
  writeFileSync(path, text);
  return spawnSync(binary, ['config', 'check', '--config', path], { encoding: 'utf8', env: { ...process.env, ...env } });
}

test('the configuration is checked: types, bounds, unknown keys, missing secrets, the environment over it', async () => {
  const good = await demo.cli('config', 'check');
  assert.equal(good.code, 0);
  assert.match(good.stdout, /gatehouse\.toml is good: 2 regions$/m);
  const bad = {
    'an unknown key': [config().replace('[server]\n', '[server]\nprot = 80\n'), /\/server\/prot/],
    'a wrong type': [config().replace(/^port = .*$/m, 'port = "eighty"'), /\/server\/port/],
    'out of bounds': [config().replace(/^port = .*$/m, 'port = 70000'), /\/server\/port/],
    'no TOML': ['[server', /./],
    'a secret that is not there': [config().replace('secrets/master-key', 'secrets/nowhere'), /nowhere/],
  };
  for (const [what, [text, message]] of Object.entries(bad)) {
    const { status, stderr } = check(text);
    assert.equal(status, 1, what);
    assert.match(stderr, message, what);
  }
  assert.equal(check(config(), { GATEHOUSE_SERVER__PORT: '70000' }).status, 1);
  assert.equal(check(config(), { GATEHOUSE_SERVER__PORT: '9000' }).status, 0);
});

test('the OpenAPI document is the same from the command line, the server and the repository', async () => {
  const printed = spawnSync(binary, ['openapi'], { encoding: 'utf8' });
  assert.equal(printed.status, 0, printed.stderr);
  assert.equal((await demo.nobody().get('/api/openapi.json')).text, printed.stdout);
  assert.equal(readFileSync(join(root, 'docs/openapi.json'), 'utf8'), printed.stdout, 'docs/openapi.json is old: run ./dev openapi');
});

test('the permission matrix in the documentation is the one that decides', () => {
  const printed = spawnSync(binary, ['permissions'], { encoding: 'utf8' });
  assert.equal(printed.status, 0, printed.stderr);
  assert.equal(readFileSync(join(root, 'docs/permissions.md'), 'utf8'), printed.stdout, 'docs/permissions.md is old: run ./dev openapi');
});

test('the table of refusals in the documentation is the one that answers are made from', () => {
  const printed = spawnSync(binary, ['errors'], { encoding: 'utf8' });
  assert.equal(printed.status, 0, printed.stderr);
  assert.equal(readFileSync(join(root, 'docs/errors.md'), 'utf8'), printed.stdout, 'docs/errors.md is old: run ./dev openapi');
});

test('migrations are all applied, in every database', async () => {
  const { code, stdout } = await demo.cli('migrate', 'status');
  assert.equal(code, 0);
  for (const database of ['control', 'us product', 'us audit', 'eu product', 'eu audit']) assert.match(stdout, new RegExp(`^${database}$`, 'm'));
  assert.doesNotMatch(stdout, /pending|changed|no file/);
  assert.equal((await demo.cli('migrate', 'up')).code, 0);
});

test('migrations are undone and done again, with the owner’s password and no other secret', async () => {
  const databases = ['control', 'us', 'us_audit'];
  for (const name of databases)
    await demo.databases.session('control', (query) => query(`create database scratch_${name} template template0 owner gatehouse_owner`));
  const scratch = config().replaceAll('gatehouse_', 'scratch_').replace(/\n\[regions\.eu\][^[]*/, '\n').replaceAll('secrets/master-key', 'nowhere').replaceAll('secrets/password-app', 'nowhere');
  const path = join(dirname(demo.ready.config), 'scratch.toml');
  writeFileSync(path, scratch);
  const migrate = (...args) => spawnSync(binary, ['migrate', ...args, '--config', path], { encoding: 'utf8' });
  const up = migrate('up');
  assert.equal(up.status, 0, up.stderr);
  assert.match(up.stdout, /^us audit: 3 applied$/m);
  const down = migrate('down', 'audit', '--to', '0');
  assert.equal(down.status, 0, down.stderr);
  assert.equal(down.stdout, 'us audit: 3 undone\n');
  assert.match(migrate('status').stdout, /^us audit\n {2}0001 audit +pending$/m);
  assert.match(migrate('up').stdout, /^us audit: 3 applied$/m);
  assert.notEqual(migrate('down', 'audit', '--to', '-1').status, 0);
  for (const name of databases) await demo.databases.session('control', (query) => query(`drop database scratch_${name} with (force)`));
});

test('keys that are generated are good ones, and differ', async () => {
  const [first, second] = [await demo.cli('keys', 'generate', 'master'), await demo.cli('keys', 'generate', 'master')];
  assert.equal(first.code, 0);
  assert.notEqual(first.stdout, second.stdout);
  assert.match((await demo.cli('keys', 'generate', 'signing')).stdout, /^-----BEGIN [A-Z ]*PRIVATE KEY-----/);
});

test('an operator made by the command line may sign in, and sees no tenant', async () => {
  const email = `operator-${randomUUID()}@gatehouse.test`;
  const password = 'a password of some length';
  const create = (input) => spawnSync(binary, ['--config', demo.ready.config, 'admin', 'create-super-admin', '--email', email, '--name', 'Second Operator'], { input, encoding: 'utf8' });
  assert.equal(create('short\n').status, 1);
  const made = create(`${password}\n`);
  assert.equal(made.status, 0, made.stderr);
  const twice = create(`${password}\n`);
  assert.equal(twice.status, 1);
  assert.match(twice.stderr, new RegExp(`^There is an operator with the address ${email} already$`, 'm'));
  const operator = await Actor.signIn(demo, email, password);
  assert.equal(operator.me.is_super_admin, true);
  assert.equal((await operator.get('/api/chats')).status, 403);
});

test('what the demo keeps is readable by its owner alone', () => {
  for (const file of ['gatehouse.toml', 'api-keys', 'ready.json', 'secrets/master-key', 'secrets/signing-key.pem', 'secrets/password-owner']) {
    const path = join(demo.data, file);
    assert.ok(existsSync(path), path);
    assert.equal(statSync(path).mode & 0o077, 0, path);
  }
});

test('the demo started again keeps its data, its keys and its accounts', async () => {
  const user = await demo.as('user@acme.test');
  const { id } = await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } });
  const keys = demo.ready.api_keys;
  await demo.databases.close();
  assert.equal(await demo.interrupt(), 0);
  await demo.launch();
  assert.deepEqual(demo.ready.api_keys, keys);
  await (await demo.as('user@acme.test')).expect(200, 'GET', `/api/chats/${id}`);
  await demo.withKey(keys.acme).expect(200, 'GET', '/v1/models');
  // The session of before is still one.
  await user.expect(200, 'GET', '/api/auth/me');
});

test('wrong use of the command line is told, and is no success', async () => {
  for (const args of [[], ['nonsense'], ['serve', '--nonsense'], ['audit'], ['migrate', 'down', 'nonsense', '--to', '0']])
    assert.notEqual((await demo.cli(...args)).code, 0, args.join(' '));
});

test('a command or option that is none is named', async () => {
  for (const [args, message] of [
    [['bogus'], /^unknown command `bogus`; there are:\n( {2}gatehouse \w+ .*\n)+$/], [['audit', 'bogus'], /^unknown command `bogus`; there are:\n {2}gatehouse audit verify /],
    [['demo', '--prt', '3'], /^unknown option `--prt`; `gatehouse demo --help` lists/], [['demo', '--port', '99999'], /--port: .*0.*65535/],
    [['serve', 'bogus'], /^`gatehouse serve` takes no `bogus`$/m], [[], /subcommand is required/],
  ]) {
    const { code, stdout, stderr } = await demo.cli(...args);
    assert.notEqual(code, 0, args.join(' '));
    assert.match(stdout + stderr, message, args.join(' '));
  }
});
