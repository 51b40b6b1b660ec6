/** The checks behind the promises of a `MemorySource`: each reads a world through the source and expects what is true in it. */

import { expect } from 'vitest';
import type { HostFilter } from '../../core/model/host-filter.ts';
import {
  isResource,
  MEMORY_UTILIZATION,
  PROCESS_MEMORY,
  type Reading,
  type Series,
  type Span,
} from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter } from '../../core/ports/memory-source.ts';
import type { CrowdedWorld, DeadWorld, EmptyWorld, SlowWorld, StallingWorld, World } from './memory-source-world.ts';

export async function yieldsEachHostOnce(world: World): Promise<void> {
  const { readings } = await readAll(world);

  expect(idsOf(readings).sort()).toEqual(Object.keys(world.hosts).sort());
}

export async function readsEachHostAsItIs(world: World): Promise<void> {
  const { readings } = await readAll(world);

  const ofHosts = readings.filter((reading) => idOf(reading) !== undefined);
  const ofScopes = readings.filter((reading) => idOf(reading) === undefined);
  expect(ofHosts.map((reading) => [idOf(reading), whatOf(reading)]).sort()).toEqual(Object.entries(world.hosts).sort());
  expect(ofScopes.map(whatOf)).toEqual(world.scopeFailures ?? []);
  for (const reading of readings) {
    if (reading.kind === 'unreadable') expect(reading.detail).not.toBe('');
    if (reading.kind === 'not_monitored') expect(reading.hint).not.toBe('');
  }
}

export async function ordersSamples(world: World): Promise<void> {
  for (const { times, values } of await readSeries(world)) {
    expect(values).toHaveLength(times.length);
    expect([...times]).toEqual([...new Set(times)].sort((a, b) => a - b));
  }
}

export async function keepsToTheWindow(world: World): Promise<void> {
  const { window, periodMs } = world.span;

  for (const { times } of await readSeries(world)) {
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(window.start);
      expect(time).toBeLessThan(window.end);
      expect(time % periodMs).toBe(0);
    }
  }
}

export async function statesTheRequest(world: World): Promise<void> {
  const { provider, region } = world.open().scope;

  for (const series of await readSeries(world)) {
    const { window, periodMs, statistic } = series;
    expect({ window, periodMs, statistic }).toEqual(world.span);
    expect(series.resource).toMatchObject({ provider, region });
    expect(series.metric).toMatch(series.unit === '1' ? /utilization$/ : /usage$/);
    expect(series.values.every((value) => value >= 0 && (series.unit === 'By' || value <= 1))).toBe(true);
  }
}

export async function givesTheTruth({ known, ...world }: World): Promise<void> {
  for (const statistic of ['average', 'minimum', 'maximum'] as const) {
    const series = await readSeries({ ...world, known, span: { ...world.span, statistic } });

    const found = series.find(({ resource }) => resource.id === known.id);
    const { times, values } = known.truth(statistic);
    expect([...(found?.times ?? [])]).toEqual(times);
    expect(found?.statistic).toBe(statistic);
    values.forEach((value, index) => {
      expect(found?.values[index]).toBeCloseTo(value, 9);
    });
  }
}

const HOUR_MS = 3_600_000;
const WEEKS_HOURS = 60 * 24;

/** What a deep read needs: hours over sixty days, of which a world has samples in a few. */
export async function readsWeeksOfHours(world: World): Promise<void> {
  const end = Math.floor(world.span.window.end / HOUR_MS) * HOUR_MS;
  const window = { start: end - WEEKS_HOURS * HOUR_MS, end };
  const span: Span = { window, periodMs: HOUR_MS, statistic: 'minimum' };
  const only: HostFilter = { include: [{ id: world.known.id }] };

  const { readings, error } = await collect(world.open(), span, [only]);

  expect(error).toBeUndefined();
  const [series] = readings.filter((reading) => reading.kind === 'series');
  expect(series).toMatchObject({ window, periodMs: HOUR_MS, statistic: 'minimum' });
  const found = new Map([...(series?.times ?? [])].map((time, index) => [time, series?.values[index]]));
  expect([...found.keys()].every((time) => time % HOUR_MS === 0 && time >= window.start && time < end)).toBe(true);
  for (const [hour, least] of leastOfHours(world, end)) expect(found.get(hour)).toBeCloseTo(least, 9);
}

