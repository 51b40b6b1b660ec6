/** From rows of signs to a calibrated model: two rounds of boosting, then log-odds that mean what they say. */
import { type Model, scoreOf, type Tree } from '../../detector/model.ts';
import { SIGNS } from '../../detector/signs.ts';
import { boost, type Recipe } from './boost.ts';
import { columnsOf, type Row } from './examples.ts';

const RECIPE: Recipe = {
  trees: 50,
  rate: 0.22,
  damping: 10,
  leastWeight: 40,
  signShare: 0.5,
  groupShare: 0.5,
  seed: 1,
};

/** Models that are averaged, each from draws of its own: one alone moves by a hundredth of F1 with its seed. */
const BAGS = 3;

/** Folds for scores that a model gives to series which it has not seen. */
const FOLDS = 4;

/**
 * A healthy window counts by the square of how leak-like a first model finds it: what is decided is decided among the
 * few windows of cache fills, ramps and steps, and an average over thousands of flat hosts would drown them.
 */
const hardness = (probability: number) => (0.15 + probability) ** 2;

const DIRECTIONS = SIGNS.map(({ direction }) => direction);

/** `groupOf` gives series of one host the same number. */
export function fitModel(rows: readonly Row[], groupOf: (series: number) => number, recipe = RECIPE): Model {
  const known = rows.filter(({ leak }) => leak !== null);
  const first = outOfFold(known, known, groupOf, (some) => boosted(some, plainWeights(some), groupOf, recipe));
  const weights = known.map(({ leak, weight }, index) => weight * (leak ? 1 : hardness(sigmoid(first[index] ?? 0))));
  return boosted(known, weights, groupOf, recipe);
}

function plainWeights(rows: readonly Row[]): number[] {
  return rows.map(({ weight }) => weight);
}

/** Scores of `asked` by models that were fitted to the rows of other folds. */
export function outOfFold(
  rows: readonly Row[],
  asked: readonly Row[],
  groupOf: (series: number) => number,
  fitting: (rows: readonly Row[]) => Model,
): Float64Array {
  const scores = new Float64Array(asked.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isIn = ({ series }: Row) => groupOf(series) % FOLDS === fold;
    const model = fitting(rows.filter((row) => !isIn(row)));
    for (const [index, row] of asked.entries()) if (isIn(row)) scores[index] = scoreOf(model, row.signs);
  }
  return scores;
}

function boosted(
  rows: readonly Row[],
  weights: readonly number[],
  groupOf: (series: number) => number,
  recipe: Recipe,
): Model {
  // Mean weight one, so that damping and least weights mean the same for any number of rows.
  const examples = {
    columns: columnsOf(rows),
    labels: Uint8Array.from(rows, ({ leak }) => (leak ? 1 : 0)),
    weights: Float64Array.from(scaled(weights, rows.length)),
    groups: Uint32Array.from(rows, ({ series }) => groupOf(series)),
  };
  const bags = Array.from({ length: BAGS }, (_, bag) =>
    boost(examples, DIRECTIONS, { ...recipe, seed: recipe.seed + bag }),
  );
  return {
    base: sum(bags.map(({ base }) => base)) / BAGS,
    trees: bags.flatMap(({ trees }) => trees.map((tree) => ({ ...tree, values: shared(tree.values) }))),
  };
}

function shared([a, b, c, d]: Tree['values']): Tree['values'] {
  return [a / BAGS, b / BAGS, c / BAGS, d / BAGS];
}

function scaled(weights: readonly number[], to: number): number[] {
  const factor = to / sum(weights);
  return weights.map((weight) => weight * factor);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
