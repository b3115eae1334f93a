// clang-tidy over the sources of a build directory (the tests only have to compile and pass: each costs as much as
// the code, nearly all of it in walking through the precompiled header), skipping those that passed before with the same content of
// themselves and of all our headers below them. Usage: node tidy.mjs BUILD_DIR
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { includes } from './source_tree.mjs';

const run = promisify(execFile);
const build = process.argv[2];
const cache = 'build/tidy';
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

const { stdout: version } = await run('clang-tidy-19', ['--version']);
const precompiled = [...closure('src/base/precompiled.h')].map((path) => source.get(path)).join('');

const jobs = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
  .map(({ file, command }) => ({ path: relative('.', file), command }))
  .filter(({ path }) => path.startsWith('src/') && path.endsWith('.cpp') && !/_(test|pgtest|bench)\.cpp$/.test(path))
  .filter((job, index, all) => all.findIndex((other) => other.path === job.path) === index)
  .map(({ path, command }) => {
    const hash = createHash('sha256').update(version).update(readFileSync('.clang-tidy')).update(command).update(precompiled);
    for (const below of [...closure(path)].sort()) hash.update(below).update(source.get(below));
    return { path, stamp: join(cache, hash.digest('hex')) };
  })
  .filter(({ stamp }) => !existsSync(stamp));

mkdirSync(cache, { recursive: true });
let failed = 0;
let done = 0;
const total = jobs.length;
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    try {
      await run('clang-tidy-19', ['--quiet', '-p', build, job.path], { maxBuffer: 1 << 26 });
      writeFileSync(job.stamp, '');
      console.log(`[${++done}/${total}] ${job.path}`);
    } catch (error) {
      failed += 1;
      console.log(`[${++done}/${total}] ${job.path} failed\n${error.stdout ?? ''}${error.stdout ? '' : (error.stderr ?? error)}`);
    }
  }
}));
if (failed > 0) console.log(`${failed} of ${total} files have findings`);
process.exit(failed > 0 ? 1 : 0);
