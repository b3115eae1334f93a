// Stacked bars, one a day. Every bar can be reached with the keyboard and says its numbers; the same numbers are a table for
// those who would rather read. Series differ by pattern as well as by colour.
import { ChartColumn, Table2 } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button';
import { axisEnd } from './chart-scale';
import { cx } from './classes';
import { formatDay } from './format';
import { useWidth } from './use-width';

export type Fill = 'accent' | 'ok' | 'warn' | 'redact' | 'danger' | 'neutral';

export interface Series {
  key: string;
  name: string;
  fill: Fill;
  /** One for each day. */
  values: readonly number[];
}

interface Props {
  label: string;
  /** `2026-11-20`, oldest first. */
  days: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
  /** Of the axis, where there is little room. */
  formatShort: (value: number) => string;
}

const colours: Record<Fill, string> = { accent: 'text-accent', ok: 'text-ok', warn: 'text-warn', redact: 'text-redact', danger: 'text-danger', neutral: 'text-line-strong' };
const height = 150;
const foot = 20;
const side = 44;

export function BarChart({ label, days, series, format, formatShort }: Props) {
  const { t, i18n } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const sum = (one: Series) => one.values.reduce((all, value) => all + value, 0);
  return (
    <div className="flex flex-col gap-2 px-4 pt-3 pb-4">
      <div className="flex items-start gap-3">
        <ul className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-1" aria-label={t('chart.legend')}>
          {series.map((one) => (
            <li key={one.key} className="flex items-center gap-1.5 text-xs text-ink-soft">
              <Swatch fill={one.fill} />
              {one.name}
              <span className="tabular font-medium text-ink">{format(sum(one))}</span>
            </li>
          ))}
        </ul>
        <IconButton label={asTable ? t('chart.as_chart') : t('chart.as_table')} className="-mt-1" onClick={() => setAsTable(!asTable)}>
          {asTable ? <ChartColumn /> : <Table2 />}
        </IconButton>
      </div>
      {asTable ? (
        <div tabIndex={0} role="region" aria-label={label} className="overflow-auto" style={{ height: height + foot }}>
          <table className="w-full text-xs">
            <caption className="sr-only">{label}</caption>
            <thead className="sticky top-0 bg-surface text-left text-ink-faint">
              <tr>
                <th scope="col" className="py-1 font-medium">{t('chart.day')}</th>
                {series.map((one) => (
                  <th key={one.key} scope="col" className="py-1 text-right font-medium">{one.name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, i) => (
                <tr key={day} className="border-t border-line">
                  <th scope="row" className="py-1 text-left font-normal whitespace-nowrap">{formatDay(day, i18n.language)}</th>
                  {series.map((one) => (
                    <td key={one.key} className="tabular py-1 pl-3 text-right">{format(one.values[i] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Bars label={label} days={days} series={series} format={format} formatShort={formatShort} />
      )}
    </div>
  );
}

/** What a series looks like, for the legend. */
function Swatch({ fill }: { fill: Fill }) {
  const id = useId();
  return (
    <svg aria-hidden className={cx('size-2.5 shrink-0', colours[fill])} viewBox="0 0 10 10">
      <Pattern id={id} fill={fill} />
      <rect width="10" height="10" rx="2" fill={`url(#${id})`} stroke="currentColor" strokeWidth="1" />
    </svg>
  );
}

function Pattern({ id, fill }: { id: string; fill: Fill }) {
  return (
    <defs>
      <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform={fill === 'redact' ? 'rotate(45)' : undefined}>
        <rect width="5" height="5" fill="currentColor" opacity={fill === 'redact' || fill === 'warn' ? 0.35 : fill === 'neutral' ? 0.5 : 0.9} />
        {fill === 'redact' && <rect width="2.2" height="5" fill="currentColor" />}
        {fill === 'danger' && <rect width="5" height="1.4" fill="var(--surface)" />}
        {fill === 'warn' && <circle cx="2.5" cy="2.5" r="1.3" fill="currentColor" />}
      </pattern>
    </defs>
  );
}

function Bars({ label, days, series, format, formatShort }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [at, setAt] = useState<number | null>(null);
  const [stop, setStop] = useState(days.length - 1);
  const plot = Math.max(1, width - side);
  const step = plot / days.length;
  const top = axisEnd(Math.max(0, ...days.map((_, i) => series.reduce((all, one) => all + (one.values[i] ?? 0), 0))));
  const y = (value: number) => height - (value / top) * (height - 8);
  const said = (i: number) => `${formatDay(days[i] ?? '', i18n.language, 'long')}: ${series.map((one) => `${one.name} ${format(one.values[i] ?? 0)}`).join(', ')}`;
  const move = (event: KeyboardEvent<SVGGElement>) => {
    const to = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: days.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(days.length - 1, Math.max(0, to));
    setStop(next);
    event.currentTarget.parentElement?.querySelector<SVGGElement>(`[data-day="${next}"]`)?.focus();
  };
  const named = [0, Math.floor((days.length - 1) / 2), days.length - 1];
  return (
    <div ref={box} className="relative" onPointerLeave={() => setAt(null)}>
      <svg role="group" aria-label={`${label}. ${t('chart.keys')}`} width="100%" height={height + foot} className="block overflow-visible text-2xs">
        {series.map((one) => (
          <g key={one.key} className={colours[one.fill]}>
            <Pattern id={`${id}${one.key}`} fill={one.fill} />
          </g>
        ))}
        {[0, top / 2, top].map((value) => (
          <g key={value} aria-hidden>
            <line x1={side} x2={width} y1={y(value)} y2={y(value)} stroke="var(--line)" />
            <text x={side - 6} y={y(value) + 3.5} textAnchor="end" fill="var(--ink-faint)" className="tabular">
              {formatShort(value)}
            </text>
          </g>
        ))}
        {days.map((day, i) => {
          let below = 0;
          return (
            <g
              key={day}
              data-day={i}
              role="img"
              aria-label={said(i)}
              tabIndex={i === stop ? 0 : -1}
              className="group outline-none"
              onKeyDown={move}
              onPointerEnter={() => setAt(i)}
              onFocus={() => {
                setStop(i);
                setAt(i);
              }}
              onBlur={() => setAt(null)}
            >
              <rect x={side + i * step} y={0} width={step} height={height} rx={2} fill={at === i ? 'var(--hover)' : 'transparent'} className="group-focus-visible:stroke-accent group-focus-visible:stroke-2" />
              {series.map((one) => {
                const value = one.values[i] ?? 0;
                const bottom = y(below);
                below += value;
                // What is there is seen, however little of the whole.
                const tall = value === 0 ? 0 : Math.max(1.5, bottom - y(below));
                return (
                  <rect
                    key={one.key}
                    x={side + i * step + step * 0.16}
                    y={bottom - tall}
                    width={step * 0.68}
                    height={tall}
                    rx={Math.min(1.5, tall / 2)}
                    fill={`url(#${id}${one.key})`}
                  />
                );
              })}
            </g>
          );
        })}
        {named.map((i, place) => (
          <text key={i} aria-hidden x={side + (i + 0.5) * step} y={height + 15} textAnchor={place === 0 ? 'start' : place === 1 ? 'middle' : 'end'} fill="var(--ink-faint)">
            {formatDay(days[i] ?? '', i18n.language)}
          </text>
        ))}
      </svg>
      {at !== null && (
        <div
          aria-hidden
          className="pointer-events-none absolute top-0 z-10 min-w-36 rounded-md bg-ink px-2.5 py-1.5 text-xs text-canvas shadow-pop"
          style={at < days.length / 2 ? { left: side + (at + 1) * step + 4 } : { right: width - side - at * step + 4 }}
        >
          <p className="font-medium">{formatDay(days[at] ?? '', i18n.language)}</p>
          {series.map((one) => (
            <p key={one.key} className="flex justify-between gap-3">
              {one.name} <span className="tabular">{format(one.values[at] ?? 0)}</span>
            </p>
          ))}
        </div>
      )}
    </div>
  );
}
