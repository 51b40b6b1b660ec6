/** Moments in UTC and, for tenants that have a time zone, beside it what their clocks show. */
import { formatTime } from './times.ts';

const DAY = 24 * 3_600_000;

/** `2026-11-20 16:00 UTC`, `2026-11-20 16:00 UTC (17:00 Berlin)`, or with the date where that is another one. */
export function momentText(epochMs: number, timezone?: string): string {
  const utc = formatTime(epochMs);
  const local = localTime(epochMs, timezone);
  if (local === undefined || timezone === undefined) return utc;
  const { date, time } = local;
  const shown = date === utc.slice(0, 10) ? time : `${date.slice(5)} ${time}`;
  return `${utc} (${shown} ${cityOf(timezone)})`;
}

/** `Monday` of the last six days, else `2026-11-03`: as people speak of it, seen from `now`. */
export function dayText(epochMs: number, now: number, timezone?: string): string {
  const zone = localTime(epochMs, timezone) === undefined ? 'UTC' : (timezone ?? 'UTC');
  const age = now - epochMs;
  if (age >= 0 && age < 6 * DAY) {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'long' }).format(epochMs);
  }
  return localTime(epochMs, zone)?.date ?? formatTime(epochMs).slice(0, 10);
}

/** By time zone, of those that there are: making a format takes longer than writing a message with it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws `RangeError` of a zone that this machine does not know. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  // The Swedish form is ISO's.
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, format);
  return format;
}

/** Undefined of UTC, and of a zone that this machine does not know. */
function localTime(epochMs: number, timezone: string | undefined): { date: string; time: string } | undefined {
  if (timezone === undefined) return undefined;
  try {
    const format = formatOf(timezone);
    const [date = '', time = ''] = format.format(epochMs).split(' ');
    return format.resolvedOptions().timeZone === 'UTC' ? undefined : { date, time };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `Berlin` of `Europe/Berlin`. */
function cityOf(timezone: string): string {
  return timezone.slice(timezone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}
