// A second server on a demo's databases: `gatehouse serve` with a configuration of the test's own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binary } from './demo.mjs';
import { until } from './until.mjs';

/** The demo's configuration for another node: a free port, its log on standard error. `change` edits the text. */
export function configured(demo, change = (text) => text) {
  const text = readFileSync(demo.ready.config, 'utf8').replace(/^port = .*$/m, 'port = 0').replace('node = "demo"', 'node = "second"').replace(/^file = "gatehouse.log"$/m, 'file = ""');
  const path = join(dirname(demo.ready.config), 'second.toml');
  writeFileSync(path, change(text));
  return path;
}
/** A key into `[server]`. */
export const server = (line) => (text) => text.replace('[server]\n', `[server]\n${line}\n`);

export class Node {
  log = '';

  static async start(demo, change, { env = {}, softLimit } = {}) {
    const node = new Node();
    const limit = softLimit ? `ulimit -Sn ${softLimit}; ` : '';
    node.child = spawn('bash', ['-c', `${limit}exec "$0" "$@"`, binary, 'serve', '--config', configured(demo, change)], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    demo.nodes.add(node);
    node.child.once('exit', () => demo.nodes.delete(node));
    node.child.stderr.setEncoding('utf8').on('data', (text) => (node.log += text));
    const listening = /"event":"node.listening","port":(\d+)/;
    await until(() => listening.test(node.log) || node.child.exitCode !== null, { within: 60_000, what: 'the node to listen' });
    if (!listening.test(node.log)) throw new Error(`the node ended instead of listening:\n${node.log}`);
    node.port = Number(listening.exec(node.log)[1]);
    return node;
  }

  get pid() { return this.child.pid; }

  kill() { this.child.kill('SIGKILL'); }

  /** The exit code of a graceful stop. */
  async stop() {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code, signal] = await ended;
    return code ?? signal;
  }
}

/** A `serve` that must not start: its exit code (or signal) and what it printed. */
export function refused(demo, change, env = {}) {
  const { status, signal, stderr } = spawnSync(binary, ['serve', '--config', configured(demo, change)], { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 60_000 });
  return { code: status ?? signal, stderr };
}
