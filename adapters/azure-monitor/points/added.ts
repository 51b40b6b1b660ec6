/** What a counter has added in each period, from its total at the end of each: pure. */
import type { Points } from '../../reading/points.ts';

/**
 * A counter that has less than before was reset, and adds what it has. A period behind one without a total has no point: nobody knows in
 * which of them it was added.
 *
 * @param totals The greatest total of each period.
 */
export function addedIn({ times, values }: Points, periodMs: number): Points {
  const added: [number, number][] = [];
  for (let index = 1; index < times.length; index++) {
    const [before = Number.NaN, time = Number.NaN] = [times[index - 1], times[index]];
    if (time - before !== periodMs) continue;
    const [had = 0, has = 0] = [values[index - 1], values[index]];
    added.push([time, has < had ? has : has - had]);
  }
  return { times: Float64Array.from(added, ([time]) => time), values: Float64Array.from(added, ([, value]) => value) };
}
