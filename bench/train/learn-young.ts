/** The table of hosts in their first day: from windows of ten to eighteen hours, anywhere in the series, to trees, calibration and limits. */
import { type Model, scoreOf } from '../../core/detector/boosted-trees.ts';
import { clean } from '../../core/detector/clean.ts';
import { scoreOver } from '../../core/detector/confidence.ts';
import { CELLS_PER_HOUR, gridOf } from '../../core/detector/floors.ts';
import type { LearnedTable } from '../../core/detector/learned.ts';
import { YOUNG_FEATURES, youngFeaturesOf } from '../../core/detector/young-features.ts';
import type { Series } from '../../core/model/series.ts';
import type { Lessons } from '../corpus.ts';
import { calibrate } from './calibrate.ts';
import { type History, minima, type Row, windowsOf } from './examples.ts';
import { outOfFold, type Scoring } from './fit.ts';
import { tableOf } from './learn.ts';

/** One window of a young host. */
export interface YoungRow extends Pick<Row, 'series' | 'now' | 'leak' | 'weight'> {
  readonly features: Float64Array;
  /** What was known of the same window an hour before its end. */
  readonly hourAgo: Float64Array;
}

/**
 * Twelve hours count most: there the table decides alone, and that is what the bench asks about. From eighteen on it does not count: they are
 * learned from, and calibrated, for the hours between. Ten are close to the least that is evaluated.
 */
const YOUNG_HISTORIES: readonly History[] = [
  { feed: minima(12), weight: 1, everyHours: 2, calibrates: true },
  { feed: minima(10), weight: 0.5, everyHours: 4, calibrates: false },
  { feed: minima(18), weight: 0.5, everyHours: 4, calibrates: true },
];

/** As the detector does: no more than the mean with an hour ago. */
const SCORING: Scoring<YoungRow> = { kinds: YOUNG_FEATURES, scoreOfRow };

/** Rows of every length of history; the first is the one that limits are learned from. */
export function youngExamplesOf(lessons: Lessons): YoungRow[][] {
  return YOUNG_HISTORIES.map((history) => windowsOf(lessons, history, featuresAt));
}

/** Learns from the series that `isIn` admits. */
export function learnYoung(
  examples: readonly YoungRow[][],
  isIn: (series: number) => boolean,
  lessons: Pick<Lessons, 'groupOf' | 'originOf'>,
): LearnedTable {
  return tableOf(examples, isIn, lessons, { kinds: YOUNG_FEATURES, calibrationsOf });
}

/** Scores of windows by models that have not seen their hosts, read against what is true, for each length that is calibrated. */
function calibrationsOf(
  rows: readonly YoungRow[],
  recorded: readonly YoungRow[][],
  groupOf: (series: number) => number,
): LearnedTable['calibrations'] {
  const requested = YOUNG_HISTORIES.flatMap(({ calibrates, feed: { hours } }, index) => {
    const known = (recorded[index] ?? []).filter(({ leak }) => leak !== null);
    return calibrates ? known.map((row) => ({ ...row, hours })) : [];
  });
  const scores = outOfFold(rows, requested, groupOf, SCORING);
  const scored = requested.map(({ hours, leak }, index) => ({ hours, score: scores[index] ?? 0, leak: leak === true }));
  return [...Map.groupBy(scored, ({ hours }) => hours)].map(([hours, its]) => ({ hours, ...calibrate(its) }));
}

function scoreOfRow(model: Model, { features, hourAgo }: YoungRow): number {
  return scoreOver(scoreOf(model, features), [scoreOf(model, hourAgo)]);
}

function featuresAt(window: Series): Pick<YoungRow, 'features' | 'hourAgo'> | null {
  const samples = clean(window);
  if (samples === undefined || samples.times.length === 0) return null;
  const { cells } = gridOf(samples, window.window.end);
  return { features: youngFeaturesOf(cells), hourAgo: youngFeaturesOf(cells.subarray(0, -CELLS_PER_HOUR)) };
}
