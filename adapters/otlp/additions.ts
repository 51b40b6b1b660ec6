/** Counters that hosts have sent, as what was added in each period. */
import type { SampleSeries } from '../../core/model/sample.ts';
import type { PointsRequest } from '../../core/ports/memory-source.ts';
import type { Points } from '../reading/points.ts';

/** How far before the window a counter is looked for: what is added in the first period is the difference to it. */
export const BEFORE_MS = 30 * 60_000;

/**
 * What was added over a longer time than two periods and than this is of no single one of them: the host could not send for a while.
 * A server of Prometheus looks back as far.
 */
const MOST_BETWEEN_MS = 5 * 60_000;

/** What was added to a counter in each period. One that was reset adds what it has; the first sample, and the first after a gap, adds nothing. */
export class Additions {
  readonly #span: Pick<PointsRequest, 'window' | 'periodMs'>;
  readonly #sums = new Map<number, number>();
  #last: { readonly time: number; readonly count: number } | undefined;

  constructor(span: Pick<PointsRequest, 'window' | 'periodMs'>) {
    this.#span = span;
  }

  add({ times, values }: Pick<SampleSeries, 'times' | 'values'>): void {
    const { window, periodMs } = this.#span;
    for (const [index, time] of times.entries()) {
      const count = values[index] ?? 0;
      const last = this.#last;
      this.#last = { time, count };
      if (last === undefined || time < window.start || time >= window.end) continue;
      if (time - last.time > Math.max(2 * periodMs, MOST_BETWEEN_MS)) continue;
      const period = window.start + Math.floor((time - window.start) / periodMs) * periodMs;
      const added = count >= last.count ? count - last.count : count;
      this.#sums.set(period, (this.#sums.get(period) ?? 0) + added);
    }
  }

  result(): Points {
    return { times: Float64Array.from(this.#sums.keys()), values: Float64Array.from(this.#sums.values()) };
  }
}
