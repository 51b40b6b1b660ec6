/** Deep reads: when they are made, what is kept of them, and that what fails about them fails no run. */
import { describe, expect, it } from 'vitest';
import { deepMomentOf } from '../../../core/inspection/deep-moment.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { createBaselineHook } from '../../../core/inspection/keep-baselines.ts';
import type { WeeksPorts } from '../../../core/inspection/region-run.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { RunSummary } from '../../../core/model/run.ts';
import type { Series, Span } from '../../../core/model/series.ts';
import { ItemError, SourceError, StoreError } from '../../../core/ports/errors.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { aResource, aSeries, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryBaselineStore } from '../../memory/baselines.ts';
import { aLargeRegion, invocation } from './large-region.ts';
import { aMessage, aSource, aWorld, FLAT, inTime, LEAK, ON_DEMAND, SCOPE, type World } from './world.ts';

const RUN = { tenant: 'acme', scope: SCOPE };
/** The slot at which the account is read deeply on the day of these tests. */
const MOMENT = deepMomentOf({ ...RUN, scheduledTime: NOON });
const DAY = 24 * HOUR;

/** Sixty days with a season of the day. */
function aDeepRead(id: string, end: number): Series {
  const hours = 60 * 24;
  const times = Float64Array.from({ length: hours }, (_, hour) => end - (hours - hour) * HOUR);
  const values = times.map(
    (time) => 0.4 + 0.05 * Math.sin((2 * Math.PI * (time % DAY)) / DAY) + 0.001 * Math.sin(time / 7e6),
  );
  return {
    ...aSeries([0]),
    resource: aResource({ id, group: 'web' }),
    times,
    values,
    periodMs: HOUR,
    statistic: 'minimum',
    window: { start: end - hours * HOUR, end },
  };
}

interface Deep {
  readonly spans: { readonly end: number; readonly days: number; readonly only: readonly string[] }[];
  fails?: boolean;
}

/** A source of two hosts, which counts its deep reads. */
function aDeepSource(deep: Deep): InspectionPorts['openSource'] {
  return (_tenant, _account, region): MemorySource => ({
    ...aSource(region),
    async *read({ span, filters }, meter) {
      const only = filters.flatMap(({ include = [] }) => include.flatMap(({ id }) => id ?? []));
      meter.count('GetMetricData', 2);
      yield* span.periodMs === HOUR
        ? deepReads(deep, span, only)
        : HOSTS.map((one) => ({ ...one, window: span.window }));
    },
  });
}

const HOSTS = [FLAT, LEAK].map((one) => ({ ...one, resource: { ...one.resource, group: 'web' } }));

function deepReads(deep: Deep, { window: { start, end } }: Span, only: readonly string[]): Series[] {
  deep.spans.push({ end, days: (end - start) / DAY, only });
  if (deep.fails) throw new SourceError('denied', { reason: 'denied', retryable: false });
  return HOSTS.map(({ resource }) => aDeepRead(resource.id, end));
}

interface Scene {
  readonly world: World;
  readonly deep: Deep;
  readonly weeks: WeeksPorts;
  inspect(at: number, message?: Partial<InspectMessage>, leftMs?: number): Promise<RunSummary>;
}

async function aScene(overrides: Partial<WeeksPorts> = {}, config = aTenantConfig()): Promise<Scene> {
  const deep: Deep = { spans: [] };
  const baselines = overrides.baselines ?? createMemoryBaselineStore();
  const weeks: WeeksPorts = { baselines, exclusions: async () => () => [], isPutOff: async () => false, ...overrides };
  const world = await aWorld(
    { openSource: aDeepSource(deep), weeks, closeHooks: [createBaselineHook(baselines)] },
    config,
  );
  return {
    world,
    deep,
    weeks,
    async inspect(at, message = {}, leftMs = 300_000) {
      const requested = aMessage({ scheduledTime: new Date(at).toISOString(), ...message });
      const deadline = { ...inTime, now: at, remainingMs: () => leftMs, totalMs: 300_000 };
      const outcome = await runInspection({ message: requested, metric: LEAK_METRIC }, world, deadline);
      const summary = outcome.kind === 'inspected' ? outcome.regions[0]?.summary : undefined;
      if (summary === undefined) throw new Error(JSON.stringify(outcome));
      return summary;
    },
  };
}

