// Rules on single files: length, unfinished work, and where a secret may be opened. Usage: node files.mjs ROOT
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cppFiles, filesBelow } from './source_tree.mjs';

const kMaxLines = 450;
const roots = ['src', 'console', 'tests', 'bench', 'migrations', 'scripts', 'deploy'];
const text = /\.(h|cpp|ts|tsx|mjs|js|css|sh|sql|toml|cmake)$/;
const generated = /(schema\.d\.ts|generated|openapi|migrations\/schema\.sql|\.snap)/;
// Written so that this file does not match itself.
const unfinished = /\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b/;
const skippedTest = /\b(GTEST_S[K]IP|D[I]SABLED_\w+)|\b(?:it|test|describe)\.(?:s[k]ip|t[o]do|o[n]ly)\(/;
const door = /[.>]reveal(_\w+)?\(/;

/// The files outside crypto/ that may open a Secret: the lines of src/reveals.txt, each `path  reason`.
function allowedDoors(root) {
  const list = join(root, 'src/reveals.txt');
  if (!existsSync(list)) return new Set();
  return new Set(readFileSync(list, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(/\s+/)[0]));
}

export function checkFiles(root) {
  const problems = [];
  for (const path of roots.flatMap((directory) => filesBelow(root, directory)).filter((each) => text.test(each))) {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    if (lines.length - 1 > kMaxLines && !generated.test(path)) {
      problems.push(`${path}:${lines.length - 1}: longer than ${kMaxLines} lines; split it by idea`);
    }
    lines.forEach((line, index) => {
      if (unfinished.test(line)) problems.push(`${path}:${index + 1}: unfinished: ${line.trim()}`);
      if (skippedTest.test(line)) problems.push(`${path}:${index + 1}: a test that does not run: ${line.trim()}`);
    });
  }
  const allowed = allowedDoors(root);
  const opened = new Set();
  for (const { path, folder, lines } of cppFiles(root)) {
    if (folder === 'crypto') continue;
    lines.forEach((line, index) => {
      if (!door.test(line)) return;
      opened.add(path);
      if (!allowed.has(path) && !/_(test|pgtest|bench)\.cpp$/.test(path)) {
        problems.push(`${path}:${index + 1}: opens a Secret and is not in src/reveals.txt`);
      }
    });
  }
  for (const path of allowed) if (!opened.has(path)) problems.push(`src/reveals.txt: ${path} opens no Secret`);
  return problems;
}

const entry = process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url;
if (entry) {
  const problems = checkFiles(process.argv[2] ?? '.');
  for (const problem of problems) console.error(problem);
  process.exit(problems.length > 0 ? 1 : 0);
}
