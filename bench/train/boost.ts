/**
 * Gradient boosting with trees three questions deep, monotone in the features that are declared so: the smallest learner that beat
 * hand-made rules.
 * Logistic loss, Newton steps, histograms (Friedman 2001; Chen and Guestrin 2016 for the gain). Seeded, so that the same
 * examples give the same table on every machine.
 */

import { leafOf, type Question, type Tree } from '../../core/detector/boosted-trees.ts';
import { logit, sigmoid } from '../../core/detector/confidence.ts';
import { randomFrom } from '../random.ts';
import { BINS, type Binned, binsOf } from './bins.ts';

export interface Examples {
  /** One column per feature; NaN where a feature is not known. */
  readonly columns: readonly Float64Array[];
  /** 1 for leak, 0 for healthy. */
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  /** The group of hosts that each example belongs to, as a number. */
  readonly groups: Uint32Array;
}

export interface Recipe {
  readonly trees: number;
  /** Part of each Newton step that is taken. */
  readonly rate: number;
  /** Added to the sum of second derivatives of a leaf: small leaves stay near zero. */
  readonly damping: number;
  /** Least sum of weights in a leaf; weights have mean one. */
  readonly leastWeight: number;
  /** Part of the features that each tree may ask about. */
  readonly featureShare: number;
  /** Part of the groups of examples that each tree learns from: entire hosts, because windows of one host resemble each other. */
  readonly groupShare: number;
  readonly seed: number;
}

/** What more of a feature may do to the log-odds: raise them (1), lower them (-1), or either (0). */
export type Direction = 1 | -1 | 0;

/** Trees whose values add up, with `base`, to log-odds of a leak. `directions` has one for each feature. */
export function boost(
  examples: Examples,
  directions: readonly Direction[],
  recipe: Recipe,
): { base: number; trees: Tree[] } {
  const { columns, labels, weights } = examples;
  const binned = binsOf(columns);
  const random = randomFrom(recipe.seed);
  const base = logit(weightedMean(labels, weights));
  const scores = new Float64Array(labels.length).fill(base);
  const gradients = new Float64Array(labels.length);
  const curvatures = new Float64Array(labels.length);
  const trees: Tree[] = [];
  const all = Uint32Array.from(labels.keys());
  const groupCount = examples.groups.reduce((most, group) => Math.max(most, group), 0) + 1;
  for (let round = 0; round < recipe.trees; round++) {
    for (const [i, score] of scores.entries()) {
      const p = sigmoid(score);
      gradients[i] = (weights[i] ?? 0) * ((labels[i] ?? 0) - p);
      curvatures[i] = (weights[i] ?? 0) * p * (1 - p);
    }
    const features = directions.map((_, feature) => feature).filter(() => random() < recipe.featureShare);
    const grower: Grower = { binned, gradients, curvatures, weights, directions, features, recipe };
    const isDrawn = Uint8Array.from({ length: groupCount }, () => (random() < recipe.groupShare ? 1 : 0));
    const tree = growTree(
      grower,
      all.filter((row) => isDrawn[examples.groups[row] ?? 0] === 1),
    );
    if (tree === null) continue;
    trees.push(tree);
    for (const row of all) {
      scores[row] = (scores[row] ?? 0) + leafOf(tree, (feature) => columns[feature]?.[row] ?? Number.NaN);
    }
  }
  return { base, trees };
}

interface Grower {
  readonly binned: Binned;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
  readonly weights: Float64Array;
  readonly directions: readonly Direction[];
  readonly features: readonly number[];
  readonly recipe: Recipe;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

interface Split {
  readonly question: Question;
  /** Values of the no and the yes side, before the rate. */
  readonly no: number;
  readonly yes: number;
  readonly gain: number;
  readonly bin: number;
}

const FREE: Bounds = { low: -Infinity, high: Infinity };

/** Questions in a row. With two the trees found fewer leaks, with four no more. */
const DEPTH = 3;

/** The tree that takes most off the loss; null where no question takes anything off it. */
function growTree(grower: Grower, rows: Uint32Array): Tree | null {
  const questions: Question[] = [];
  const values: number[] = [];
  const inner = 2 ** DEPTH - 1;
  /** Fills the nodes below a leaf: they repeat the question of the leaf's parent, which changes nothing. */
  const settle = (node: number, value: number, question: Question): void => {
    if (node >= inner) {
      values[node - inner] = value * grower.recipe.rate;
      return;
    }
    questions[node] = question;
    settle(2 * node + 1, value, question);
    settle(2 * node + 2, value, question);
  };
  const grow = (node: number, some: Uint32Array, bounds: Bounds, split: Split): void => {
    questions[node] = split.question;
    const [noRows, yesRows] = divide(grower, some, split);
    const [noBounds, yesBounds] = boundsBelow(grower, split, bounds);
    for (const side of [
      { node: 2 * node + 1, rows: noRows, bounds: noBounds, value: split.no },
      { node: 2 * node + 2, rows: yesRows, bounds: yesBounds, value: split.yes },
    ]) {
      const next = side.node < inner ? bestSplit(grower, side.rows, side.bounds) : null;
      if (next === null) settle(side.node, side.value, split.question);
      else grow(side.node, side.rows, side.bounds, next);
    }
  };
  const root = bestSplit(grower, rows, FREE);
  if (root === null) return null;
  grow(0, rows, FREE, root);
  return { questions, values };
}

/** The two sides of a monotone question must stay in order whatever later questions add: its middle bounds both. */
function boundsBelow({ directions }: Grower, { question, no, yes }: Split, bounds: Bounds): [no: Bounds, yes: Bounds] {
  const direction = directions[question.feature] ?? 0;
  if (direction === 0) return [bounds, bounds];
  const middle = (no + yes) / 2;
  const [below, above] = [
    { low: bounds.low, high: middle },
    { low: middle, high: bounds.high },
  ];
  return direction > 0 ? [below, above] : [above, below];
}

function bestSplit(grower: Grower, rows: Uint32Array, bounds: Bounds): Split | null {
  return grower.features.reduce<Split | null>(
    (best, feature) => better(best, bestSplitOf(grower, rows, bounds, feature)),
    null,
  );
}

interface Sums {
  gradient: number;
  curvature: number;
  weight: number;
}

function histogram({ binned, gradients, curvatures, weights }: Grower, rows: Uint32Array, feature: number): Sums[] {
  const gradient = new Float64Array(BINS + 1);
  const curvature = new Float64Array(BINS + 1);
  const weight = new Float64Array(BINS + 1);
  const bins = binned.bins[feature] ?? new Uint8Array();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    const bin = bins[row] ?? BINS;
    gradient[bin] = (gradient[bin] ?? 0) + (gradients[row] ?? 0);
    curvature[bin] = (curvature[bin] ?? 0) + (curvatures[row] ?? 0);
    weight[bin] = (weight[bin] ?? 0) + (weights[row] ?? 0);
  }
  return Array.from(gradient, (g, bin) => ({ gradient: g, curvature: curvature[bin] ?? 0, weight: weight[bin] ?? 0 }));
}

