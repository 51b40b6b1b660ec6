/**
 * Evaluates a host in its first day by a table of its own. The table of all hosts learned what a host does over days, and its features
 * compare with the days before. At twelve hours, of which the young table learned most, it decides alone. From eighteen on it does not count,
 * because there it was no better, nor at nine, of which it learned nothing. Between these the two are mixed, so that
 * one replaces the other by and by, a third of the log-odds with an hour at the most.
 */
import type { Check } from '../model/verdict.ts';
import { type Model, scoreOf } from './boosted-trees.ts';
import { logit, scoreOver, sigmoid } from './confidence.ts';
import { ownSegment } from './evaluate.ts';
import { featureChecks } from './features.ts';
import { CELLS_PER_HOUR, type Grid } from './floors.ts';
import { confidenceAt, type Learned, type LearnedModel } from './learned.ts';
import { YOUNG_FEATURES, youngFeaturesOf } from './young-features.ts';

/** Hours of history at which the young table does not count yet, decides alone, and no longer counts. */
const [FROM_HOURS, ALONE_HOURS, UNTIL_HOURS] = [9, 12, 18];
/** One unusual hour makes no leak: the score counts no more than its mean with that of an hour ago. */
const HOUR_AGO = 1;

/** The part of the young table in the confidence of a host with so many hours of history, 0 to 1. */
export function youngShare(hours: number): number {
  const [rising, falling] = [
    (hours - FROM_HOURS) / (ALONE_HOURS - FROM_HOURS),
    (UNTIL_HOURS - hours) / (UNTIL_HOURS - ALONE_HOURS),
  ];
  return Math.max(0, Math.min(rising, falling));
}

/** Whether the young table counts for half or more: then it is its features that explain the verdict. */
export function isYoung(hours: number): boolean {
  return youngShare(hours) >= 0.5;
}

export interface YoungEvaluation {
  /** Null where the features of all hosts explain the verdict. */
  readonly checks: readonly Check[] | null;
  /** The confidence of the two tables together, from that of the table of all hosts. */
  beside(confidence: number): number;
}

interface Circumstances {
  /** Hours that hold a sample. */
  readonly hours: number;
  readonly prior: number;
  readonly learned: Learned;
}

/** Null of a host that is no longer young. `segmentStart` is the cell with which the last segment begins. */
export function youngEvaluationOf(
  grid: Grid,
  segmentStart: number,
  { hours, prior, learned: { young } }: Circumstances,
): YoungEvaluation | null {
  const share = youngShare(hours);
  if (share === 0 || young === undefined) return null;
  const { cells } = surestOf(grid, segmentStart, young.model);
  const own = confidenceAt(young, hours, youngScoreOf(cells, young.model), prior);
  return {
    checks: isYoung(hours) ? youngChecks(cells, young) : null,
    beside: (confidence) => (share === 1 ? own : sigmoid(share * logit(own) + (1 - share) * logit(confidence))),
  };
}

/** The entire grid, or its last segment where that is evaluated by itself too and grows more like a leak. */
export function surestOf(grid: Grid, segmentStart: number, model: Model): Grid {
  const own = ownSegment(grid, segmentStart);
  return own !== null && youngScoreOf(own.cells, model) > youngScoreOf(grid.cells, model) ? own : grid;
}

/** The score of cells, now and an hour ago. */
function youngScoreOf(cells: Float64Array, model: Model): number {
  const before = cells.subarray(0, Math.max(0, cells.length - HOUR_AGO * CELLS_PER_HOUR));
  return scoreOver(scoreOf(model, youngFeaturesOf(cells)), [scoreOf(model, youngFeaturesOf(before))]);
}

function youngChecks(cells: Float64Array, { limits }: LearnedModel): Check[] {
  return featureChecks(youngFeaturesOf(cells), limits, YOUNG_FEATURES);
}
