// Each container of the compose file gets its own secrets and nobody else's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const file = (name) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
const compose = file('compose.yaml');
const secrets = ['POSTGRES_PASSWORD', 'GATEHOUSE_MASTER_KEY', ...['OWNER', 'APP', 'PLATFORM', 'AUDIT', 'BACKUP'].map((role) => `GATEHOUSE_${role}_PASSWORD`)];
const services = Object.fromEntries(
  compose.slice(compose.indexOf('\nservices:\n')).split(/\n {2}(?=\w+:\n)/).slice(1).map((text) => [text.split(':')[0], text]));
const given = (service) => secrets.filter((name) => new RegExp(`^ {6}${name}:`, 'm').test(services[service])).sort();

test('the serving container has no password of the owner, the backup or the superuser', () => {
  assert.deepEqual(given('gatehouse'), ['GATEHOUSE_APP_PASSWORD', 'GATEHOUSE_AUDIT_PASSWORD', 'GATEHOUSE_MASTER_KEY', 'GATEHOUSE_PLATFORM_PASSWORD']);
});

test('the migrating container has the password of the owner alone, and the database no key', () => {
  assert.deepEqual(given('migrate'), ['GATEHOUSE_OWNER_PASSWORD']);
  assert.ok(!given('postgres').includes('GATEHOUSE_MASTER_KEY'));
});

test('no container is handed the whole file', () => {
  assert.doesNotMatch(compose, /env_file/);
});

test('.env.example names everything that the compose file asks for', () => {
  const asked = [...new Set([...compose.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]))].sort();
  const named = [...file('.env.example').matchAll(/^(\w+)=/gm)].map((match) => match[1]).sort();
  assert.deepEqual(named, asked);
});
