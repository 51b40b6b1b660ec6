/** The checks behind the promises of `points`: each reads a world through the source and expects what is true in it. */
import { expect } from 'vitest';
import type { HostFilter } from '../../core/model/host-filter.ts';
import { type PointMetric, type PointReading, type PointSeries, partText } from '../../core/model/points.ts';
import { isResource } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { MemorySource, Meter, PointsRequest } from '../../core/ports/memory-source.ts';
import { type DeadPointWorld, POINTS, type PointWorld, type UnknownFeedWorld } from './point-source-world.ts';

export async function reportsEachHost(world: PointWorld): Promise<void> {
  const { readings } = await readAll(world);

  expect(saidOf(readings, world.request.metrics)).toEqual(expectedOf(world));
  const ofScopes = readings.filter((reading) => idOf(reading) === undefined);
  expect(ofScopes.map(whatOf).sort()).toEqual([...(world.scopeFailures ?? [])].sort());
}

export async function explainsWhatIsMissing(world: PointWorld): Promise<void> {
  const { readings } = await readAll(world);

  for (const reading of readings) {
    if (reading.kind === 'unreadable') expect(reading.detail).not.toBe('');
    if (reading.kind === 'not_monitored') expect(reading.hint.length).toBeGreaterThan(20);
  }
}

export async function ordersPoints(world: PointWorld): Promise<void> {
  for (const { times, values } of await readSeries(world)) {
    expect(values).toHaveLength(times.length);
    expect([...times]).toEqual([...new Set(times)].sort((a, b) => a - b));
  }
}

export async function keepsToTheWindow(world: PointWorld): Promise<void> {
  const { window, periodMs } = world.request;

  for (const { times } of await readSeries(world)) {
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(window.start);
      expect(time).toBeLessThan(window.end);
      expect((time - window.start) % periodMs).toBe(0);
    }
  }
}

export async function statesTheRequest(world: PointWorld): Promise<void> {
  const { provider, account, region } = world.open().scope;
  const { window, periodMs, metrics } = world.request;
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));

  for (const series of await readSeries(world)) {
    const metric = byName.get(series.metric);
    expect({ window: series.window, periodMs: series.periodMs }).toEqual({ window, periodMs });
    expect(series.unit).toBe(metric?.unit);
    expect(series.resource).toMatchObject({ provider, account, region });
    expect(series.values.every((value) => isWithin(value, metric))).toBe(true);
  }
}

function isWithin(value: number, metric: PointMetric | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  return value >= (metric?.lower ?? Number.NEGATIVE_INFINITY) && value <= (metric?.upper ?? Number.POSITIVE_INFINITY);
}

export async function givesTheTruth(world: PointWorld): Promise<void> {
  const series = await readSeries(world);

  expect(new Set(world.truths.map(({ metric }) => metric))).toEqual(
    new Set(world.request.metrics.map(({ name }) => name)),
  );
  for (const { id, metric, part, times, values } of world.truths) {
    const found = series.find((one) => one.resource.id === id && one.metric === metric && partText(one.part) === part);
    expect({ id, metric, part, times: [...(found?.times ?? [Number.NaN])] }).toEqual({ id, metric, part, times });
    values.forEach((value, index) => {
      expect(found?.values[index], `${id} ${metric} ${part} at ${index}`).toBeCloseTo(value, 9);
    });
  }
}

export async function requestsAdmittedHosts(world: PointWorld): Promise<void> {
  const only: HostFilter = { include: [{ id: world.known.id }] };

  const { readings, billed } = await readAll(world, [only]);

  expect(new Set(idsOf(readings))).toEqual(new Set([world.known.id]));
  expect(billed).toBe(world.known.billed);
}

export async function needsAllFilters(world: PointWorld): Promise<void> {
  const { id } = world.known;

  const { readings } = await readAll(world, [{ include: [{ id }] }, { exclude: [{ id }] }]);

  expect(idsOf(readings)).toEqual([]);
}

export async function readsRequestedMetrics(world: PointWorld): Promise<void> {
  const [metric] = world.request.metrics;
  if (metric === undefined) throw new Error('the world requests no metric');
  const request = { ...world.request, metrics: [metric] };

  const { readings, billed } = await readAll({ ...world, request });

  expect(saidOf(readings, [metric])).toEqual(expectedOf({ ...world, request }));
  if (world.billed > 0 && world.request.metrics.length > 1) expect(billed).toBeLessThan(world.billed);
}

export async function countsTheBill(world: PointWorld): Promise<void> {
  const { billed } = await readAll(world);

  expect(billed).toBe(world.billed);
  expect(world.open().price === undefined).toBe(world.billed === 0);
}

export async function readsTheSameTwice(world: PointWorld): Promise<void> {
  const source = world.open();

  const first = await collect(source, { ...world.request, filters: [] });
  const second = await collect(source, { ...world.request, filters: [] });

  expect(second.readings.toSorted(byText)).toEqual(first.readings.toSorted(byText));
}

