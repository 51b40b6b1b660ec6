/** The one rule for times in trace files. */
import type { Fault } from './entry.ts';

/** Seconds since 1970 stay below this until the year 5138; milliseconds passed it in 1973. */
const SECONDS_BELOW = 1e11;

/** A zone is needed: without one the same file would mean another time on another machine. */
const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
const ISO_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/;

const NUMBER = /^\d+(\.\d+)?$/;

const NO_ZONE = 'the time has no zone: add Z for UTC, or an offset such as +01:00';
const NO_TIME = 'the time is neither ISO 8601 nor seconds or milliseconds since 1970';

/** Epoch milliseconds of an ISO time or an epoch number, or what is wrong with it. */
export function readTime(value: unknown): number | Fault {
  if (value === undefined || value === '') return { why: 'the time is missing' };
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return { why: NO_TIME, example: JSON.stringify(value) };
  const text = value.trim();
  if (NUMBER.test(text)) return fromEpoch(Number(text));
  if (ISO_WITHOUT_ZONE.test(text)) return { why: NO_ZONE, example: text };
  const time = ISO_WITH_ZONE.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(time) ? { why: NO_TIME, example: text } : time;
}

function fromEpoch(value: number): number | Fault {
  if (!Number.isFinite(value) || value < 0) return { why: NO_TIME, example: String(value) };
  return value < SECONDS_BELOW ? Math.round(value * 1000) : Math.round(value);
}
