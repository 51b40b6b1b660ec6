/** Functions of the values that an expression has at multiples of a step: https://prometheus.io/docs/prometheus/latest/querying/basics/#subquery */
import type { OverTime } from './over-time.ts';
import { emptyRow, isEmpty, type Row } from './vector.ts';

/** The times at which the expression is evaluated, for all steps of a query. */
export function looksOf({ range, step }: { readonly range: number; readonly step: number }, steps: readonly number[]) {
  const [first = 0, last = first] = [steps[0], steps.at(-1)];
  const start = Math.ceil((first - range) / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((last - start) / step) + 1) }, (_, index) => start + index * step);
}

interface Looks {
  readonly range: number;
  /** Of the values of rows. */
  readonly times: readonly number[];
  /** At which the query is evaluated. */
  readonly steps: readonly number[];
}

export function foldLooks(rows: readonly Row[], looks: Looks, over: OverTime): Row[] {
  return rows.map((row) => foldRow(row, looks, over)).filter((row) => !isEmpty(row));
}

function foldRow({ labels, values, present }: Row, { range, times, steps }: Looks, over: OverTime): Row {
  const row = emptyRow(labels, steps.length);
  for (const [step, to] of steps.entries()) {
    const from = to - range;
    const within = times.flatMap((time, look) => (time >= from && time <= to && present[look] === 1 ? [look] : []));
    if (within.length === 0) continue;
    const value = over({
      times: within.map((look) => times[look] ?? 0),
      values: within.map((look) => values[look] ?? Number.NaN),
      from,
      to,
    });
    if (value === undefined) continue;
    row.values[step] = value;
    row.present[step] = 1;
  }
  return row;
}
