// The lint rules find what they are there to find, in small trees made for the purpose.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkFiles } from '../../scripts/lint/files.mjs';
import { checkLayers, findCycle } from '../../scripts/lint/layers.mjs';

const layers = {
  base: { uses: [], external: [] },
  pg: { uses: ['base'], external: ['pq'] },
  http: { uses: ['base'], external: [] },
  chat: { uses: ['base', 'pg'], external: [] },
};

/// Runs `check` on a tree of these files, which has `layers` as its rules.
function inTree(check, files) {
  const root = mkdtempSync(join(tmpdir(), 'lint-rules-'));
  try {
    for (const [path, content] of Object.entries({ 'src/layers.json': JSON.stringify({ layers }), ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const header = { 'src/base/error.h': '', 'src/pg/pool.h': '', 'src/pg/rows_store.h': '', 'src/chat/chats.h': '' };

const layerCases = [
  ['a declared include is allowed', 'src/chat/chats.cpp', '#include "pg/pool.h"\n#include "chat/chats.h"\n', null],
  ['an undeclared include is refused', 'src/pg/pool.cpp', '#include "base/error.h"\n#include "chat/chats.h"\n', /pool\.cpp:2: pg may not include chat/],
  ['an include that is no path below src is refused', 'src/pg/pool.cpp', '#include "pool.h"\n', /not a path below src/],
  ['the store of another folder is refused', 'src/chat/chats.cpp', '#include "pg/rows_store.h"\n', /inside of pg/],
  ['the own store is allowed', 'src/pg/rows.cpp', '#include "pg/rows_store.h"\n', null],
  ['Beast outside http is refused', 'src/chat/chats.cpp', '#include <boost/beast/core.hpp>\n', /Beast belongs to http/],
  ['Beast inside http is allowed', 'src/http/server.cpp', '#include <boost/beast/http.hpp>\n', null],
  ['an external library that the folder does not name is refused', 'src/chat/chats.cpp', '# include <libpq-fe.h>\n', /chat does not name pq/],
  ['an external library that the folder names is allowed', 'src/pg/pool.cpp', '#include <libpq-fe.h>\n', null],
  ['a pool in a file that serves calls is refused', 'src/chat/chats.cpp', 'void f(Call& call) {}\nauto& p = *call.reactor().region(r).platform;\n', /chats\.cpp:2: serves calls and names a pool/],
  ['a call’s note of its event is no pool', 'src/chat/chats.cpp', 'void f(Call& call) { call.audit().payload = {}; }\n', null],
  ['a pool where there is no call is allowed', 'src/chat/chats.cpp', 'co_await region.platform->run(batch);\n', null],
  ['a folder without rules is refused', 'src/stray/x.cpp', '', /folder stray is not in/],
];
for (const [name, path, content, expected] of layerCases) {
  test(name, () => {
    const problems = inTree(checkLayers, { ...header, [path]: content });
    if (expected === null) assert.deepEqual(problems, []);
    else assert.match(problems.join('\n'), expected);
    assert.ok(problems.length <= 1);
  });
}

test('a cycle of the declared dependencies is found through several folders', () => {
  const declared = { a: { uses: ['b'] }, b: { uses: ['c'] }, c: { uses: ['b'] } };
  assert.deepEqual(findCycle(declared), ['b', 'c', 'b']);
});

test('two ways to the same folder are no cycle', () => {
  assert.deepEqual(findCycle({ a: { uses: ['b', 'c'] }, b: { uses: ['d'] }, c: { uses: ['d'] }, d: { uses: [] } }), []);
});

test('a file of 450 lines is allowed and one of 451 is not', () => {
  assert.deepEqual(inTree(checkFiles, { 'src/a/x.cpp': 'x\n'.repeat(450) }), []);
  assert.match(inTree(checkFiles, { 'src/a/x.cpp': 'x\n'.repeat(451) }).join(), /x\.cpp:451: longer/);
});

test('a generated file may be long', () => {
  assert.deepEqual(inTree(checkFiles, { 'console/src/api/schema.d.ts': 'x\n'.repeat(900) }), []);
});

test('unfinished work is found in every language', () => {
  const word = ['TO', 'DO'].join('');
  for (const path of ['src/a/x.h', 'console/src/a.tsx', 'migrations/0001.up.sql', 'scripts/a.sh']) {
    assert.match(inTree(checkFiles, { [path]: `ok\n// ${word}: later\n` }).join(), /:2: unfinished/);
  }
});

test('a test that is switched off is found', () => {
  assert.match(inTree(checkFiles, { 'tests/api/a.test.mjs': `test.${'skip'}('x', () => {});\n` }).join(), /does not run/);
});

test('a Secret may be opened only where src/reveals.txt says so', () => {
  const source = { 'src/a/x.cpp': 'use(secret.reveal());\n' };
  assert.match(inTree(checkFiles, source).join(), /x\.cpp:1: opens a Secret/);
  assert.deepEqual(inTree(checkFiles, { ...source, 'src/reveals.txt': '# list\nsrc/a/x.cpp  to sign\n' }), []);
});

test('the list of places that open a Secret can only shrink', () => {
  assert.match(inTree(checkFiles, { 'src/reveals.txt': 'src/a/x.cpp  to sign\n' }).join(), /opens no Secret/);
});
