// Medians with their spread, and tables of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kResults } from './processes.mjs';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/// {median, least, most} of each numeric field over the repetitions.
export function summarise(repetitions) {
  const fields = Object.keys(repetitions[0] ?? {}).filter((key) => typeof repetitions[0][key] === 'number');
  return Object.fromEntries(
    fields.map((key) => {
      const values = repetitions.map((each) => each[key]);
      return [key, { median: median(values), least: Math.min(...values), most: Math.max(...values) }];
    }),
  );
}

export function number(value, digits = 3) {
  if (value === undefined) return '';
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value) || 1)));
  const [whole, fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/// `median (least–most)`.
export function spread({ median: middle, least, most }, scale = 1) {
  return `${number(middle * scale)} (${number(least * scale)}–${number(most * scale)})`;
}

/// A Markdown table with aligned columns.
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join('\n');
}

/// A ratio against its target: `0.21 × (at least 0.15: met)`.
export function judged(value, target, { most = false, unit = '' } = {}) {
  const met = most ? value <= target : value >= target;
  return `${number(value)}${unit} (${most ? 'at most' : 'at least'} ${number(target)}${unit}: ${met ? 'met' : 'missed'})`;
}

export function save(part, result) {
  mkdirSync(kResults, { recursive: true });
  writeFileSync(join(kResults, `${part}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
