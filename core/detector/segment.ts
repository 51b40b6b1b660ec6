/** The segment after the last restart or long gap: growth across either is not growth. */
import { CELLS_PER_HOUR, type Grid } from './floors.ts';

export interface Segment {
  /** Index of the first evaluated cell. */
  readonly start: number;
  /** Indices of the cells at which memory was released at once, over the entire grid, oldest first. */
  readonly restarts: readonly number[];
}

/** A restart releases at least this share of the held memory. (Warm processes on the recorded hosts: 14 to 55 %.) */
const RELEASED_SHARE = 0.2;
/** It releases at least this many percentage points, so that an idle host's noise is no restart. */
const RELEASED_POINTS = 3;
/** It falls below everything of the day before: a collector's sawtooth falls to where it fell before. */
const BEFORE_CELLS = 24 * CELLS_PER_HOUR;
/** The fall is seen within half an hour and stays for as long. */
const NEAR_CELLS = 2;
/** No samples for this long: what came back may be another machine under the old name. */
const GAP_CELLS = 12 * CELLS_PER_HOUR;

export function lastSegment({ cells }: Grid): Segment {
  const restarts: number[] = [];
  let start = 0;
  let lastPresent = -1;
  for (let index = 0; index < cells.length; index++) {
    if (Number.isNaN(cells[index] ?? Number.NaN)) continue;
    if (lastPresent >= 0 && index - lastPresent > GAP_CELLS) start = index;
    lastPresent = index;
    // A fall that was counted just before explains these cells.
    if (index - (restarts.at(-1) ?? -Infinity) > NEAR_CELLS && isRestart(cells, index)) {
      restarts.push(index);
      start = index;
    }
  }
  return { start, restarts };
}

/** Whether memory was released between the cells before `index` and those from it on. */
function isRestart(cells: Float64Array, index: number): boolean {
  const here = cells[index] ?? Number.NaN;
  const near = lowest(cells, index - NEAR_CELLS, index);
  // Most cells are not below the one before: nothing more needs to be looked at then.
  if (!(near - here >= RELEASED_POINTS)) return false;
  const released = near - highest(cells, index, index + NEAR_CELLS);
  if (near === Infinity || !(released >= RELEASED_POINTS && released >= RELEASED_SHARE * near)) return false;
  return here < lowest(cells, index - BEFORE_CELLS, index) - RELEASED_POINTS;
}

function lowest(cells: Float64Array, from: number, to: number): number {
  let least = Infinity;
  for (let i = Math.max(0, from); i < to; i++) if ((cells[i] ?? Infinity) < least) least = cells[i] ?? Infinity;
  return least;
}

function highest(cells: Float64Array, from: number, to: number): number {
  let most = -Infinity;
  for (let i = from; i < Math.min(cells.length, to); i++)
    if ((cells[i] ?? -Infinity) > most) most = cells[i] ?? -Infinity;
  return most;
}
