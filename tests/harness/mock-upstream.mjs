// An OpenAI-compatible model server on loopback that records what reaches it.
//
// The model's name says how it behaves: `echo` answers with the last user message, `fails` with 500, `busy` with 503
// twice and then as echo, `refuses` with 401, `slow` streams until its client leaves, `cuts` ends in mid-stream,
// `parts` streams its content as parts, `says` answers with what the test has put into `said`, in one piece.
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const created = 1_700_000_000;

export class MockUpstream {
  requests = [];
  said = '';
  #busy = new Map();

  /** `pause`: milliseconds before an answer. */
  static async start({ pause = 0 } = {}) {
    const mock = new MockUpstream();
    mock.pause = pause;
    mock.server = http.createServer((request, response) => mock.#answer(request, response).catch((error) => response.destroy(error)));
    mock.server.listen(0, '127.0.0.1');
    await once(mock.server, 'listening');
    mock.url = `http://127.0.0.1:${mock.server.address().port}/v1`;
    return mock;
  }
  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** All that ever arrived, as text: addresses, headers and bodies. */
  get received() { return this.requests.map(({ url, headers, text }) => `${url}\n${JSON.stringify(headers)}\n${text}`).join('\n'); }
  get last() { return this.requests.at(-1); }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const seen = { url: request.url, headers: request.headers, text, body: JSON.parse(text), left: false };
    this.requests.push(seen);
    response.once('close', () => (seen.left = !response.writableFinished));
    if (this.pause) await delay(this.pause);
    const model = seen.body.model;
    if (model === 'fails') return fail(response, 500, `exploded with ${request.headers.authorization}`);
    if (model === 'refuses') return fail(response, 401, `Incorrect API key provided: ${request.headers.authorization}`);
    if (model === 'busy') {
      const times = this.#busy.get(seen.body.seed) ?? 0;
      this.#busy.set(seen.body.seed, times + 1);
      if (times < 2) return fail(response, 503, 'busy');
    }
    return seen.body.stream ? this.#stream(seen, response) : this.#whole(seen.body, response);
  }

  #whole(body, response) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({
      id: 'chatcmpl-mock', object: 'chat.completion', created, model: body.model, system_fingerprint: 'fp_mock', unheard_of: { kept: true },
      choices: Array.from({ length: body.n ?? 1 }, (_, index) => ({ index, finish_reason: 'stop', message: { role: 'assistant', content: body.model === 'says' ? this.said : lastText(body), refusal: null } })),
      usage: usageOf(body),
    }));
  }

  async #stream({ body }, response) {
    response.setHeader('content-type', 'text/event-stream');
    const write = (data) => response.write(`data: ${data}\n\n`);
    const chunk = (choices, more = {}) => write(JSON.stringify({
      id: 'chatcmpl-mock', object: 'chat.completion.chunk', created, model: body.model, choices,
      ...(body.stream_options?.include_usage ? { usage: null } : {}), ...more }));
    const delta = (content) => chunk([{ index: 0, delta: content, finish_reason: null }]);
    delta({ role: 'assistant', content: '' });
    if (body.model === 'slow') {
      for (let i = 0; !response.closed && i < 3000; ++i) {
        delta({ content: `word${i} ` });
        await delay(10);
      }
      return response.end();
    }
    // In pieces of three code points, so that every identifier is cut.
    if (body.model === 'says') delta({ content: this.said });
    const pieces = body.model === 'says' ? [] : [...lastText(body)];
    for (let at = 0; at < pieces.length; at += 3) {
      if (body.model === 'cuts' && at >= 12) {
        await delay(100);  // what was sent has arrived by then
        return response.destroy();
      }
      const text = pieces.slice(at, at + 3).join('');
      delta({ content: body.model === 'parts' ? [{ type: 'text', text }] : text });
    }
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
    if (body.stream_options?.include_usage) chunk([], { usage: usageOf(body) });
    write('[DONE]');
    response.end();
  }
}

function fail(response, status, message) {
  response.writeHead(status, { 'content-type': 'application/json', 'x-upstream-secret': 'internal' });
  response.end(JSON.stringify({ error: { message, type: 'mock', param: null, code: null } }));
}

function lastText(body) {
  const content = body.messages.findLast((message) => message.role === 'user')?.content ?? '';
  return typeof content === 'string' ? content : content.map((part) => part?.text ?? '').join('');
}

const usageOf = (body) => {
  const completion = lastText(body).length;
  return { prompt_tokens: 11, completion_tokens: completion, total_tokens: 11 + completion };
};
