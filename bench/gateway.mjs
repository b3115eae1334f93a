// (a) One governed chat completion, policy, intent, metering and audit all durable, beside a plain proxy and a peer.
import { judged, median, number, spread, summarise, table } from './figures.mjs';
import { addModel, makeKeys, startGatehouse } from './gatehouse.mjs';
import { startMock, startProxy } from './nginx.mjs';
import { startPortkey } from './portkey.mjs';
import { stop } from './processes.mjs';
import { load } from './wrk.mjs';

const kConnections = [1, 32, 128];
const kRepetitions = 3;
const kSeconds = 3;
const kKeys = 8; // one principal may make 5,000 model calls a second

/// A prompt of about 1.4 KB with nothing to redact, as most are.
function prompt(model) {
  const sentence =
    'Please summarise the minutes of our meeting, and list who promised what until when; the budget of 12,500 for ' +
    'the second quarter stays as it is. O relatório de março está pronto? ';
  return JSON.stringify({
    model,
    messages: [
      { role: 'system', content: 'You are a careful assistant. Answer briefly, in the language of the question.' },
      { role: 'user', content: sentence.repeat(7).trim() },
    ],
    temperature: 0.2,
    max_tokens: 400,
  });
}

export async function measureGateway() {
  const mock = await startMock();
  const [nginx, portkey, gatehouse] = [await startProxy(mock), await startPortkey(mock), await startGatehouse()];
  const model = await addModel(gatehouse, `${mock.url}/v1`);
  const keys = await makeKeys(gatehouse, kKeys);
  const json = { 'content-type': 'application/json' };
  const call = (peer, headers, name = 'mock') => ({
    child: peer.child,
    url: `${peer.url}/v1/chat/completions`,
    method: 'POST',
    headers: { ...json, ...headers },
    body: prompt(name),
  });
  const targets = {
    'mock, direct': call(mock, { authorization: 'Bearer sk-bench' }),
    'nginx proxy_pass': call(nginx, { authorization: 'Bearer sk-bench' }),
    Portkey: call(portkey, portkey.headers),
    Gatehouse: { ...call(gatehouse, {}, model), keys },
  };
  const runs = Object.fromEntries(Object.keys(targets).map((name) => [name, kConnections.map(() => [])]));
  for (const target of Object.values(targets)) await load(target, { connections: 32, seconds: 2 });
  for (let repetition = 0; repetition < kRepetitions; ++repetition) {
    for (const [at, connections] of kConnections.entries()) {
      for (const [name, target] of Object.entries(targets)) {
        runs[name][at].push(await load(target, { connections, seconds: kSeconds }));
      }
    }
  }
  for (const peer of [gatehouse, portkey, nginx, mock]) await stop(peer.child);
  return report(runs);
}

function report(runs) {
  const ratio = (name, at) =>
    runs.Gatehouse[at].map((ours, repetition) => ours.per_second / runs[name][at][repetition].per_second);
  const ratios = kConnections.map((connections, at) => ({
    connections,
    of_nginx: median(ratio('nginx proxy_pass', at)),
    of_portkey: median(ratio('Portkey', at)),
  }));
  const rows = Object.entries(runs).flatMap(([name, measured]) =>
    measured.map((repetitions, at) => {
      const of = summarise(repetitions);
      return [
        name,
        kConnections[at],
        spread(of.per_second),
        spread(of.p50_us),
        spread(of.p99_us),
        number(of.cpu_us.median),
        name === 'Gatehouse' ? number(of.cpu_alone_us.median) : '',
      ];
    }),
  );
  const at32 = ratios.find(({ connections }) => connections === 32);
  const lines = [
    `- throughput at 32 connections, of nginx proxy_pass: ${judged(at32.of_nginx, 0.15)}`,
    `- throughput at 32 connections, of Portkey: ${judged(at32.of_portkey, 12)}`,
    ...ratios
      .filter((each) => each !== at32)
      .map((each) => `- at ${each.connections}: ${number(each.of_nginx)} of nginx, ${number(each.of_portkey)} of Portkey`),
    '',
    table(['', 'connections', 'calls/s', 'p50 µs', 'p99 µs', 'CPU µs/call', 'without PostgreSQL'], rows),
  ];
  return { ratios, runs, text: lines.join('\n') };
}
