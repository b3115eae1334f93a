// nginx twice: as the model server that answers at once, and as the proxy in front of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { becomes, freePort, start } from './processes.mjs';

const kAnswer = {
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1767225600,
  model: 'mock',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content:
          'The minutes say that the report is due at the end of the quarter, that the budget stays as it is, and ' +
          'that the two open questions go to the next meeting. Nobody objected to the plan for the second half.',
        refusal: null,
      },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 301, completion_tokens: 47, total_tokens: 348 },
  system_fingerprint: 'fp_bench',
};

async function startNginx(name, server) {
  const folder = mkdtempSync(join(tmpdir(), `gatehouse-bench-${name}-`));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n  ');
  const user = process.getuid() === 0 ? `user ${userInfo().username};` : '';
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${user}
daemon off;
worker_processes auto;
pid ${folder}/pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_buffer_size 64k;
  ${temporary}
  ${server(port)}
}
`,
  );
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const child = start(name, '/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr']);
  const url = `http://127.0.0.1:${port}`;
  await becomes(child, async () => ((await fetch(`${url}/healthz`)).ok ? true : undefined));
  return { child, port, url, folder };
}

/// Answers every POST with the same small completion.
export function startMock() {
  return startNginx(
    'mock',
    (port) => `server {
    listen 127.0.0.1:${port} backlog=4096;
    default_type application/json;
    location = /healthz { return 200 '{}'; }
    location / { return 200 '${JSON.stringify(kAnswer)}'; }
  }`,
  );
}

export function startProxy(mock) {
  return startNginx(
    'nginx',
    (port) => `upstream mock {
    server 127.0.0.1:${mock.port};
    keepalive 256;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }`,
  );
}
