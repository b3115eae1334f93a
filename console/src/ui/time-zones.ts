/** Those that the browser knows, and the one that is set. */
export function timeZones(own: string | null | undefined): string[] {
  return [...new Set([...(own ? [own] : []), 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
}