/** Of each hour that lies within the world's own window. */
function leastOfHours({ span, known }: World, end: number): Map<number, number> {
  const { times, values } = known.truth('minimum');
  const least = new Map<number, number>();
  for (const [index, time] of times.entries()) {
    const hour = Math.floor(time / HOUR_MS) * HOUR_MS;
    if (hour < span.window.start || hour + HOUR_MS > end) continue;
    least.set(hour, Math.min(least.get(hour) ?? Infinity, values[index] ?? Infinity));
  }
  return least;
}

export async function requestsAdmittedHosts(world: World): Promise<void> {
  const only: HostFilter = { include: [{ id: world.known.id }] };

  const { readings, billed } = await readAll(world, [only]);

  expect(idsOf(readings)).toEqual([world.known.id]);
  expect(billed).toBe(world.billed === 0 ? 0 : 1 + (world.inventoryBilled ?? 0));
}

export async function needsAllFilters(world: World): Promise<void> {
  const { id } = world.known;

  const { readings, billed } = await readAll(world, [{ include: [{ id }] }, { exclude: [{ id }] }]);

  expect(idsOf(readings)).toEqual([]);
  expect(billed).toBe(world.inventoryBilled ?? 0);
}

export async function listsOnce({ inventoryCalls, ...world }: World): Promise<void> {
  const source = world.open();

  const first = await collect(source, world.span);
  const second = await collect(source, world.span, [{ include: [{ id: world.known.id }] }]);

  const listings = (calls: readonly string[]) => calls.filter((call) => inventoryCalls.includes(call)).length;
  expect(listings(first.calls)).toBeGreaterThanOrEqual(inventoryCalls.length);
  expect(listings(second.calls)).toBe(0);
}

export async function countsItsHosts(world: World): Promise<void> {
  const source = world.open();
  const only: HostFilter = { include: [{ id: world.known.id }] };
  const free: Meter = { count: (_call, billed = 0) => expect(billed).toBe(0) };

  const counted = await source.countHosts?.([], free);
  const one = await source.countHosts?.([only], free);

  if (source.countHosts) expect([counted, one]).toEqual([Object.keys(world.hosts).length, 1]);
}

export async function countsTheBill(world: World): Promise<void> {
  const { billed, source } = await readAll(world);

  expect(billed).toBe(world.billed);
  expect(source.price === undefined).toBe(world.billed === 0);
}

export async function readsTheSameTwice(world: World): Promise<void> {
  const source = world.open();

  const first = await collect(source, world.span);
  const second = await collect(source, world.span);

  // Batches come as they are answered.
  const sorted = (readings: readonly Reading[]) =>
    readings.toSorted((a, b) => (String(idOf(a)) < String(idOf(b)) ? -1 : 1));
  expect(sorted(second.readings)).toEqual(sorted(first.readings));
}

export async function reportsTimeoutBeforehand(world: World): Promise<void> {
  const { readings, error } = await collect(world.open(), world.span, [], AbortSignal.abort());

  if (error === undefined) expect(readings.length).toBeGreaterThan(0);
  else expect(error.reason).toBe('timeout');
  expect(new Set(readings.map(whatOf)).difference(new Set(['timeout'])).size).toBe(0);
}

export async function leavesNoSilenceMidway(world: World): Promise<void> {
  const stop = new AbortController();

  const { readings, error } = await collect(world.open(), world.span, [], stop.signal, () => stop.abort());

  const ids = idsOf(readings);
  const reportedOfTheRest =
    error?.reason === 'timeout' || readings.some((reading) => !idOf(reading) && whatOf(reading) === 'timeout');
  expect(ids).toEqual([...new Set(ids)]);
  if (!reportedOfTheRest) expect(ids.sort()).toEqual(Object.keys(world.hosts).sort());
}

export async function explainsWhyNothingIsRead({ open, span, reason, retryable }: DeadWorld): Promise<void> {
  const { readings, error } = await collect(open(), span);

  expect(readings).toEqual([]);
  expect(error).toMatchObject({ reason, retryable });
  expect(error?.message).not.toBe('');
}

