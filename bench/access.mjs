// (f) Who may: a decision, an authenticated request with role and grant, a password, and how long a revocation takes.
import { randomUUID } from 'node:crypto';
import { judged, number, percentile, spread, summarise, table } from './figures.mjs';
import { signIn, startGatehouse } from './gatehouse.mjs';
import { of, runNative } from './native.mjs';
import { stop } from './processes.mjs';
import { load } from './wrk.mjs';

const kRepetitions = 3;
const kSeconds = 3;
const kRevocations = 60;

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

async function answers(gatehouse, chat, session, status) {
  const { status: seen } = await fetch(`${gatehouse.url}/api/chats/${chat}`, { headers: { cookie: session.cookie } });
  return seen === status;
}

async function until(condition) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

/// Milliseconds from the answer of a revocation to the first refusal, of as many as are asked for.
async function revocations(gatehouse, admin, manager, count) {
  const taken = [];
  for (let i = 0; i < count; ++i) {
    const { chat, grant } = await share(admin);
    await until(() => answers(gatehouse, chat, manager.session, 200));
    await admin.call('POST', `/api/grants/${grant}/revoke`, { reason: randomUUID() });
    const revoked = performance.now();
    await until(() => answers(gatehouse, chat, manager.session, 404));
    taken.push(performance.now() - revoked);
  }
  return taken.sort((a, b) => a - b);
}

export async function measureAccess() {
  const decisions = of(await runNative('access_bench', { repetitions: 5, args: ['--benchmark_min_time=0.3'], timeout: 120_000 }), 'access/decision of role and 10,000 grants');
  const passwords = of(await runNative('crypto_bench', { repetitions: 5, args: ['--benchmark_filter=argon2id'], timeout: 120_000 }), 'argon2id');
  const gatehouse = await startGatehouse({ GATEHOUSE_SERVER__READS_PER_SECOND: '1000000', GATEHOUSE_SERVER__REQUESTS_PER_SECOND_PER_ORGANIZATION: '1000000', GATEHOUSE_SERVER__REQUESTS_PER_SECOND_PER_WORKSPACE: '1000000' });
  const admin = await signIn(gatehouse);
  const manager = await signIn(gatehouse, 'manager@acme.test');
  const { chat } = await share(admin);
  await until(() => answers(gatehouse, chat, manager.session, 200));
  const target = { child: gatehouse.child, url: `${gatehouse.url}/api/chats/${chat}`, headers: { cookie: manager.session.cookie } };
  const requests = [];
  for (let repetition = 0; repetition < kRepetitions; ++repetition) requests.push(await load(target, { connections: 32, seconds: kSeconds }));
  const taken = await revocations(gatehouse, admin, manager, kRevocations);
  await stop(gatehouse.child);

  const perSecond = decisions.items_per_second;
  const served = summarise(requests);
  const signIns = 1000 / passwords.cpu_time.median; // it is told in milliseconds
  const p99 = percentile(taken, 0.99);
  const lines = [
    `- decisions a second on one core, role and 10,000 grants: ${judged(perSecond.median / 1e6, 1, { unit: ' million' })}`,
    `- a revoked grant is refused everywhere on the node: p50 ${number(percentile(taken, 0.5))} ms, p99 ${judged(p99, 2000, { most: true, unit: ' ms' })}, of ${kRevocations}`,
    `- sign-ins a second on one core, by what Argon2id takes (19 MiB, two passes): ${number(signIns)}`,
    '',
    table(['', 'a second', 'p50 µs', 'p99 µs'], [
      ['GET of a shared chat: session, role, grant, read event recorded; 32 connections', spread(served.per_second), number(served.p50_us.median), number(served.p99_us.median)],
      ['decision in C++', spread(perSecond), '', ''],
    ]),
  ];
  return { decisions_per_second: perSecond.median, revocation_p99_ms: p99, sign_ins_per_second: signIns, requests, taken, text: lines.join('\n') };
}
