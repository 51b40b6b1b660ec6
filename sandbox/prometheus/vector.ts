/** What evaluations give: a value for each step of a query. */
import { failedExecution } from './errors.ts';
import { keyOf, type Labels } from './series.ts';

/** The values of one set of labels over the steps; a step without a value is absent, which is not the same as NaN. */
export interface Row {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

export type Value =
  | { readonly type: 'vector'; readonly rows: readonly Row[] }
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'text'; readonly text: string };

export function emptyRow(labels: Labels, steps: number): Row {
  return { labels, values: new Float64Array(steps), present: new Uint8Array(steps) };
}

export function isEmpty({ present }: Row): boolean {
  return present.every((flag) => flag === 0);
}

export function withoutName({ __name__: _, ...labels }: Labels): Labels {
  return labels;
}

/** The labels that are named, of those that there are. */
export function picked(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]]] : [])));
}

export function omitted(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/**
 * Another value for each of a row, under other labels.
 * @param change Undefined removes the value.
 */
export function mapRow(row: Row, labels: Labels, change: (value: number, step: number) => number | undefined): Row {
  const made = emptyRow(labels, row.values.length);
  for (let step = 0; step < row.values.length; step++) {
    if (row.present[step] === 0) continue;
    const value = change(row.values[step] ?? Number.NaN, step);
    if (value === undefined) continue;
    made.values[step] = value;
    made.present[step] = 1;
  }
  return made;
}

/** One row for each set of labels. Two values of one set at one step cannot be: the query fails, as at the server. */
export function merged(rows: readonly Row[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row.labels);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, row);
    else byKey.set(key, both(known, row));
  }
  return [...byKey.values()].filter((row) => !isEmpty(row));
}

function both(one: Row, other: Row): Row {
  const made = { labels: one.labels, values: one.values.slice(), present: one.present.slice() };
  for (let step = 0; step < other.values.length; step++) {
    if (other.present[step] === 0) continue;
    if (made.present[step] === 1) throw failedExecution('vector cannot contain metrics with the same labelset');
    made.values[step] = other.values[step] ?? Number.NaN;
    made.present[step] = 1;
  }
  return made;
}