/** A batch that never comes ends with the read; one that is given up is reported while the read goes on. */
export async function readsPastAStall(world: StallingWorld): Promise<void> {
  const { open, span, hosts, stalled, reason, circuitBreakerMs } = world;
  const stop = new AbortController();
  const circuitBreaker = AbortSignal.timeout(circuitBreakerMs);
  let come = 0;

  const { readings, error } = await collect(open(), span, [], AbortSignal.any([stop.signal, circuitBreaker]), () => {
    if (++come === hosts - stalled && reason === 'timeout') stop.abort();
  });

  expect(circuitBreaker.aborted).toBe(false);
  expect(error).toBeUndefined();
  expect(new Set(idsOf(readings)).size).toBe(hosts);
  expect(readings.map(whatOf).sort()).toEqual(
    [...Array(hosts - stalled).fill('series'), ...Array(stalled).fill(reason)].sort(),
  );
}

export async function readsNothing({ open, span, inventoryBilled = 0 }: EmptyWorld): Promise<void> {
  const { readings, billed, error } = await collect(open(), span);

  expect({ readings, billed, error }).toEqual({ readings: [], billed: inventoryBilled, error: undefined });
}

export async function reportsTimeoutOfTheSlow({ open, span, hosts, requested }: SlowWorld): Promise<void> {
  const stop = new AbortController();

  const reading = collect(open(), span, [], stop.signal);
  while (!requested()) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  const { readings, error } = await reading;

  expect(error).toBeUndefined();
  expect(readings.map((each) => [idOf(each), whatOf(each)]).sort()).toEqual(Object.entries(hosts).sort());
}

export async function readsTheCrowd({ open, span, hosts, calls: floor }: CrowdedWorld): Promise<void> {
  const { readings, calls, error } = await collect(open(), span);

  expect(error).toBeUndefined();
  expect(new Set(readings.map(whatOf))).toEqual(new Set(['series']));
  expect(new Set(idsOf(readings)).size).toBe(hosts);
  expect(readings).toHaveLength(hosts);
  expect(calls).toHaveLength(floor);
}

/**
 * What is held of a fleet at a time is what was requested and not yet read: it stays the same however large the fleet is,
 * where a source begins nothing before its reader wants it. (bench/pipeline.ts measures the memory itself.)
 */
export async function waitsForItsReader({ open, span, callsAhead }: CrowdedWorld): Promise<void> {
  let calls = 0;
  const readings = open().read({ metric: MEMORY_UTILIZATION, span, filters: [] }, { count: () => calls++ });

  await readings[Symbol.asyncIterator]().next();
  // What is under way may still end.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));

  expect(calls).toBeLessThanOrEqual(callsAhead);
}

interface Collected {
  readonly source: MemorySource;
  readonly readings: readonly Reading[];
  readonly calls: readonly string[];
  readonly billed: number;
  /** What the read threw. Anything but a `SourceError` is thrown on. */
  readonly error: SourceError | undefined;
}

async function readAll(world: World, filters: readonly HostFilter[] = []): Promise<Collected> {
  const collected = await collect(world.open(), world.span, filters);
  expect(collected.error).toBeUndefined();
  return collected;
}

async function readSeries(world: World): Promise<Series[]> {
  const { readings } = await readAll(world);
  return readings.filter((reading) => reading.kind === 'series');
}

async function collect(
  source: MemorySource,
  span: Span,
  filters: readonly HostFilter[] = [],
  signal?: AbortSignal,
  afterEach: () => void = () => {},
): Promise<Collected> {
  const readings: Reading[] = [];
  const calls: string[] = [];
  let billed = 0;
  let error: SourceError | undefined;
  const meter: Meter = {
    count(call, metricsBilled = 0) {
      calls.push(call);
      billed += metricsBilled;
    },
  };
  try {
    for await (const reading of source.read({ metric: MEMORY_UTILIZATION, span, filters }, meter, signal)) {
      readings.push(reading);
      afterEach();
    }
  } catch (thrown) {
    if (!(thrown instanceof SourceError)) throw thrown;
    error = thrown;
  }
  return { source, readings, calls, billed, error };
}

function idOf(reading: Reading): string | undefined {
  const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
  return isResource(scope) ? scope.id : undefined;
}

function idsOf(readings: readonly Reading[]): string[] {
  return readings.map(idOf).filter((id) => id !== undefined);
}

function whatOf(reading: Reading): string {
  return reading.kind === 'series' ? 'series' : reading.reason;
}

export async function refusesOtherMetrics({ open, span }: World): Promise<void> {
  const read = async () => {
    for await (const _ of open().read({ metric: PROCESS_MEMORY, span, filters: [] }, { count() {} })) break;
  };

  await expect(read()).rejects.toMatchObject({ name: 'SourceError', reason: 'not_found', retryable: false });
}
