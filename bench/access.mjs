// (f) Who may: a decision, an authenticated request with role and grant, a password, and how long a revocation takes.
import { randomUUID } from 'node:crypto';
import { Agent, get } from 'node:http';
import { judged, number, percentile, spread, summarise, table } from './figures.mjs';
import { signIn, startGatehouse, startNode } from './gatehouse.mjs';
import { of, runNative } from './native.mjs';
import { stop } from './processes.mjs';
import { load } from './wrk.mjs';

const kRepetitions = 3;
const kSeconds = 3;
const kRevocations = 60; // of each kind
const kLines = 4; // to each node

/// A chat of the administrator's that the manager may read by a grant alone: {chat, grant}.
async function share(admin) {
  const chat = await admin.call('POST', '/api/chats', { model: 'demo/echo' });
  const grant = await admin.call('POST', '/api/grants', {
    resource_kind: 'CHT',
    resource_id: chat.id,
    action: 'REA',
    created_for_email: 'manager@acme.test',
  });
  return { chat: chat.id, grant: grant.id };
}

/// Connections of their own to each node, as each is served by one of the node's reactors: a function that gives the status.
function lines(nodes, path, headers) {
  return nodes.flatMap(({ url }) => Array.from({ length: kLines }, () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    return () => new Promise((resolve, reject) => {
      get(`${url}${path}`, { agent, headers }, (answer) => answer.resume().once('end', () => resolve(answer.statusCode))).once('error', reject);
    });
  }));
}

/// Resolves when each has answered so.
const all = (asked, status) => Promise.all(asked.map(async (ask) => {
  while ((await ask()) !== status) await new Promise((resolve) => setTimeout(resolve, 5));
}));

/// Milliseconds from the answer of a revocation to the last connection's first refusal.
async function delay(asked, refusal, revoke) {
  await all(asked, 200);
  await revoke();
  const revoked = performance.now();
  await all(asked, refusal);
  return performance.now() - revoked;
}

async function ofGrants(nodes, admin, manager) {
  const { chat, grant } = await share(admin);
  const asked = lines(nodes, `/api/chats/${chat}`, { cookie: manager.session.cookie });
  return delay(asked, 404, () => admin.call('POST', `/api/grants/${grant}/revoke`, { reason: randomUUID() }));
}

async function ofKeys(nodes, admin) {
  const made = await admin.call('POST', '/api/api-keys', { name: randomUUID() });
  const asked = lines(nodes, '/v1/models', { authorization: `Bearer ${made.secret}` });
  return delay(asked, 401, () => admin.call('DELETE', `/api/api-keys/${made.api_key.id}`));
}

export async function measureAccess() {
  const decisions = of(await runNative('access_bench', { repetitions: 5, args: ['--benchmark_min_time=0.3'], timeout: 120_000 }), 'access/decision of role and 10,000 grants');
  const passwords = of(await runNative('crypto_bench', { repetitions: 5, args: ['--benchmark_filter=argon2id'], timeout: 120_000 }), 'argon2id');
  const settings = { GATEHOUSE_SERVER__READS_PER_SECOND: '1000000', GATEHOUSE_SERVER__WRITES_PER_SECOND: '1000' };
  const gatehouse = await startGatehouse(settings);
  const admin = await signIn(gatehouse);
  const manager = await signIn(gatehouse, 'manager@acme.test');
  const { chat } = await share(admin);
  await all(lines([gatehouse], `/api/chats/${chat}`, { cookie: manager.session.cookie }), 200);
  const target = { child: gatehouse.child, url: `${gatehouse.url}/api/chats/${chat}`, headers: { cookie: manager.session.cookie } };
  const requests = [];
  for (let repetition = 0; repetition < kRepetitions; ++repetition) requests.push(await load(target, { connections: 32, seconds: kSeconds }));
  const second = await startNode(gatehouse, settings);
  const nodes = [gatehouse, second];
  const taken = { 'a grant': [], 'an API key': [] };
  for (let i = 0; i < kRevocations; ++i) {
    taken['a grant'].push(await ofGrants(nodes, admin, manager));
    taken['an API key'].push(await ofKeys(nodes, admin));
  }
  for (const each of Object.values(taken)) each.sort((a, b) => a - b);
  await stop(second.child);
  await stop(gatehouse.child);

  const perSecond = decisions.items_per_second;
  const served = summarise(requests);
  const signIns = 1000 / passwords.cpu_time.median; // it is told in milliseconds
  const p99 = Math.max(...Object.values(taken).map((each) => percentile(each, 0.99)));
  const report = [
    `- decisions a second on one core, role and 10,000 grants: ${judged(perSecond.median / 1e6, 1, { unit: ' million' })}`,
    ...Object.entries(taken).map(([kind, each]) => `- revoking ${kind} is in force on ${kLines} connections to each of two nodes after: p50 ${number(percentile(each, 0.5))} ms, p99 ${judged(percentile(each, 0.99), 2000, { most: true, unit: ' ms' })}, of ${kRevocations}`),
    `- sign-ins a second on one core, by what Argon2id takes (19 MiB, two passes): ${number(signIns)}`,
    '',
    table(['', 'a second', 'p50 µs', 'p99 µs'], [
      ['GET of a shared chat: session, role, grant, read event recorded; 32 connections', spread(served.per_second), number(served.p50_us.median), number(served.p99_us.median)],
      ['decision in C++', spread(perSecond), '', ''],
    ]),
  ];
  return { decisions_per_second: perSecond.median, revocation_p99_ms: p99, sign_ins_per_second: signIns, requests, taken, text: report.join('\n') };
}
