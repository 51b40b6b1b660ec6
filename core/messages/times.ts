/** Moments and durations as people read them. Moments are in UTC. */
import type { Window } from '../model/series.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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
 * Both ends in one unit each, the unit written once where it is the same: `2–6 d`, `20 h–3 d`; no end: `2 d or more`.
 * Undefined where the ends do not differ in one unit.
 */
export function formatDurationRange(low: number, high: number | null): string | undefined {
  const from = inOneUnit(low);
  if (high === null) return `${from.count} ${from.unit} or more`;
  // Ends that are close have the unit of the first: 119–125 min is clearer than 119 min–2 h, and 26–57 h than 26 h–2 d.
  const isClose = high <= 2 * low || (from.unit === 'h' && high < FEW_DAYS);
  const to = inOneUnit(high, isClose ? low : high);
  if (from.unit !== to.unit) return `${from.count} ${from.unit}–${to.count} ${to.unit}`;
  return from.count === to.count ? undefined : `${from.count}–${to.count} ${to.unit}`;
}

/** @param size Decides the unit: two of the larger one before it takes over, since 36 h is more precise than 2 d. */
function inOneUnit(ms: number, size = ms): { count: string; unit: string } {
  const [unit, unitMs] = size < 2 * HOUR ? ['min', MINUTE] : size < 2 * DAY ? ['h', HOUR] : ['d', DAY];
  return { count: Math.round(Math.max(0, ms) / unitMs).toLocaleString('en'), unit };
}

/** `2026-11-23 16:00 UTC`. */
export function formatTime(epochMs: number): string {
  return `${formatMinute(epochMs)} UTC`;
}

/** `2026-11-23 16:00`, for tables that name UTC once. */
export function formatMinute(epochMs: number): string {
  const { year, rest } = partsOf(epochMs);
  return `${year}-${rest}`;
}

/** `11-23 16:00`, where the year is plain. */
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

/** How long before the end of a host's memory it was reported: `26 h`, `none`, `2 h late`. */
export function leadText(ms: number): string {
  if (ms === 0) return 'none';
  return ms > 0 ? formatDuration(ms) : `${formatDuration(-ms)} late`;
}
