/** What a memory source promises of a host's major page faults, each promise as a check: every source that has them is held to all. */
import { describe, expect } from 'vitest';
import { createMeter } from '../../core/inspection/run-summary.ts';
import type { PointReading, PointSeries } from '../../core/model/points.ts';
import { PAGING_FAULTS, type Resource, type Window } from '../../core/model/series.ts';
import type { MeanSpan, MemorySource } from '../../core/ports/memory-source.ts';
import { type Check, itKeeps } from './check.ts';

/** A host whose page faults are counted, one without, and what is true of them. */
export interface PageFaultsWorld {
  /** A new source over the same world. */
  open(): MemorySource;
  /** The host is counted before its beginning too. */
  readonly span: MeanSpan;
  /** As `read` gives it. */
  readonly host: Resource;
  /** Major page faults a second, always the same. There are many more of the other kind. */
  readonly truth: number;
  /** Hours in which nobody saw the host, which was started again in them: its counter begins anew. */
  readonly gap: Window;
  readonly bare: Resource;
}

async function read({ open, span, host }: PageFaultsWorld, signal?: AbortSignal): Promise<PointReading> {
  const source = open();
  if (source.pageFaults === undefined) throw new Error('the source has no page faults');
  return await source.pageFaults(host, span, createMeter(), signal);
}

async function readPoints(world: PageFaultsWorld): Promise<PointSeries> {
  const reading = await read(world);
  if (reading.kind !== 'points') throw new Error(`it was reported as ${reading.kind}: ${reading.reason}`);
  return reading;
}

export const pageFaultChecks: readonly Check<PageFaultsWorld>[] = [
  {
    message: 'gives major page faults a second, from the first period on',
    async verify(world) {
      const { times, values } = await readPoints(world);
      expect(times[0]).toBe(world.span.window.start);
      expect((values[0] ?? Number.NaN) / world.truth).toBeCloseTo(1, 1);
    },
  },
  {
    message: 'counts neither backwards nor twice where the counter begins anew after a gap',
    async verify(world) {
      const { values } = await readPoints(world);
      expect(values.length).toBeGreaterThan(0);
      expect([...values].every((value) => value >= 0 && value <= 1.1 * world.truth)).toBe(true);
    },
  },
  {
    message: 'has no point of a period in which nobody saw the host',
    async verify({ gap, ...world }) {
      const { times, periodMs } = await readPoints({ gap, ...world });
      expect([...times].filter((time) => time >= gap.start && time + periodMs <= gap.end)).toEqual([]);
      expect([...times].some((time) => time >= gap.end)).toBe(true);
    },
  },
  {
    message: 'orders points by time, inside the window, at the starts of periods',
    async verify(world) {
      const { times, values } = await readPoints(world);
      const { window, periodMs } = world.span;
      expect(values).toHaveLength(times.length);
      expect([...times]).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(times.every((time) => time >= window.start && time < window.end && time % periodMs === 0)).toBe(true);
    },
  },
  {
    message: 'states what it was asked, and of whom',
    async verify(world) {
      const { resource, metric, unit, part, window, periodMs } = await readPoints(world);
      expect({ resource, metric, unit, part }).toEqual({
        resource: world.host,
        metric: PAGING_FAULTS,
        unit: '{fault}/s',
        part: {},
      });
      expect({ window, periodMs, statistic: 'average' }).toEqual(world.span);
    },
  },
  {
    message: 'reports a host of which nobody counts them as not monitored, and no zeros',
    async verify(world) {
      const reading = await read({ ...world, host: world.bare });
      expect(reading).toMatchObject({ kind: 'not_monitored', resource: { id: world.bare.id }, metric: PAGING_FAULTS });
    },
  },
  {
    message: 'reports timeout and throws nothing when the signal is aborted',
    async verify(world) {
      const reading = await read(world, AbortSignal.abort());
      expect(reading).toMatchObject({ kind: 'unreadable', reason: 'timeout', metric: PAGING_FAULTS });
    },
  },
];

export function describePageFaults(name: string, world: () => Promise<PageFaultsWorld>): void {
  describe(`the page faults of ${name}`, () => itKeeps(pageFaultChecks, world));
}
