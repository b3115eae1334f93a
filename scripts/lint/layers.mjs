// Which folder of src/ may include which, read from src/layers.json. Usage: node layers.mjs ROOT
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cppFiles, includes } from './source_tree.mjs';

// The headers of each external library that a folder must name before it includes them.
const externalHeaders = {
  pq: /^libpq/,
  openssl: /^openssl\//,
  sodium: /^sodium/,
  cjose: /^(cjose\/|jansson)/,
  hyperscan: /^hs\//,
  re2: /^re2\//,
  toml: /^toml\+\+/,
  cli11: /^CLI\//,
  valijson: /^valijson\//,
  zlib: /^zlib\.h/,
  brotli: /^brotli\//,
  boost_url: /^boost\/url/,
};

/// The folders on a cycle of the declared dependencies, or an empty list.
export function findCycle(layers) {
  const done = new Set();
  const visit = (folder, trail) => {
    if (trail.includes(folder)) return [...trail.slice(trail.indexOf(folder)), folder];
    if (done.has(folder)) return [];
    for (const used of layers[folder]?.uses ?? []) {
      const cycle = visit(used, [...trail, folder]);
      if (cycle.length > 0) return cycle;
    }
    done.add(folder);
    return [];
  };
  for (const folder of Object.keys(layers)) {
    const cycle = visit(folder, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

// Where a call is served, the only database handle is its tenant's: Call::read and Call::write. What makes tenants, or
// works without a call, is in files of its own; these folders are below the calls or run the process.
const withoutCalls = new Set(['access', 'identity', 'vault', 'server', 'audit', 'pg']);
const call = /\bCall&|\bcall_?\./;
const pool = /\bcontrol\(\)|(?:\.|->)(?:platform|app|audit)\b(?!\()/;

/// Lines of a file that serves calls and names a pool.
function poolsBesideCalls({ path, folder, lines }) {
  if (withoutCalls.has(folder) || /_(test|pgtest|bench|testing)\.(cpp|h)$|\/testing\.h$/.test(path)) return [];
  if (!lines.some((line) => call.test(line))) return [];
  return lines.flatMap((line, index) => (pool.test(line.replace(/\/\/.*/, '')) ? [`${path}:${index + 1}: serves calls and names a pool; use Call::read and Call::write`] : []));
}

/// Every violation in the tree at `root`, as "path:line: what".
export function checkLayers(root) {
  const { layers } = JSON.parse(readFileSync(join(root, 'src/layers.json'), 'utf8'));
  const problems = [];
  const cycle = findCycle(layers);
  if (cycle.length > 0) problems.push(`src/layers.json: cycle ${cycle.join(' → ')}`);
  for (const [folder, { uses }] of Object.entries(layers)) {
    for (const used of uses) if (!layers[used]) problems.push(`src/layers.json: ${folder} uses the unknown folder ${used}`);
  }
  for (const { path, folder, lines } of cppFiles(root)) {
    const layer = layers[folder];
    if (!layer) {
      problems.push(`${path}:1: folder ${folder} is not in src/layers.json`);
      continue;
    }
    problems.push(...poolsBesideCalls({ path, folder, lines }));
    for (const { line, name, quoted } of includes(lines)) {
      const at = `${path}:${line}`;
      if (quoted) {
        const [target] = name.split('/');
        if (!existsSync(join(root, 'src', name))) problems.push(`${at}: "${name}" is not a path below src/`);
        else if (target !== folder && !layer.uses.includes(target)) problems.push(`${at}: ${folder} may not include ${target}`);
        else if (target !== folder && /_store\.h$/.test(name)) problems.push(`${at}: "${name}" is the inside of ${target}`);
        continue;
      }
      if (/^boost\/beast/.test(name) && folder !== 'http') problems.push(`${at}: Boost.Beast belongs to http/ alone`);
      for (const [library, pattern] of Object.entries(externalHeaders)) {
        if (pattern.test(name) && !layer.external.includes(library)) {
          problems.push(`${at}: ${folder} does not name ${library} in src/layers.json`);
        }
      }
    }
  }
  return problems;
}

const entry = process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url;
if (entry) {
  const problems = checkLayers(process.argv[2] ?? '.');
  for (const problem of problems) console.error(problem);
  process.exit(problems.length > 0 ? 1 : 0);
}
