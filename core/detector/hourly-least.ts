/** The least cell of each hour, as a deep read has it. */
import { CELLS_PER_HOUR, type Grid } from './floors.ts';

/** Without what lies before the first sample; an hour without samples keeps the one before. The last hour ends with the grid. */
export function hourlyLeast({ cells }: Grid): Float64Array {
  const count = Math.floor(cells.length / CELLS_PER_HOUR);
  const offset = cells.length - count * CELLS_PER_HOUR;
  const floors = new Float64Array(count);
  let last = Number.NaN;
  let first = count;
  for (let hour = 0; hour < count; hour++) {
    const least = leastOf(cells, offset + hour * CELLS_PER_HOUR);
    if (least < Infinity) {
      last = least;
      first = Math.min(first, hour);
    }
    floors[hour] = last;
  }
  return floors.subarray(first);
}

function leastOf(cells: Float64Array, from: number): number {
  let least = Infinity;
  for (let cell = from; cell < from + CELLS_PER_HOUR; cell++) {
    const level = cells[cell] ?? Number.NaN;
    if (level < least) least = level;
  }
  return least;
}
