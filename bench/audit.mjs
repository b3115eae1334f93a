// (c) Events a second from the outbox into the chains, and how long after its commit an event is chained.
import { judged, number, spread, table } from './figures.mjs';
import { of, runNative } from './native.mjs';

export async function measureAudit() {
  const measured = await runNative('audit_bench', { repetitions: 3, timeout: 240_000 });
  const drained = of(measured, 'drain_backlog/60000').items_per_second;
  const chained = of(measured, 'commit_to_chained/5000');
  const direct = [1, 128].map((writers) => [writers, of(measured, `append_directly/${writers}`).items_per_second]);
  const lines = [
    `- events a second from the outbox: ${judged(drained.median, 15_000)}`,
    `- from commit to chained at 5,000 events/s, p99: ${judged(chained.p99_ms.median, 50, { most: true, unit: ' ms' })}, p50 ${number(chained.p50_ms.median)} ms`,
    '',
    table(
      ['', 'events/s'],
      [
        ['a backlog of 60,000, drained', spread(drained)],
        ...direct.map(([writers, rate]) => [`appended and waited for, ${writers} at a time`, spread(rate)]),
      ],
    ),
  ];
  return { drained, chained, measured, text: lines.join('\n') };
}
