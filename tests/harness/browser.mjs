// Follows a sign-in through a provider as a browser would: one redirect after another, with cookies.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import net from 'node:net';
import { Actor } from './actor.mjs';
import { Http } from './http.mjs';

/** A port that nobody listens at. */
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Browser {
  cookies = new Map();

  constructor(demo) {
    this.demo = demo;
  }

  /** One request to the server, with its cookies; nothing is followed. */
  async get(path, options = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await this.demo.http.send('GET', path, { headers: { ...(cookie && { cookie }), ...options.headers } });
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.cookies.set(name, value);
    }
    return reply;
  }

  /** Where the provider was to be asked: the address that the server sends the browser to. */
  async leave(provider, query = '') {
    const reply = await this.get(`${new URL(provider.start_url).pathname}${query}`);
    assert.equal(reply.status, 302, reply.text);
    return reply.headers.location;
  }
  /** What the provider sends back, as a path of the server. */
  async consent(address) {
    const outside = new Http(address);
    const { pathname, search } = new URL(address);
    const reply = await outside.send('GET', pathname + search);
    outside.close();
    assert.equal(reply.status, 302, reply.text);
    const back = new URL(reply.headers.location);
    return back.pathname + back.search;
  }
  /** The end of the way: {to, refused, requestId}. */
  async arrive(path) {
    const reply = await this.get(path);
    assert.equal(reply.status, 302, reply.text);
    const to = new URL(reply.headers.location, 'http://console.test');
    return { to: to.pathname + to.search, refused: to.searchParams.get('refused'), requestId: reply.requestId };
  }

  /** There and back. */
  async signIn(provider, query = '') {
    const address = await this.leave(provider, query);
    if (address.startsWith('/')) {
      const to = new URL(address, 'http://console.test');
      return { to: address, refused: to.searchParams.get('refused'), requestId: to.searchParams.get('request_id') };
    }
    return this.arrive(await this.consent(address));
  }

  /** Somebody who calls with this browser's session. */
  async actor() {
    const actor = new Actor(this.demo, 'browser', { cookie: `gatehouse_session=${this.cookies.get('gatehouse_session')}` });
    actor.me = await actor.expect(200, 'GET', '/api/auth/me');
    actor.csrf = actor.me.csrf_token;
    return actor;
  }
}
