/**
 * The floor of memory: what is still held after garbage collections and short jobs have given theirs back.
 * Everything that is judged is judged on floors, on a grid that is counted back from the end of the window.
 */
import type { Samples } from './clean.ts';
import { present, quantile } from './order.ts';

/** Fifteen minutes: what the adapters ask for, and short enough that six hours still hold 24 of them. */
export const CELL_MS = 900_000;
export const CELLS_PER_HOUR = 4;

/** A month and a day. A longer series is judged on its end: nothing then grows with what somebody sends. */
const MAX_CELLS = 31 * 24 * CELLS_PER_HOUR;

/** The least sample of each cell in percentage points, NaN where a cell has none. The last cell ends at `end`. */
export interface Grid {
  /** Epoch milliseconds. */
  readonly end: number;
  readonly cells: Float64Array;
}

export function gridOf(samples: Samples, end: number): Grid {
  const first = samples.times[0] ?? end;
  const length = Math.min(MAX_CELLS, Math.ceil((end - first) / CELL_MS));
  const start = end - length * CELL_MS;
  const cells = new Float64Array(length).fill(Number.NaN);
  for (const [index, time] of samples.times.entries()) {
    const cell = Math.floor((time - start) / CELL_MS);
    if (cell < 0) continue;
    const level = samples.levels[index] ?? Number.NaN;
    const lowest = cells[cell] ?? Number.NaN;
    if (!(lowest <= level)) cells[cell] = level;
  }
  return { end, cells };
}

/**
 * Floors of blocks of `size` cells, counted back from the end, oldest first: the lower quintile of the cells, so that
 * one odd cell (an agent that restarted, a process between two lives) does not pass for the floor.
 */
export function blockFloors({ cells }: Grid, size: number): Float64Array {
  if (size === 1) return cells;
  const count = Math.floor(cells.length / size);
  const offset = cells.length - count * size;
  return Float64Array.from({ length: count }, (_, block) => {
    const start = offset + block * size;
    return quantile(present(cells.subarray(start, start + size)), 0.2);
  });
}

/** The grid as it was `cells` cells earlier. */
export function gridBefore({ end, cells }: Grid, earlier: number): Grid {
  return { end: end - earlier * CELL_MS, cells: cells.subarray(0, Math.max(0, cells.length - earlier)) };
}
