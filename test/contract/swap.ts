/** What a memory source promises of a host's swap, each promise as a check that can be called: every source that has swap is held to all. */
import { describe, expect } from 'vitest';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { PAGING_USAGE, type Reading, type Resource, type Series } from '../../core/model/series.ts';
import type { MeanSpan, MemorySource } from '../../core/ports/memory-source.ts';
import { type Check, itKeeps } from './check.ts';

/** A host whose swap is collected, one without, and what is true of them. */
export interface SwapWorld {
  /** A new source over the same world. */
  open(): MemorySource;
  readonly span: MeanSpan;
  /** As `read` gives it. */
  readonly host: Resource;
  /** In the first period of the span: bytes, or the fraction of swap. */
  readonly truth: number;
  readonly unit: Series['unit'];
  /** The host's memory in bytes, where the source knows it. */
  readonly capacity: number | undefined;
  readonly bare: Resource;
}

async function read({ open, span, host }: Pick<SwapWorld, 'open' | 'span' | 'host'>, signal?: AbortSignal) {
  const source = open();
  if (source.swap === undefined) throw new Error('the source has no swap');
  return source.swap(host, span, createMeter(), signal);
}

async function readSeries(world: SwapWorld): Promise<Series> {
  const reading: Reading = await read(world);
  if (reading.kind !== 'series') throw new Error(`it was reported as ${reading.kind}: ${reading.reason}`);
  return reading;
}

export const swapChecks: readonly Check<SwapWorld>[] = [
  {
    message: 'gives the mean of used swap, in the unit that it states',
    async verify(world) {
      const { unit, values } = await readSeries(world);
      expect(unit).toBe(world.unit);
      expect((values[0] ?? Number.NaN) / world.truth).toBeCloseTo(1, 3);
    },
  },
  {
    message: 'orders samples by time, inside the window, at the starts of periods',
    async verify(world) {
      const { times, values } = await readSeries(world);
      const { window, periodMs } = world.span;
      expect(values).toHaveLength(times.length);
      expect([...times]).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(times.every((time) => time >= window.start && time < window.end && time % periodMs === 0)).toBe(true);
    },
  },
  {
    message: 'states what it was asked, of whom, and the host’s memory where it is known',
    async verify(world) {
      const { resource, metric, window, periodMs, statistic, limit } = await readSeries(world);
      expect({ window, periodMs, statistic }).toEqual(world.span);
      expect({ resource, metric }).toEqual({ resource: world.host, metric: PAGING_USAGE });
      if (world.capacity === undefined) expect(limit).toBeUndefined();
      else expect((limit ?? Number.NaN) / world.capacity).toBeCloseTo(1, 6);
    },
  },
  {
    message: 'reports a host without swap as not monitored, and no zeros',
    async verify(world) {
      const reading = await read({ ...world, host: world.bare });
      expect(reading).toMatchObject({ kind: 'not_monitored', resource: { id: world.bare.id } });
    },
  },
  {
    message: 'reports timeout and throws nothing when the signal is aborted',
    async verify(world) {
      expect(await read(world, AbortSignal.abort())).toMatchObject({ kind: 'unreadable', reason: 'timeout' });
    },
  },
];

export function describeSwap(name: string, world: () => Promise<SwapWorld>): void {
  describe(`the swap of ${name}`, () => itKeeps(swapChecks, world));
}
