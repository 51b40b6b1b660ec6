/** Operations between two vectors: which series belong to each other, and what comes of them. */
import { failedExecution } from './errors.ts';
import type { Binary, Matching } from './expression.ts';
import { dropsName, operate } from './operators.ts';
import { keyOf, type Labels } from './series.ts';
import { emptyRow, mapRow, merged, omitted, picked, type Row, withoutName } from './vector.ts';

/** `and`, `or` and `unless`, which work on entire series of one step. */
export function combineSets({ operator, matching }: Binary, left: readonly Row[], right: readonly Row[]): Row[] {
  const isIn = (rows: readonly Row[]) => {
    const groups = Map.groupBy(rows, (row) => signatureOf(row.labels, matching));
    return (row: Row, step: number) =>
      (groups.get(signatureOf(row.labels, matching)) ?? []).some(({ present }) => present[step] === 1);
  };
  const keep = (rows: readonly Row[], holds: (row: Row, step: number) => boolean) =>
    rows.map((row) => mapRow(row, row.labels, (value, step) => (holds(row, step) ? value : undefined)));
  if (operator === 'or') {
    const inLeft = isIn(left);
    return merged([...left, ...keep(right, (row, step) => !inLeft(row, step))]);
  }
  const inRight = isIn(right);
  return merged(keep(left, (row, step) => inRight(row, step) === (operator === 'and')));
}

/** Arithmetic and comparisons. Throws where a series has more than one to match and the operation does not allow it. */
export function combine(operation: Binary, left: readonly Row[], right: readonly Row[]): Row[] {
  const { matching } = operation;
  const [many, one] = matching.many === 'right' ? [right, left] : [left, right];
  const ones = Map.groupBy(one, (row) => signatureOf(row.labels, matching));
  for (const rows of ones.values()) refuseOverlap(rows, DUPLICATE);
  const results: Row[] = [];
  for (const [signature, rows] of Map.groupBy(many, (row) => signatureOf(row.labels, matching))) {
    const partners = ones.get(signature) ?? [];
    const pairs = rows.flatMap((row) => partners.map((partner) => pairOf(operation, row, partner)));
    if (matching.many === undefined) refuseOverlap(pairs, MANY_TO_ONE);
    results.push(...pairs);
  }
  if (matching.many !== undefined) refuseSame(results);
  return merged(results);
}

const DUPLICATE =
  'found duplicate series for the match group on one side of the operation;many-to-many matching not allowed: ' +
  'matching labels must be unique on one side';
const MANY_TO_ONE = 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
const GROUPING = 'multiple matches for labels: grouping labels must ensure unique matches';

/** What two rows give at the steps at which both have a value. */
function pairOf(operation: Binary, many: Row, one: Row): Row {
  const { operator, bool, matching } = operation;
  return mapRow(many, resultLabels(operation, many.labels, one.labels), (value, step) => {
    if (one.present[step] === 0) return undefined;
    const other = one.values[step] ?? Number.NaN;
    return matching.many === 'right' ? operate(operator, bool, other, value) : operate(operator, bool, value, other);
  });
}

function resultLabels({ operator, bool, matching }: Binary, many: Labels, one: Labels): Labels {
  const named = dropsName(operator, bool) ? withoutName(many) : many;
  if (matching.many === undefined) {
    return matching.on ? picked(named, matching.labels) : omitted(named, matching.labels);
  }
  return { ...omitted(named, matching.include), ...picked(one, matching.include) };
}

function signatureOf(labels: Labels, { on, labels: names }: Matching): string {
  return keyOf(on ? picked(labels, names) : omitted(labels, [...names, '__name__']));
}

function refuseOverlap(rows: readonly Row[], message: string): void {
  const [first] = rows;
  if (first === undefined || rows.length < 2) return;
  const seen = emptyRow({}, first.values.length).present;
  for (const { present } of rows) {
    for (const [step, flag] of present.entries()) {
      if (flag === 0) continue;
      if (seen[step] === 1) throw failedExecution(message);
      seen[step] = 1;
    }
  }
}

function refuseSame(rows: readonly Row[]): void {
  for (const same of Map.groupBy(rows, ({ labels }) => keyOf(labels)).values()) refuseOverlap(same, GROUPING);
}
