/** From series with known truth to the detector's table: signs, trees, calibration, limits. */
import type { Calibration } from '../../detector/confidence.ts';
import type { LearnedTable } from '../../detector/learned.ts';
import type { Model, Tree, TreeRow } from '../../detector/model.ts';
import { SIGNS } from '../../detector/signs.ts';
import type { Lessons } from '../corpus.ts';
import { calibrate, type Scored } from './calibrate.ts';
import { HISTORIES, type Row, rowsOf } from './examples.ts';
import { fitModel, outOfFold } from './fit.ts';

/** Rows of every length of history; the first is what the adapters feed, and what is calibrated on. */
export function examplesOf(lessons: Lessons): Row[][] {
  return HISTORIES.map((history) => rowsOf(lessons, history));
}

/** Learns from the series that `isIn` admits. */
export function learn(
  examples: readonly Row[][],
  isIn: (series: number) => boolean,
  { groupOf, originOf }: Pick<Lessons, 'groupOf' | 'originOf'>,
): LearnedTable {
  const rows = examples.flat().filter(({ series }) => isIn(series));
  const model = fitModel(rows, groupOf);
  // What is made is made as often as one likes: it says nothing of how often a score is right.
  const asFed = (examples[0] ?? []).filter(({ series }) => isIn(series) && originOf(series) !== 'made');
  return {
    base: rounded(model.base),
    calibration: calibrationOf(rows, asFed, groupOf),
    limits: SIGNS.map(({ direction }, sign) => bestDivide(asFed, sign, direction)),
    trees: model.trees.map(treeRow),
  };
}

/** Scores of windows by models that have not seen their hosts, read against what is true. */
function calibrationOf(rows: readonly Row[], asFed: readonly Row[], groupOf: (series: number) => number): Calibration {
  const fitting = (some: readonly Row[]): Model => fitModel(some, groupOf);
  const scores = outOfFold(rows, asFed, groupOf, fitting);
  const persisted = asFed.flatMap((row, index): Scored[] => {
    // The verdict asks the window an hour before as well, so the calibration does.
    const before = asFed[index - 1]?.series === row.series ? (scores[index - 1] ?? -Infinity) : -Infinity;
    const score = Math.min(scores[index] ?? 0, before);
    return row.leak === null || !Number.isFinite(score) ? [] : [{ score, leak: row.leak }];
  });
  return calibrate(persisted);
}

/** The value that divides leaking from healthy windows best (Youden's index), each side counted as one half. */
function bestDivide(rows: readonly Row[], sign: number, direction: 1 | -1): number {
  const known = rows.flatMap(({ leak, signs, weight }) => {
    const value = signs[sign] ?? Number.NaN;
    return leak === null || Number.isNaN(value) ? [] : [{ leak, weight, value: value * direction }];
  });
  known.sort((a, b) => b.value - a.value);
  const all = (leak: boolean) => known.reduce((sum, row) => sum + (row.leak === leak ? row.weight : 0), 0);
  const [leaks, healthy] = [all(true), all(false)];
  let [found, alarmed, most, limit] = [0, 0, -1, 0];
  for (const { leak, weight, value } of known) {
    if (leak) found += weight / leaks;
    else alarmed += weight / healthy;
    if (found - alarmed > most) [most, limit] = [found - alarmed, value];
  }
  return Number((limit * direction).toPrecision(2));
}

function treeRow({ first, no, yes, values }: Tree): TreeRow {
  const question = ({ sign, above, unknownIsYes }: Tree['first']) => {
    return [SIGNS[sign]?.name ?? '', above, unknownIsYes] as const;
  };
  const [a, b, c, d] = values;
  return [question(first), question(no), question(yes), [rounded(a), rounded(b), rounded(c), rounded(d)]];
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
