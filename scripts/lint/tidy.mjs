// clang-tidy over the sources of a build directory (the tests only have to compile and pass), skipping those that passed
// before with the same content of themselves and of all our headers below them. Usage: node tidy.mjs BUILD_DIR
//
// Nearly all of a source's time goes into walking through the precompiled header. So several sources are walked through
// as one that includes them. Those that cannot stand together, or in which something is found, are looked at one by one:
// what is reported is of a source by itself.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { includes } from './source_tree.mjs';

const kMostTogether = 8;
const run = promisify(execFile);
const build = process.argv[2];
const cache = 'build/tidy';
const together = join(cache, 'together');
const source = new Map();

function closure(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!source.has(path)) source.set(path, readFileSync(path, 'utf8'));
  for (const { name, quoted } of includes(source.get(path).split('\n'))) {
    const below = join('src', name);
    if (quoted && existsSync(below)) closure(below, seen);
  }
  return seen;
}

// What a source names for itself alone, as far as a look at its lines tells: macros, and what its unnamed namespaces define.
function ownNames(text) {
  const names = new Set();
  const [, namespace] = /^namespace ([\w:]+) \{/m.exec(text) ?? [];
  for (const [, name] of text.matchAll(/^#define (\w+)/gm)) names.add(name);
  for (const [, body] of text.matchAll(/^namespace \{\n([^]*?)^\} {2}\/\/ namespace$/gm)) {
    for (const [, name] of body.matchAll(/^(?!using |[A-Z_]+\()\w[^\n(={;]*?\b(\w+)(?:\[\])?\s*(?:[({=;]|:(?!:))/gm)) names.add(`${namespace}::${name}`);
  }
  return names;
}

// Sources of one set of flags, at most kMostTogether, no two of which define a name that the other has too.
function groupsOf(jobs) {
  const groups = [];
  for (const job of jobs) {
    const names = ownNames(source.get(job.path));
    let group = groups.find((one) => one.flags === job.flags && one.jobs.length < kMostTogether && names.isDisjointFrom(one.names));
    if (!group) groups.push(group = { flags: job.flags, names: new Set(), jobs: [] });
    group.jobs.push(job);
    for (const name of names) group.names.add(name);
  }
  return groups.map((group) => group.jobs);
}

const { stdout: version } = await run('clang-tidy-19', ['--version']);
const precompiled = [...closure('src/base/precompiled.h')].map((path) => source.get(path)).join('');

const jobs = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
  .map(({ file, command, directory }) => ({ path: relative('.', file), command, directory }))
  .filter(({ path }) => path.startsWith('src/') && path.endsWith('.cpp') && !/_(test|pgtest|bench)\.cpp$/.test(path))
  .filter((job, index, all) => all.findIndex((other) => other.path === job.path) === index)
  .map(({ path, command, directory }) => {
    const hash = createHash('sha256').update(version).update(readFileSync('.clang-tidy')).update(command).update(precompiled);
    for (const below of [...closure(path)].sort()) hash.update(below).update(source.get(below));
    return { path, directory, flags: command.replace(/ -o \S+ -c \S+$/, ''), stamp: join(cache, hash.digest('hex')) };
  })
  .filter(({ stamp }) => !existsSync(stamp));

mkdirSync(together, { recursive: true });
const groups = groupsOf(jobs).map((members, index) => ({ members, path: resolve(together, `${index}.cpp`) }));
for (const { members, path } of groups) {
  writeFileSync(path, members.map((job) => `#include "${resolve(job.path)}"\n`).join(''));
}
writeFileSync(join(together, 'compile_commands.json'), JSON.stringify(groups.map(({ members: [{ directory, flags }], path }) => ({
  directory, file: path, command: `${flags} -o ${path}.o -c ${path}`,
}))));

// What clang-tidy has to say: nothing, where all is well.
async function findings(database, path) {
  try {
    await run('clang-tidy-19', ['--quiet', '-p', database, path], { maxBuffer: 1 << 26 });
    return '';
  } catch (error) {
    return error.stdout || error.stderr || String(error);
  }
}

let failed = 0;
let done = 0;
function tell(job, found) {
  if (found) failed += 1;
  else writeFileSync(job.stamp, '');
  console.log(`[${++done}/${jobs.length}] ${job.path}${found && ` failed\n${found}`}`);
}

await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  for (let group = groups.shift(); group; group = groups.shift()) {
    const clean = group.members.length > 1 && !await findings(together, group.path);
    for (const job of group.members) tell(job, clean ? '' : await findings(build, job.path));
  }
}));
if (failed > 0) console.log(`${failed} of ${jobs.length} files have findings`);
process.exit(failed > 0 ? 1 : 0);
