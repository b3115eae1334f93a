// Checks the answer of /v1/chat/completions (as `curl --include` prints it) against the shape of an OpenAI stream.
import { readFileSync } from 'node:fs';

const [head, ...rest] = readFileSync(0, 'utf8').split('\r\n\r\n');
const expected = process.argv[2];
const problems = [];
if (!head) {
  console.error('smoke: no answer');
  process.exit(1);
}
const check = (holds, problem) => holds || problems.push(problem);

check(/^HTTP\/1\.1 200 /.test(head), `status line: ${head.split('\r\n')[0]}`);
check(/^content-type: *text\/event-stream/im.test(head), 'content-type is not text/event-stream');

const events = rest.join('\r\n\r\n').split(/\r?\n\r?\n/).filter((event) => event.trim() !== '');
const data = [];
for (const event of events) {
  for (const line of event.split(/\r?\n/)) {
    if (line.startsWith('data: ')) data.push(line.slice(6));
    else check(line.startsWith(':') || /^(event|id|retry):/.test(line), `not a line of SSE: ${line.slice(0, 120)}`);
  }
}
check(data.at(-1) === '[DONE]', 'the last data line is not [DONE]');

const chunks = data.filter((text) => text !== '[DONE]').map((text) => {
  try {
    return JSON.parse(text);
  } catch {
    problems.push(`not JSON: ${text.slice(0, 120)}`);
    return {};
  }
});
check(chunks.length > 0, 'no chunk');
for (const chunk of chunks) {
  check(chunk.object === 'chat.completion.chunk', `object is ${JSON.stringify(chunk.object)}`);
  check(typeof chunk.id === 'string' && chunk.id === chunks[0].id, 'chunks differ in id');
  check(Array.isArray(chunk.choices), 'choices is not a list');
  check(Number.isInteger(chunk.created) && typeof chunk.model === 'string', 'created or model is missing');
}
const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
const text = choices.map((choice) => choice.delta?.content ?? '').join('');
check(choices.some((choice) => typeof choice.finish_reason === 'string'), 'no finish_reason');
check(text === expected, `content is ${JSON.stringify(text)}, expected ${JSON.stringify(expected)}`);

if (problems.length > 0) {
  console.error(['smoke: failed', ...new Set(problems)].join('\n  '));
  if (!/ 200 /.test(head)) console.error(rest.join('\n').slice(0, 1000));
  process.exit(1);
}
console.log(`smoke: ok, ${chunks.length} chunks and [DONE]`);
