/**
 * The vote of swap: memory that leaks and is not used leaves for the disk, where neither the host's curve nor a process's resident memory shows
 * it. The sum of both is evaluated as the host's curve is. Where only the share of swap that is used is known, swap speaks where memory is full.
 */
import type { Series } from '../model/series.ts';
import { clean } from './clean.ts';
import { GREATEST_LOG_ODDS, GREATEST_REPLACING_LOG_ODDS, type Opinion } from './combine.ts';
import { logit, sigmoid } from './confidence.ts';
import type { EvaluateCurve } from './consumer-vote.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid } from './floors.ts';
import { median } from './order.ts';
import type { Subject } from './subject.ts';
import { capacityOf } from './usage.ts';

/** Points of the host's memory, or of swap. What moved less tells nothing. */
const LEAST_MOVED = 1;
/** Percent. Memory that was above it now and as many hours ago has no room to grow. */
const FULL_FROM = 90;
const FULL_HOURS = 6;
/** Swap without a sample in so many hours does not describe the present. */
const STALE_HOURS = 3;
/** Cells whose median is a level. */
const LEVEL_CELLS = 8;
const LEAST_PROBABILITY = 1e-9;

/** Null where swap is not known, or did not move. */
export function swapVote(subject: Subject, swap: Series | undefined, evaluate: EvaluateCurve): Opinion | null {
  const { series, samples, grid, curve } = subject;
  const used = swap && clean(swap);
  if (!used || used.times.length === 0) return null;
  const memory =
    series.unit === 'By' ? (samples.limitKnown ? samples.capacity : undefined) : capacityOf(series, [swap]);
  // Of swap whose bytes are not known in memory the shape alone counts, as a share of swap or of the most that was used.
  const isOfMemory = swap.unit === 'By' && memory !== undefined;
  const full = isOfMemory ? memory : swap.unit === 'By' ? used.values.reduce((most, one) => Math.max(most, one), 0) : 1;
  const levels = levelsOf(used, full, grid);
  const moved = levels && levels.highest - levels.lowest;
  if (levels === null || moved === null || moved < LEAST_MOVED) return null;
  const isFull = levelAgo(grid.cells, 0) >= FULL_FROM && levelAgo(grid.cells, FULL_HOURS) >= FULL_FROM;
  if (!isOfMemory && !isFull) return null;
  const cells = isOfMemory ? grid.cells.map((level, cell) => level + (levels.cells[cell] ?? 0)) : levels.cells;
  const alone = oddsOf(evaluate({ end: grid.end, cells }).confidence);
  const replaced = alone - oddsOf(curve.confidence);
  // A share of swap shows that something grows. It cannot show that nothing does.
  if (!isOfMemory && replaced <= 0) return null;
  return {
    evaluator: 'swap',
    confidence: sigmoid(alone),
    logOdds: Math.max(-GREATEST_LOG_ODDS, Math.min(GREATEST_REPLACING_LOG_ODDS, replaced)),
    reason: alone > 0 ? 'moved_to_swap' : 'growth_from_swap',
    facts: {
      ownConfidence: sigmoid(alone),
      usedPoints: levelAgo(levels.cells, 0),
      risePoints: levelAgo(levels.cells, 0) - levels.lowest,
      ofMemory: isOfMemory ? 1 : 0,
      memoryPoints: levelAgo(grid.cells, 0),
    },
  };
}

/** Swap on the grid of the host, with the level before in a cell without a sample; null where it is stale. */
function levelsOf(
  { times, values }: { times: Float64Array; values: Float64Array },
  full: number,
  { end, cells }: Grid,
) {
  if (!(full > 0) || end - (times.at(-1) ?? 0) > STALE_HOURS * CELLS_PER_HOUR * CELL_MS) return null;
  const start = end - cells.length * CELL_MS;
  const levels = new Float64Array(cells.length).fill(Number.NaN);
  for (const [index, time] of times.entries()) {
    const cell = Math.floor((time - start) / CELL_MS);
    if (cell >= 0 && cell < levels.length) levels[cell] = (100 * (values[index] ?? 0)) / full;
  }
  let last = levels.find((level) => !Number.isNaN(level));
  if (last === undefined) return null;
  for (const [cell, level] of levels.entries()) {
    if (Number.isNaN(level)) levels[cell] = last;
    else last = level;
  }
  const inOrder = levels.toSorted();
  return { cells: levels, lowest: inOrder[0] ?? 0, highest: inOrder.at(-1) ?? 0 };
}

/** The median of the known cells before so many hours ago; 0 where there are none. */
function levelAgo(cells: Float64Array, hours: number): number {
  const end = Math.max(LEVEL_CELLS, cells.length - hours * CELLS_PER_HOUR);
  const levels = cells.subarray(Math.max(0, end - LEVEL_CELLS), end).filter((level) => !Number.isNaN(level));
  return levels.length === 0 ? 0 : median(levels);
}

function oddsOf(confidence: number): number {
  return logit(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, confidence)));
}
