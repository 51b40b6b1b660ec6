/**
 * The samples of one host from several publications: pure. An agent that gets another configuration (a group, a tag, a namespace)
 * publishes the same measurement under another dimension set from then on, and the two are one history.
 */
import type { Span } from '../../core/model/series.ts';
import { fractionFault } from '../reading/samples.ts';
import type { Publication } from './hosts.ts';
import { isSameMeasurement } from './metrics.ts';

/** Samples in order of time (epoch milliseconds), as fractions of the memory. */
export interface PublicationSamples {
  readonly publication: Publication;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** A publication is in use when it has a sample in the last two periods: one may be late. */
const PERIODS_IN_USE = 2;

/** A hole in a window that is worth another metric: agents restart within minutes, and the detector bridges an hour. */
const LONGEST_HOLE_MS = 3_600_000;

/** Periods that two publications must share before their values are compared: around a change both may have a part of one. */
const PERIODS_COMPARED = 3;

/** How far apart two publications of one host may be on average: they fold the same samples. (Convention.) */
const SAME_WITHIN = 0.02;

export function isInUse({ times }: PublicationSamples, { window, periodMs }: Span): boolean {
  return lastOf(times) >= window.end - PERIODS_IN_USE * periodMs;
}

/** Whether the samples reach from the window's start to its end without a hole. */
export function fillsWindow({ times }: PublicationSamples, { window, periodMs }: Span): boolean {
  const longest = Math.max(LONGEST_HOLE_MS, PERIODS_IN_USE * periodMs);
  if ((times[0] ?? Number.POSITIVE_INFINITY) > window.start + PERIODS_IN_USE * periodMs) return false;
  for (let index = 1; index < times.length; index++) {
    if ((times[index] ?? 0) - (times[index - 1] ?? 0) > longest) return false;
  }
  return true;
}

/**
 * The newest publication, its holes filled by the others, the newest of them first. One that measures something else, that gives
 * impossible values, or that contradicts what is known by then adds nothing.
 *
 * @param found In the order in which they were requested, the best one first: of two that are equally new it is the former.
 */
export function joinPublications(found: readonly [PublicationSamples, ...PublicationSamples[]]): PublicationSamples {
  const [newest, ...others] = found.toSorted((a, b) => lastOf(b.times) - lastOf(a.times) || 0);
  if (newest === undefined) return found[0];
  return others.filter((other) => complements(other, newest)).reduce(fillHoles, newest);
}

function complements({ publication, values }: PublicationSamples, newest: PublicationSamples): boolean {
  return isSameMeasurement(publication.metric, newest.publication.metric) && fractionFault(values) === undefined;
}

function fillHoles(known: PublicationSamples, older: PublicationSamples): PublicationSamples {
  const valueAt = new Map([...known.times].map((time, index) => [time, known.values[index] ?? Number.NaN]));
  const missing: number[] = [];
  let difference = 0;
  for (const [index, time] of older.times.entries()) {
    const value = valueAt.get(time);
    if (value === undefined) missing.push(index);
    else difference += Math.abs(value - (older.values[index] ?? Number.NaN));
  }
  const shared = older.times.length - missing.length;
  if (missing.length === 0 || (shared >= PERIODS_COMPARED && difference / shared > SAME_WITHIN)) return known;
  for (const index of missing) valueAt.set(older.times[index] ?? Number.NaN, older.values[index] ?? Number.NaN);
  const joined = [...valueAt].sort(([a], [b]) => a - b);
  return {
    publication: known.publication,
    times: Float64Array.from(joined, ([time]) => time),
    values: Float64Array.from(joined, ([, value]) => value),
  };
}

export function lastOf(times: Float64Array): number {
  return times.at(-1) ?? Number.NEGATIVE_INFINITY;
}
