/** The samples of one metric for many hosts, put together from pages in any order and checked: pure. */

import { parseInput } from '../../core/model/issues.ts';
import { OVER_FULL, type Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import type { Samples } from '../reading/samples.ts';
import { deltaSchema, partSchema } from './answers.ts';
import { malformed, undocumented } from './pages.ts';
import { endOf, numberOf } from './points.ts';

/** Collects a value for each period of the window, under a key: that of a host, for example. */
export interface Collector {
  /** Adds one page's part of a series. */
  add(key: string, series: unknown): void;
  /**
   * Whether nothing more can come: points come newest first, so that the one of the window's first period is the last. Where an
   * answer may be incomplete, every period has to be there instead.
   */
  isComplete(key: string, answerIsComplete: boolean): boolean;
  /** What was collected, which is then forgotten. */
  take(key: string): Samples;
}

/** NaN where a period has no sample (yet). */
interface Collected {
  readonly values: Float64Array;
  count: number;
  failure?: Failure;
}

/** What a metric's values mean. */
export interface Scale {
  /** What a value is divided by: 100 where the metric is in percent. */
  readonly divisor: number;
  /** The greatest that there can be once it is divided. What is a little more reads as this. */
  readonly full: number;
  /** The least; default 0. */
  readonly least?: number;
  /** Whether it may be more than it can be: machines that burst use more than their processors. It reads as `full`. */
  readonly bursts?: boolean;
  /** Whether it is what was added in each period. */
  readonly isDelta?: boolean;
}

export function createCollector({ window, periodMs }: Span, scale: Scale): Collector {
  const { divisor, full, least = 0, bursts = false, isDelta = false } = scale;
  const most = bursts ? Number.POSITIVE_INFINITY : full * OVER_FULL;
  const schema = isDelta ? deltaSchema : partSchema;
  const periods = Math.ceil((window.end - window.start) / periodMs);
  const collected = new Map<string, Collected>();

  function addPoint(own: Collected, point: unknown): void {
    const end = endOf(point);
    const value = numberOf(point);
    if (end === undefined || value === undefined) {
      own.failure = undocumented('a point has no time, or no value that is a finite number');
      return;
    }
    const period = (end - window.start) / periodMs - 1;
    if (period < 0 || period >= periods) return;
    const scaled = value / divisor;
    if (scaled < least || scaled > most) {
      own.failure = undocumented(`the value ${value} at ${isoTime(end)} is not between ${least} and ${full * divisor}`);
      return;
    }
    const known = own.values[period];
    if (known === undefined) {
      own.failure = undocumented(`a point ends at ${isoTime(end)}, inside a period`);
    } else if (Number.isNaN(known)) {
      own.values[period] = Math.min(scaled, full);
      own.count++;
    } else if (known !== Math.min(scaled, full)) {
      own.failure = undocumented(`there are two values for the period that ends at ${isoTime(end)}`);
    }
  }

  return {
    add(key, series) {
      const own = collected.get(key) ?? { values: new Float64Array(periods).fill(Number.NaN), count: 0 };
      collected.set(key, own);
      const part = parseInput(schema, series);
      if (!part.success) own.failure = malformed(part.error);
      else for (const point of part.data.points) addPoint(own, point);
    },
    isComplete(key, answerIsComplete) {
      const own = collected.get(key);
      if (own === undefined) return false;
      return answerIsComplete ? !Number.isNaN(own.values[0] ?? Number.NaN) : own.count === periods;
    },
    take(key) {
      const own = collected.get(key);
      collected.delete(key);
      if (own?.failure) return { kind: 'failed', failure: own.failure };
      return { kind: 'samples', ...present(own, window.start, periodMs) };
    },
  };
}

function present(own: Collected | undefined, start: number, periodMs: number) {
  const times = new Float64Array(own?.count ?? 0);
  const values = new Float64Array(times.length);
  let next = 0;
  own?.values.forEach((value, period) => {
    if (Number.isNaN(value)) return;
    times[next] = start + period * periodMs;
    values[next++] = value;
  });
  return { times, values };
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
