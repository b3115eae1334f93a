// The commands of docs/operations.md, run as they stand there but for the host and the restored databases' names.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Demo, root } from '../harness/demo.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
after(async () => {
  rmSync(folder, { recursive: true });
  await demo.stop();
});

const documented = readFileSync(join(root, 'docs/operations.md'), 'utf8').split('\n');
const commands = (name) => documented.filter((line) => line.startsWith(`${name} `));
const socket = join(demo.data, 'postgres/socket');
function run(command, password) {
  const { status, stderr } = spawnSync('bash', ['-c', command.replaceAll('db.internal', socket)], { cwd: folder, encoding: 'utf8', env: { ...process.env, PGPASSWORD: password } });
  assert.equal(status, 0, `${command}\n${stderr}`);
}
const contents = async (name) => {
  const found = {};
  for (const { table } of await demo.databases.tables(name))
    found[table] = await demo.databases.value(name, `select md5(coalesce(string_agg(row, e'\n' order by row), '')) from (select t::text as row from "${table}" t) rows`);
  return found;
};

test('a dump as gatehouse_backup holds every row, and its restored record verifies', async () => {
  const user = await demo.as('user@acme.test');
  await user.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', title: 'To be restored' } });
  await demo.databases.outboxesEmpty();
  const at = (name, table, column) => demo.databases.value(name, `select string_agg(org_sequence::text, ' ' order by ${column}) from ${table}`);
  await until(async () => (await at('us', 'audit_marks', 'organization_id')) === (await at('us_audit', 'audit_chain_heads', 'org_id')), { what: 'the marks to reach the heads' });
  const backup = readFileSync(join(demo.data, 'secrets/password-backup'), 'utf8');
  const superuser = readFileSync(join(demo.data, 'postgres/password'), 'utf8');

  assert.equal(commands('pg_dump').length, 3);
  for (const command of commands('pg_dump')) run(command, backup);
  const [create] = commands('createdb');
  const [restore] = commands('pg_restore');
  for (const [name, file] of [['gatehouse_control', 'control'], ['gatehouse_us', 'us'], ['gatehouse_us_audit', 'us_audit']]) {
    run(create.replace('gatehouse_us', `${name}_restored`), superuser);
    run(restore.replace('gatehouse_us', `${name}_restored`).replace('us.dump', `${file}.dump`), superuser);
    demo.databases.dsns[`${file}_restored`] = demo.ready.postgres[file].replace(name, `${name}_restored`);
    // The demo goes on meanwhile; the audit record is compared by verifying it.
    if (file === 'control') assert.deepEqual(await contents('control_restored'), await contents('control'));
  }
  assert.equal(await demo.databases.value('us_restored', "select count(*)::int from chats where title = 'To be restored'"), 1);
  for (const { table } of await demo.databases.tables('us')) {
    const count = (name) => demo.databases.value(name, `select count(*)::int from "${table}"`);
    assert.equal(await count('us_restored'), await count('us'), table);
  }

  const head = (await demo.cli('audit', 'verify', '--region', 'us')).stdout;
  process.env.GATEHOUSE_REGIONS__US__PRODUCT = `host='${socket}' dbname=gatehouse_us_restored`;
  process.env.GATEHOUSE_REGIONS__US__AUDIT = `host='${socket}' dbname=gatehouse_us_audit_restored`;
  const restored = await demo.cli('audit', 'verify', '--region', 'us');
  delete process.env.GATEHOUSE_REGIONS__US__PRODUCT;
  delete process.env.GATEHOUSE_REGIONS__US__AUDIT;
  assert.equal(restored.code, 0, restored.stdout + restored.stderr);
  assert.equal(restored.stdout, head);
});
