/** What the detector has learned from series with known leaks: `bench/train/train.ts` writes the table, this file reads it. */
import type { Calibration } from './confidence.ts';
import { TABLE } from './learned-table.ts';
import { type Model, modelOf, type TreeRow } from './model.ts';

export interface Learned {
  readonly model: Model;
  /** By length of history, the shortest first. */
  readonly calibrations: readonly HistoryCalibration[];
  /** Per sign, the value that divides leaking from healthy windows best when nothing else is known. */
  readonly limits: readonly number[];
}

/** What scores mean to a host with so much history or more: with less of it, a score is right less often. */
export interface HistoryCalibration extends Calibration {
  readonly fromHours: number;
}

/** The table as it is written down. */
export interface LearnedTable {
  readonly base: number;
  readonly calibrations: readonly HistoryCalibration[];
  readonly limits: readonly number[];
  readonly trees: readonly TreeRow[];
}

export function learnedFrom({ base, calibrations, limits, trees }: LearnedTable): Learned {
  return { model: modelOf(base, trees), calibrations, limits };
}

/** How to read the scores of a series with so many hours of history. */
export function calibrationAt({ calibrations }: Learned, hours: number): Calibration {
  const one = calibrations.findLast(({ fromHours }) => fromHours <= hours) ?? calibrations[0];
  if (one === undefined) throw new RangeError('the table says of no history what its scores mean');
  return one;
}

export const LEARNED: Learned = learnedFrom(TABLE);
