/** From series with known truth to the detector's table: features, trees, calibration, limits. */

import { scoreOver } from '../../core/detector/confidence.ts';
import { SUSPECT_HOURS_AGO } from '../../core/detector/curve-confidence.ts';
import { FEATURES, type FeatureKind } from '../../core/detector/features.ts';
import type { HistoryCalibration, LearnedTable } from '../../core/detector/learned.ts';
import type { Lessons } from '../corpus.ts';
import { HOUR_S } from '../data.ts';
import { calibrate, type Scored } from './calibrate.ts';
import { HISTORIES, type Row, rowsOf } from './examples.ts';
import { fitModel, outOfFold, SCORING } from './fit.ts';
import { rounded, treeRow } from './table-text.ts';

/** Rows of every length of history; the first is what the adapters feed. */
export function examplesOf(lessons: Lessons): Row[][] {
  return HISTORIES.map((history) => rowsOf(lessons, history));
}

/** Learns from the series that `isIn` admits. */
export function learn(examples: readonly Row[][], isIn: (series: number) => boolean, lessons: Hosts): LearnedTable {
  return tableOf(examples, isIn, lessons, { kinds: FEATURES, calibrationsOf });
}

type Hosts = Pick<Lessons, 'groupOf' | 'originOf'>;

/** What a table is learned of. */
interface Subject<Some> {
  readonly kinds: readonly FeatureKind[];
  /** `recorded`: the rows of series that were not made, by length of history. */
  calibrationsOf(
    rows: readonly Some[],
    recorded: readonly Some[][],
    groupOf: Lessons['groupOf'],
  ): LearnedTable['calibrations'];
}

/** The table of some features, from the series that `isIn` admits. `examples` by length of history: limits are learned from the first. */
export function tableOf<Some extends Pick<Row, 'series' | 'leak' | 'features' | 'weight'>>(
  examples: readonly Some[][],
  isIn: (series: number) => boolean,
  { groupOf, originOf }: Hosts,
  { kinds, calibrationsOf: calibrated }: Subject<Some>,
): LearnedTable {
  const admitted = examples.map((rows) => rows.filter(({ series }) => isIn(series)));
  // Series are made in any number: they show nothing of how often a score is right.
  const recorded = admitted.map((rows) => rows.filter(({ series }) => originOf(series) !== 'made'));
  const rows = admitted.flat();
  const { base, trees } = fitModel(rows, groupOf, kinds);
  return {
    base: rounded(base),
    calibrations: calibrated(rows, recorded, groupOf),
    limits: kinds.map(({ direction }, feature) => bestDivide(recorded[0] ?? [], feature, direction)),
    trees: trees.map((tree) => treeRow(tree, kinds)),
  };
}

/** Scores of windows by models that have not seen their hosts, read against what is true, for each length of history. */
function calibrationsOf(
  rows: readonly Row[],
  recorded: readonly Row[][],
  groupOf: (series: number) => number,
): HistoryCalibration[] {
  const requested = HISTORIES.flatMap(({ calibrates, feed }, index) => {
    return calibrates ? [{ hours: feed.hours, rows: recorded[index] ?? [] }] : [];
  });
  const scores = outOfFold(
    rows,
    requested.flatMap((one) => one.rows),
    groupOf,
    SCORING,
  );
  let from = 0;
  const calibrations = requested.map(({ hours, rows }) => {
    const its = scores.subarray(from, from + rows.length);
    from += rows.length;
    return { hours, ...calibrate(scoredOver(rows, its)) };
  });
  return calibrations.toSorted((a, b) => a.hours - b.hours);
}

/**
 * The verdict asks an hour before as well, so the calibration does, by what was seen then: with a season and a last segment of that
 * hour's own, which hardly ever differ. Windows that follow no others are left out.
 */
function scoredOver(rows: readonly Row[], scores: Float64Array): Scored[] {
  return rows.flatMap(({ series, now, leak }, index) => {
    const ago = (hours: number) => {
      const row = rows[index - hours];
      return row?.series === series && row.now === now - hours * HOUR_S ? (scores[index - hours] ?? 0) : Number.NaN;
    };
    const score = scoreOver(ago(0), SUSPECT_HOURS_AGO.map(ago));
    return leak === null || Number.isNaN(score) ? [] : [{ score, leak }];
  });
}

/** The value that divides leaking from healthy windows best (Youden's index), each side counted as one half. */
function bestDivide(
  rows: readonly Pick<Row, 'leak' | 'features' | 'weight'>[],
  feature: number,
  direction: 1 | -1,
): number {
  const known = rows.flatMap(({ leak, features, weight }) => {
    const value = features[feature] ?? Number.NaN;
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
