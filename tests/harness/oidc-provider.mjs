// Starts and stops the provider process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('oidc-provider-process.mjs', import.meta.url));

/** `client`: what the provider knows of us (client_id, client_secret, redirect_uris …). */
export async function startProvider({ port, client }) {
  const child = fork(script, [JSON.stringify({ port, client })], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
  const ready = once(child, 'message');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the provider ended instead of getting ready:\n${complaints}`)));
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return {
    issuer: `http://127.0.0.1:${port}`,
    get complaints() { return complaints; },
    async stop() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
