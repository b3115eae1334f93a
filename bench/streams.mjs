// (d) Two thousand answers that stream at once, redacted: how much later a chunk arrives than without the gateway.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judged, median, number, spread, summarise, table } from './figures.mjs';
import { addModel, startGatehouse } from './gatehouse.mjs';
import { becomes, kResults, processorSeconds, residentMemory, run, start, stop } from './processes.mjs';

const kStreams = 2000;
const kRepetitions = 3;
const kRampSeconds = 4;
const kSeconds = 6;
const kMegabyte = 1e6;

async function startStreamMock() {
  const child = start('stream-mock', process.execPath, [join(import.meta.dirname, 'stream_mock.mjs')]);
  const port = await becomes(child, () => {
    const found = /listening on port (\d+)/.exec(readFileSync(join(kResults, 'log/stream-mock.log'), 'utf8'));
    return found ? Number(found[1]) : undefined;
  });
  return { child, url: `http://127.0.0.1:${port}` };
}

async function stream(target) {
  const { hostname, port } = new URL(target.url);
  const before = processorSeconds(target.child.pid);
  const output = await run(process.execPath, [join(import.meta.dirname, 'stream_client.mjs')], {
    timeout: 90_000,
    env: {
      ...process.env,
      BENCH_STREAMS: JSON.stringify({
        host: hostname,
        port: Number(port),
        headers: target.headers,
        model: target.model,
        streams: kStreams,
        ramp_seconds: kRampSeconds,
        seconds: kSeconds,
      }),
    },
  });
  const after = processorSeconds(target.child.pid);
  const measured = JSON.parse(output);
  if (measured.refused > 0 || measured.done !== kStreams) {
    throw new Error(`not all streams of ${target.url} came to their end: ${output}`);
  }
  return { ...measured, cpu_us_per_chunk: ((after.alone - before.alone) / measured.chunks) * 1e6 };
}

export async function measureStreams() {
  const [mock, gatehouse] = [await startStreamMock(), await startGatehouse()];
  const idle = residentMemory(gatehouse.child.pid).now;
  const model = await addModel(gatehouse, `${mock.url}/v1`);
  const direct = { ...mock, headers: { authorization: 'Bearer sk-bench' }, model: 'mock' };
  const governed = { ...gatehouse, headers: { authorization: `Bearer ${gatehouse.ready.api_keys.acme}` }, model };
  const runs = { direct: [], governed: [] };
  for (let repetition = 0; repetition < kRepetitions; ++repetition) {
    runs.direct.push(await stream(direct));
    runs.governed.push(await stream(governed));
    if (runs.direct.at(-1).addresses === 0 || runs.governed.at(-1).addresses > 0) {
      throw new Error('what should have been redacted was not, or was never sent');
    }
  }
  const memory = { idle, most: residentMemory(gatehouse.child.pid).most };
  for (const peer of [gatehouse, mock]) await stop(peer.child);
  return report(runs, memory);
}

function report(runs, memory) {
  const added = (field) => median(runs.governed.map((each, repetition) => each[field] - runs.direct[repetition][field]));
  const rows = Object.entries(runs).map(([name, repetitions]) => {
    const of = summarise(repetitions);
    return [
      name === 'direct' ? 'mock to client, direct' : 'through Gatehouse',
      ...['p50_us', 'p90_us', 'p99_us', 'p999_us'].map((field) => spread(of[field], 1e-3)),
      name === 'direct' ? '' : number(of.cpu_us_per_chunk.median),
      number(of.client_busy.median * 100) + ' %',
    ];
  });
  const figures = { added_p50_ms: added('p50_us') / 1e3, added_p99_ms: added('p99_us') / 1e3, memory };
  const lines = [
    `- added delay per chunk, p99: ${judged(figures.added_p99_ms, 2, { most: true, unit: ' ms' })}, p50 ${number(figures.added_p50_ms)} ms`,
    `- resident memory with ${number(kStreams)} streams, the most: ${judged(memory.most / kMegabyte, 150, { most: true, unit: ' MB' })}; idle ${number(memory.idle / kMegabyte)} MB`,
    '',
    table(['age of a chunk, ms', 'p50', 'p90', 'p99', 'p99.9', 'CPU µs/chunk', 'client busy'], rows),
  ];
  return { ...figures, runs, text: lines.join('\n') };
}
