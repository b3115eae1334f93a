// Bytes to the server's socket as they are, and what comes back.
import { once } from 'node:events';
import net from 'node:net';
import { Reply } from './http.mjs';

const limit = 30_000;
// The server may close while we write, and we may have read enough.
const harmless = ['ECONNRESET', 'EPIPE', 'ABORT_ERR'];

export async function connect(url) {
  const { hostname, port } = new URL(url);
  const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** Sends, optionally ends our side, and reads until the server closes or `enough` says so of what came. */
export async function raw(url, bytes, { end = true, enough = () => false } = {}) {
  const socket = await connect(url);
  socket.setTimeout(limit, () => socket.destroy(new Error('the server neither answered nor closed')));
  let received = Buffer.alloc(0);
  socket.on('error', (error) => { if (!harmless.includes(error.code)) throw error; });
  socket.write(bytes);
  if (end) socket.end();
  try {
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk]);
      if (enough(received)) break;
    }
  } catch (error) {
    if (!harmless.includes(error.code)) throw error;
  }
  socket.destroy();
  return received;
}

/** The first answer among what came, or null if there is none. */
export function firstReply(received) {
  const cut = received.indexOf('\r\n\r\n');
  if (cut < 0) return null;
  const [line, ...fields] = received.subarray(0, cut).toString('latin1').split('\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(line) ?? (() => { throw new Error(`no status line: ${line}`); })();
  const headers = Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
  return new Reply(Number(status), headers, received.subarray(cut + 4, cut + 4 + Number(headers['content-length'] ?? Infinity)));
}

/** Sends a request's head and waits until the server, having settled who calls, asks for its body; `finish` sends that. */
export async function announce(url, method, path, headers, body) {
  const head = { host: new URL(url).host, 'content-length': Buffer.byteLength(body), expect: '100-continue', connection: 'close', ...headers };
  const lines = [`${method} ${path} HTTP/1.1`, ...Object.entries(head).map(([name, value]) => `${name}: ${value}`), '', ''];
  const socket = await connect(url);
  socket.setTimeout(limit, () => socket.destroy(new Error('the server neither answered nor closed')));
  socket.write(lines.join('\r\n'));
  const [first] = await once(socket, 'data');
  if (!first.toString('latin1').startsWith('HTTP/1.1 100 ')) throw new Error(`refused before the body: ${first}`);
  return {
    async finish() {
      const chunks = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.write(body);
      await once(socket, 'end');
      socket.destroy();
      return firstReply(Buffer.concat(chunks));
    },
  };
}
