/** Forecasts of exhaustion at the flagged windows of leaks that reach their limit, beside what came true. */
import { clean } from '../core/detector/clean.ts';
import { changePointHoursOf, evaluationOf } from '../core/detector/evaluate.ts';
import { gridOf } from '../core/detector/floors.ts';
import { type Outlook, outlookOf } from '../core/detector/outlook.ts';
import { lastSegment } from '../core/detector/segment.ts';
import type { Series } from '../core/model/series.ts';
import { HOUR_S, leaksAt, windowEnds } from './data.ts';
import type { FillingLeak } from './exhaustion-leaks.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { evaluate, learnedFor } from './replay.ts';

/** What was known at a flagged window, and how many hours it took until the limit was reached. */
export interface Forecast {
  readonly shape: string;
  /** Percentage points per hour of the leak itself, on the mean. */
  readonly rate: number;
  readonly outlook: Outlook;
  readonly hours: number;
  /** All windows of one leak count as one. */
  readonly weight: number;
}

/** So many windows of a leak are evaluated at the most, evenly spread. */
const MOST_WINDOWS = 24;

/** The flagged windows of a leak before its limit is reached; the detector is given the table of `half`. */
export function forecastsOf({ series, fullAt }: FillingLeak, half: Half): Forecast[] {
  const given = feedable(series, AS_ADAPTERS);
  const ends = windowEnds(series).filter((now) => now < fullAt && leaksAt(series, now));
  const windows = spread(ends).map((now) => ({ now, window: windowOf(given, now, AS_ADAPTERS.hours) }));
  const flagged = windows.filter(({ window }) => evaluate(window, learnedFor(half)).state === 'leaking');
  return flagged.map(({ now, window }) => ({
    shape: series.shape,
    rate: series.rate ?? Number.NaN,
    outlook: outlookAt(window, half),
    hours: (fullAt - now) / HOUR_S,
    weight: 1 / flagged.length,
  }));
}

function spread(ends: readonly number[]): number[] {
  const count = Math.min(MOST_WINDOWS, ends.length);
  return Array.from({ length: count }, (_, index) => ends[Math.floor(((index + 0.5) * ends.length) / count)] ?? 0);
}

/** The outlook from which the detector forecasts the time of exhaustion. */
export function outlookAt(window: Series, half: Half): Outlook {
  const samples = clean(window);
  if (samples === undefined) throw new Error(`${window.resource.id} cannot be evaluated`);
  const grid = gridOf(samples, window.window.end);
  const { start } = lastSegment(grid);
  const { now } = evaluationOf(grid, start, learnedFor(half).model);
  return outlookOf({ measured: now, grid, segmentStart: start, hours: changePointHoursOf(now) }, true);
}
