/** Aggregations over series: https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators */
import { badData } from './errors.ts';
import type { Aggregation } from './expression.ts';
import { total } from './over-time.ts';
import { keyOf } from './series.ts';
import { emptyRow, isEmpty, mapRow, omitted, picked, type Row } from './vector.ts';

const FOLDS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: total,
  avg: (values) => total(values) / values.length,
  min: (values) => values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  max: (values) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  count: (values) => values.length,
  group: () => 1,
};

export function aggregate(aggregation: Aggregation, rows: readonly Row[], parameter: Float64Array | undefined): Row[] {
  const { operator, labels, without } = aggregation;
  const labelsOf = (row: Row) => (without ? omitted(row.labels, [...labels, '__name__']) : picked(row.labels, labels));
  const groups = [...Map.groupBy(rows, (row) => keyOf(labelsOf(row))).values()];
  if (operator === 'topk' || operator === 'bottomk') {
    if (parameter === undefined) throw badData(`${operator} needs a number`);
    return groups.flatMap((group) => ranked(group, parameter, operator === 'topk' ? -1 : 1));
  }
  const fold = FOLDS[operator];
  if (fold === undefined || parameter !== undefined)
    throw badData(`the sandbox does not know this aggregation: ${operator}`);
  return groups.map((group) => folded(group, labelsOf, fold)).filter((row) => !isEmpty(row));
}

function folded(
  group: readonly Row[],
  labelsOf: (row: Row) => Row['labels'],
  fold: (values: readonly number[]) => number,
): Row {
  const [first] = group;
  if (first === undefined) throw new Error('a group has a row');
  const made = emptyRow(labelsOf(first), first.values.length);
  for (let step = 0; step < made.values.length; step++) {
    const values = group.filter(({ present }) => present[step] === 1).map((row) => row.values[step] ?? Number.NaN);
    if (values.length === 0) continue;
    made.values[step] = fold(values);
    made.present[step] = 1;
  }
  return made;
}

/** The rows with the greatest (`direction` -1) or the least values of each step. */
function ranked(group: readonly Row[], counts: Float64Array, direction: 1 | -1): Row[] {
  const kept = group.map(() => new Set<number>());
  for (const [step, count] of counts.entries()) {
    const first = group
      .flatMap((row, index) => (row.present[step] === 1 ? [{ index, value: row.values[step] ?? Number.NaN }] : []))
      .sort((one, other) => compareNumbers(one.value, other.value, direction))
      .slice(0, Math.max(0, Math.trunc(count)));
    for (const { index } of first) kept[index]?.add(step);
  }
  return group
    .map((row, index) => mapRow(row, row.labels, (value, step) => (kept[index]?.has(step) ? value : undefined)))
    .filter((row) => !isEmpty(row));
}

/** NaN comes last. */
function compareNumbers(one: number, other: number, direction: 1 | -1): number {
  if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
  return direction * (one - other);
}
