import type { ComponentProps } from 'react';
import { Select } from './field';

/** Those that the browser knows, and the one that is set. */
function timeZones(own: string | null | undefined): string[] {
  return [...new Set([...(own ? [own] : []), 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
}

/** `own`: the one that is set; `none`: what is said of no time zone. */
export function TimeZoneSelect({ own, none, ...rest }: ComponentProps<typeof Select> & { own: string | null | undefined; none: string }) {
  return (
    <Select {...rest}>
      <option value="">{none}</option>
      {timeZones(own).map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll('_', ' ')}
        </option>
      ))}
    </Select>
  );
}
