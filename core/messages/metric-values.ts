/** Values of metrics of any unit, and what an anomaly is called, as people read them. */
import type { AnomalyType } from '../model/anomaly.ts';
import { formatLevel, formatNumber } from './units.ts';

/** What happened, after the name of the metric: `CPU shifted up`. */
export const ANOMALY_WORDS: Readonly<Record<AnomalyType, string>> = {
  spike: 'spike',
  dip: 'dip',
  shift_up: 'shifted up',
  shift_down: 'shifted down',
  season_broken: 'cycle broken',
  limit_crossed: 'beyond its limit',
  flat_line: 'does not move',
  fills: 'fills up',
};

/** UCUM has other words in braces: `{error}` counts errors. */
const COUNTED = /^\{([^{}]{1,24})\}$/;

/**
 * `71.3 %` of a fraction, `3.21 GiB` of bytes, `3 errors` of `{error}`, `12.4 ms` of any other unit.
 *
 * @param unit A UCUM code.
 */
export function formatMetric(value: number, unit: string): string {
  if (unit === '1' || unit === 'By') return formatLevel(value, unit).replace('-', '−');
  const number = formatFigure(value);
  const [, noun] = COUNTED.exec(unit) ?? [];
  if (noun !== undefined) return `${number} ${value === 1 ? noun : `${noun}s`}`;
  return unit === '' ? number : `${number} ${unit}`;
}

/** Large numbers with a prefix: `12.3 k`. Integers have no decimals. */
function formatFigure(value: number): string {
  const { factor, prefix } = decimalScale(value);
  const scaled = value / factor;
  const text = Number.isInteger(scaled) ? String(scaled) : formatNumber(scaled);
  return `${text.replace('-', '−')}${prefix === '' ? '' : ` ${prefix}`}`;
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** The largest decimal prefix that leaves a number of ten or more: `9,999` is read as it is. */
export function decimalScale(value: number): { factor: number; prefix: string } {
  const size = Math.abs(value);
  let step = 0;
  while (step < PREFIXES.length - 1 && size >= 10 * 1000 ** (step + 1)) step++;
  return { factor: 1000 ** step, prefix: PREFIXES[step] ?? '' };
}

/** `/var` of `mountpoint=/var`, for where there is no room for the names of labels. */
export function partValues(part: string): string {
  return part.replace(/(^|,)[^=,]*=/g, '$1');
}
