/** Figures as people read them: levels, growth, shares, counts, money. */
import type { Unit } from '../model/series.ts';
import type { Interval } from '../model/verdict.ts';

const BINARY_PREFIXES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Two significant digits at least, no more than two decimals for what is large enough: `0.42`, `12.3`, `1204`, `0.0011`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size < 5e-5) return '0';
  if (size < 0.1) return String(Number(Number(value.toPrecision(2)).toFixed(4)));
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** `71.3 %` of a fraction. */
export function formatPercent(fraction: number, decimals = 1): string {
  return `${(fraction * 100).toFixed(decimals)} %`;
}

/** `4.2 points`: percentage points of a difference between fractions. */
export function formatPoints(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`;
}

/** `71.3 %` of a fraction, `3.21 GiB` of bytes. */
export function formatLevel(value: number, unit: Unit): string {
  if (unit === '1') return formatPercent(value);
  const { factor, suffix } = binaryScale(value);
  return `${formatNumber(value / factor)} ${suffix}`;
}

/** `+0.42 %/h`, `−12.3 MiB/h`. Percent of a fraction's limit: percentage points. */
export function formatGrowth(perHour: number, unit: Unit): string {
  const { factor, suffix } = growthScale(perHour, unit);
  return `${signed(perHour / factor)} ${suffix}/h`;
}

/** `+0.42 %/h (0.38 to 0.47)`, all in the unit of the estimate. */
export function formatGrowthInterval({ low, estimate, high }: Interval, unit: Unit): string {
  const { factor } = growthScale(estimate, unit);
  return `${formatGrowth(estimate, unit)} (${formatEnds(low / factor, high / factor)})`;
}

/** Decimals of ends that are closer than numbers are usually written. */
const MOST_DECIMALS = 6;

/** `0.38 to 0.47`, with further decimals until the ends differ: `0.497 to 0.505`. Ends that are both negligible are `0 to 0`. */
function formatEnds(low: number, high: number): string {
  const [from, to] = [unsigned(low), unsigned(high)];
  if (from !== to || from === '0') return `${from} to ${to}`;
  for (let decimals = 1; decimals <= MOST_DECIMALS; decimals++) {
    const [closer, further] = [low, high].map((end) => end.toFixed(decimals).replace('-', '−'));
    if (closer !== further) return `${closer} to ${further}`;
  }
  return `${from} to ${to}`;
}

function growthScale(perHour: number, unit: Unit): { factor: number; suffix: string } {
  return unit === '1' ? { factor: 0.01, suffix: '%' } : binaryScale(perHour);
}

/** The largest binary prefix that leaves a number of one or more. */
export function binaryScale(bytes: number): { factor: number; suffix: string } {
  const size = Math.abs(bytes);
  let step = 0;
  while (step < BINARY_PREFIXES.length - 1 && size >= 1024 ** (step + 1)) step++;
  return { factor: 1024 ** step, suffix: BINARY_PREFIXES[step] ?? 'B' };
}

function signed(value: number): string {
  return value < 0 ? unsigned(value) : `+${formatNumber(value)}`;
}

function unsigned(value: number): string {
  return formatNumber(value).replace('-', '−');
}

/** `+0.42`, `−1.20`: a weight in log-odds, or a sum of them. */
export function formatWeight(logOdds: number): string {
  const text = Math.abs(logOdds).toFixed(2);
  return `${logOdds < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
}

/** `+500 MiB` of bytes, `+4.20 points` of a fraction. */
export function formatChange(value: number, unit: Unit = 'By'): string {
  const { factor, suffix } = changeScale(value, unit);
  return `${signed(value / factor)} ${suffix}`;
}

/** `+1.72 GiB (1.70 to 1.74)`, all in the unit of the estimate. */
export function formatRise({ low, estimate, high }: Interval, unit: Unit = 'By'): string {
  const { factor } = changeScale(estimate, unit);
  return `${formatChange(estimate, unit)} (${formatEnds(low / factor, high / factor)})`;
}

function changeScale(value: number, unit: Unit): { factor: number; suffix: string } {
  return unit === '1' ? { factor: 0.01, suffix: 'points' } : binaryScale(value);
}

/** `62 %` of a share. */
export function formatShare(share: number): string {
  return `${roundPercent(share)} %`;
}

/** `93 % (91 to 95)`. */
export function formatShareInterval({ low, estimate, high }: Interval): string {
  return `${formatShare(estimate)} (${roundPercent(low)} to ${roundPercent(high)})`;
}

function roundPercent(share: number): string {
  return String(Math.round(share * 100)).replace('-', '−');
}

/** `1 host`, `2 hosts`, `no hosts`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  if (count === 0) return `no ${plural}`;
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** US dollars with as many digits as the sum needs: `$0`, `$0.00031`, `$1.27`. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  return usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`;
}
