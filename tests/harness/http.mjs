// An HTTP client that adds nothing and hides nothing: headers as given, answers as they come.
import http from 'node:http';

export class Reply {
  constructor(status, headers, body) {
    Object.assign(this, { status, headers, body });
  }
  get text() { return this.body.toString('utf8'); }
  get type() { return (this.headers['content-type'] ?? '').split(';')[0].trim(); }
  get requestId() { return this.headers['x-request-id']; }
  json() {
    try {
      return JSON.parse(this.text);
    } catch {
      throw new Error(`not JSON (status ${this.status}): ${this.text.slice(0, 300)}`);
    }
  }
}

export class Http {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 128 });

  constructor(url) {
    this.url = new URL(url);
  }
  close() { this.#agent.destroy(); }

  /** `body`: text, bytes, or a value to be sent as JSON. */
  async send(method, path, options = {}) {
    const response = await this.open(method, path, options);
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    return new Reply(response.statusCode, response.headers, Buffer.concat(chunks));
  }

  /** The answer's head; its body is still to be read, or to be left with destroy(). */
  open(method, path, { headers = {}, body } = {}) {
    const sent = { ...headers };
    let bytes = body;
    if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) bytes = JSON.stringify(body);
    if (bytes !== undefined) {
      sent['content-type'] ??= 'application/json';
      sent['content-length'] = Buffer.byteLength(bytes);
    } else if (!['GET', 'HEAD', 'DELETE'].includes(method)) {
      sent['content-length'] = 0;
    }
    return new Promise((resolve, reject) => {
      const request = http.request({
        host: this.url.hostname, port: this.url.port, agent: this.#agent, method, path, headers: sent, timeout: 60_000,
      });
      request.once('response', resolve).once('error', reject);
      request.once('timeout', () => request.destroy(new Error(`${method} ${path}: no answer in a minute`)));
      request.end(bytes);
    });
  }
}
