/** The samples of one host of a trace file, folded into periods as they come, and the reading that they make. */

import {
  MEMORY_USAGE,
  MEMORY_UTILIZATION,
  OVER_FULL,
  type Reading,
  type Resource,
  type Series,
  type Span,
  type Unit,
} from '../../../core/model/series.ts';
import type { BaseUnit, Grid, Sample } from '../entry.ts';
import { actualFull } from '../values/range.ts';
import { type Fold, startFold } from './fold.ts';
import { createPercentCheck, type PercentCheck } from './percent-check.ts';
import { unusable } from './row-faults.ts';

export interface HostSamples {
  readonly resource: Resource;
  readonly fold: Fold;
  readonly percentCheck: PercentCheck;
  /** The base unit of the first value. */
  baseUnit: BaseUnit | undefined;
  /** Whether any of its rows holds a value, inside the window or outside it. */
  hasValue: boolean;
  /** Bytes, from the last row that states a limit. */
  limit: number | undefined;
}

/** The series that values in a base unit become; the metrics' names are OpenTelemetry's. */
const SERIES_OF: Readonly<
  Record<BaseUnit, { readonly metric: string; readonly unit: Unit; readonly divisor: number }>
> = {
  fraction: { metric: MEMORY_UTILIZATION, unit: '1', divisor: 1 },
  percent: { metric: MEMORY_UTILIZATION, unit: '1', divisor: 100 },
  bytes: { metric: MEMORY_USAGE, unit: 'By', divisor: 1 },
};

export function startHost(resource: Resource, span: Span): HostSamples {
  return {
    resource,
    fold: startFold(span),
    percentCheck: createPercentCheck(),
    baseUnit: undefined,
    hasValue: false,
    limit: undefined,
  };
}

/** Whether a sample is in another unit than the host's. Percent and fractions are one unit, because percent are divided. */
export function isOtherUnit({ baseUnit }: HostSamples, sample: Sample): boolean {
  if (baseUnit === undefined || sample.value === null) return false;
  return SERIES_OF[baseUnit].unit !== SERIES_OF[sample.baseUnit].unit;
}

export function addSample(host: HostSamples, sample: Sample): void {
  const { time, baseUnit, value, limit } = sample;
  host.limit = limit ?? host.limit;
  if (value === null) return;
  host.baseUnit ??= baseUnit;
  host.hasValue = true;
  host.percentCheck.add(sample);
  host.fold.add(time, value / SERIES_OF[baseUnit].divisor);
}

/** Epoch milliseconds of a grid's first sample: one that does not state it ends where the window ends. */
export function startOf(
  { start, stepMs, values }: Pick<Grid, 'start' | 'stepMs' | 'values'>,
  { window }: Span,
): number {
  return start ?? window.end - values.length * stepMs;
}

/** The reading of a host whose samples are all in one grid. */
export function readingOfGrid({ start, stepMs, values, ...grid }: Grid, resource: Resource, span: Span): Reading {
  const host = startHost(resource, span);
  const first = startOf({ start, stepMs, values }, span);
  for (const [index, value] of values.entries()) {
    addSample(host, { ...grid, kind: 'sample', time: first + index * stepMs, value });
  }
  return readingOf(host, span);
}

/** The series of a host, unless its percent may be fractions. */
export function readingOf(host: HostSamples, span: Span): Reading {
  const fault = host.percentCheck.finish();
  return fault === undefined ? seriesOf(host, span) : unusable(host.resource, fault);
}

function seriesOf({ resource, baseUnit = 'percent', fold, limit }: HostSamples, span: Span): Series {
  const { window, periodMs, statistic } = span;
  const { metric, unit } = SERIES_OF[baseUnit];
  const { times, values } = fold.finish();
  const stated = unit === '1' ? 1 : limit;
  const full = stated === undefined ? undefined : actualFull(values, stated);
  const series = { kind: 'series', resource, metric, unit, statistic, window, periodMs, times } as const;
  if (full === undefined) return { ...series, values };
  const bounded = values.map((value) => Math.min(value, full * OVER_FULL));
  return unit === '1'
    ? { ...series, values: bounded.map((value) => value / full) }
    : { ...series, values: bounded, limit: full };
}
