/** Selectors at the steps of a query: the newest sample of five minutes, or what a function makes of a window. */
import type { Selector } from './expression.ts';
import type { OverTime } from './over-time.ts';
import type { Samples, Storage, StoredSeries } from './series.ts';
import { emptyRow, isEmpty, type Row } from './vector.ts';

/** Milliseconds for which a sample is the series' value: the server's `query.lookback-delta`. */
const LOOKBACK = 300_000;

export interface Steps {
  /** Epoch milliseconds. */
  readonly times: readonly number[];
  readonly storage: Storage;
}

/** The newest sample at each step; with `timestamps` its time in seconds instead of its value. */
export function selectNewest(selector: Selector, steps: Steps, timestamps = false): Row[] {
  const newest: OverTime = ({ times, values }) => (timestamps ? (times.at(-1) ?? 0) / 1_000 : values.at(-1));
  return selectRange({ ...selector, range: LOOKBACK }, steps, newest);
}

/** What a function makes of the samples of each window. The labels are those of the series, with its name. */
export function selectRange(selector: Selector & { range: number }, steps: Steps, over: OverTime): Row[] {
  return steps.storage
    .select(selector.matchers)
    .map((series) => rowOf(series, selector, steps.times, over))
    .filter((row) => !isEmpty(row));
}

function rowOf(
  series: StoredSeries,
  { offset, range }: Selector & { range: number },
  steps: readonly number[],
  over: OverTime,
): Row {
  const row = emptyRow(series.labels, steps.length);
  const [first = 0, last = first] = [steps[0], steps.at(-1)];
  const samples = series.read(first - offset - range, last - offset);
  let [begin, end] = [0, 0];
  for (const [step, time] of steps.entries()) {
    const [from, to] = [time - offset - range, time - offset];
    begin = advance(samples, begin, (at) => at < from);
    end = advance(samples, Math.max(begin, end), (at) => at <= to);
    if (begin === end) continue;
    const value = over({
      times: samples.times.slice(begin, end),
      values: samples.values.slice(begin, end),
      from,
      to,
    });
    if (value === undefined) continue;
    row.values[step] = value;
    row.present[step] = 1;
  }
  return row;
}

/** The first index from `index` on whose time does not pass. */
function advance({ times }: Samples, index: number, passes: (time: number) => boolean): number {
  let next = index;
  for (let time = times[next]; time !== undefined && passes(time); time = times[next]) next++;
  return next;
}
