// (b) A list of 20 chats through row-level security, beside pgbench running the same pipelined SQL.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judged, median, spread, summarise, table } from './figures.mjs';
import { signIn, startGatehouse } from './gatehouse.mjs';
import { runNative } from './native.mjs';
import { run, stop } from './processes.mjs';
import { load } from './wrk.mjs';

const kChats = 5000;
const kCallers = 32;
const kRepetitions = 3;
const kSeconds = 4;
const kKeys = 64; // one principal may read 200 times a second

const kSeed = `
insert into chats (organization_id, id, user_id, workspace_id, title, model, tags, message_count, total_tokens, updated_at)
  select :'organization', gen_random_uuid(), :'user', :'workspace', 'A talk about point ' || n, 'demo/echo', '{work}', 4,
    1200, now() - n * interval '1 minute'
  from generate_series(1, ${kChats}) n;
analyze chats;`;

async function seed(gatehouse, me) {
  const file = join(gatehouse.data, '..', 'seed.sql');
  writeFileSync(file, kSeed);
  const variables = { organization: me.organization.id, user: me.user.id, workspace: me.default_workspace_id };
  const settings = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...settings, '-f', file, gatehouse.ready.postgres.us]);
}

/// The environment in which libpq's programs connect as the server does for a tenant.
function asTenantsRole(gatehouse) {
  const url = new URL(gatehouse.ready.postgres.us.replace(/^postgres(ql)?:/, 'http:').replace('//', '//x@x'));
  return url;
}

export async function measureLists() {
  const gatehouse = await startGatehouse();
  return asTenantsRole(gatehouse);
}
