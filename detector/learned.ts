/** What the detector has learned from series with known leaks: `bench/train/train.ts` writes the table, this file reads it. */
import type { Calibration } from './confidence.ts';
import { TABLE } from './learned-table.ts';
import { type Model, modelOf, type TreeRow } from './model.ts';

export interface Learned {
  readonly model: Model;
  readonly calibration: Calibration;
  /** Per sign, the value that divides leaking from healthy windows best when nothing else is known. */
  readonly limits: readonly number[];
}

/** The table as it is written down. */
export interface LearnedTable {
  readonly base: number;
  readonly calibration: Calibration;
  readonly limits: readonly number[];
  readonly trees: readonly TreeRow[];
}

export function learnedFrom({ base, calibration, limits, trees }: LearnedTable): Learned {
  return { model: modelOf(base, trees), calibration, limits };
}

export const LEARNED: Learned = learnedFrom(TABLE);
