/**
 * What a memory source promises of a host's consumers, each promise as a check that can be called: every source that has
 * consumers is held to all of them, and so are liars, which have to fail.
 */
import { describe, expect } from 'vitest';
import { createMeter } from '../../core/inspection/run-summary.ts';
import type { Consumer, Reading, Resource, Series, UnreadableReason } from '../../core/model/series.ts';
import type { MeanSpan, MemorySource } from '../../core/ports/memory-source.ts';
import { type Check, itKeeps } from './check.ts';

/** A host whose consumers are collected, one whose consumers are not, and what is true of them. */
export interface ConsumersWorld {
  /** A new source over the same world. */
  open(): MemorySource;
  readonly span: MeanSpan;
  /** As `read` gives it. */
  readonly host: Resource;
  readonly kind: Consumer['kind'];
  /** Bytes in the first period of the span, by the consumer's name. */
  readonly truth: Readonly<Record<string, number>>;
  /** The host's memory in bytes, where the source knows it. */
  readonly capacity: number | undefined;
  /** A host whose consumers nobody collects. */
  readonly bare: Resource;
  /** Trait: whether reading consumers is billed by what is read. */
  readonly billed: boolean;
}

/** A world in which the host's consumers cannot be read. */
export interface FailingConsumers extends Pick<ConsumersWorld, 'open' | 'span' | 'host'> {
  readonly reason: UnreadableReason;
}

async function read({ open, span, host }: Pick<ConsumersWorld, 'open' | 'span' | 'host'>, signal?: AbortSignal) {
  const source = open();
  if (source.consumers === undefined) throw new Error('the source has no consumers');
  const meter = createMeter();
  const readings = await Array.fromAsync(source.consumers(host, span, meter, signal));
  return { readings, meter };
}

async function readSeries(world: ConsumersWorld): Promise<Series[]> {
  const { readings } = await read(world);
  return readings.filter((reading) => reading.kind === 'series');
}

function whatOf(reading: Reading): string {
  return reading.kind === 'series' ? 'series' : `${reading.kind}: ${reading.reason}`;
}

export const consumersChecks: readonly Check<ConsumersWorld>[] = [
  {
    message: 'yields each consumer once, by its name and kind',
    async verify(world) {
      const { readings } = await read(world);

      const found = readings.map((reading) => (reading.kind === 'series' ? reading.consumer : undefined));
      expect(found.map((consumer) => consumer?.name).sort()).toEqual(Object.keys(world.truth).sort());
      expect(new Set(found.map((consumer) => consumer?.kind))).toEqual(new Set([world.kind]));
    },
  },
  {
    message: 'gives the mean bytes of all that go by the name',
    async verify(world) {
      for (const { unit, values, consumer } of await readSeries(world)) {
        const truth = world.truth[consumer?.name ?? ''] ?? Number.NaN;
        expect(unit).toBe('By');
        expect((values[0] ?? Number.NaN) / truth).toBeCloseTo(1, 3);
      }
    },
  },
  {
    message: 'orders samples by time, inside the window, at the starts of periods',
    async verify(world) {
      const { window, periodMs } = world.span;
      for (const { times, values } of await readSeries(world)) {
        expect(values).toHaveLength(times.length);
        expect([...times]).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect(times.every((time) => time >= window.start && time < window.end && time % periodMs === 0)).toBe(true);
      }
    },
  },
  {
    message: 'states what it was asked, of whom, and the host’s capacity where it is known',
    async verify(world) {
      for (const { resource, metric, window, periodMs, statistic, limit } of await readSeries(world)) {
        expect({ window, periodMs, statistic }).toEqual(world.span);
        expect(resource).toEqual(world.host);
        expect(metric).toMatch(world.kind === 'process' ? /^process\./ : /^k8s\.pod\./);
        if (world.capacity === undefined) expect(limit).toBeUndefined();
        else expect((limit ?? Number.NaN) / world.capacity).toBeCloseTo(1, 6);
      }
    },
  },
  {
    message: 'explains how to monitor a host that nobody collects',
    async verify(world) {
      const { readings } = await read({ ...world, host: world.bare });

      expect(readings).toHaveLength(1);
      const [reading] = readings;
      if (reading?.kind !== 'not_monitored') throw new Error(`it was reported as ${reading && whatOf(reading)}`);
      expect(reading.resource.id).toBe(world.bare.id);
      // A snippet, and not only the news that there is nothing.
      expect(reading.hint.length).toBeGreaterThan(80);
    },
  },
  {
    message: 'counts its calls, and what they are billed for',
    async verify(world) {
      const { meter } = await read(world);

      expect(Object.values(meter.calls).reduce((sum, calls) => sum + calls, 0)).toBeGreaterThan(0);
      expect(meter.metricsBilled > 0).toBe(world.billed);
    },
  },
  {
    message: 'reads the same twice',
    async verify(world) {
      const sorted = (readings: readonly Reading[]) => readings.map((reading) => JSON.stringify(reading)).sort();

      expect(sorted((await read(world)).readings)).toEqual(sorted((await read(world)).readings));
    },
  },
  {
    message: 'reports timeout and throws nothing when the signal is aborted',
    async verify(world) {
      const { readings } = await read(world, AbortSignal.abort());

      expect(readings.map(whatOf)).toEqual(['unreadable: timeout']);
    },
  },
];

export const failingConsumersChecks: readonly Check<FailingConsumers>[] = [
  {
    message: 'reports once for the host what could not be read, and throws nothing',
    async verify(world) {
      const { readings } = await read(world);

      const failures = readings.filter((reading) => reading.kind === 'unreadable');
      expect(failures).toMatchObject([{ reason: world.reason, scope: { id: world.host.id } }]);
      expect(failures[0]?.detail).not.toBe('');
      expect(readings.filter(({ kind }) => kind === 'not_monitored')).toEqual([]);
    },
  },
];

export interface ConsumersSubject {
  readonly world: () => Promise<ConsumersWorld>;
  /** By what goes wrong. */
  readonly failing: Readonly<Record<string, () => Promise<FailingConsumers>>>;
}

/** Holds a source to its promises, one test each. */
export function describeConsumers(name: string, { world, failing }: ConsumersSubject): void {
  describe(`the consumers of ${name}`, () => {
    itKeeps(consumersChecks, world);
    describe.each(Object.entries(failing))('when %s', (_, start) => itKeeps(failingConsumersChecks, start));
  });
}
