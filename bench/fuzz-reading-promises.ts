/** What a source promises whatever its provider answers: readings that can be evaluated, or a `SourceError`. */
import { OVER_FULL, type Reading, type Series } from '../core/model/series.ts';

/** The first promise that a reading breaks, in words; undefined where it keeps them all. */
export function brokenPromise(reading: Reading): string | undefined {
  switch (reading.kind) {
    case 'series':
      return brokenSeries(reading);
    case 'unreadable':
      return reading.detail === '' ? 'an unreadable host without a detail' : undefined;
    case 'not_monitored':
      return reading.hint === '' ? 'a host that is not monitored without a hint' : undefined;
  }
}

function brokenSeries({ times, values, window, unit }: Series): string | undefined {
  if (times.length !== values.length) return 'not as many values as times';
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, time] of times.entries()) {
    const value = values[index] ?? Number.NaN;
    if (!(time > previous && time >= window.start && time < window.end)) return `a time out of order: ${time}`;
    if (!Number.isFinite(value)) return `a value that is not finite: ${value}`;
    if (unit === '1' && !(value >= 0 && value <= OVER_FULL)) return `a fraction that is none: ${value}`;
    previous = time;
  }
  return undefined;
}
