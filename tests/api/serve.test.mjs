// `gatehouse serve` as production starts it: what it refuses to start with, and what its settings do.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { binary, Demo } from '../harness/demo.mjs';
import { Http } from '../harness/http.mjs';
import { configured, Node, refused, server } from '../harness/node.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const folder = dirname(demo.ready.config);
const certificate = join(folder, 'server.pem');
const key = join(folder, 'server.key');
const openssl = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], { encoding: 'utf8' });
assert.equal(openssl.status, 0, openssl.stderr);
writeFileSync(join(folder, 'nonsense.pem'), 'nonsense');

const tls = (cert, file) => (text) => `${text}\n[tls]\ncertificate = "${cert}"\nkey = "${file}"\n`;
const replaced = (from, to) => (text) => {
  assert.notEqual(text.replace(from, to), text, `${from} is not in the configuration`);
  return text.replace(from, to);
};

test('a node that cannot start says why and ends with 1, and `config check` says the same', async () => {
  const cases = {
    'a certificate that is none': [tls('nonsense.pem', key), /TLS/],
    'a key that is not there': [tls(certificate, 'nowhere.key'), /TLS/],
    'a proxy that is no network': [server('trusted_proxies = ["10.0.0.0/33"]'), /server\.trusted_proxies: 10\.0\.0\.0\/33/],
    'an address that is none': [server('address = "localhost"'), /server\.address: localhost/],
    'a console that is not there': [replaced(/^console = .*$/m, 'console = "nowhere"'), /nowhere/],
    'an allowed network that is none': [replaced(/^allowed_networks = .*$/m, 'allowed_networks = ["10.1.2.3/8"]'), /egress\.allowed_networks: 10\.1\.2\.3\/8/],
    'more threads than the connections carry': [(text) => server('threads = 9')(replaced(/^connections = .*$/m, 'connections = 60')(text)), /database\.connections = 60 .* server\.threads = 9: at least 87/],
    'a log that cannot be written': [replaced(/^file = ""$/m, 'file = "server.pem/gatehouse.log"'), /server\.pem/],
  };
  for (const [what, [change, message]] of Object.entries(cases)) {
    const { code, stderr } = refused(demo, change);
    assert.equal(code, 1, `${what}: ${stderr}`);
    assert.match(stderr, message, what);
    const check = spawnSync(binary, ['config', 'check', '--config', configured(demo, change)], { encoding: 'utf8' });
    assert.equal(check.status, 1, what);
    assert.match(check.stderr, message, what);
  }
});

test('a key that others can read or change is refused, also by root', () => {
  for (const [name, mode] of [['master-key', 0o666], ['signing-key.pem', 0o644], ['master-key', 0o620], ['password-app', 0o604]]) {
    const path = join(folder, 'secrets', name);
    chmodSync(path, mode);
    const { code, stderr } = refused(demo);
    const check = spawnSync(binary, ['config', 'check', '--config', configured(demo)], { encoding: 'utf8' });
    chmodSync(path, 0o600);
    assert.deepEqual([code, check.status], [1, 1], stderr);
    for (const told of [stderr, check.stderr]) assert.match(told, new RegExp(`${name} has mode 0${mode.toString(8)}: others could read or change it`));
  }
});

test('a database that was not migrated is named, with what to run; one that a newer release migrated is served', async () => {
  await demo.databases.session('control', (query) => query('create database gatehouse_empty template template0 owner gatehouse_owner'));
  for (const [name, what] of [['GATEHOUSE_DATABASE__CONTROL', 'control'], ['GATEHOUSE_REGIONS__US__PRODUCT', 'us product'], ['GATEHOUSE_REGIONS__EU__AUDIT', 'eu audit']]) {
    const { code, stderr } = refused(demo, undefined, { [name]: `host='${join(demo.data, 'postgres/socket')}' dbname=gatehouse_empty` });
    assert.equal(code, 1, stderr);
    assert.match(stderr, new RegExp(`the schema of the ${what} database is not up to date \\(\\d+ migrations? pending\\): run \`gatehouse migrate up\``));
  }
  await demo.databases.session('control', (query) => query('drop database gatehouse_empty with (force)'));
  const newer = "insert into schema_migrations (version, name, checksum) values (9000, 'newer', 'x')";
  await demo.databases.session('us_audit', (query) => query(newer));
  const node = await Node.start(demo);
  assert.match(node.log, /"event":"node.schema_is_newer","database":"us audit","applied":9000,"known":\d+/);
  assert.equal(await node.stop(), 0, node.log);
  await demo.databases.session('us_audit', (query) => query('delete from schema_migrations where version = 9000'));
});

test('a port that is taken is told, and ends the start with 1 after the threads ran', () => {
  const { port } = new URL(demo.url);
  const { code, stderr } = refused(demo, replaced('port = 0', `port = ${port}`));
  assert.equal(code, 1, stderr);
  assert.match(stderr, new RegExp(`^port ${port} is taken; change server\\.port$`, 'm'));
});

test('a database that could lose what it answered is refused, whichever of the three it is', () => {
  for (const [name, database] of [['GATEHOUSE_DATABASE__CONTROL', 'gatehouse_control'], ['GATEHOUSE_REGIONS__US__PRODUCT', 'gatehouse_us'], ['GATEHOUSE_REGIONS__EU__AUDIT', 'gatehouse_eu_audit']]) {
    const { code, stderr } = refused(demo, undefined, { [name]: `host='${join(demo.data, 'postgres/socket')}' dbname=${database} options='-c synchronous_commit=off'` });
    assert.equal(code, 1, `${name}: ${stderr}`);
    assert.match(stderr, /synchronous_commit = off/, name);
  }
});

test('with [tls] it speaks TLS and nothing else, and answers for its own names alone', async () => {
  const node = await Node.start(demo, (text) => tls(certificate, key)(replaced(/^allowed_hosts = .*$/m, 'allowed_hosts = ["localhost"]')(text)));
  const ask = (host) => new Promise((resolve, reject) => {
    https.get({ host: '127.0.0.1', port: node.port, servername: 'localhost', ca: readFileSync(certificate), path: '/healthz', headers: { host }, agent: false }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  assert.equal(await ask('localhost'), 200);
  assert.equal(await ask('other.example'), 403);
  const plain = new Http(`http://127.0.0.1:${node.port}`);
  await assert.rejects(plain.send('GET', '/healthz'));
  plain.close();
  assert.equal(await node.stop(), 0, node.log);
});

test('a trusted proxy says where a call came from, and anybody else does not', async () => {
  const { email, password } = demo.account('admin@acme.test');
  for (const [proxies, address] of [['127.0.0.0/8', '203.0.113.7'], ['10.0.0.0/8', '127.0.0.1']]) {
    const node = await Node.start(demo, server(`trusted_proxies = ["${proxies}"]`));
    const through = { http: new Http(`http://127.0.0.1:${node.port}`), contract: demo.contract };
    const admin = await Actor.signIn(through, email, password);
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const { id } = (await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' }, headers }));
    await demo.databases.outboxesEmpty();
    const [event] = (await admin.expect(200, 'GET', `/api/audit/events?resource=chat:${id}`)).data;
    assert.equal(event.ip, address, proxies);
    through.http.close();
    assert.equal(await node.stop(), 0, node.log);
  }
});

test('it takes as many descriptors as its clients may need', async () => {
  const node = await Node.start(demo, server('max_connections = 1000'), { softLimit: 256 });
  const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${node.pid}/limits`, 'utf8'));
  assert.ok(Number(soft) >= 2000, soft);
  assert.equal(await node.stop(), 0, node.log);
});
