// What the figures were measured on.
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './figures.mjs';
import { run } from './processes.mjs';

const kFileSystems = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs: fsync costs nothing here'],
  [0x794c7630, 'overlayfs'],
]);

/// Microseconds of a write of 8 KB with fdatasync, where the databases lie.
function syncTime(folder) {
  const path = join(folder, `gatehouse-bench-sync-${process.pid}`);
  const file = openSync(path, 'w');
  const page = Buffer.alloc(8192, 1);
  const times = [];
  for (let i = 0; i < 200; ++i) {
    const before = process.hrtime.bigint();
    writeSync(file, page, 0, page.length, (i % 64) * page.length);
    fdatasyncSync(file);
    times.push(Number(process.hrtime.bigint() - before) / 1e3);
  }
  closeSync(file);
  rmSync(path);
  return median(times);
}

export async function describeMachine() {
  const folder = process.env.GATEHOUSE_BENCH_DATA ?? tmpdir();
  const version = async (command, args, pattern) => pattern.exec(await run(command, args))?.[0] ?? '';
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  return {
    processors: `${cpus().length} × ${cpus()[0].model.trim()}`,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${system}, Linux ${release()}`,
    data_on: kFileSystems.get(statfsSync(folder).type) ?? `file system ${statfsSync(folder).type.toString(16)}`,
    sync_us: Math.round(syncTime(folder)),
    load_before: loadavg()[0],
    postgres: await version('pgbench', ['--version'], /\d+\.\d+/),
    node: process.version,
    commit: await version('git', ['rev-parse', '--short', 'HEAD'], /\w+/),
  };
}
