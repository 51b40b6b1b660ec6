/**
 * How much each feature weighs in the score of a series: for people, and outside of the hot path.
 *
 * The weights are Shapley values (L. S. Shapley, A value for n-person games, 1953; of trees: S. M. Lundberg and others, From local
 * explanations to global understanding with explainable AI for trees, Nature Machine Intelligence 2, 2020): the mean change of the
 * score as a feature becomes known, over all orders in which the features may become known. Of a feature that is not known, each
 * answer is as likely as the other: the table does not hold how often which answer was given. The weights add up exactly to the
 * score. A tree asks about seven features at most, so that all orders are gone through.
 */
import type { Series } from '../model/series.ts';
import type { FeatureWeight, ScoreWeights } from '../model/verdict.ts';
import { answer, type Model, scoreOf, type Tree } from './boosted-trees.ts';
import { clean } from './clean.ts';
import { hoursKnown } from './curve-confidence.ts';
import { LEARNED } from './detect.ts';
import { evaluationOf } from './evaluate.ts';
import { FEATURES, type FeatureKind } from './features.ts';
import { gridOf } from './floors.ts';
import type { Learned } from './learned.ts';
import { lastSegment } from './segment.ts';
import { isYoung, surestOf } from './young.ts';
import { YOUNG_FEATURES, youngFeaturesOf } from './young-features.ts';

/**
 * The weights in the score that a series has now; null where it has no sample that can be evaluated. Of a host in its first day they are
 * those of the table that counts most.
 */
export function scoreWeightsOf(series: Series, { model, young }: Learned = LEARNED): ScoreWeights | null {
  const samples = clean(series);
  if (samples === undefined || samples.times.length === 0) return null;
  const grid = gridOf(samples, series.window.end);
  const { start } = lastSegment(grid);
  if (young !== undefined && isYoung(hoursKnown(grid.cells))) {
    return namedWeights(young.model, youngFeaturesOf(surestOf(grid, start, young.model).cells), YOUNG_FEATURES);
  }
  return namedWeights(model, evaluationOf(grid, start, model).now.features, FEATURES);
}

function namedWeights(model: Model, features: Float64Array, kinds: readonly FeatureKind[]): ScoreWeights {
  const { reference, weights } = weightsOf(model, features);
  const named = kinds.map(({ name }, index): FeatureWeight => ({ name, weight: weights[index] ?? 0 }));
  const strongest = named.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { value: scoreOf(model, features), reference, weights: strongest };
}

/** One weight per feature, and the score where none is known. The weights of a sum of trees are the sums of the trees' weights. */
export function weightsOf(
  { base, trees }: Model,
  features: Float64Array,
): { reference: number; weights: Float64Array } {
  const weights = new Float64Array(features.length);
  let reference = base;
  for (const tree of trees) reference += addWeights(tree, features, weights);
  return { reference, weights };
}

/** Adds the weights of one tree, and returns its mean value where nothing is known. */
function addWeights(tree: Tree, features: Float64Array, weights: Float64Array): number {
  const players = [...new Set(tree.questions.map(({ feature }) => feature))];
  const n = players.length;
  // The mean value of each coalition: bit i is set where the i-th feature is known.
  const values = Array.from({ length: 2 ** n }, (_, coalition) => {
    const known = new Set(players.filter((_, player) => has(coalition, player)));
    return meanLeaf(tree, features, known, 0);
  });
  for (const [player, feature] of players.entries()) {
    let weight = 0;
    for (const [coalition, without] of values.entries()) {
      if (has(coalition, player)) continue;
      weight += shareOfOrders(sizeOf(coalition, n), n) * ((values[coalition + 2 ** player] ?? 0) - without);
    }
    weights[feature] = (weights[feature] ?? 0) + weight;
  }
  return values[0] ?? 0;
}

/** The mean of the leaves below a question that can be reached where only these features are known. */
function meanLeaf(tree: Tree, features: Float64Array, known: ReadonlySet<number>, location: number): number {
  const question = tree.questions[location];
  if (question === undefined) return tree.values[location - tree.questions.length] ?? 0;
  const below = (isYes: boolean) => meanLeaf(tree, features, known, 2 * location + (isYes ? 2 : 1));
  if (known.has(question.feature)) return below(answer(question, (feature) => features[feature] ?? Number.NaN));
  return (below(false) + below(true)) / 2;
}

function has(coalition: number, player: number): boolean {
  return Math.floor(coalition / 2 ** player) % 2 === 1;
}

function sizeOf(coalition: number, n: number): number {
  let size = 0;
  for (let player = 0; player < n; player++) if (has(coalition, player)) size++;
  return size;
}

/**
 * |S|! (n - |S| - 1)! / n!: the share of the orders of n players in which exactly a coalition of this size comes before
 * a given other.
 */
function shareOfOrders(size: number, n: number): number {
  let share = 1 / n;
  for (let i = 1; i <= size; i++) share *= i / (n - i);
  return share;
}
