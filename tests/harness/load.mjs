// Calls that go on until they are told to stop, each noted with how it ended.
import { randomUUID } from 'node:crypto';
import { frames } from './sse.mjs';

export class Load {
  /** Request ids of calls whose answer came whole. */
  answered = [];
  /** All request ids, by the text that marks the call upstream. */
  sent = new Map();
  #stopped = false;
  #runs;

  /** `calls`: functions of (marker, headers) that return {method, path, headers, body}, taken in turns. */
  constructor(http, calls, { concurrency = 12 } = {}) {
    this.http = http;
    this.#runs = Array.from({ length: concurrency }, (_, i) => this.#run(calls, i));
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.#runs);
  }

  async #run(calls, offset) {
    for (let i = offset; !this.#stopped; ++i) {
      const id = randomUUID();
      const marker = `marker-${id}`;
      this.sent.set(marker, id);
      const { method, path, headers, body } = calls[i % calls.length](marker);
      try {
        const response = await this.http.open(method, path, { headers: { ...headers, 'x-request-id': id }, body });
        if (await endsWell(response)) this.answered.push(id);
      } catch {
        // The server is being killed: an answer that breaks off is no answer. Come back in a moment of its own.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

async function endsWell(response) {
  if (response.headers['content-type']?.startsWith('text/event-stream')) {
    let last;
    for await (const data of frames(response)) last = data;
    return last === '[DONE]';
  }
  for await (const _ of response);
  return response.complete && response.statusCode < 300;
}
