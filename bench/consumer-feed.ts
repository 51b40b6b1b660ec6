/** The consumers of a generated host, as sources yield them: means of 15 minutes in bytes, of a host of 100 GB. */
import type { Reading } from '../core/model/series.ts';
import { type BenchConsumer, type BenchSeries, HOUR_S } from './data.ts';
import { firstNotBelow } from './feeds.ts';

const SECOND_MS = 1000;
const CELL_S = 900;
const BYTES_PER_POINT = 1e9;

/** The readings of the window of `hours` that ends at `now`, in seconds from the start of the series. Undefined where nothing is collected. */
export type ConsumerFeed = (now: number, hours: number) => readonly Reading[] | undefined;

export function consumerFeed({ id, step, consumers }: BenchSeries): ConsumerFeed {
  const known = consumers?.map((one) => ({ consumer: { kind: one.kind, name: one.name }, ...meansOf(one, step) }));
  const resource = { provider: 'local', account: 'bench', region: 'bench', id } as const;
  return (now, hours) => {
    const window = { start: Math.max(0, now - hours * HOUR_S) * SECOND_MS, end: now * SECOND_MS };
    return known?.map(({ consumer, times, values }): Reading => {
      const [from, to] = [firstNotBelow(times, window.start), firstNotBelow(times, window.end)];
      return {
        kind: 'series',
        resource,
        consumer,
        metric: 'process.memory.usage',
        unit: 'By',
        statistic: 'average',
        window,
        periodMs: CELL_S * SECOND_MS,
        limit: 100 * BYTES_PER_POINT,
        times: times.subarray(from, to),
        values: values.subarray(from, to),
      };
    });
  };
}

function meansOf({ v }: BenchConsumer, step: number) {
  const perCell = Math.max(1, Math.round(CELL_S / step));
  const means = Array.from({ length: Math.floor(v.length / perCell) }, (_, cell) => {
    const levels = v.slice(cell * perCell, (cell + 1) * perCell).filter((level) => level !== null);
    return levels.length === 0 ? null : levels.reduce((sum, level) => sum + level, 0) / levels.length;
  });
  const cells = means.flatMap((mean, cell) => (mean === null ? [] : [cell]));
  return {
    times: Float64Array.from(cells, (cell) => cell * CELL_S * SECOND_MS),
    values: Float64Array.from(cells, (cell) => (means[cell] ?? 0) * BYTES_PER_POINT),
  };
}
