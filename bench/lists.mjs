// (b) A list of 20 chats through row-level security, beside pgbench running the same pipelined SQL.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judged, median, number, spread, summarise, table } from './figures.mjs';
import { signIn, startGatehouse } from './gatehouse.mjs';
import { runNative } from './native.mjs';
import { run, stop } from './processes.mjs';
import { load } from './wrk.mjs';

const kChats = 5000;
const kRepetitions = 3;
const kSeconds = 3;

const kSeed = `
insert into chats (organization_id, id, user_id, workspace_id, title, model, tags, message_count, total_tokens, updated_at)
  select :'organization', gen_random_uuid(), :'user', :'workspace', 'A talk about point ' || n, 'demo/echo', '{work}', 4,
    1200, now() - n * interval '1 minute'
  from generate_series(1, ${kChats}) n;
vacuum analyze chats;`;

async function seed(gatehouse, ids) {
  const file = join(gatehouse.data, '../seed.sql');
  writeFileSync(file, kSeed);
  const settings = Object.entries(ids).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...settings, '-f', file, gatehouse.ready.postgres.us]);
}

/// The DSN with which the server reads for a tenant: no superuser, under row-level security.
function tenantDsn(gatehouse) {
  const password = readFileSync(join(gatehouse.data, 'secrets/password-app'), 'utf8').trim();
  return gatehouse.ready.postgres.us.replace(/\/\/[^@]*@/, `//gatehouse_app:${password}@`);
}

/// The two statements as the server sends them, in one pipeline. pgbench passes no NULL, so the filters that a plain list
/// does not use are literal: the planner may leave them out, to pgbench's advantage.
function pgbenchScript(sql, ids) {
  const [context, list] = sql.split(';\n');
  const fill = (text, values) => text.replace(/\$(\d+)/g, (_, at) => values[at - 1]);
  const names = Object.keys(ids).map((name) => `:${name}`);
  const [organization, user, workspace] = names;
  return `\\startpipeline
${fill(context, [organization, workspace, user, ':role', ':reach', "''"])};
${fill(list, [organization, user, ':archived', 'null', 'null', 'null::timestamptz', 'null::uuid', ':limit'])};
\\endpipeline
`;
}

async function runPgbench(gatehouse, script, ids, clients) {
  const settings = { ...ids, role: 'OA', reach: 'organization', archived: 'false', limit: '21' };
  const defines = Object.entries(settings).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const output = await run('pgbench', [
    ...['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(kSeconds), '-f', script],
    ...defines,
    tenantDsn(gatehouse),
  ]);
  if (!/number of failed transactions: 0 /.test(output)) throw new Error(`pgbench failed: ${output}`);
  return {
    per_second: Number(/tps = ([\d.]+) \(without initial/.exec(output)[1]),
    p50_us: Number(/latency average = ([\d.]+) ms/.exec(output)[1]) * 1000,
  };
}

async function runReadPath(gatehouse, ids) {
  const measured = await runNative('chat_bench', {
    repetitions: 1,
    args: ['--benchmark_min_time=1'],
    env: {
      BENCH_DSN: tenantDsn(gatehouse),
      BENCH_ORGANIZATION: ids.organization,
      BENCH_USER: ids.user,
      BENCH_WORKSPACE: ids.workspace,
    },
  });
  return Object.fromEntries(
    Object.entries(measured).map(([name, [each]]) => [name, { per_second: each.items_per_second, sql: each.label }]),
  );
}

export async function measureLists() {
  // Of one person, who may otherwise read 200 times a second.
  const gatehouse = await startGatehouse({ GATEHOUSE_SERVER__READS_PER_SECOND: '1000000' });
  const { me, session } = await signIn(gatehouse);
  const ids = { organization: me.organization.id, user: me.user.id, workspace: me.default_workspace_id };
  await seed(gatehouse, ids);
  const list = { child: gatehouse.child, url: `${gatehouse.url}/api/chats?limit=20`, headers: { cookie: session.cookie } };
  await checkList(list);

  const runs = { pgbench8: [], pgbench32: [], path3: [], path8: [], http32: [], http1: [] };
  const script = join(gatehouse.data, '../list.pgbench');
  for (let repetition = 0; repetition < kRepetitions; ++repetition) {
    const path = await runReadPath(gatehouse, ids);
    writeFileSync(script, pgbenchScript(path['list_chats/connections:3'].sql, ids));
    runs.path3.push(path['list_chats/connections:3']);
    runs.path8.push(path['list_chats/connections:8']);
    runs.pgbench8.push(await runPgbench(gatehouse, script, ids, 8));
    runs.pgbench32.push(await runPgbench(gatehouse, script, ids, 32));
    runs.http32.push(await load(list, { connections: 32, seconds: kSeconds }));
    runs.http1.push(await load(list, { connections: 1, seconds: 1 }));
  }
  await stop(gatehouse.child);
  return report(runs);
}

async function checkList({ url, headers }) {
  const answer = await fetch(url, { headers });
  const page = await answer.json();
  if (page.data?.length !== 20) throw new Error(`the list is wrong: ${answer.status} ${JSON.stringify(page).slice(0, 300)}`);
}

function report(runs) {
  const best = (names, repetition) => Math.max(...names.map((name) => runs[name][repetition].per_second));
  const ratio = (names) =>
    median(runs.pgbench8.map((_, at) => best(names, at) / best(['pgbench8', 'pgbench32'], at)));
  const figures = { read_path: ratio(['path3', 'path8']), read_recorded: ratio(['http32']) };
  const titles = {
    pgbench8: 'pgbench, 8 connections',
    pgbench32: 'pgbench, 32 connections',
    path3: 'read path, 32 callers on 3 shared connections',
    path8: 'read path, 32 callers on 8 shared connections',
    http32: 'HTTP, 32 connections, read event recorded',
    http1: 'HTTP, 1 connection, read event recorded',
  };
  const rows = Object.entries(titles).map(([name, title]) => {
    const of = summarise(runs[name]);
    return [title, spread(of.per_second), of.p50_us ? number(of.p50_us.median) : '', of.p99_us ? number(of.p99_us.median) : ''];
  });
  const lines = [
    `- our read path without HTTP and audit event, of pgbench: ${judged(figures.read_path, 0.5)}`,
    `- the whole HTTP call with its read event durable, of pgbench: ${number(figures.read_recorded)}`,
    '',
    table(['', 'lists/s', 'p50 µs (pgbench: mean)', 'p99 µs'], rows),
  ];
  return { ...figures, runs, text: lines.join('\n') };
}
