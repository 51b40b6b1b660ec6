/**
 * The points of a series, checked by hand where everything else is checked by a schema: an answer has 100,000 of them, and a schema
 * takes longer for them than the parser of JSON.
 */
import { OVER_FULL, type Span, type Unit } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { inOrder } from '../reading/in-order.ts';
import { alignmentFault, type Samples } from '../reading/samples.ts';
import { undocumented } from './errors.ts';

/** The share of points that may be gaps: more are no accident. */
const MOST_WITHOUT = 0.1;

/** Bytes that no host has: what is more is a mistake of whoever reports them. */
const MOST_BYTES = 2 ** 50;

/** Which values a series can have. */
export interface ValueRule {
  /** What is wrong with a finite value; undefined where nothing is. */
  fault(value: number): string | undefined;
  /** A value that is right but for rounding. */
  clamp(value: number): number;
  /** The share of values that may be none (NaN). */
  readonly mostWithout: number;
}

const USAGE: Readonly<Record<Unit, ValueRule>> = {
  '1': {
    fault: (value) => (isUsage(value, '1') ? undefined : `${value} of the memory in use`),
    clamp: (value) => Math.min(1, Math.max(0, value)),
    mostWithout: MOST_WITHOUT,
  },
  By: {
    fault: (value) => (isUsage(value, 'By') ? undefined : `${value} bytes in use`),
    clamp: (value) => value,
    mostWithout: MOST_WITHOUT,
  },
};

/** Used memory. */
export function samplesOf(points: readonly unknown[], span: Pick<Span, 'window' | 'periodMs'>, unit: Unit): Samples {
  return checkedSamples(points, span, USAGE[unit]);
}

/**
 * Samples at the starts of their periods. The server evaluates the end of each period: the range that ends a millisecond before is the period.
 *
 * @param points Pairs of seconds and of a number as a text.
 */
export function checkedSamples(
  points: readonly unknown[],
  span: Pick<Span, 'window' | 'periodMs'>,
  rule: ValueRule,
): Samples {
  const { window, periodMs } = span;
  const periods = (window.end - window.start) / periodMs;
  // A second one of the same time may be a duplicate; more are none of what was requested.
  if (points.length > 2 * periods) return failed(`${points.length} points for ${periods} periods`);
  const times = new Float64Array(points.length);
  const values = new Float64Array(points.length);
  let kept = 0;
  for (let index = 0; index < points.length; index++) {
    const time = secondsOf(points[index]);
    const value = numberOf(points[index]);
    if (time === undefined || value === undefined) return failed('a point is no pair of seconds and a number');
    // A division by nothing, while a host starts: the server has no value there.
    if (!Number.isFinite(value)) continue;
    const fault = rule.fault(value);
    if (fault !== undefined) return failed(fault);
    times[kept] = Math.round(time * 1000) - periodMs;
    values[kept++] = rule.clamp(value);
  }
  const without = points.length - kept;
  if (without > rule.mostWithout * points.length)
    return failed(`${without} of ${points.length} values are no numbers (NaN)`);
  return ordered(times.subarray(0, kept), values.subarray(0, kept), span);
}

function ordered(times: Float64Array, values: Float64Array, span: Pick<Span, 'window' | 'periodMs'>): Samples {
  const other = times.find((time) => time < span.window.start - span.periodMs || time > span.window.end);
  if (other !== undefined) return failed(`a point at ${other / 1000} s since 1970, outside of the window`);
  const fault = alignmentFault(times, span);
  if (fault !== undefined) return failed(`${fault}: a cache before the server may change the times of requests`);
  const sorted = inOrder(times, values, span.window);
  if (sorted.kind === 'ordered') return { ...sorted, kind: 'samples' };
  return failed(`there are two values for the period from ${new Date(sorted.time).toISOString()}`);
}

/** As Go writes numbers that are none. */
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** A number that was written as a text; undefined where it is none. JavaScript reads an empty text as 0, and knows further notations. */
export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?[\d.][\d.eE+-]*$/.test(text)) return SPECIAL[text];
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function secondsOf(point: unknown): number | undefined {
  if (!Array.isArray(point) || point.length !== 2) return undefined;
  const seconds: unknown = point[0];
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : undefined;
}

function numberOf(point: unknown): number | undefined {
  const text: unknown = Array.isArray(point) ? point[1] : undefined;
  return typeof text === 'string' ? parseNumber(text) : undefined;
}

function isUsage(value: number, unit: Unit): boolean {
  return unit === '1' ? value >= 1 - OVER_FULL && value <= OVER_FULL : value >= 0 && value <= MOST_BYTES;
}

function failed(what: string): Samples & { readonly kind: 'failed' } {
  const failure: Failure = undocumented(what);
  return { kind: 'failed', failure };
}