/** The best value to divide one feature at, unknown values going to either side. */
function bestSplitOf(grower: Grower, rows: Uint32Array, bounds: Bounds, feature: number): Split | null {
  const sums = histogram(grower, rows, feature);
  const unknown = sums.pop() ?? { gradient: 0, curvature: 0, weight: 0 };
  const all = total([...sums, unknown]);
  const below = { gradient: 0, curvature: 0, weight: 0 };
  let best: Split | null = null;
  for (const [bin, above] of (grower.binned.edges[feature] ?? new Float64Array()).entries()) {
    addTo(below, sums[bin]);
    const noWithUnknown = splitOf(
      grower,
      all,
      total([below, unknown]),
      { feature, above, unknownIsYes: false },
      bounds,
      bin,
    );
    const noWithout = splitOf(grower, all, below, { feature, above, unknownIsYes: true }, bounds, bin);
    best = better(best, better(noWithUnknown, unknown.weight > 0 ? noWithout : null));
  }
  return best;
}

function better(one: Split | null, other: Split | null): Split | null {
  if (one === null) return other;
  return other !== null && other.gain > one.gain ? other : one;
}

const LEAST_GAIN = 1e-6;

/** What a question gains; null when a side is too light or the sides are in the wrong order. */
function splitOf(
  { recipe, directions }: Grower,
  all: Sums,
  no: Sums,
  question: Question,
  bounds: Bounds,
  bin: number,
): Split | null {
  const yes = less(all, no);
  if (no.weight < recipe.leastWeight || yes.weight < recipe.leastWeight) return null;
  const noValue = leafValue(no, bounds, recipe);
  const yesValue = leafValue(yes, bounds, recipe);
  if ((yesValue - noValue) * (directions[question.feature] ?? 0) < 0) return null;
  const before = gainOf(all, leafValue(all, bounds, recipe), recipe);
  const gain = gainOf(no, noValue, recipe) + gainOf(yes, yesValue, recipe) - before;
  if (gain <= LEAST_GAIN) return null;
  return { question, no: noValue, yes: yesValue, gain, bin };
}

function total(parts: readonly Sums[]): Sums {
  const sum = { gradient: 0, curvature: 0, weight: 0 };
  for (const part of parts) addTo(sum, part);
  return sum;
}

function addTo(sum: Sums, part: Sums | undefined): void {
  if (part === undefined) return;
  sum.gradient += part.gradient;
  sum.curvature += part.curvature;
  sum.weight += part.weight;
}

function less(all: Sums, part: Sums): Sums {
  return {
    gradient: all.gradient - part.gradient,
    curvature: all.curvature - part.curvature,
    weight: all.weight - part.weight,
  };
}

function leafValue({ gradient, curvature }: Sums, { low, high }: Bounds, { damping }: Recipe): number {
  return Math.min(high, Math.max(low, gradient / (curvature + damping)));
}

/** What a leaf with this value takes off the loss, to second order. */
function gainOf({ gradient, curvature }: Sums, value: number, { damping }: Recipe): number {
  return gradient * value - ((curvature + damping) * value * value) / 2;
}

function divide({ binned }: Grower, rows: Uint32Array, { question, bin }: Split): [no: Uint32Array, yes: Uint32Array] {
  const bins = binned.bins[question.feature] ?? new Uint8Array();
  const isYes = (row: number) => {
    const answer = bins[row] ?? BINS;
    return answer === BINS ? question.unknownIsYes : answer > bin;
  };
  return [rows.filter((row) => !isYes(row)), rows.filter(isYes)];
}

function weightedMean(labels: Uint8Array, weights: Float64Array): number {
  let sum = 0;
  let weight = 0;
  for (const [index, label] of labels.entries()) {
    sum += label * (weights[index] ?? 0);
    weight += weights[index] ?? 0;
  }
  return sum / weight;
}
