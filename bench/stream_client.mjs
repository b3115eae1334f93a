// Opens many streams and measures how old each chunk is when it arrives. Run as a process of its own, configured by
// BENCH_STREAMS (JSON: host, port, headers, model, streams, ramp_seconds, seconds). Prints JSON.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { percentile } from './figures.mjs';
import { kStampLength, kStampPattern, microseconds, sentAt } from './stream_clock.mjs';

const options = JSON.parse(process.env.BENCH_STREAMS);
const kPerSecond = 5;
const kSettleSeconds = 1;
const chunks = (options.ramp_seconds + kSettleSeconds + options.seconds + 1) * kPerSecond;

const body = JSON.stringify({
  model: options.model,
  stream: true,
  max_tokens: chunks,
  messages: [{ role: 'user', content: 'Tell me at length what we agreed on.' }],
});
const request =
  `POST /v1/chat/completions HTTP/1.1\r\nhost: ${options.host}:${options.port}\r\n` +
  'content-type: application/json\r\n' +
  Object.entries(options.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('') +
  `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const start = microseconds();
const from = start + (options.ramp_seconds + kSettleSeconds) * 1e6;
const until = from + options.seconds * 1e6;
const delays = new Float64Array(options.streams * kPerSecond * (options.seconds + 2));
const seen = { measured: 0, chunks: 0, done: 0, refused: 0, addresses: 0, bytes: 0 };
let busy;
let refusal = '';

function open() {
  const socket = connect({ host: options.host, port: options.port, noDelay: true });
  let tail = '';
  let first = true;
  socket.on('connect', () => socket.write(request));
  socket.on('data', (bytes) => {
    const now = microseconds();
    seen.bytes += bytes.length;
    const text = tail + bytes.latin1Slice();
    if (first) {
      first = false;
      if (!text.startsWith('HTTP/1.1 200')) {
        if (seen.refused++ === 0) refusal = text.slice(0, 800);
        return socket.destroy();
      }
    }
    let end = 0;
    for (const match of text.matchAll(kStampPattern)) {
      end = match.index + kStampLength;
      ++seen.chunks;
      if (now >= from && now < until && seen.measured < delays.length) delays[seen.measured++] = now - sentAt(match[1]);
    }
    if (text.includes('ana.souza@')) ++seen.addresses;
    if (text.includes('[DONE]')) {
      ++seen.done;
      socket.destroy();
    }
    tail = text.slice(Math.max(end, text.length - kStampLength + 1));
  });
  socket.on('error', (error) => {
    if (seen.refused++ === 0) refusal = error.message;
  });
  return new Promise((resolve) => socket.once('close', resolve));
}

setTimeout(() => (busy = performance.eventLoopUtilization()), (from - start) / 1000);
setTimeout(() => (busy = performance.eventLoopUtilization(busy)), (until - start) / 1000);
const closed = [];
for (let index = 0; index < options.streams; ++index) {
  const due = start + (index / options.streams) * options.ramp_seconds * 1e6;
  const wait = (due - microseconds()) / 1000;
  if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  closed.push(open());
}
await Promise.all(closed);

const sorted = delays.subarray(0, seen.measured).sort();
console.log(
  JSON.stringify({
    streams: options.streams,
    expected: options.streams * chunks,
    ...seen,
    refusal,
    p50_us: percentile(sorted, 0.5),
    p90_us: percentile(sorted, 0.9),
    p99_us: percentile(sorted, 0.99),
    p999_us: percentile(sorted, 0.999),
    max_us: sorted.at(-1),
    client_busy: busy.utilization,
  }),
);
