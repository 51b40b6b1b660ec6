/** The one rule for times in trace files. */

/** Seconds since 1970 stay below this until the year 5138; milliseconds passed it in 1973. */
const SECONDS_BELOW = 1e11;

/** A zone is needed: without one the same file would mean another time on another machine. */
const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

const NUMBER = /^\d+(\.\d+)?$/;

export const TIME_RULE = 'must be ISO 8601 with a zone, or seconds or milliseconds since 1970';

/** Epoch milliseconds of an ISO time or an epoch number; undefined where it is neither. */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const text = value.trim();
    if (NUMBER.test(text)) return readTime(Number(text));
    const time = ISO_WITH_ZONE.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  return value < SECONDS_BELOW ? Math.round(value * 1000) : Math.round(value);
}
