/** Numbers as people say them: levels, growth, durations, moments, money. */
import type { Unit, Window } from '../../core/model/series.ts';
import type { Interval } from '../../core/model/verdict.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const BINARY_PREFIXES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Two significant digits at least, no more than two decimals for what is large enough: `0.42`, `12.3`, `1204`, `0.0011`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size < 5e-5) return '0';
  if (size < 0.1) return String(Number(Number(value.toPrecision(2)).toFixed(4)));
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** `71.3 %` of a fraction, `3.21 GiB` of bytes. */
export function formatLevel(value: number, unit: Unit): string {
  if (unit === '1') return `${(value * 100).toFixed(1)} %`;
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
  return `${formatGrowth(estimate, unit)} (${unsigned(low / factor)} to ${unsigned(high / factor)})`;
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

/** `100 h`, for spans that configs give in hours. */
export function formatHours(ms: number): string {
  return `${Math.round(ms / HOUR)} h`;
}

/** As exact as people care to know: `45 min`, `2 h 10 min`, `14 h`, `3 d 4 h`, `41 d`. */
export function formatDuration(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return minutes < 1 ? 'under 1 min' : `${minutes} min`;
  if (ms < 10 * HOUR) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(ms / HOUR);
  if (hours < 48) return `${hours} h`;
  if (hours < 14 * 24) return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return `${Math.round(ms / DAY).toLocaleString('en')} d`;
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** What is sooner is counted in hours beside hours. */
const FEW_DAYS = 3 * DAY;

/**
 * Both ends in one unit each, the unit said once where it is the same: `2–6 d`, `20 h–3 d`; no end: `2 d or more`.
 * Undefined where the ends do not differ in one unit.
 */
export function formatDurationRange(low: number, high: number | null): string | undefined {
  const from = inOneUnit(low);
  if (high === null) return `${from.count} ${from.unit} or more`;
  // Ends that are close are told in the unit of the first: 119 min–2 h says nothing, 119–125 min does, and 26–57 h more than 26 h–2 d.
  const isClose = high <= 2 * low || (from.unit === 'h' && high < FEW_DAYS);
  const to = inOneUnit(high, isClose ? low : high);
  if (from.unit !== to.unit) return `${from.count} ${from.unit}–${to.count} ${to.unit}`;
  return from.count === to.count ? undefined : `${from.count}–${to.count} ${to.unit}`;
}

/** @param size Decides the unit: two of the larger one before it takes over, since 36 h says more than 2 d. */
function inOneUnit(ms: number, size = ms): { count: string; unit: string } {
  const [unit, unitMs] = size < 2 * HOUR ? ['min', MINUTE] : size < 2 * DAY ? ['h', HOUR] : ['d', DAY];
  return { count: Math.round(Math.max(0, ms) / unitMs).toLocaleString('en'), unit };
}

/** `2026-11-23 16:00 UTC`. */
export function formatTime(epochMs: number): string {
  return `${formatMinute(epochMs)} UTC`;
}

/** `2026-11-23 16:00`, for places that say UTC once. */
export function formatMinute(epochMs: number): string {
  const { year, rest } = partsOf(epochMs);
  return `${year}-${rest}`;
}

/** `11-23 16:00`, for places where the year is plain. */
export function formatShortMinute(epochMs: number): string {
  return partsOf(epochMs).rest;
}

function partsOf(epochMs: number): { year: string; rest: string } {
  const [date = '', time = ''] = new Date(epochMs).toISOString().split('T');
  const rest = `${date.slice(-5)} ${time.slice(0, 5)}`;
  return { year: date.slice(0, -6), rest };
}

/** `2026-11-16 08:00 – 11-20 12:00 UTC`. */
export function formatWindow({ start, end }: Window): string {
  const sameYear = partsOf(start).year === partsOf(end).year;
  return `${formatMinute(start)} – ${sameYear ? formatShortMinute(end) : formatMinute(end)} UTC`;
}

/** `62 %` of a share in [0, 1]. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** US dollars with as many digits as the sum needs: `$0`, `$0.00031`, `$1.27`. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  return usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`;
}
