// The demo server as it is released, on a fresh data folder, and what is set up in it through its API.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { becomes, freePort, kRoot, start } from './processes.mjs';

const binary = process.env.GATEHOUSE_BINARY ?? join(kRoot, 'build/release/gatehouse');

/// What a person, an organization and a workspace may ask for a second is not what is measured.
const unlimited = { GATEHOUSE_SERVER__MODEL_CALLS_PER_SECOND: '1000000', GATEHOUSE_SERVER__REQUESTS_PER_SECOND_PER_ORGANIZATION: '1000000', GATEHOUSE_SERVER__REQUESTS_PER_SECOND_PER_WORKSPACE: '1000000' };

/// {child, url, ready, data}; `ready` is the file that the demo writes. `settings` are environment variables.
export async function startGatehouse(settings = {}) {
  const folder = mkdtempSync(join(process.env.GATEHOUSE_BENCH_DATA ?? tmpdir(), 'gatehouse-bench-data-'));
  const readyFile = join(folder, 'bench-ready.json');
  const data = join(folder, 'data');
  const child = start('gatehouse', binary, ['demo', '--fresh', '--port', '0', '--data', data, '--ready-file', readyFile], { env: { ...process.env, ...unlimited, ...settings } });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // The database's unprivileged user must be able to pass.
  chmodSync(folder, 0o711);
  const ready = await becomes(child, () => JSON.parse(readFileSync(readyFile, 'utf8')), 120_000);
  return { child, url: ready.url, ready, data };
}

/// Another node on its databases: {child, url}.
export async function startNode(gatehouse, settings = {}) {
  const port = await freePort();
  const config = join(gatehouse.data, 'second.toml');
  const first = readFileSync(join(gatehouse.data, 'gatehouse.toml'), 'utf8');
  writeFileSync(config, first.replace(/^port = .*$/m, `port = ${port}`).replace('node = "demo"', 'node = "second"').replace(/^file = "gatehouse.log"$/m, 'file = ""'));
  const child = start('gatehouse-second', binary, ['serve', '--config', config], { env: { ...process.env, ...unlimited, ...settings } });
  const url = `http://127.0.0.1:${port}`;
  await becomes(child, async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));
  return { child, url };
}

/// Signs in with a demo account; gives a function that calls the API and answers the decoded body, and the session's headers.
export async function signIn(gatehouse, email = 'admin@acme.test') {
  const account = gatehouse.ready.accounts.find((each) => each.email === email);
  const session = { origin: gatehouse.url, 'content-type': 'application/json' };
  const call = async (method, path, body) => {
    const answer = await fetch(`${gatehouse.url}${path}`, {
      method,
      headers: session,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
    if (cookie.length > 0) session.cookie = cookie.join('; ');
    return text ? JSON.parse(text) : undefined;
  };
  const me = await call('POST', '/api/auth/sign-in', { email, password: account.password });
  session['gatehouse-csrf'] = me.csrf_token;
  return { call, me, session };
}

/// Adds an OpenAI-compatible provider at `baseUrl`; gives the name that callers ask for.
export async function addModel(gatehouse, baseUrl, name = 'bench') {
  const { call } = await signIn(gatehouse);
  const made = await call('POST', '/api/providers', {
    name,
    base_url: baseUrl,
    api_key: 'sk-bench-upstream',
    models: [{ name: 'mock', display_name: 'Mock', input_price: 1_000_000, output_price: 2_000_000 }],
  });
  return made.models[0].name;
}

/// API keys of the administrator, each a principal with rates of its own.
export async function makeKeys(gatehouse, count) {
  const { call } = await signIn(gatehouse);
  const keys = [];
  for (let i = 0; i < count; ++i) keys.push((await call('POST', '/api/api-keys', { name: `bench ${i}` })).secret);
  return keys;
}
