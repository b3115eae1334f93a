// Load by wrk: one thread, so that it leaves the processors to what is measured.
import { join } from 'node:path';
import { processorSeconds, run } from './processes.mjs';

const kScript = join(import.meta.dirname, 'request.lua');

/// Asks `target` ({url, method, headers, body, keys, child}) for `seconds` over `connections`. Throws if any call failed:
/// a fast error is no throughput.
export async function load(target, { connections, seconds }) {
  const headers = Object.entries(target.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const before = target.child && processorSeconds(target.child.pid);
  const output = await run(
    'wrk',
    ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', kScript, target.url],
    {
      timeout: (seconds + 30) * 1000,
      env: {
        ...process.env,
        BENCH_METHOD: target.method ?? 'GET',
        BENCH_HEADERS: headers.join('\n'),
        ...(target.body && { BENCH_BODY: target.body }),
        BENCH_KEYS: (target.keys ?? []).join(' '),
      },
    },
  );
  const after = target.child && processorSeconds(target.child.pid);
  const measured = JSON.parse(output.trim().split('\n').at(-1));
  if (measured.status_errors + measured.other_errors > 0 || measured.requests === 0) {
    throw new Error(`${target.url}: ${JSON.stringify(measured)}`);
  }
  const perCall = (to, from) => ((to - from) / measured.requests) * 1e6;
  return {
    per_second: measured.requests / (measured.microseconds / 1e6),
    p50_us: measured.p50_us,
    p99_us: measured.p99_us,
    ...(after && { cpu_us: perCall(after.tree, before.tree), cpu_alone_us: perCall(after.alone, before.alone) }),
  };
}
