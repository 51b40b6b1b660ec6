/** Hosts and their consumers for tests of attribution: bytes as functions of the hour, on one grid. */
import { type Consumer, MEMORY_UTILIZATION, PROCESS_MEMORY, type Series } from '../../../core/model/series.ts';
import type { Evidence } from '../../../core/model/verdict.ts';
import { anEvidence, aResource, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

export const GIB = 2 ** 30;
export const CAPACITY = 8 * GIB;

/** Hours that are compared. */
export const HOURS = 24;
const PERIOD = 15 * MINUTE;
const PERIODS = (HOURS * HOUR) / PERIOD;

/** Bytes, or nothing, at an hour between 0 and `HOURS`. */
export type Usage = (hour: number) => number | null;

export const EVIDENCE: Evidence = anEvidence({
  evaluated: { start: NOON - 100 * HOUR, end: NOON },
  horizonHours: HOURS,
});

export function process(name: string): Consumer {
  return { kind: 'process', name };
}

/** A consumer's series as a source gives it. */
export function consumerSeries(consumer: Consumer, usage: Usage, overrides: Partial<Series> = {}): Series {
  return { ...seriesOf(usage, PERIODS), consumer, metric: PROCESS_MEMORY, unit: 'By', limit: CAPACITY, ...overrides };
}

/** The host's own series: 100 h of fractions. */
export function hostSeries(usage: Usage, overrides: Partial<Series> = {}): Series {
  const fraction: Usage = (hour) => {
    const bytes = usage(hour);
    return bytes === null ? null : bytes / CAPACITY;
  };
  return { ...seriesOf(fraction, (100 * HOUR) / PERIOD), metric: MEMORY_UTILIZATION, ...overrides };
}

/** The hour of a time (epoch ms). */
function hourOf(time: number): number {
  return (time - NOON) / HOUR + HOURS;
}

function seriesOf(usage: Usage, periods: number): Series {
  const start = NOON - periods * PERIOD;
  const samples = Array.from({ length: periods }, (_, period) => start + period * PERIOD)
    .map((time) => ({ time, value: usage(hourOf(time)) }))
    .filter((sample): sample is { time: number; value: number } => sample.value !== null);
  return {
    kind: 'series',
    resource: aResource(),
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic: 'average',
    window: { start, end: NOON },
    periodMs: PERIOD,
    times: Float64Array.from(samples, ({ time }) => time),
    values: Float64Array.from(samples, ({ value }) => value),
  };
}
