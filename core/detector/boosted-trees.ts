/** How signs add up to log-odds of a leak: small trees, three questions deep. The table is learned; this file reads it. */
import { SIGNS } from './features.ts';

/** Whether a sign is above a value. A sign that is not known answers as stated. */
export interface Question {
  /** Index into SIGNS. */
  readonly sign: number;
  readonly above: number;
  readonly unknownIsYes: boolean;
}

/**
 * A complete tree, written level by level: after question i comes 2i + 1 on a no and 2i + 2 on a yes. What the last answer
 * leads to is one of the values, from no-no-no to yes-yes-yes.
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

/** A question as the table writes it: the name of a sign, the value it must be above, and whether not known counts as yes. */
export type QuestionRow = readonly [sign: string, above: number, unknownIsYes: boolean];
/** A tree as the table writes it: its questions, level by level, and its values. */
export type TreeRow = readonly [questions: readonly QuestionRow[], values: Tree['values']];

export function modelOf(base: number, rows: readonly TreeRow[]): Model {
  return { base, trees: rows.map(([questions, values]) => ({ questions: questions.map(questionOf), values })) };
}

function questionOf([name, above, unknownIsYes]: QuestionRow): Question {
  const sign = SIGNS.findIndex((one) => one.name === name);
  if (sign < 0) throw new RangeError(`the table asks for a sign that nobody reads: ${name}`);
  return { sign, above, unknownIsYes };
}

/** Log-odds before calibration. */
export function scoreOf({ base, trees }: Model, signs: Float64Array): number {
  const signAt = (sign: number) => signs[sign] ?? Number.NaN;
  let score = base;
  for (const tree of trees) score += leafOf(tree, signAt);
  return score;
}

/** The value that a tree's answers lead to. `signAt` gives the value of a sign, NaN where it is not known. */
export function leafOf({ questions, values }: Tree, signAt: (sign: number) => number): number {
  let place = 0;
  for (let question = questions[0]; question !== undefined; question = questions[place]) {
    place = 2 * place + (answer(question, signAt) ? 2 : 1);
  }
  return values[place - questions.length] ?? 0;
}

function answer({ sign, above, unknownIsYes }: Question, signAt: (sign: number) => number): boolean {
  const value = signAt(sign);
  return Number.isNaN(value) ? unknownIsYes : value > above;
}
