// (e) What judging a text costs: one core, the demo's rules.
import { judged, number, spread, table } from './figures.mjs';
import { of, runNative } from './native.mjs';

export async function measurePolicy() {
  const measured = await runNative('policy_bench', { repetitions: 5, args: ['--benchmark_min_time=0.3'], timeout: 120_000 });
  const rows = [
    ['prompt of 2 KB, nothing found', 'clean_prompt/2048'],
    ['prompt of 2 KB, personal data redacted', 'prompt_with_personal_data'],
    ['request document with a 2 KB prompt', 'document_2k'],
    ['text of 64 KB, nothing found', 'clean_prompt/65536'],
    ['one chunk of a stream (24 bytes)', 'stream_chunk'],
  ].map(([title, name]) => {
    const summary = of(measured, name);
    return [title, spread(summary.cpu_time, 1e-3), summary.bytes_per_second ? spread(summary.bytes_per_second, 1e-6) : ''];
  });
  const prompt = of(measured, 'clean_prompt/2048').cpu_time.median / 1e3;
  const personal = of(measured, 'prompt_with_personal_data').cpu_time.median / 1e3;
  const lines = [
    `- a prompt of 2 KB: ${judged(prompt, 20, { most: true, unit: ' µs' })}; with personal data to redact: ${number(personal)} µs`,
    '',
    table(['', 'µs', 'MB/s a core'], rows),
  ];
  return { prompt_us: prompt, personal_us: personal, measured, text: lines.join('\n') };
}
