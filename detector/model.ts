/** How signs add up to log-odds of a leak: small trees, each of two questions. The table is learned; this file reads it. */
import { SIGNS } from './signs.ts';

/** Whether a sign is above a value. A sign that is not known answers as stated. */
export interface Question {
  /** Index into SIGNS. */
  readonly sign: number;
  readonly above: number;
  readonly unknownIsYes: boolean;
}

/** The answer to `first` says which question comes next; the two answers say which value counts (no-no, no-yes, yes-no, yes-yes). */
export interface Tree {
  readonly first: Question;
  readonly no: Question;
  readonly yes: Question;
  readonly values: readonly [number, number, number, number];
}

export interface Model {
  /** Log-odds before any question. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** A question as the table writes it: the name of a sign, the value it must be above, and whether not known counts as yes. */
export type QuestionRow = readonly [sign: string, above: number, unknownIsYes: boolean];
/** A tree as the table writes it: its three questions and four values. */
export type TreeRow = readonly [QuestionRow, QuestionRow, QuestionRow, Tree['values']];

export function modelOf(base: number, rows: readonly TreeRow[]): Model {
  const trees = rows.map(([first, no, yes, values]) => ({
    first: questionOf(first),
    no: questionOf(no),
    yes: questionOf(yes),
    values,
  }));
  return { base, trees };
}

function questionOf([name, above, unknownIsYes]: QuestionRow): Question {
  const sign = SIGNS.findIndex((one) => one.name === name);
  if (sign < 0) throw new RangeError(`the table asks for a sign that nobody reads: ${name}`);
  return { sign, above, unknownIsYes };
}

/** Log-odds before calibration. */
export function scoreOf({ base, trees }: Model, signs: Float64Array): number {
  let score = base;
  for (const { first, no, yes, values } of trees) {
    if (answer(first, signs)) score += answer(yes, signs) ? values[3] : values[2];
    else score += answer(no, signs) ? values[1] : values[0];
  }
  return score;
}

function answer({ sign, above, unknownIsYes }: Question, signs: Float64Array): boolean {
  const value = signs[sign] ?? Number.NaN;
  return Number.isNaN(value) ? unknownIsYes : value > above;
}
