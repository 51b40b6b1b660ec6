/** The samples of one metric for many hosts, put together from pages in any order and checked: pure. */
import type { Span } from '../../model/series.ts';
import type { Failure } from '../failure.ts';
import { type Body, bodySchema } from './answers.ts';
import { malformed } from './pages.ts';

/** One host's samples in order of time, or why they could not be read. */
export type Samples =
  | { readonly kind: 'samples'; readonly times: Float64Array; readonly values: Float64Array }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Collects what pages say, a value for each period of the window. What belongs together is told by a key, of a host say. */
export interface Collector {
  /** Adds one page's part of a series. */
  add(key: string, series: unknown): void;
  has(key: string): boolean;
  /**
   * Whether nothing more can come: points come newest first, so that the one of the window's first period is the last. Where an
   * answer says that it may not be whole, every period has to be there instead.
   */
  isWhole(key: string, answerIsWhole: boolean): boolean;
  /** What was collected, which is then forgotten. */
  take(key: string): Samples;
}

/** NaN where a period has no sample (yet). */
interface Collected {
  readonly values: Float64Array;
  count: number;
  failure?: Failure;
}

/** @param divisor What a value is divided by: 100 where the metric is in percent. */
export function createCollector({ window, periodMs }: Span, divisor: number): Collector {
  const periods = Math.ceil((window.end - window.start) / periodMs);
  const collected = new Map<string, Collected>();

  /** The period that ends at a time, or undefined where none of the window's does. */
  function periodEndingAt({ seconds, nanos }: Body['points'][number]['interval']['endTime']): number | undefined {
    const period = (Number(seconds) * 1000 + nanos / 1e6 - window.start) / periodMs - 1;
    return Number.isInteger(period) ? period : undefined;
  }

  function addPoint(own: Collected, { interval, value }: Body['points'][number]): void {
    const period = periodEndingAt(interval.endTime);
    if (period === undefined) {
      own.failure = contradiction(`a point ends at ${interval.endTime.seconds} s, inside a period`);
      return;
    }
    if (period < 0 || period >= periods) return;
    const known = own.values[period] ?? Number.NaN;
    if (Number.isNaN(known)) {
      own.values[period] = value;
      own.count++;
    } else if (known !== value) {
      own.failure = contradiction(`there are two values for the period that ends at ${interval.endTime.seconds} s`);
    }
  }

  return {
    add(key, series) {
      const own = collected.get(key) ?? { values: new Float64Array(periods).fill(Number.NaN), count: 0 };
      collected.set(key, own);
      const body = bodySchema.safeParse(series);
      if (!body.success) own.failure = malformed(body.error);
      else for (const point of body.data.points) addPoint(own, point);
    },
    has: (key) => collected.has(key),
    isWhole(key, answerIsWhole) {
      const own = collected.get(key);
      if (own === undefined) return false;
      return answerIsWhole ? !Number.isNaN(own.values[0] ?? Number.NaN) : own.count === periods;
    },
    take(key) {
      const own = collected.get(key);
      collected.delete(key);
      if (own?.failure) return { kind: 'failed', failure: own.failure };
      return { kind: 'samples', ...present(own, window.start, periodMs, divisor) };
    },
  };
}

function present(own: Collected | undefined, start: number, periodMs: number, divisor: number) {
  const times = new Float64Array(own?.count ?? 0);
  const values = new Float64Array(times.length);
  let next = 0;
  own?.values.forEach((value, period) => {
    if (Number.isNaN(value)) return;
    times[next] = start + period * periodMs;
    values[next++] = value / divisor;
  });
  return { times, values };
}

function contradiction(what: string): Failure {
  return { reason: 'malformed', retryable: false, detail: `Cloud Monitoring’s answer is not as documented: ${what}` };
}
