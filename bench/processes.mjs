// Child processes: started with a log each, stopped by their id, their processor time read from /proc.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const kRoot = join(import.meta.dirname, '..');
export const kResults = join(kRoot, 'build/bench');
const kTicksPerSecond = 100; // USER_HZ, fixed on Linux

const running = new Set();

/// Starts `command`; its output goes to build/bench/log/<name>.log.
export function start(name, command, args, options = {}) {
  mkdirSync(join(kResults, 'log'), { recursive: true });
  const log = openSync(join(kResults, 'log', `${name}.log`), 'w');
  const child = spawn(command, args, { cwd: kRoot, ...options, stdio: ['ignore', log, log] });
  child.label = name;
  child.gone = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  child.gone.then(() => running.delete(child));
  running.add(child);
  return child;
}

/// SIGTERM, and SIGKILL to one that has not ended after `patience` ms.
export async function stop(child, patience = 20_000) {
  if (!running.has(child)) return;
  child.kill('SIGTERM');
  if ((await Promise.race([child.gone.then(() => 'gone'), sleep(patience)])) === 'gone') return;
  child.kill('SIGKILL');
  await child.gone;
}

export async function stopAll() {
  await Promise.all([...running].reverse().map((child) => stop(child)));
}

/// Runs `command` to its end and gives what it wrote to standard output.
export function run(command, args, { timeout = 300_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: kRoot, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    const errors = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.label = command;
    child.gone = new Promise((gone) => child.once('close', gone));
    running.add(child);
    child.stdout.on('data', (bytes) => output.push(bytes));
    child.stderr.on('data', (bytes) => errors.push(bytes));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      if (code === 0) resolve(Buffer.concat(output).toString());
      else reject(new Error(`${command} ended with ${code ?? signal}: ${Buffer.concat(errors).toString().slice(-2000)}`));
    });
  });
}

/// Asks `ready` (which gives a value, or undefined for not yet) until it answers or the child ends.
export async function becomes(child, ready, patience = 60_000) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (!running.has(child)) throw new Error(`${child.label} ended at once; see build/bench/log/${child.label}.log`);
    const value = await (async () => ready())().catch(() => undefined);
    if (value !== undefined) return value;
    await sleep(50);
  }
  throw new Error(`${child.label} was not ready within ${patience / 1000} s; see build/bench/log/${child.label}.log`);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function processTable() {
  const table = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const [own, reaped] = [Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14])];
      table.set(Number(name), { parent: Number(fields[1]), own: own / kTicksPerSecond, reaped: reaped / kTicksPerSecond });
    } catch {
      // It ended while we looked.
    }
  }
  return table;
}

/// Processor seconds (user and system) so far: of the process alone, and of it with its descendants, those
/// that ended included.
export function processorSeconds(pid) {
  const table = processTable();
  const children = new Map();
  for (const [id, { parent }] of table) children.set(parent, [...(children.get(parent) ?? []), id]);
  const sum = (id) => {
    const entry = table.get(id);
    if (!entry) return 0;
    return entry.own + entry.reaped + (children.get(id) ?? []).reduce((total, child) => total + sum(child), 0);
  };
  return { alone: table.get(pid)?.own ?? 0, tree: sum(pid) };
}

/// Resident memory of one process in bytes: now, and the most it ever was.
export function residentMemory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024;
  return { now: field('VmRSS'), most: field('VmHWM') };
}