export async function reportsTimeoutBeforehand(world: PointWorld): Promise<void> {
  const { readings, error } = await collect(world.open(), { ...world.request, filters: [] }, AbortSignal.abort());

  if (error === undefined) expect(readings.length).toBeGreaterThan(0);
  else expect(error.reason).toBe('timeout');
  expect(readings.every((reading) => whatOf(reading) === 'timeout')).toBe(true);
}

export async function leavesNoSilenceMidway(world: PointWorld): Promise<void> {
  const stop = new AbortController();

  const request = { ...world.request, filters: [] };
  const { readings, error } = await collect(world.open(), request, stop.signal, () => stop.abort());

  const ofTheRest = readings.some((reading) => idOf(reading) === undefined && whatOf(reading) === 'timeout');
  if (error?.reason === 'timeout' || ofTheRest) return;
  const said = saidOf(readings, world.request.metrics);
  expect(error).toBeUndefined();
  expect(Object.keys(said).sort()).toEqual(Object.keys(expectedOf(world)).sort());
}

export async function explainsWhyNothingIsRead({ open, request, reason, retryable }: DeadPointWorld): Promise<void> {
  const { readings, error } = await collect(open(), { ...request, filters: [] });

  expect(readings).toEqual([]);
  expect(error).toMatchObject({ reason, retryable });
  expect(error?.message).not.toBe('');
}

/** A name that is written wrongly must not read as a fleet without anomalies. */
export async function reportsAnUnknownFeed({ open, request }: UnknownFeedWorld): Promise<void> {
  const { readings, error } = await collect(open(), { ...request, filters: [] });

  expect(error).toBeUndefined();
  expect(readings).toHaveLength(1);
  expect(readings[0]).toMatchObject({ kind: 'unreadable', reason: 'not_found', metric: request.metrics[0]?.name });
  expect(readings.map(idOf)).toEqual([undefined]);
}

interface Collected {
  readonly readings: readonly PointReading[];
  readonly billed: number;
  /** What the read threw. Anything but a `SourceError` is thrown on. */
  readonly error: SourceError | undefined;
}

async function readAll(world: Pick<PointWorld, 'open' | 'request'>, filters: readonly HostFilter[] = []) {
  const collected = await collect(world.open(), { ...world.request, filters });
  expect(collected.error).toBeUndefined();
  return collected;
}

async function readSeries(world: PointWorld): Promise<PointSeries[]> {
  const { readings } = await readAll(world);
  return readings.filter((reading) => reading.kind === 'points');
}

async function collect(
  source: MemorySource,
  request: PointsRequest,
  signal?: AbortSignal,
  afterEach: () => void = () => {},
): Promise<Collected> {
  if (source.points === undefined) throw new Error('the source has no points');
  const readings: PointReading[] = [];
  let billed = 0;
  let error: SourceError | undefined;
  const meter: Meter = {
    count(_, metricsBilled = 0) {
      billed += metricsBilled;
    },
  };
  try {
    for await (const reading of source.points(request, meter, signal)) {
      readings.push(reading);
      afterEach();
    }
  } catch (thrown) {
    if (!(thrown instanceof SourceError)) throw thrown;
    error = thrown;
  }
  return { readings, billed, error };
}

function idOf(reading: PointReading): string | undefined {
  const scope = reading.kind === 'unreadable' ? reading.scope : reading.resource;
  return isResource(scope) ? scope.id : undefined;
}

function idsOf(readings: readonly PointReading[]): string[] {
  return readings.map(idOf).filter((id) => id !== undefined);
}

function whatOf(reading: PointReading): string {
  return reading.kind === 'points' ? partText(reading.part) || POINTS : reading.reason;
}

/** What was said by host and metric, each list in order. What is said of all metrics at once is said of each. */
function saidOf(readings: readonly PointReading[], metrics: readonly PointMetric[]): Record<string, string[]> {
  const said: Record<string, string[]> = {};
  for (const reading of readings) {
    const id = idOf(reading);
    if (id === undefined) continue;
    const names = reading.metric === null ? metrics.map(({ name }) => name) : [reading.metric];
    for (const name of names) said[`${id} ${name}`] = [...(said[`${id} ${name}`] ?? []), whatOf(reading)].sort();
  }
  return said;
}

function expectedOf({ hosts, request }: PointWorld): Record<string, string[]> {
  const requested = new Set(request.metrics.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(hosts).flatMap(([id, metrics]) =>
      Object.entries(metrics).flatMap(([metric, whats]) =>
        requested.has(metric) ? [[`${id} ${metric}`, [...whats].sort()]] : [],
      ),
    ),
  );
}

function byText(a: PointReading, b: PointReading): number {
  const textOf = (reading: PointReading) => `${idOf(reading)} ${reading.metric} ${whatOf(reading)}`;
  return textOf(a) < textOf(b) ? -1 : 1;
}
