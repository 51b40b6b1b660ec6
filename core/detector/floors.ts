/**
 * The floor of memory: what is still held after garbage collections and short jobs have released theirs.
 * Everything is evaluated on floors, on a grid of cells that is counted back from the end of the window.
 */
import { type CleanedSamples, levelOf } from './clean.ts';

/** Fifteen minutes: what the adapters request, and short enough that six hours still hold 24 of them. */
export const CELL_MS = 900_000;
export const CELLS_PER_HOUR = 4;

/** 31 days. Of a longer series only the end is evaluated, so that time and memory do not grow with the input. */
const MAX_CELLS = 31 * 24 * CELLS_PER_HOUR;

/** The least sample of each cell in percentage points, NaN where a cell has none; the last one has one and ends at `end`. */
export interface Grid {
  /** Epoch milliseconds. */
  readonly end: number;
  readonly cells: Float64Array;
}

/** The grid of a window that ends at `windowEnd`. The grid ends with the last sample: missing samples are no plateau. */
export function gridOf(samples: CleanedSamples, windowEnd: number): Grid {
  const first = samples.times[0] ?? windowEnd;
  const last = samples.times.at(-1) ?? windowEnd;
  const windowCells = Math.ceil((windowEnd - first) / CELL_MS);
  const trailingGap = Math.max(0, Math.min(windowCells - 1, Math.floor((windowEnd - last - 1) / CELL_MS)));
  const length = Math.min(MAX_CELLS, windowCells - trailingGap);
  const end = windowEnd - trailingGap * CELL_MS;
  const start = end - length * CELL_MS;
  const cells = new Float64Array(length);
  const { times, values, capacity } = samples;
  let next = 0;
  while ((times[next] ?? Infinity) < start) next++;
  for (let cell = 0; cell < length; cell++) {
    const cellEnd = start + (cell + 1) * CELL_MS;
    let lowest = Number.NaN;
    for (; (times[next] ?? Infinity) < cellEnd; next++) {
      const value = values[next] ?? Number.NaN;
      if (!(lowest <= value)) lowest = value;
    }
    cells[cell] = Number.isNaN(lowest) ? lowest : levelOf(lowest, capacity);
  }
  return { end, cells };
}

/**
 * Hourly floors without gaps: the second lowest of an hour's four cells, so that one unusual cell (an agent or a
 * process that restarted) does not pass for the floor. An hour without samples keeps the floor before; what lies before
 * the first sample is left out.
 */
export function hourlyFloors({ cells }: Grid): Float64Array {
  const count = Math.floor(cells.length / CELLS_PER_HOUR);
  const offset = cells.length - count * CELLS_PER_HOUR;
  const floors = new Float64Array(count);
  let first = count;
  let last = Number.NaN;
  for (let hour = 0; hour < count; hour++) {
    const floor = secondLowest(cells, offset + hour * CELLS_PER_HOUR, CELLS_PER_HOUR);
    if (!Number.isNaN(floor)) {
      last = floor;
      if (first === count) first = hour;
    }
    floors[hour] = last;
  }
  return floors.subarray(first);
}

/** The second lowest of `size` cells, or the lowest where fewer than all hold samples; NaN where none does. */
export function secondLowest(cells: Float64Array, start: number, size: number): number {
  let lowest = Infinity;
  let second = Infinity;
  let known = 0;
  for (let i = start; i < start + size; i++) {
    const level = cells[i] ?? Number.NaN;
    if (Number.isNaN(level)) continue;
    known++;
    if (level < lowest) {
      second = lowest;
      lowest = level;
    } else if (level < second) second = level;
  }
  if (known === 0) return Number.NaN;
  return known === size ? second : lowest;
}

/** The lower of each two values, oldest first and counted from the end; NaN where neither is known. */
export function pairFloors(values: Float64Array): Float64Array {
  const floors = new Float64Array(values.length >> 1);
  const offset = values.length % 2;
  for (let i = 0; i < floors.length; i++) {
    const [a, b] = [values[offset + 2 * i] ?? Number.NaN, values[offset + 2 * i + 1] ?? Number.NaN];
    floors[i] = Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
  }
  return floors;
}

/** Fills gaps with the floor before them, and at the front with the first known floor. `first` is its index, `known` counts floors. */
export function withoutGaps(floors: Float64Array): { filled: Float64Array; first: number; known: number } {
  const filled = floors.slice();
  let first = 0;
  while (first < floors.length && Number.isNaN(floors[first] ?? 0)) first++;
  let last = floors[first] ?? Number.NaN;
  let known = 0;
  for (let i = 0; i < filled.length; i++) {
    const floor = filled[i] ?? 0;
    if (Number.isNaN(floor)) filled[i] = last;
    else {
      last = floor;
      known++;
    }
  }
  return { filled, first, known };
}