describe('a region without baselines', () => {
  it('is read deeply by its first run of the schedule, after what it found was recorded', async () => {
    const { inspect, deep, weeks } = await aScene();

    const summary = await inspect(MOMENT + 7 * HOUR);

    expect(summary).toMatchObject({
      outcome: 'complete',
      metricsBilled: 6,
      deep: { hosts: 2, metricsBilled: 2, putOff: null, problems: [] },
    });
    expect(deep.spans).toEqual([{ end: MOMENT + 7 * HOUR, days: 60, only: ['i-flat', 'i-leak'] }]);
    const manifest = await weeks.baselines.manifest(RUN);
    expect(manifest?.value?.versions).toMatchObject([
      {
        slot: MOMENT + 7 * HOUR,
        moment: MOMENT,
        parts: [
          { shard: 0, records: 3, first: { group: 'web', host: 'i-flat' }, last: { group: 'web', host: 'i-leak' } },
        ],
      },
    ]);
  });

  it('has its hosts and their group learned from', async () => {
    const { inspect, weeks } = await aScene();

    const { deep } = await inspect(MOMENT);

    expect(deep?.learned).toBe(3);
    const records = await weeks.baselines.part({ ...RUN, slot: MOMENT }, 0);
    expect(records?.map(({ host, baseline, weeks }) => [host, baseline?.season.length, weeks?.reason])).toEqual([
      [null, 168, undefined],
      ['i-flat', 168, 'no_growth'],
      ['i-leak', 168, 'no_growth'],
    ]);
  });

  it('is not read deeply by a request', async () => {
    const { inspect, deep } = await aScene();

    const summary = await inspect(MOMENT, ON_DEMAND);

    expect(deep.spans).toEqual([]);
    expect(summary.deep).toBeUndefined();
  });

  it('is not read deeply where its policy has no days for it', async () => {
    const { inspect, deep } = await aScene({}, aTenantConfig({ policy: { deepReadDays: 0 } }));

    await inspect(MOMENT);

    expect(deep.spans).toEqual([]);
  });
});

describe('a region that was read deeply', () => {
  it('is read again by the first run of the next day, and by none before', async () => {
    const { inspect, deep, weeks } = await aScene();
    for (const hour of [0, 1, 2, 3, 4, 12, 23, 24, 25]) await inspect(MOMENT + hour * HOUR);

    expect(deep.spans.map(({ end }) => end)).toEqual([MOMENT, MOMENT + DAY]);
    const manifest = await weeks.baselines.manifest(RUN);
    expect(manifest?.value?.versions.map(({ slot }) => slot)).toEqual([MOMENT + DAY, MOMENT]);
  });

  it('keeps a few days, of which the newest counts', async () => {
    const { inspect, weeks } = await aScene();
    for (let day = 0; day < 6; day++) await inspect(MOMENT + day * DAY);

    const manifest = await weeks.baselines.manifest(RUN);

    expect(manifest?.value?.versions.map(({ slot }) => (slot - MOMENT) / DAY)).toEqual([5, 4, 3]);
  });

  it('costs in a month what its runs do, and one read a day', async () => {
    const { inspect, world } = await aScene();
    const price = { usdPerMetric: 0.00001, stated: 'a list price' };
    const open = world.openSource;
    const priced = { ...world, openSource: (...args: Parameters<typeof open>) => ({ ...open(...args), price }) };
    Object.assign(world, priced);

    const deep = await inspect(MOMENT);
    const next = await inspect(MOMENT + HOUR);

    expect(deep.cost.perRun).toBeGreaterThan(next.cost.perRun);
    expect(deep.cost.perMonth).toBeCloseTo(next.cost.perMonth, 10);
  });

  it('has its group learned from once a day, by the first run that reads hosts of it', async () => {
    const store = createMemoryBaselineStore();
    const { inspect } = await aScene({ baselines: store });
    await inspect(MOMENT);
    await inspect(MOMENT + DAY);
    const records = (await store.part({ ...RUN, slot: MOMENT + DAY }, 0)) ?? [];
    // The turn of both hosts comes an hour later.
    const young = records.map((record) => (record.host === null ? record : { ...record, readAt: MOMENT }));
    await store.putPart({ ...RUN, slot: MOMENT + DAY }, 0, young);

    const { deep } = await inspect(MOMENT + DAY + HOUR);

    const later = await store.part({ ...RUN, slot: MOMENT + DAY + HOUR }, 0);
    expect(deep?.hosts).toBe(2);
    expect(later?.[0]).toEqual(records[0]);
  });

  it('has the same records after a run that is repeated, and is not read again', async () => {
    const { inspect, deep, weeks, world } = await aScene();
    await inspect(MOMENT);
    await inspect(MOMENT + DAY);
    const first = await weeks.baselines.part({ ...RUN, slot: MOMENT + DAY }, 0);
    const manifest = await weeks.baselines.manifest(RUN);

    // The record of the close is lost, and so it is inspected again.
    Object.assign(world, await aWorld({ weeks, openSource: aDeepSource(deep), closeHooks: world.closeHooks }));
    const { deep: repeated } = await inspect(MOMENT + DAY);

    expect(deep.spans).toHaveLength(2);
    expect(repeated).toMatchObject({ hosts: 2, metricsBilled: 0, problems: [] });
    expect(await weeks.baselines.part({ ...RUN, slot: MOMENT + DAY }, 0)).toEqual(first);
    expect((await weeks.baselines.manifest(RUN))?.value).toEqual(manifest?.value);
  });

  it('has the same records where a repeated run must read it again, because what it learned was not stored', async () => {
    const store = createMemoryBaselineStore();
    const { inspect, world, deep, weeks } = await aScene({ baselines: store });
    await inspect(MOMENT);
    await inspect(MOMENT + DAY);
    const first = await store.part({ ...RUN, slot: MOMENT + DAY }, 0);
    await store.putPart({ ...RUN, slot: MOMENT + DAY }, 0, []);

    Object.assign(world, await aWorld({ weeks, openSource: aDeepSource(deep), closeHooks: world.closeHooks }));
    await inspect(MOMENT + DAY);

    expect(deep.spans).toHaveLength(3);
    expect(await store.part({ ...RUN, slot: MOMENT + DAY }, 0)).toEqual(first);
  });
});

