/** Which samples an inspection evaluates: a pure calculation, so that a retry or a late run evaluates the same ones. */
import { firstNotBefore } from '../detector/order.ts';
import type { Policy } from '../model/policy.ts';
import type { Series, Span, Statistic, Window } from '../model/series.ts';
import type { MeanSpan, MemorySource } from '../ports/memory-source.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** How finely a span is sampled, and how the samples of a period are folded. */
export interface Resolution<S extends Statistic = Statistic> {
  readonly periodMs: number;
  readonly statistic: S;
}

/** For the detector: the floor after garbage collections, at 400 points for 100 h, so that one call reads 252 hosts. */
export const EVALUATED: Resolution = { periodMs: 15 * MINUTE, statistic: 'minimum' };

/** For the chart of a suspect. CloudWatch keeps periods of five minutes for 63 days, and finer ones for less. */
const SHOWN: Resolution = { periodMs: 5 * MINUTE, statistic: 'average' };

/**
 * For the comparison of new hosts at equal age: fine enough for an age of half an hour. Of the entire lookback window, because
 * providers bill series or calls and not points: it costs what 15-minute minima cost.
 */
export const COMPARED: Resolution = SHOWN;

/** For the consumers of a leaking host: means, because they add up to the host's mean, and minima do not. */
export const CONSUMED: Resolution<MeanSpan['statistic']> = { periodMs: EVALUATED.periodMs, statistic: 'average' };

/**
 * For what is learned from weeks, once a day: floors of hours. CloudWatch keeps hours for 455 days, and no provider bills them otherwise than
 * finer samples.
 */
const DEEP: Resolution = { periodMs: HOUR, statistic: 'minimum' };

/** What one inspection reads. Both spans end when the samples of its scheduled time have arrived. */
export interface InspectionSpans {
  /** The lookback window, of every host. Its end is the moment that findings are as of. */
  readonly evaluated: Span;
  /** The last hours in finer samples, of leaking hosts. */
  readonly shown: Span;
}

/**
 * The spans of one inspection. Computed once when it begins, and handed to everything that belongs to it.
 *
 * @param scheduledTime Epoch milliseconds: when the inspection was due, not when it runs.
 * @param source Its ingestion delay decides how old the newest sample is.
 */
export function inspectionSpans(
  scheduledTime: number,
  { ingestionDelayMs }: { readonly ingestionDelayMs: number },
  { lookBackHours, shownHours }: Pick<Policy, 'lookBackHours' | 'shownHours'>,
): InspectionSpans {
  return {
    evaluated: spanEndingBefore(scheduledTime, ingestionDelayMs, lookBackHours, EVALUATED),
    shown: spanEndingBefore(scheduledTime, ingestionDelayMs, shownHours, SHOWN),
  };
}

/**
 * The span of `hours` that ends at the scheduled time less the source's ingestion delay, floored to a full period:
 * a provider rounds a window that is not aligned to periods, and each rounds in its own way.
 */
export function spanEndingBefore<S extends Statistic>(
  scheduledTime: number,
  ingestionDelayMs: number,
  hours: number,
  { periodMs, statistic }: Resolution<S>,
): Span & { readonly statistic: S } {
  const end = Math.floor((scheduledTime - ingestionDelayMs) / periodMs) * periodMs;
  const start = end - Math.floor((hours * HOUR) / periodMs) * periodMs;
  return { window: { start, end }, periodMs, statistic };
}

/** The span of a deep read of so many days, or of as many as the source keeps. */
export function deepSpan(
  scheduledTime: number,
  { ingestionDelayMs, retentionMs = Number.POSITIVE_INFINITY }: Pick<MemorySource, 'ingestionDelayMs' | 'retentionMs'>,
  days: number,
): Span {
  const kept = (retentionMs - ingestionDelayMs) / HOUR - 1;
  return spanEndingBefore(scheduledTime, ingestionDelayMs, Math.min(days * 24, kept), DEEP);
}

/** The part of a series that lies in a window, without copying samples: what a source would have answered for it. */
export function truncatedTo(series: Series, window: Window): Series {
  const start = firstNotBefore(series.times, window.start);
  const end = firstNotBefore(series.times, window.end);
  return { ...series, window, times: series.times.subarray(start, end), values: series.values.subarray(start, end) };
}
