// ./dev test believes the JUnit files, so the counting is tested too.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/count-tests.mjs', import.meta.url));

function count(files) {
  const directory = mkdtempSync(join(tmpdir(), 'count-tests-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
    return spawnSync(process.execPath, [script, directory], { encoding: 'utf8' });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const passing = '<testcase name="A" status="run" result="completed" classname="S" />';
const failing = '<testcase name="B &lt;x&gt;" status="run" classname="S"><failure message="a &gt; b"/></testcase>';
const skipped = '<testcase name="C" classname="S"><skipped/></testcase>';
const disabled = '<testcase name="D" status="notrun" classname="S" />';

test('passed and failed tests are counted over all files, skipped ones are not', () => {
  const { stdout } = count({ 'a.xml': `<x>${passing}${skipped}${disabled}</x>`, 'b.xml': `<x>${passing}${failing}</x>` });
  assert.equal(stdout, '2 1\n');
});

test('failed and skipped tests are named', () => {
  const { stderr } = count({ 'a.xml': failing + skipped });
  assert.match(stderr, /failed: S › B <x>/);
  assert.match(stderr, /skipped: S › C/);
});

test('a program that died without a file counts as one failure', () => {
  const { stdout } = count({ 'a.xml': passing, 'ctest.xml': '<testcase name="b" status="fail"><failure message=""/></testcase>' });
  assert.equal(stdout, '1 1\n');
});

test('a program whose failed tests are in its file is not counted again', () => {
  const { stdout } = count({ 'b.xml': failing, 'ctest.xml': '<testcase name="b" status="fail"><failure message=""/></testcase>' });
  assert.equal(stdout, '0 1\n');
});

test('no files are no tests', () => assert.equal(count({}).stdout, '0 0\n'));