describe('a deep read that fails', () => {
  it('fails no run where the provider refuses it, and is tried again within some hours', async () => {
    const { inspect, deep } = await aScene();
    deep.fails = true;

    const summary = await inspect(MOMENT);
    deep.fails = false;
    const next = await inspect(MOMENT + HOUR);

    expect(summary).toMatchObject({
      outcome: 'complete',
      deep: { hosts: 0, problems: [expect.stringContaining('denied')] },
    });
    expect(next.deep).toMatchObject({ hosts: 2, problems: [] });
  });

  it('fails no run where the store is down, and nothing is read that could not be kept', async () => {
    const down = async () => {
      throw new StoreError('The bucket is down.');
    };
    const { inspect, deep } = await aScene({
      baselines: { manifest: down, part: down, putPart: down, putManifest: down },
    });

    const summary = await inspect(MOMENT);

    expect(summary).toMatchObject({ outcome: 'complete', deep: { hosts: 0, problems: ['The bucket is down.'] } });
    expect(deep.spans).toEqual([]);
  });

  it('learns nothing where incidents or labels cannot be read, and states that; its weeks count all the same', async () => {
    const exclusions = async () => {
      throw new ItemError('Incident i-1 is damaged.');
    };
    const store = createMemoryBaselineStore();
    const failing = await aScene({ baselines: store, exclusions });

    const { deep } = await failing.inspect(MOMENT);

    const problem = 'No baseline was learned, because incidents or labels cannot be read: Incident i-1 is damaged.';
    expect(deep).toMatchObject({ hosts: 2, learned: 0, problems: [problem] });
    const records = await store.part({ ...RUN, slot: MOMENT }, 0);
    expect(records?.map(({ host, baseline, refreshes, weeks }) => [host, baseline, refreshes, weeks?.reason])).toEqual([
      ['i-flat', null, [], 'no_growth'],
      ['i-leak', null, [], 'no_growth'],
    ]);

    const { deep: next } = await (await aScene({ baselines: store })).inspect(MOMENT + DAY);
    expect(next?.learned).toBe(3);
    const learned = (await store.part({ ...RUN, slot: MOMENT + DAY }, 0))?.map(({ baseline }) => baseline);
    await failing.inspect(MOMENT + 2 * DAY);
    expect((await store.part({ ...RUN, slot: MOMENT + 2 * DAY }, 0))?.map(({ baseline }) => baseline)).toEqual(learned);
  });

  it('is made up for once where its object could not be stored, and then made on the next day', async () => {
    const store = createMemoryBaselineStore();
    const putPart = async () => {
      throw new StoreError('The bucket is full.');
    };
    const { inspect, deep, weeks } = await aScene({ baselines: { ...store, putPart } });

    const summary = await inspect(MOMENT);
    for (let hour = 1; hour <= 24; hour++) await inspect(MOMENT + hour * HOUR);

    expect(summary).toMatchObject({ outcome: 'complete', deep: { hosts: 2, problems: ['The bucket is full.'] } });
    expect(deep.spans.map(({ end }) => (end - MOMENT) / HOUR)).toEqual([0, 1, 24]);
    const manifest = await weeks.baselines.manifest(RUN);
    expect(manifest?.value?.versions.flatMap(({ parts }) => parts)).toEqual([]);
  });

  it('costs nothing where its manifest cannot be written, or where the cost cap is not known', async () => {
    const fails = async () => {
      throw new StoreError('The table is down.');
    };
    const readOnly = await aScene({ baselines: { ...createMemoryBaselineStore(), putManifest: fails } });
    const unknown = await aScene({ isPutOff: fails });

    for (const { inspect, deep } of [readOnly, unknown]) {
      expect(await inspect(MOMENT)).toMatchObject({
        outcome: 'complete',
        deep: { hosts: 0, metricsBilled: 0, putOff: null, problems: ['The table is down.'] },
      });
      expect(deep.spans).toEqual([]);
    }
  });

  it('reports objects that are damaged, and evaluates hosts without them', async () => {
    const store = createMemoryBaselineStore();
    const { inspect } = await aScene({ baselines: store });
    await inspect(MOMENT);
    store.part = async () => {
      throw new ItemError('s3://results/baselines/… is damaged.');
    };

    const summary = await inspect(MOMENT + 6 * HOUR);

    expect(summary).toMatchObject({
      outcome: 'complete',
      verdicts: { confirmed: 1, steady: 1 },
      deep: { problems: ['s3://results/baselines/… is damaged.'] },
    });
  });

  it('is put off where the cost cap is near, or time is short, and that is stated', async () => {
    const capped = await aScene({ isPutOff: async () => true });
    const late = await aScene();

    expect((await capped.inspect(MOMENT)).deep).toMatchObject({ putOff: 'cost_cap', metricsBilled: 0 });
    expect((await late.inspect(MOMENT, {}, 80_000)).deep).toMatchObject({ putOff: 'time', metricsBilled: 0 });
    expect([...capped.deep.spans, ...late.deep.spans]).toEqual([]);
  });
});

