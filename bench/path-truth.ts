/** What is true of a series over days: each growth, and how it ended. */
import type { BenchSeries } from './data.ts';

/** Times are seconds from the start of the series. */
export interface Growth {
  readonly from: number;
  readonly to: number;
  /**
   * `killed`: the memory was given back and the next growth began. `restarted`: given back for good. `levelled`: it stopped and the
   * memory stays held. `open`: it goes on at the end of the series.
   */
  readonly end: 'killed' | 'restarted' | 'levelled' | 'open';
}

/** A restart may stand a few samples beside the end of the growth that it ends. */
const BESIDE_S = 900;

/** The growths of a leak in order; those that are turned around, on hosts that are full throughout, are left out. */
export function growthsOf({ active, resets, v, step }: BenchSeries): Growth[] {
  const end = v.length * step;
  const real = active.filter(([from, to]) => to > from);
  return real.map(([from, to], index): Growth => {
    const isLast = index === real.length - 1;
    if (isLast && to >= end - BESIDE_S) return { from, to, end: 'open' };
    const isGivenBack = resets.some((reset) => Math.abs(reset - to) <= BESIDE_S);
    if (!isGivenBack) return { from, to, end: 'levelled' };
    return { from, to, end: isLast ? 'restarted' : 'killed' };
  });
}

/** Seconds within `[from, to]` in which the host leaks. */
export function leakSeconds(series: BenchSeries, from = series.evalFrom, to = Number.POSITIVE_INFINITY): number {
  return growthsOf(series).reduce(
    (sum, growth) => sum + Math.max(0, Math.min(growth.to, to) - Math.max(growth.from, from)),
    0,
  );
}
