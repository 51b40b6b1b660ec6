/** From rows of features to a model, and to scores by models that have not seen the rows that they score. */
import { type Model, scoreOf } from '../../core/detector/boosted-trees.ts';
import { FEATURES, type FeatureKind } from '../../core/detector/features.ts';
import { boost, type Recipe } from './boost.ts';
import { columnsOf, type Row } from './examples.ts';

const RECIPE: Recipe = {
  trees: 180,
  rate: 0.08,
  damping: 10,
  leastWeight: 40,
  featureShare: 0.5,
  groupShare: 0.5,
  seed: 1,
};

/** Folds for scores that a model gives to series which it has not seen. */
const FOLDS = 4;

/** What a row needs for a model to be fitted to it. */
type Lesson = Pick<Row, 'series' | 'leak' | 'features' | 'weight'>;

/** `groupOf` gives series of one host the same number; `kinds` are the features of the rows. */
export function fitModel(
  rows: readonly Lesson[],
  groupOf: (series: number) => number,
  kinds: readonly FeatureKind[],
): Model {
  const learned = rows.filter(({ weight }) => weight > 0);
  const mean = learned.reduce((sum, { weight }) => sum + weight, 0) / learned.length;
  const examples = {
    columns: columnsOf(learned, kinds),
    labels: Uint8Array.from(learned, ({ leak }) => (leak ? 1 : 0)),
    // Mean weight one, so that damping and least weights mean the same for any number of rows.
    weights: Float64Array.from(learned, ({ weight }) => weight / mean),
    groups: Uint32Array.from(learned, ({ series }) => groupOf(series)),
  };
  const directions = kinds.map(({ direction, monotone }) => (monotone ? direction : 0));
  return boost(examples, directions, RECIPE);
}

/** Scores of `requested`, each by a model that was fitted to the rows of other folds. */
export function outOfFold<Asked extends Lesson>(
  rows: readonly Lesson[],
  requested: readonly Asked[],
  groupOf: (series: number) => number,
  { kinds, scoreOfRow }: Scoring<Asked>,
): Float64Array {
  const scores = new Float64Array(requested.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isIn = ({ series }: Lesson) => groupOf(series) % FOLDS === fold;
    const others = rows.filter((row) => !isIn(row));
    const model = fitModel(others, groupOf, kinds);
    for (const [index, row] of requested.entries()) if (isIn(row)) scores[index] = scoreOfRow(model, row);
  }
  return scores;
}

/** What the features of rows are, and how the detector makes a score of them. */
export interface Scoring<Asked> {
  readonly kinds: readonly FeatureKind[];
  readonly scoreOfRow: (model: Model, row: Asked) => number;
}

/** The complete series, or its last segment where that grows more like a leak. */
export const SCORING: Scoring<Row> = { kinds: FEATURES, scoreOfRow };

function scoreOfRow(model: Model, { features, ownFeatures }: Row): number {
  const complete = scoreOf(model, features);
  return ownFeatures === null ? complete : Math.max(complete, scoreOf(model, ownFeatures));
}
