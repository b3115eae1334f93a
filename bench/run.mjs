// ./dev bench [--readme] [a|b|c|d|e|f …]: our figures beside our peers', measured in one run. See README.md.
// --readme writes them into it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureAccess } from './access.mjs';
import { measureAudit } from './audit.mjs';
import { save } from './figures.mjs';
import { measureGateway } from './gateway.mjs';
import { measureLists } from './lists.mjs';
import { describeMachine } from './machine.mjs';
import { measurePolicy } from './policy.mjs';
import { kResults, stopAll } from './processes.mjs';
import { measureStreams } from './streams.mjs';

const kMostMinutes = 12;
const kParts = {
  a: ['A governed chat completion', measureGateway],
  b: ['A list of 20 chats', measureLists],
  c: ['Audit events', measureAudit],
  d: ['2,000 streams at once', measureStreams],
  e: ['Policy', measurePolicy],
  f: ['Who may', measureAccess],
};

const asked = process.argv.slice(2).filter((argument) => argument !== '--readme');
const intoReadme = process.argv.includes('--readme');
const unknown = asked.find((part) => !(part in kParts));
if (unknown) {
  console.error(`no part ${unknown}; usage: ./dev bench [--readme] [${Object.keys(kParts).join('|')}]…`);
  process.exit(2);
}

async function abandon(why) {
  console.error(`bench: ${why}`);
  await stopAll();
  process.exit(1);
}
setTimeout(() => abandon(`stopped after ${kMostMinutes} minutes`), kMostMinutes * 60_000).unref();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => abandon(`stopped by ${signal}`));

const machine = await describeMachine();
const page = [
  '```',
  ...Object.entries(machine).map(([name, value]) => `${name.replace('_', ' ').padEnd(12)} ${value}`),
  '```',
];
console.log(page.join('\n'));
let failed = false;
for (const [part, [title, measure]] of Object.entries(kParts)) {
  if (asked.length > 0 && !asked.includes(part)) continue;
  const started = Date.now();
  console.error(`bench: (${part}) ${title} …`);
  try {
    const { text, ...result } = await measure();
    save(part, { part, title, machine, measured_at: new Date().toISOString(), ...result });
    page.push('', `## (${part}) ${title}`, '', text);
    console.log(['', `## (${part}) ${title}`, '', text].join('\n'));
  } catch (error) {
    failed = true;
    console.error(`bench: (${part}) failed: ${error.stack}`);
  }
  await stopAll();
  console.error(`bench: (${part}) took ${Math.round((Date.now() - started) / 1000)} s`);
}
mkdirSync(kResults, { recursive: true });
writeFileSync(join(kResults, 'figures.md'), `${page.join('\n')}\n`);
if (intoReadme && !failed) {
  const readme = join(import.meta.dirname, 'README.md');
  const marked = /(<!-- figures -->\n)[^]*(<!-- end of figures -->)/;
  const text = readFileSync(readme, 'utf8').replace(marked, (_, begin, end) => `${begin}\n${page.join('\n')}\n\n${end}`);
  writeFileSync(readme, text);
}
process.exit(failed ? 1 : 0);
