// Portkey's gateway from npm, as it is started by `npx @portkey-ai/gateway`, without its log page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { becomes, kResults, start } from './processes.mjs';

export async function startPortkey(mock) {
  const entry = join(import.meta.dirname, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const preload = join(import.meta.dirname, 'loopback_only.mjs');
  const child = start('portkey', process.execPath, ['--import', preload, entry, '--port=0', '--headless'], {
    cwd: import.meta.dirname,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const port = await becomes(child, () => {
    const log = readFileSync(join(kResults, 'log/portkey.log'), 'utf8');
    return /Ready for connections/.test(log) ? Number(/listening on port (\d+)/.exec(log)[1]) : undefined;
  });
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    headers: {
      authorization: 'Bearer sk-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${mock.url}/v1`,
    },
  };
}