describe('a region of many shards', () => {
  it('keeps an object a shard, and reads of each shard what overlaps it', async () => {
    const clock = { now: NOON };
    const region = aLargeRegion({ hosts: 3000, clock, ordered: true });
    const store = createMemoryBaselineStore();
    const read: string[] = [];
    const baselines = {
      ...store,
      part(...args: Parameters<typeof store.part>) {
        read.push(`${args[0].slot - NOON} ${args[1]}`);
        return store.part(...args);
      },
    };
    const weeks: WeeksPorts = { baselines, exclusions: async () => () => [], isPutOff: async () => false };
    const world = await aWorld({ openSource: region.openSource, weeks, closeHooks: [createBaselineHook(baselines)] });
    const inspect = async (at: number) => {
      clock.now = at;
      const message = aMessage({ scheduledTime: new Date(at).toISOString() });
      return runInspection({ message, metric: LEAK_METRIC }, world, invocation(clock, 300_000));
    };
    await inspect(NOON);
    const [manifest] = (await store.manifest(RUN))?.value?.versions ?? [];

    await inspect(NOON + HOUR);

    expect(manifest?.parts.map(({ shard, records }) => [shard, records])).toEqual([
      [0, 1009],
      [1, 1009],
      [2, 985],
    ]);
    expect(read.toSorted()).toEqual(['0 0', '0 1', '0 2']);
  });
});
