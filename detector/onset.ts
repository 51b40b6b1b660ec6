/** When the growth began: the knee of a line that is flat and then rises. */
import type { Window } from '../model/series.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid } from './floors.ts';
import { present } from './order.ts';

/** At most this many floors are searched; a longer stretch is seen in coarser blocks. */
const MAX_FLOORS = 240;

/** The interval of knees that explain the stretch nearly as well as the best one does; null when there is too little to search. */
export function onsetOf({ cells, end }: Grid, start: number): Window | null {
  const size = Math.max(CELLS_PER_HOUR, Math.ceil((cells.length - start) / MAX_FLOORS));
  const [times, floors] = floorsWithTimes(cells, start, size);
  if (floors.length < 6) return null;
  const errors = floors.map((_, knee) => squaredError(times, floors, times[knee] ?? 0));
  const best = Math.min(...errors);
  // 1 + F(1, n - 3) / (n - 3) at 80 %, with F taken as 1.7: the set of knees that a test would not reject.
  const limit = best * (1 + 1.7 / Math.max(1, floors.length - 3)) + 1e-12;
  const kept = times.filter((_, knee) => (errors[knee] ?? Infinity) <= limit);
  const toTime = (cell: number) => end - (cells.length - cell) * CELL_MS;
  return { start: toTime(kept[0] ?? start), end: toTime((kept.at(-1) ?? start) + size) };
}

/** Least samples of blocks of `size` cells with the index of the block's first cell; empty blocks are left out. */
function floorsWithTimes(cells: Float64Array, start: number, size: number): [times: number[], floors: number[]] {
  const times: number[] = [];
  const floors: number[] = [];
  for (let from = start; from < cells.length; from += size) {
    const known = present(cells.subarray(from, from + size));
    if (known.length === 0) continue;
    times.push(from);
    floors.push(Math.min(...known));
  }
  return [times, floors];
}

/** What least squares of `a + b max(0, t - knee)` leaves over. A falling line is no growth: its slope is taken as 0. */
function squaredError(times: readonly number[], floors: readonly number[], knee: number): number {
  const n = floors.length;
  const xs = times.map((time) => Math.max(0, time - knee));
  const meanX = xs.reduce((sum, x) => sum + x, 0) / n;
  const meanY = floors.reduce((sum, y) => sum + y, 0) / n;
  let [sxx, sxy, syy] = [0, 0, 0];
  for (const [index, x] of xs.entries()) {
    const y = (floors[index] ?? meanY) - meanY;
    sxx += (x - meanX) ** 2;
    sxy += (x - meanX) * y;
    syy += y * y;
  }
  return sxy > 0 && sxx > 0 ? syy - (sxy * sxy) / sxx : syy;
}
