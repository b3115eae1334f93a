// A model server whose streams send five chunks a second each, evenly spread over the streams. `max_tokens` is the
// number of chunks. Every twentieth chunk tells an e-mail address. Run as a process of its own.
import { createServer } from 'node:http';
import { microseconds, stamp } from './stream_clock.mjs';

const kPeriodMs = 200;
const wheel = Array.from({ length: kPeriodMs }, () => []);
let next = 0; // the slot for the next stream, far from the last one's

const frame = (delta, rest = {}) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1767225600,
    model: 'mock',
    choices: [{ index: 0, delta, finish_reason: null, ...rest }],
  })}\n\n`;
const kMark = 'TEXT';
const [kBefore, kAfter] = frame({ content: kMark }).split(kMark);

function send(stream) {
  --stream.left;
  const person = stream.left % 20 === 10 ? ' write to ana.souza@exemplo.com,' : '';
  stream.response.write(`${kBefore}as agreed,${person} the plan holds ${stamp()}; ${kAfter}`);
  if (stream.left > 0) return true;
  const usage = { prompt_tokens: 20, completion_tokens: 400, total_tokens: 420 };
  stream.response.end(
    frame({}, { finish_reason: 'stop' }) +
      `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1767225600, model: 'mock', choices: [], usage })}\n\n` +
      'data: [DONE]\n\n',
  );
  return false;
}

const started = microseconds();
let turned = 0;
function turn() {
  const due = Math.floor((microseconds() - started) / 1000);
  for (; turned < due; ++turned) {
    const slot = turned % kPeriodMs;
    wheel[slot] = wheel[slot].filter((stream) => !stream.response.destroyed && send(stream));
  }
  setTimeout(turn, 1);
}
turn();

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (bytes) => (body += bytes));
  request.on('end', () => {
    if (request.method !== 'POST') return response.end('{}');
    response.socket.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frame({ role: 'assistant', content: '' }));
    wheel[next].push({ response, left: JSON.parse(body).max_tokens });
    next = (next + 73) % kPeriodMs;
  });
});
server.requestTimeout = 0;
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(`listening on port ${server.address().port}`));
