// Somebody who calls: a person's session, an API key, or nobody. Every answer is held against the API's own document.
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { announce } from './raw.mjs';
import { frames } from './sse.mjs';

const mutating = (method) => !['GET', 'HEAD'].includes(method);

export class Actor {
  constructor(demo, name, headers = {}) {
    Object.assign(this, { demo, name, headers });
  }

  static async signIn(demo, email, password) {
    const actor = new Actor(demo, email);
    const reply = await actor.post('/api/auth/sign-in', { email, password });
    assert.equal(reply.status, 200, `sign-in of ${email}: ${reply.text}`);
    actor.me = reply.json();
    actor.csrf = actor.me.csrf_token;
    return actor;
  }

  get organization() { return this.me?.organization ?? null; }
  get cookie() { return this.headers.cookie; }

  get(path, options) { return this.send('GET', path, options); }
  post(path, body, options) { return this.send('POST', path, { body, ...options }); }
  patch(path, body, options) { return this.send('PATCH', path, { body, ...options }); }
  delete(path, options) { return this.send('DELETE', path, options); }

  #head(method, headers) {
    const all = { ...this.headers };
    if (this.csrf && mutating(method)) all['gatehouse-csrf'] = this.csrf;
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value === null) delete all[name];
      else all[name] = value;
    }
    return all;
  }

  /** `headers`: null leaves one out. Waits out rate limits unless `patient` is false. */
  async send(method, path, { body, headers, patient = true } = {}) {
    for (let attempt = 0; ; ++attempt) {
      const reply = await this.demo.http.send(method, path, { body, headers: this.#head(method, headers) });
      this.demo.contract?.check(method, path, reply);
      this.#keepCookie(reply);
      if (reply.status !== 429 || !patient || attempt === 20) return reply;
      await delay(1000 * Number(reply.headers['retry-after']));
    }
  }

  /** Sends, and fails unless the answer has this status. Returns its JSON, or its text if it is none. */
  async expect(status, method, path, options) {
    const reply = await this.send(method, path, options);
    assert.equal(reply.status, status, `${method} ${path}: ${reply.text.slice(0, 1000)}`);
    return reply.type.endsWith('json') ? reply.json() : reply.text;
  }

  /** A streamed answer: {status, headers, frames, response}. */
  async stream(method, path, { body, headers } = {}) {
    const response = await this.demo.http.open(method, path, { body, headers: this.#head(method, headers) });
    return { status: response.statusCode, headers: response.headers, response, frames: frames(response) };
  }

  /** Sends all but the body; `finish` of what it gives sends that, and gives the answer. */
  announce(method, path, body) {
    const headers = { 'content-type': 'application/json', ...this.#head(method) };
    return announce(this.demo.url, method, path, headers, JSON.stringify(body));
  }

  #keepCookie(reply) {
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [pair] = line.split(';');
      if (pair.includes('gatehouse_session=')) this.headers = { ...this.headers, cookie: pair };
    }
  }
}
