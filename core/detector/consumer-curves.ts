/**
 * The curves of a host's consumers, on the grid that the host is evaluated on and in percent of its capacity, so that the same evaluator
 * reads them. Consumers of one name are one curve; one that did not run held nothing, and one that was not collected keeps its level.
 */
import type { Consumer, Reading, Series } from '../model/series.ts';
import type { CleanedSamples } from './clean.ts';
import { CELL_MS, CELLS_PER_HOUR, type Grid } from './floors.ts';
import { filledGaps } from './presence.ts';
import { endsOf } from './rise.ts';
import { capacityOf, usageOf } from './usage.ts';

/** One consumer, in percent of the host's capacity. */
export interface ConsumerCurve {
  readonly consumer: Consumer;
  /** Ends with the host's. */
  readonly grid: Grid;
}

export interface ConsumerCurves {
  readonly curves: readonly ConsumerCurve[];
  /** Hours in which any consumer was collected. */
  readonly hours: number;
  /** Hours between the last sample of any consumer and the end. */
  readonly hoursAgo: number;
}

/** The host as it is evaluated. */
export interface CurvedHost {
  readonly series: Series;
  readonly samples: CleanedSamples;
  readonly grid: Grid;
}

/** Null where there are no consumers that can be compared with the host. */
export function consumerCurves(
  { series, samples, grid }: CurvedHost,
  readings: readonly Reading[],
): ConsumerCurves | null {
  const consumers = readings
    .filter((one): one is Series => one.kind === 'series')
    .filter((one) => isComparable(one, series));
  const capacity = series.unit === 'By' ? samples.capacity : capacityOf(series, consumers);
  if (consumers.length === 0 || capacity === undefined || !(capacity > 0)) return null;
  const { end } = grid;
  const periodMs =
    CELL_MS * consumers.reduce((most, one) => Math.max(most, Math.ceil((one.periodMs || 0) / CELL_MS)), 1);
  const readFrom = consumers.reduce((first, { window }) => Math.min(first, window.start), end);
  const periods = Math.floor(Math.min(grid.cells.length * CELL_MS, end - readFrom) / periodMs);
  const start = end - periods * periodMs;
  const usage = usageOf(series, consumers, { start, end }, periodMs);
  const ends = endsOf(usage.times.length);
  if (ends === null) return null;
  const onCells = (bytes: Float64Array) => {
    // Memory that several processes share is counted for each of them, and may add up to more than the host has: the shape counts then.
    const full = bytes.reduce((most, one) => Math.max(most, one), capacity);
    const cells = new Float64Array((periods * periodMs) / CELL_MS).fill(Number.NaN);
    for (const [index, time] of usage.times.entries()) {
      const level = ((bytes[index] ?? 0) / full) * 100;
      cells.fill(level, (time - start) / CELL_MS, (time + periodMs - start) / CELL_MS);
    }
    return cells;
  };
  const curves = filledGaps(usage.consumers, usage.host, ends.first[1]).map(({ consumer, bytes }) => {
    return { consumer, grid: { end, cells: onCells(bytes) } };
  });
  return {
    curves,
    hours: (usage.times.length * periodMs) / CELL_MS / CELLS_PER_HOUR,
    hoursAgo: (end - (usage.times.at(-1) ?? start) - periodMs) / CELL_MS / CELLS_PER_HOUR,
  };
}

/** Fractions with a limit of 1 are of the host's capacity; others are of another total. */
function isComparable({ consumer, unit, limit }: Series, host: Series): boolean {
  return consumer !== undefined && (unit === 'By' || (limit === 1 && host.unit === '1'));
}
