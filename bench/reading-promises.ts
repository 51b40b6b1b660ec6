/** What a source promises of every reading, whatever it was answered: core/ports/memory-source.ts. */
import { isResource, type Reading, type Series, type Span, UNREADABLE_REASONS } from '../core/model/series.ts';

/** The first promise that a reading breaks, in words; undefined where it keeps them all. */
export function brokenReading(reading: Reading, span: Span): string | undefined {
  switch (reading.kind) {
    case 'series':
      return brokenSeries(reading, span);
    case 'not_monitored':
      return reading.hint.length > 0 && reading.resource.id.length > 0 ? undefined : 'a host without an id or a hint';
    case 'unreadable':
      if (!UNREADABLE_REASONS.includes(reading.reason)) return `the reason ${reading.reason}`;
      if (isResource(reading.scope) && reading.scope.id === '') return 'a host without an id';
      return reading.detail.length > 0 ? undefined : 'no detail';
  }
}

function brokenSeries({ unit, times, values, periodMs, window }: Series, span: Span): string | undefined {
  if (times.length !== values.length) return `${times.length} times and ${values.length} values`;
  if (periodMs !== span.periodMs || window !== span.window) return 'another span than the requested one';
  const most = unit === '1' ? 1.05 : Number.POSITIVE_INFINITY;
  if (!values.every((value) => Number.isFinite(value) && value >= 0 && value <= most)) return 'a value out of range';
  if (!times.every((time) => time >= span.window.start && time < span.window.end)) return 'a time outside the window';
  return times.every((time, index) => index === 0 || time > (times[index - 1] ?? time))
    ? undefined
    : 'times out of order';
}

/** How one read ended: the readings, or the `SourceError` that ended it. Everything else is thrown. */
export function brokenAmong(readings: readonly Reading[], span: Span): string | undefined {
  return readings.map((reading) => brokenReading(reading, span)).find((broken) => broken !== undefined);
}
