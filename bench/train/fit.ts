/** From rows of features to a model, and to scores by models that have not seen the rows that they score. */
import { type Model, scoreOf } from '../../core/detector/boosted-trees.ts';
import { FEATURES } from '../../core/detector/features.ts';
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

const DIRECTIONS = FEATURES.map(({ direction, monotone }) => (monotone ? direction : 0));

/** `groupOf` gives series of one host the same number. */
export function fitModel(rows: readonly Row[], groupOf: (series: number) => number, recipe = RECIPE): Model {
  const learned = rows.filter(({ weight }) => weight > 0);
  const mean = learned.reduce((sum, { weight }) => sum + weight, 0) / learned.length;
  const examples = {
    columns: columnsOf(learned),
    labels: Uint8Array.from(learned, ({ leak }) => (leak ? 1 : 0)),
    // Mean weight one, so that damping and least weights mean the same for any number of rows.
    weights: Float64Array.from(learned, ({ weight }) => weight / mean),
    groups: Uint32Array.from(learned, ({ series }) => groupOf(series)),
  };
  return boost(examples, DIRECTIONS, recipe);
}

/** Scores of `requested`, each by a model that was fitted to the rows of other folds. */
export function outOfFold(
  rows: readonly Row[],
  requested: readonly Row[],
  groupOf: (series: number) => number,
): Float64Array {
  const scores = new Float64Array(requested.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isIn = ({ series }: Row) => groupOf(series) % FOLDS === fold;
    const model = fitModel(
      rows.filter((row) => !isIn(row)),
      groupOf,
    );
    for (const [index, row] of requested.entries()) if (isIn(row)) scores[index] = scoreOfRow(model, row);
  }
  return scores;
}

/** As the detector does: of the complete series, or of its last segment where that grows more like a leak. */
function scoreOfRow(model: Model, { features, ownFeatures }: Row): number {
  const complete = scoreOf(model, features);
  return ownFeatures === null ? complete : Math.max(complete, scoreOf(model, ownFeatures));
}
