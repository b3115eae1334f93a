// Prints "PASSED FAILED" for the JUnit files of a directory, and names the failed and skipped tests on stderr.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2];
const testcase = /<testcase\b((?:\s+[\w:.-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const decode = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);

function read(file) {
  return [...readFileSync(join(directory, file), 'utf8').matchAll(testcase)].map(([, attributes, body = '']) => {
    const attribute = (name) => decode(new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    const skipped = /<skipped/.test(body) || ['notrun', 'disabled'].includes(attribute('status'));
    return {
      name: [attribute('classname'), attribute('name')].filter(Boolean).join(' › '),
      program: attribute('name'),
      outcome: /<(failure|error)\b/.test(body) || attribute('status') === 'fail' ? 'failed' : skipped ? 'skipped' : 'passed',
    };
  });
}

const tests = readdirSync(directory).filter((file) => file.endsWith('.xml') && file !== 'ctest.xml').flatMap(read);

// A program that died wrote no file, or one without a failure: ctest knows.
if (existsSync(join(directory, 'ctest.xml'))) {
  for (const run of read('ctest.xml')) {
    if (run.outcome === 'passed') continue;
    const file = `${run.program}.xml`;
    const told = existsSync(join(directory, file)) && read(file).some((test) => test.outcome === 'failed');
    if (!told) tests.push({ name: `${run.program} (the program)`, outcome: 'failed' });
  }
}

for (const outcome of ['failed', 'skipped']) {
  for (const test of tests.filter((each) => each.outcome === outcome)) console.error(`  ${outcome}: ${test.name}`);
}
const count = (outcome) => tests.filter((test) => test.outcome === outcome).length;
console.log(`${count('passed')} ${count('failed')}`);
