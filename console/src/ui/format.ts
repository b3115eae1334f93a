// Numbers, money and times in the reader's language and zone.

const microdollars = 1_000_000;

export function formatNumber(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** 1.2K, 3.4M: for where there is little room and the exact number is near. */
export function formatCompact(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A day of UTC such as `2026-11-20`, as it is called anywhere. */
export function formatDay(day: string, language: string, style: 'short' | 'long' = 'short'): string {
  const look: Intl.DateTimeFormatOptions = style === 'short' ? { day: 'numeric', month: 'short' } : { dateStyle: 'full' };
  return new Intl.DateTimeFormat(language, { ...look, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** Microdollars as dollars, with as many digits as a small amount needs to be told from nothing. */
export function formatCost(value: number, language: string): string {
  const dollars = value / microdollars;
  const digits = value === 0 || Math.abs(dollars) >= 1 ? 2 : Math.abs(dollars) >= 0.01 ? 4 : 6;
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(dollars);
}

export function formatExact(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(value));
}

export function formatMoment(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(value));
}

const steps: readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, size: number][] = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [604_800, 'day', 86_400],
];

/** "3 minutes ago" within a week, the date beyond. */
export function formatRelative(value: string, language: string, now: number = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const step = steps.find(([limit]) => Math.abs(seconds) < limit);
  if (!step) return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(value));
  const [, unit, size] = step;
  const amount = unit === 'second' ? 0 : Math.round(seconds / size);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(amount, unit);
}

/** The end of a UUID, by which people tell two apart; anything else is a name and stays whole. */
export function shortId(id: string): string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id.slice(-12) : id;
}
