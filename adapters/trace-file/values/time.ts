/** Times as trace files write them, read as epoch milliseconds. */
import type { Fault } from '../entry.ts';
import { zoneOf } from './zone.ts';

/** A sample from outside these years has a wrong time, or one in another unit: nobody recorded memory in 1970. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

/** Seconds, milliseconds, microseconds and nanoseconds: at most one of these readings of a number lies between the two years. */
const MS_PER_UNIT = [1000, 1, 1e-3, 1e-6] as const;

/** Days since 1900, as Excel counts, of the years 1980 to 2100. */
const EXCEL_DAYS = { from: 29_221, to: 73_051 };

const NUMBER = /^[+-]?\d+([.,]\d+)?(e\+?\d+)?$/i;
const CLOCK = String.raw`(?:[T,\s]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?`;
const ZONE = String.raw`\s*(?:(Z|UTC|GMT)|([+-])(\d\d):?(\d\d)?(?:\s+UTC|\s+GMT)?)?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/](\d\d?)[-/](\d\d?)${CLOCK}${ZONE}$`, 'i');
const DAY_FIRST = new RegExp(String.raw`^(\d\d?)\.(\d\d?)\.(\d{4})${CLOCK}${ZONE}$`, 'i');
const DAY_OR_MONTH_FIRST = /^\d\d?\/\d\d?\/\d{2,4}\b/;

const MISSING = 'the time is missing';
const NO_ZONE = 'the time has no zone: name it with --timezone, for example --timezone Europe/Berlin or UTC';
const NO_TIME = 'the time is neither ISO 8601 nor seconds, milliseconds, microseconds or nanoseconds since 1970';
const NO_SUCH_TIME =
  'the time is not from 2000 to 2100 in seconds, milliseconds, microseconds or nanoseconds since 1970';
const OUT_OF_RANGE = 'the time is not from 2000 to 2100';
const EITHER_FIRST = 'the time may begin with the day or with the month: write it as ISO 8601, 2026-11-20T12:00:00Z';
const EXCEL_DAY = 'the time is a day number of Excel: format its column as text like 2026-11-20T12:00:00Z';

/** Epoch milliseconds of an ISO time or an epoch number, or what is wrong with it. @param timeZone Of times that state none. */
export function readTime(value: unknown, timeZone?: string): number | Fault {
  if (value === undefined || value === null || value === '') return { why: MISSING };
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return { why: NO_TIME, example: shown(value) };
  const text = value.trim();
  if (text === '') return { why: MISSING };
  if (NUMBER.test(text)) return fromEpoch(Number(text.replace(',', '.')));
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) return fromCalendar(text, yearFirst, timeZone);
  const dayFirst = DAY_FIRST.exec(text);
  if (!dayFirst) return { why: DAY_OR_MONTH_FIRST.test(text) ? EITHER_FIRST : NO_TIME, example: text };
  const [all, day = '', month = '', year = '', ...rest] = dayFirst;
  return fromCalendar(text, [all, year, month, day, ...rest], timeZone);
}

function shown(value: unknown): string {
  return Array.isArray(value) ? '[…]' : typeof value === 'object' ? '{…}' : String(value);
}

function fromEpoch(value: number): number | Fault {
  const time = MS_PER_UNIT.map((factor) => Math.round(value * factor)).find(isPlausible);
  if (time !== undefined) return time;
  const isDay = value >= EXCEL_DAYS.from && value < EXCEL_DAYS.to;
  return { why: isDay ? EXCEL_DAY : NO_SUCH_TIME, example: String(value) };
}

function isPlausible(time: number): boolean {
  return time >= EARLIEST && time < LATEST;
}

/** The parts of a time as the expressions above find them: year, month, day, hours, minutes, seconds, fraction, zone. */
function fromCalendar(text: string, parts: readonly (string | undefined)[], timeZone?: string): number | Fault {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [fraction = '', utc, sign, offsetHours = '0', offsetMinutes = '0'] = parts.slice(7);
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hours > 23 || minutes > 59 || seconds > 60) {
    return { why: NO_TIME, example: text };
  }
  const clock = ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const hasOffset = utc !== undefined || sign !== undefined;
  if (!hasOffset && timeZone === undefined) return { why: NO_ZONE, example: text };
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const wallClock = midnight + clock;
  const time = hasOffset || timeZone === undefined ? wallClock - offset : zoneOf(timeZone)(wallClock);
  return isPlausible(time) ? time : { why: OUT_OF_RANGE, example: text };
}
