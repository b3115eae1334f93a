// Starts the real binary's demo in a folder of its own, and stops what it started.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Actor } from './actor.mjs';
import { Contract } from './contract.mjs';
import { Databases } from './databases.mjs';
import { Http } from './http.mjs';
import { until } from './until.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const binary = process.env.GATEHOUSE_BINARY ?? join(root, 'build/asan/gatehouse');

// In memory where there is room: processes are killed here, not machines, so a disk would prove nothing more.
const memory = '/dev/shm';
const memoryNeeded = 2 ** 31;
function placeForData() {
  if (process.env.TMPDIR) return tmpdir();
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > memoryNeeded ? memory : tmpdir();
  } catch (error) {
    if (!['ENOENT', 'EACCES'].includes(error.code)) throw error;
    return tmpdir();
  }
}

const startLimit = 120_000;
const stopLimit = 60_000;
const sanitizerReport = /ERROR: (Address|Leak)Sanitizer|SUMMARY: \w+Sanitizer|runtime error:/;

/** Names the failpoints only in binaries that have them compiled in. */
export const hasFailpoints = () => readFileSync(binary).includes('GATEHOUSE_FAILPOINTS');

export class Demo {
  #child;
  /** Other servers on its databases (node.mjs). */
  nodes = new Set();
  #actors = new Map();
  #folder = mkdtempSync(join(placeForData(), 'gatehouse-'));
  data = join(this.#folder, 'data');
  outputs = [];

  /** `env`: more of the server's environment, such as failpoints. `folder`: the data folder's name. `port`: 0, any. */
  static async start({ env = {}, console = false, folder = 'data', port = 0 } = {}) {
    const demo = new Demo();
    demo.data = join(demo.#folder, folder);
    // PostgreSQL's unprivileged user has to pass through.
    chmodSync(demo.#folder, 0o711);
    process.once('exit', () => demo.#abandon());
    await demo.launch({ env, console, port });
    return demo;
  }

  /** Starts the server on the data as they are. Throws with its output if it does not get ready. */
  async launch({ env = {}, console = false, port = 0, fresh = false } = {}) {
    const readyFile = join(this.#folder, 'ready.json');
    const output = join(this.#folder, `output-${this.outputs.length}.log`);
    rmSync(readyFile, { force: true });
    const args = ['demo', '--port', String(port), '--data', this.data, '--ready-file', readyFile, '--migrations', join(root, 'migrations')];
    if (fresh) args.push('--fresh');
    if (console) args.push('--console', process.env.GATEHOUSE_CONSOLE ?? join(root, 'console/dist'));
    const log = openSync(output, 'w');
    this.outputs.push(output);
    this.#child = spawn(binary, args, { cwd: this.#folder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
    closeSync(log);
    const child = this.#child;
    child.once('error', (error) => (child.failure = error));
    await until(() => existsSync(readyFile) || !this.running, { within: startLimit, what: 'the demo to get ready' });
    if (!existsSync(readyFile)) throw new Error(`the demo ended instead of getting ready:\n${this.output().slice(-2000)}`);
    this.ready = JSON.parse(readFileSync(readyFile, 'utf8'));
    this.http = new Http(this.ready.url);
    this.contract = new Contract(await this.http.send('GET', '/api/openapi.json').then((reply) => reply.json()));
    this.databases ??= new Databases(this.ready.postgres);
    this.#actors.clear();
  }

  get url() { return this.ready.url; }
  get pid() { return this.#child.pid; }
  get running() { return this.#child.exitCode === null && this.#child.signalCode === null && !this.#child.failure; }
  output() { return this.outputs.map((file) => readFileSync(file, 'utf8')).join(''); }
  account(email) { return this.ready.accounts.find((account) => account.email === email); }

  /** The account's own session of this suite; made once. */
  as(email) {
    if (!this.#actors.has(email)) this.#actors.set(email, this.signIn(email));
    return this.#actors.get(email);
  }
  /** Another session. */
  signIn(email) { return Actor.signIn(this, email, this.account(email).password); }
  nobody() { return new Actor(this, 'nobody'); }
  withKey(key) { return new Actor(this, 'API key', { authorization: `Bearer ${key}` }); }

  /** The command line on this installation's configuration. */
  async cli(...args) {
    const child = spawn(binary, ['--config', this.ready.config, ...args], { cwd: this.#folder });
    const out = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => (out[stream] += text));
    const [code, signal] = await once(child, 'close');
    return { code: code ?? signal, ...out };
  }

  /** The process id of the demo's own PostgreSQL. */
  postmaster() { return Number(readFileSync(join(this.data, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]); }

  async ended() {
    await until(() => !this.running, { within: stopLimit, what: 'the server to end' });
    return this.#child.exitCode ?? this.#child.signalCode;
  }
  async kill() {
    this.#child.kill('SIGKILL');
    this.http.close();
    return this.ended();
  }
  /** A graceful stop. Returns the exit code. */
  async interrupt() {
    this.http.close();
    this.#child.kill('SIGTERM');
    return this.ended();
  }

  /** Stops the server, removes its data, and fails if it did not end well or a sanitizer found something. */
  async stop() {
    // Those that a failed test left running.
    for (const node of this.nodes) node.kill();
    await this.databases?.close();
    const code = this.running ? await this.interrupt() : 0;
    const output = this.output();
    this.#abandon();
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${output.slice(-8000)}`);
    if (sanitizerReport.test(output)) throw new Error(`a sanitizer reports:\n${output.slice(output.search(sanitizerReport) - 200).slice(0, 12_000)}`);
  }

  #abandon() {
    if (this.#child && this.running) this.#child.kill('SIGKILL');
    const left = join(this.data, 'postgres/data/postmaster.pid');
    if (existsSync(left)) {
      try {
        process.kill(this.postmaster(), 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    if (!process.env.GATEHOUSE_KEEP_DATA) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
