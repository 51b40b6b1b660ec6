/** Samples folded into periods as a cloud folds them: periods start at multiples of their length since 1970. */
import type { PointStatistic } from '../../../core/model/points.ts';
import type { Span } from '../../../core/model/series.ts';

export interface Fold {
  /** Adds a sample; one outside the window is passed over. */
  add(time: number, value: number): void;
  /** The periods that hold a sample, in order: their starts, and the statistic of their samples. */
  finish(): { readonly times: Float64Array; readonly values: Float64Array };
}

/** Memory is that of the window's periods, however many samples are added and in whatever order. */
export function startFold({
  window,
  periodMs,
  statistic,
}: Pick<Span, 'window' | 'periodMs'> & { readonly statistic: PointStatistic }): Fold {
  const first = Math.floor(window.start / periodMs);
  const periods = Math.max(0, Math.ceil(window.end / periodMs) - first);
  const counts = new Uint32Array(periods);
  const folded = new Float64Array(periods);

  function add(time: number, value: number): void {
    if (time < window.start || time >= window.end) return;
    const period = Math.floor(time / periodMs) - first;
    const count = counts[period] ?? 0;
    const before = folded[period] ?? 0;
    counts[period] = count + 1;
    if (count === 0) folded[period] = value;
    else if (statistic === 'minimum') folded[period] = Math.min(before, value);
    else if (statistic === 'maximum') folded[period] = Math.max(before, value);
    else if (statistic === 'sum') folded[period] = before + value;
    // The running mean m + (x - m) / n keeps the size of the values, which a sum does not.
    else folded[period] = before + (value - before) / (count + 1);
  }

  function finish() {
    const held = [...counts.keys()].filter((period) => (counts[period] ?? 0) > 0);
    return {
      times: Float64Array.from(held, (period) => (first + period) * periodMs),
      values: Float64Array.from(held, (period) => folded[period] ?? Number.NaN),
    };
  }

  return { add, finish };
}
