/**
 * The vote of swap: memory that leaks and is not used leaves for the disk, where neither the host's curve nor a process's resident memory shows
 * it. The sum of both is evaluated as the host's curve is. Where only the share of swap that is used is known, swap speaks where memory is full.
 */
import type { Series } from '../model/series.ts';
import { type CleanedSamples, clean } from './clean.ts';
import { GREATEST_LOG_ODDS, GREATEST_REPLACING_LOG_ODDS, logOddsAt, type Opinion } from './combine.ts';
import { sigmoid } from './confidence.ts';
import type { EvaluateCurve } from './consumer-vote.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid } from './floors.ts';
import { median } from './order.ts';
import { clearRiseOf } from './steady-rise.ts';
import type { Subject } from './subject.ts';
import { capacityOf } from './usage.ts';

/** Points of the host's memory, or of swap. What moved less is no evidence. */
const LEAST_MOVED = 1;
/** Percent. Memory that was above it now and as many hours ago has no room to grow. */
const FULL_FROM = 90;
const FULL_HOURS = 6;
/** Swap without a sample in so many hours does not describe the present. */
const STALE_HOURS = 3;
/** Cells whose median is a level. */
const LEVEL_CELLS = 8;

/** Null where swap is not known, or did not move. */
export function swapVote(subject: Subject, swap: Series | undefined, evaluate: EvaluateCurve): Opinion | null {
  const { grid, curve } = subject;
  const used = swap && usedSwap(subject, swap);
  if (!used || used.highest - used.lowest < LEAST_MOVED) return null;
  const isFull = levelAgo(grid.cells, 0) >= FULL_FROM && levelAgo(grid.cells, FULL_HOURS) >= FULL_FROM;
  if (!used.isOfMemory && !isFull) return null;
  const cells = used.isOfMemory ? grid.cells.map((level, cell) => level + (used.cells[cell] ?? 0)) : used.cells;
  const { confidence, evaluation } = evaluate({ end: grid.end, cells });
  const alone = logOddsAt(confidence);
  const replaced = alone - logOddsAt(curve.confidence);
  // A share of swap shows that something grows. It cannot show that nothing does.
  if (!used.isOfMemory && replaced <= 0) return null;
  return {
    evaluator: 'swap',
    confidence: sigmoid(alone),
    logOdds: Math.max(-GREATEST_LOG_ODDS, Math.min(GREATEST_REPLACING_LOG_ODDS, replaced)),
    replaces: { share: 1, steadyRise: clearRiseOf(evaluation.hourly)?.rise ?? 0 },
    reason: alone > 0 ? 'moved_to_swap' : 'growth_from_swap',
    facts: {
      ownConfidence: sigmoid(alone),
      usedPoints: levelAgo(used.cells, 0),
      risePoints: levelAgo(used.cells, 0) - used.lowest,
      ofMemory: used.isOfMemory ? 1 : 0,
      memoryPoints: levelAgo(grid.cells, 0),
    },
  };
}

interface UsedSwap {
  /** On the grid of the host, with the level before in a cell without a sample. */
  readonly cells: Float64Array;
  readonly lowest: number;
  readonly highest: number;
  /** Whether they are percent of the host's memory; else only the shape counts: percent of swap, or of the most that was used. */
  readonly isOfMemory: boolean;
}

/** Null where there is none, or none of the present. */
function usedSwap({ series, samples, grid }: Subject, swap: Series): UsedSwap | null {
  const used = clean(swap);
  if (used === undefined) return null;
  const memory = series.unit === 'By' && samples.limitKnown ? samples.capacity : capacityOf(series, [swap]);
  const isOfMemory = swap.unit === 'By' && memory !== undefined;
  const most = used.values.reduce((highest, one) => Math.max(highest, one), 0);
  const levels = levelsOf(used, isOfMemory ? memory : swap.unit === 'By' ? most : 1, grid);
  return levels && { ...levels, isOfMemory };
}

function levelsOf({ times, values }: Pick<CleanedSamples, 'times' | 'values'>, full: number, { end, cells }: Grid) {
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
