// A real SMTP server on loopback that keeps what it is sent: with STARTTLS under a certificate made for it, or refusing.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { until } from './until.mjs';

function makeCertificate(folder) {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-keyout', key, '-out', certificate, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(certificate), file: certificate };
}

/** What a message says, its parts decoded. */
function read(source) {
  const [head] = source.split('\r\n\r\n', 1);
  const headers = Object.fromEntries(head.replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  }));
  const subject = headers.subject.replace(/=\?UTF-8\?B\?(.*?)\?=\s*/g, (_, text) => Buffer.from(text, 'base64').toString());
  const [text, html] = [...source.matchAll(/base64\r\n\r\n([\s\S]*?)--=_/g)].map((match) => Buffer.from(match[1], 'base64').toString());
  return { headers, subject, text, html };
}

export class Mailbox {
  letters = [];
  /** How many more messages to refuse, and with what. */
  refusing = { times: 0, code: 451 };
  refused = 0;

  /** `tls`: offers STARTTLS. `user`: asks for this one and the password `secret`. */
  static async start({ tls = true, user = null } = {}) {
    const box = new Mailbox();
    box.folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
    const certificate = makeCertificate(box.folder);
    box.server = new SMTPServer({
      key: certificate.key, cert: certificate.cert, authOptional: !user,
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(user ? [] : ['AUTH'])],
      onAuth: ({ username, password }, _, done) =>
        (username === user && password === 'secret' ? done(null, { user }) : done(new Error('no'))),
      onData: (stream, session, done) => {
        const parts = [];
        stream.on('data', (part) => parts.push(part));
        stream.on('end', () => {
          if (box.refusing.times > 0) {
            box.refusing.times -= 1;
            box.refused += 1;
            done(Object.assign(new Error('not now'), { responseCode: box.refusing.code }));
            return;
          }
          const source = Buffer.concat(parts).toString();
          box.letters.push({ ...read(source), source, to: session.envelope.rcptTo.map((each) => each.address), secure: session.secure, user: session.user });
          done();
        });
      },
    });
    box.server.on('error', () => undefined);
    box.server.listen(0, '127.0.0.1');
    await once(box.server.server, 'listening');
    box.certificate = certificate.file;
    return box;
  }

  get port() { return this.server.server.address().port; }
  /** The server's environment that sends mail here. */
  get env() {
    return { GATEHOUSE_MAIL__URL: `smtp://127.0.0.1:${this.port}`, GATEHOUSE_MAIL__FROM: 'no-reply@gatehouse.test', GATEHOUSE_MAIL__CA: this.certificate };
  }

  /** The newest letter to this address. */
  async next(address) {
    const letter = await until(() => this.letters.findLast(({ to }) => to.includes(address)), { within: 30_000, what: `mail to ${address}` });
    this.letters.splice(this.letters.indexOf(letter), 1);
    return letter;
  }

  async stop() {
    await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
