// `gatehouse audit` says what it looked at, and is no success where it looked at nothing.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { binary, Demo } from '../harness/demo.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const organization = admin.organization.id;
await demo.databases.outboxesEmpty();
const audit = (...args) => demo.cli('audit', ...args);
const headOf = ({ stdout }) => /^ {2}head (\d+:[0-9a-f]{64})$/m.exec(stdout)?.[1];

test('a region or an organization that is not there is an error', async () => {
  for (const [args, message] of [
    [['verify', '--region', 'mars'], /no region mars/], [['export', '--region', 'mars'], /no region mars/],
    [['verify', '--organization', randomUUID()], /no chain of the organization/], [['verify', '--organization', 'acme'], /takes an id/],
    [['verify', '--region', 'eu', '--organization', organization], /no chain of the organization/],
    [['export', '--region', 'us', '--organization', randomUUID()], /no chain of the organization/],
    [['verify', '--file', 'nowhere.jsonl'], /cannot read/], [['verify', '--region', 'us', '--expect', '7'], /SEQUENCE:HASH/],
    [['verify', '--expect', `1:${'0'.repeat(64)}`], /name it with --region/],
  ]) {
    const { code, stdout, stderr } = await audit(...args);
    assert.equal(code, 1, `${args.join(' ')}: ${stdout}`);
    assert.match(stderr, message);
    assert.doesNotMatch(stdout, /sound/);
  }
  const { code, stdout } = await audit('verify', '--organization', organization);
  assert.equal(code, 0);
  assert.match(stdout, /^us: [1-9]\d* events/m);
  assert.doesNotMatch(stdout, /^eu/m);
});

test('a head that was kept is found again in the grown chain, and another one is not', async () => {
  for (const scope of [['--region', 'us'], ['--region', 'us', '--organization', organization]]) {
    const head = headOf(await audit('verify', ...scope));
    assert.ok(head, scope.join(' '));
    await admin.expect(200, 'GET', '/api/audit/events');
    const again = await audit('verify', ...scope, '--expect', head);
    assert.equal(again.code, 0, again.stdout);
    assert.notEqual(headOf(again), head);
    const [sequence, hash] = head.split(':');
    assert.equal((await audit('verify', ...scope, '--expect', `${sequence}:${'0'.repeat(64)}`)).code, 2);
    assert.equal((await audit('verify', ...scope, '--expect', `1000000:${hash}`)).code, 3);
  }
});

test('an export of a part says that it is one, and is no success unless a part is what was asked for', async () => {
  const write = (name, text) => {
    writeFileSync(join(demo.data, name), text);
    return join(demo.data, name);
  };
  const whole = (await admin.get('/api/audit/export?format=jsonl')).text;
  assert.equal((await audit('verify', '--file', write('whole.jsonl', whole))).code, 0);
  // Who drops lines can change the header as well.
  const lines = whole.trimEnd().split('\n');
  const dropped = lines.toSpliced(2, 1).with(0, lines[0].replace('"filtered":false', '"filtered":true'));
  dropped[dropped.length - 1] = dropped.at(-1).replace(/"events":"(\d+)"/, (_, events) => `"events":"${events - 1}"`);
  const file = write('dropped.jsonl', `${dropped.join('\n')}\n`);
  const { code, stdout } = await audit('verify', '--file', file);
  assert.equal(code, 5, stdout);
  assert.match(stdout, /a selection of the chain: gaps can not be judged/);
  assert.equal((await audit('verify', '--file', file, '--partial')).code, 0);
  const period = write('period.jsonl', (await admin.get('/api/audit/export?format=jsonl&from=2020-01-01T00:00:00Z')).text);
  const judged = await audit('verify', '--file', period);
  assert.equal(judged.code, 5);
  assert.match(judged.stdout, /a period of the chain/);
});

test('an export is recorded in the chain that it is of, and opens the personal fields as the console does', async () => {
  const from = '2020-01-01T00:00:00.000000Z';
  const { code, stdout, stderr } = await audit('export', '--region', 'us', '--organization', organization, '--format', 'csv', '--from', from);
  assert.equal(code, 0, stderr);
  const console = (await admin.get(`/api/audit/export?format=csv&from=${from}`)).text.split('\r\n');
  const signedIn = (lines) => lines.filter((line) => line.includes(',session.create,'));
  assert.deepEqual(signedIn(stdout.split('\r\n')), signedIn(console));
  assert.ok(signedIn(console).some((line) => line.includes(',127.0.0.1,')));
  const [event] = (await admin.expect(200, 'GET', '/api/audit/events?action=audit.export')).data.filter((each) => each.actor_type === 'system');
  assert.deepEqual([event.resource_type, event.outcome, event.payload], ['audit', 'success', { command_line: true, format: 'csv', from }]);
  assert.ok(stdout.includes(event.id), 'the export holds its own event');

  const platform = await audit('export', '--region', 'us', '--format', 'json');
  assert.equal(platform.code, 0, platform.stderr);
  const last = JSON.parse(platform.stdout).at(-1);
  assert.deepEqual([last.action, last.actor_type], ['audit.export', 'system']);
  assert.equal((await audit('verify', '--region', 'us')).code, 0);
});

test('an export that does not fit where it is written is no success', () => {
  for (const args of [['audit', 'export', '--region', 'us', '--organization', organization], ['audit', 'verify', '--region', 'us'], ['keys', 'generate', 'master']]) {
    const { status } = spawnSync('bash', ['-c', '"$0" "$@" >/dev/full', binary, '--config', demo.ready.config, ...args], { encoding: 'utf8' });
    assert.equal(status, 1, args.join(' '));
  }
});
