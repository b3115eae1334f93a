// The files that the lint rules read, and what a C++ file includes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const skipped = new Set(['node_modules', 'dist', 'build', '.git', '.dev']);

/// Paths below `root/directory`, relative to `root`, sorted; none if the directory is absent.
export function filesBelow(root, directory) {
  if (!existsSync(join(root, directory))) return [];
  return readdirSync(join(root, directory), { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? filesBelow(root, path) : [path];
    });
}

/// C++ files of src/ as {path, folder, lines}.
export function cppFiles(root) {
  return filesBelow(root, 'src')
    .filter((path) => /\.(h|cpp)$/.test(path))
    .map((path) => ({ path, folder: path.split('/')[1], lines: readFileSync(join(root, path), 'utf8').split('\n') }));
}

/// [{line, name, quoted}] for each #include.
export function includes(lines) {
  return lines.flatMap((text, index) => {
    const match = /^\s*#\s*include\s+([<"])([^>"]+)[>"]/.exec(text);
    return match ? [{ line: index + 1, name: match[2], quoted: match[1] === '"' }] : [];
  });
}
