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
    `- share chained within 50 ms of its commit: ${judged(chained.share_within_50ms.median, 0.99)}, within 25 ms ${number(chained.share_within_25ms.median)}; ` +
      `asked for 5,000 events/s, reached ${number(chained.reached_per_second.median)}`,
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
