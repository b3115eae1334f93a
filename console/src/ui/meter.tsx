import { cx } from './classes';

interface Props {
  label: string;
  used: number;
  limit: number;
  /** What is read out. */
  text: string;
  thick?: boolean;
}

/** A number against a limit: warns before it is reached. What is said beside it says the same in words. */
export function Meter({ label, used, limit, text, thick = false }: Props) {
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  return (
    <span role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={Math.min(used, limit)} aria-valuetext={text} className={cx('block w-full overflow-hidden rounded-full bg-sunken', thick ? 'h-2' : 'h-1')}>
      <span className={cx('block h-full rounded-full', share >= 1 ? 'bg-danger' : share >= nearlyUsedUp ? 'bg-warn' : 'bg-accent')} style={{ width: `${share * 100}%` }} />
    </span>
  );
}

/** The share of a limit from which on it is worth a word. */
export const nearlyUsedUp = 0.8;
