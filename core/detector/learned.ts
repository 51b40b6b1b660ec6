/** Reads the table that was learned from series with known leaks, which `bench/train/train.ts` writes. */

import { type Model, modelOf, type TreeRow } from './boosted-trees.ts';
import { type Calibration, logOddsOf, sigmoid } from './confidence.ts';
import { FEATURES, type FeatureKind } from './features.ts';
import { YOUNG_FEATURES } from './young-features.ts';

/** What is known of one model: how it scores, and what its scores and features mean. */
export interface LearnedModel {
  readonly model: Model;
  /** By length of history, the shortest first. */
  readonly calibrations: readonly HistoryCalibration[];
  /** Per feature, the value that divides leaking from healthy windows best when nothing else is known. */
  readonly limits: readonly number[];
}

export interface Learned extends LearnedModel {
  /** The model of hosts in their first day, with features of its own; absent where they are evaluated as all others are. */
  readonly young?: LearnedModel;
}

/** The calibration of scores at a length of history: with less history, a score is right less often. */
export interface HistoryCalibration extends Calibration {
  /** Hours of history of the hosts on which it was measured. */
  readonly hours: number;
}

/** The table as it is written down. */
export interface LearnedTable {
  readonly base: number;
  readonly calibrations: readonly HistoryCalibration[];
  readonly limits: readonly number[];
  readonly trees: readonly TreeRow[];
}

/** @param young The table of hosts in their first day. */
export function learnedFrom(table: LearnedTable, young: LearnedTable): Learned {
  return { ...readTable(table, FEATURES), young: readTable(young, YOUNG_FEATURES) };
}

function readTable(
  { base, calibrations, limits, trees }: LearnedTable,
  features: readonly FeatureKind[],
): LearnedModel {
  return { model: modelOf(base, trees, features), calibrations, limits };
}

/**
 * The probability of a leak in [0, 1] for a score of a host with so many hours of history, at a prior in (0, 1). It is interpolated
 * between the lengths of history at which scores were calibrated, so that no confidence jumps.
 */
export function confidenceAt(
  { calibrations }: Pick<LearnedModel, 'calibrations'>,
  hours: number,
  score: number,
  prior: number,
): number {
  const less = calibrations.findLast((one) => one.hours <= hours) ?? calibrations[0];
  const more = calibrations.find((one) => one.hours >= hours) ?? less;
  if (less === undefined || more === undefined)
    throw new RangeError('the table has no calibration for any length of history');
  const part = more.hours > less.hours ? (hours - less.hours) / (more.hours - less.hours) : 0;
  return sigmoid((1 - part) * logOddsOf(score, less, prior) + part * logOddsOf(score, more, prior));
}
