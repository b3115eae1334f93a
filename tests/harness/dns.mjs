// A name server on loopback that knows the TXT records which a test gives it.
import dgram from 'node:dgram';
import { once } from 'node:events';

const TXT = 16;

export class Dns {
  records = new Map();
  asked = [];
  /** No answer is sent before this is settled. */
  held = Promise.resolve();

  static async start() {
    const dns = new Dns();
    dns.socket = dgram.createSocket('udp4');
    dns.socket.on('message', async (question, from) => {
      const answer = dns.#answer(question);
      await dns.held;
      dns.socket.send(answer, from.port, from.address);
    });
    dns.socket.bind(0, '127.0.0.1');
    await once(dns.socket, 'listening');
    dns.address = `127.0.0.1:${dns.socket.address().port}`;
    return dns;
  }
  async stop() {
    this.socket.close();
    await once(this.socket, 'close');
  }

  #answer(question) {
    const labels = [];
    let at = 12;
    while (question[at]) {
      labels.push(question.toString('latin1', at + 1, at + 1 + question[at]));
      at += 1 + question[at];
    }
    const end = at + 5;
    const name = labels.join('.').toLowerCase();
    this.asked.push(name);
    const texts = question.readUInt16BE(at + 1) === TXT ? this.records.get(name) ?? [] : [];
    const head = Buffer.from(question.subarray(0, end));
    head.writeUInt16BE(texts.length || this.records.has(name) ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(texts.length, 6);
    head.writeUInt32BE(0, 8);
    const answers = texts.map((text) => {
      const pieces = text.match(/.{1,255}/gs).map((piece) => Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece, 'latin1')]));
      const data = Buffer.concat(pieces);
      const fixed = Buffer.from([0xc0, 12, 0, TXT, 0, 1, 0, 0, 0, 60, 0, 0]);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    return Buffer.concat([head, ...answers]);
  }
}
