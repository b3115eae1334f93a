// The figures that a C++ benchmark measures by itself (Google Benchmark's JSON).
import { join } from 'node:path';
import { summarise } from './figures.mjs';
import { kRoot, run } from './processes.mjs';

/// Each benchmark's repetitions by its name (`clean_prompt/2048`), as [{field: number}].
export async function runNative(name, { repetitions, args = [], timeout, env = {} } = {}) {
  const folder = process.env.GATEHOUSE_BINARY ? join(process.env.GATEHOUSE_BINARY, '..') : join(kRoot, 'build/release');
  const output = await run(
    join(folder, name),
    ['--benchmark_format=json', `--benchmark_repetitions=${repetitions}`, '--benchmark_report_aggregates_only=false', ...args],
    { timeout, env: { ...process.env, ...env } },
  );
  const measured = {};
  for (const each of JSON.parse(output.slice(output.indexOf('{'))).benchmarks) {
    if (each.error_occurred) throw new Error(`${name}: ${each.name}: ${each.error_message}`);
    if (each.run_type !== 'iteration') continue;
    (measured[shortName(each.run_name)] ??= []).push(each);
  }
  return measured;
}

function shortName(name) {
  return name.replace(/\/(iterations|repeats|manual_time|real_time)(:\d+)?/g, '');
}

/// The summary of one benchmark. Throws if it was not run.
export function of(measured, name) {
  if (!measured[name]) throw new Error(`${name} was not measured; there are: ${Object.keys(measured).join(', ')}`);
  return summarise(measured[name]);
}
