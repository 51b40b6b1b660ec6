/** Adds up features to log-odds of a leak by boosted trees, three questions deep. Their table is learned, see `learned.ts`. */
import { FEATURES } from './features.ts';

/** Whether a feature is above a value. For an unknown feature the answer is `unknownIsYes`. */
export interface Question {
  /** Index into FEATURES. */
  readonly feature: number;
  readonly above: number;
  readonly unknownIsYes: boolean;
}

/**
 * A complete binary tree, written level by level: after question i comes 2i + 1 on a no and 2i + 2 on a yes. The last answer
 * leads to one of the values, which are in order from no-no-no to yes-yes-yes.
 */
export interface Tree {
  readonly questions: readonly Question[];
  /** One more than there are questions. */
  readonly values: readonly number[];
}

export interface Model {
  /** Log-odds before any question. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** A question as the table writes it: the name of a feature, the value that it must exceed, and whether unknown counts as yes. */
export type QuestionRow = readonly [feature: string, above: number, unknownIsYes: boolean];
/** A tree as the table writes it: its questions, level by level, and its values. */
export type TreeRow = readonly [questions: readonly QuestionRow[], values: Tree['values']];

/** Features that trees may ask about, in the order in which they are computed. */
type Named = readonly { readonly name: string }[];

/** `named` are the features of the statistical evaluator unless others are given. */
export function modelOf(base: number, rows: readonly TreeRow[], named: Named = FEATURES): Model {
  return { base, trees: rows.map(([questions, values]) => ({ questions: questions.map(ofNamed(named)), values })) };
}

function ofNamed(named: Named) {
  return ([name, above, unknownIsYes]: QuestionRow) => questionOf(named, name, above, unknownIsYes);
}

function questionOf(named: Named, name: string, above: number, unknownIsYes: boolean): Question {
  const feature = named.findIndex((one) => one.name === name);
  if (feature < 0) throw new RangeError(`the table has a feature that nobody computes: ${name}`);
  return { feature, above, unknownIsYes };
}

/** Log-odds before calibration. */
export function scoreOf({ base, trees }: Model, features: Float64Array): number {
  const featureAt = (feature: number) => features[feature] ?? Number.NaN;
  let score = base;
  for (const tree of trees) score += leafOf(tree, featureAt);
  return score;
}

/** The value that a tree's answers lead to. `featureAt` gives the value of a feature, NaN where it is not known. */
export function leafOf({ questions, values }: Tree, featureAt: (feature: number) => number): number {
  let node = 0;
  for (let question = questions[0]; question !== undefined; question = questions[node]) {
    node = 2 * node + (answer(question, featureAt) ? 2 : 1);
  }
  return values[node - questions.length] ?? 0;
}

/** Whether the answer to a question is yes. */
export function answer({ feature, above, unknownIsYes }: Question, featureAt: (feature: number) => number): boolean {
  const value = featureAt(feature);
  return Number.isNaN(value) ? unknownIsYes : value > above;
}
