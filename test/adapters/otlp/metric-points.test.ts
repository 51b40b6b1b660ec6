/** Points of what hosts have sent, from the request that a collector sends to the series that an inspection reads. */
import { describe, expect, it } from 'vitest';
import { otlpSource } from '../../../adapters/otlp/source.ts';
import { foldMetrics, readMetricsOf } from '../../../core/ingest/fold.ts';
import { POINT_METRICS, pointMetric } from '../../../core/model/point-metrics.ts';
import type { PointMetric } from '../../../core/model/points.ts';
import { POINT_SAMPLE_METRICS, sampleBatchSchema } from '../../../core/model/sample.ts';
import type { SentPoint, SentResource } from '../../../core/model/sent-metrics.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { SampleStore } from '../../../core/ports/sample-store.ts';
import { describePointSource } from '../../contract/point-source.ts';
import type { PointTruth, PointWorld } from '../../contract/point-source-world.ts';
import { createMemorySampleStore } from '../../memory/sample-store.ts';
import { END, HOUR, MINUTE, minutesTo, OF, send, seriesOf } from './worlds.ts';

const CPU = 'system.cpu.utilization';
const DISK = 'system.filesystem.utilization' as const;
const ERRORS = 'system.network.errors' as const;
const LOAD = 'system.cpu.load_average.1m';
const WINDOW = { start: END - 6 * HOUR, end: END };
const PERIOD = 15 * MINUTE;
/** Every five minutes from before the window, with a gap of an hour. */
const MINUTES = [...minutesTo(380, 180), ...minutesTo(120)];

/** A counter of one interface, which was started again 240 minutes before the end. */
function counted(minute: number): number {
  return minute > 240 ? 1000 + (380 - minute) : (240 - minute) / 5;
}

async function world(): Promise<PointWorld> {
  const store = createMemorySampleStore();
  await send(
    store,
    [{ id: 'known', name: 'web-1' }, { id: 'bare' }],
    [
      seriesOf('known', MINUTES, (minute) => (minute % 100) / 100, { metric: MEMORY_UTILIZATION }),
      seriesOf('known', MINUTES, (minute) => ((minute / 5) % 7) / 10, { metric: CPU }),
      seriesOf('known', MINUTES, (minute) => ((minute / 5) % 3) / 10, { metric: DISK, part: 'mountpoint=/' }),
      seriesOf('known', MINUTES, () => 0.25, { metric: DISK, part: 'mountpoint=/var' }),
      seriesOf('known', MINUTES, counted, { metric: ERRORS, part: 'device=eth0,direction=receive' }),
      seriesOf('known', MINUTES, () => 7, { metric: ERRORS, part: 'device=eth0,direction=transmit' }),
      seriesOf('known', MINUTES, (minute) => (minute / 5) % 4, { metric: LOAD }),
      seriesOf('bare', minutesTo(60), () => 0.5, { metric: MEMORY_UTILIZATION }),
    ],
  );
  return {
    open: () => otlpSource({ ...OF, store }),
    request: { metrics: POINT_METRICS, window: WINDOW, periodMs: PERIOD },
    hosts: {
      known: {
        [MEMORY_UTILIZATION]: ['points'],
        [CPU]: ['points'],
        [DISK]: ['mountpoint=/', 'mountpoint=/var'],
        [ERRORS]: ['points'],
        [LOAD]: ['points'],
      },
      bare: {
        [MEMORY_UTILIZATION]: ['points'],
        [CPU]: ['not_reported'],
        [DISK]: ['not_reported'],
        [ERRORS]: ['points'],
        [LOAD]: ['not_reported'],
      },
    },
    billed: 0,
    known: { id: 'known', billed: 0 },
    truths: truths(),
  };
}

function truths(): PointTruth[] {
  const periods = Array.from({ length: 24 }, (_, period) => 360 - 15 * period);
  const inPeriod = (from: number) => [from, from - 5, from - 10].filter((minute) => MINUTES.includes(minute));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const added = (minute: number) => {
    const before = MINUTES[MINUTES.indexOf(minute) - 1] ?? minute;
    const [now, then] = [counted(minute), counted(before)];
    // Nobody knows in which period of a gap it was added.
    if (before - minute > 30) return 0;
    return now >= then ? now - then : now;
  };
  const of = (metric: string, part: string, fold: (minutes: readonly number[]) => number): PointTruth => {
    const filled = periods.filter((from) => inPeriod(from).length > 0);
    return {
      id: 'known',
      metric,
      part,
      times: filled.map((from) => END - from * MINUTE),
      values: filled.map((from) => fold(inPeriod(from))),
    };
  };
  return [
    of(MEMORY_UTILIZATION, '', (minutes) => mean(minutes.map((minute) => (minute % 100) / 100))),
    of(CPU, '', (minutes) => mean(minutes.map((minute) => ((minute / 5) % 7) / 10))),
    of(DISK, 'mountpoint=/', (minutes) => Math.max(...minutes.map((minute) => ((minute / 5) % 3) / 10))),
    of(ERRORS, '', (minutes) => minutes.reduce((sum, minute) => sum + added(minute), 0)),
    of(LOAD, '', (minutes) => mean(minutes.map((minute) => (minute / 5) % 4))),
  ];
}

const QUEUE: PointMetric = {
  ...(pointMetric(LOAD) as PointMetric),
  name: 'app.queue',
  feed: { entity: ['host'], parents: [], children: [], column: 'queue' },
};

describePointSource('Hosts that send by OTLP', {
  world,
  dead: {
    'the store is down': async () => {
      const store: Pick<SampleStore, 'hosts' | 'processes'> = {
        // biome-ignore lint/correctness/useYield: it throws before it has anything.
        async *hosts() {
          throw new StoreError('The bucket cannot be read.');
        },
        async *processes() {},
      };
      const request = { metrics: POINT_METRICS, window: WINDOW, periodMs: PERIOD };
      return { open: () => otlpSource({ ...OF, store }), request, reason: 'unavailable', retryable: true };
    },
  },
  unknownFeed: async () => ({ ...(await world()), request: { ...(await world()).request, metrics: [QUEUE] } }),
});

const SETTINGS = { keepAttributes: [], commandPatterns: [], pointMetrics: new Set<string>(POINT_SAMPLE_METRICS) };

function sent(metrics: Readonly<Record<string, readonly [number, Record<string, string>?][]>>): SentResource {
  return {
    attributes: new Map([['host.id', 'h-1']]),
    metrics: Object.entries(metrics).map(([name, points]) => ({
      name,
      kind: 'value',
      points: points.map(
        ([value, attributes = {}]): SentPoint => ({
          time: END,
          value,
          attributes: new Map(Object.entries(attributes)),
        }),
      ),
    })),
  };
}

function folded(resource: SentResource, settings = SETTINGS) {
  return foldMetrics({ resources: [resource], otherMetrics: 0 }, settings, END);
}

describe('a host with more parts than are read', () => {
  const parts = Array.from({ length: 70 }, (_, part) => part);
  const windowOf = { window: WINDOW, periodMs: PERIOD, filters: [] };
  const read = async (metric: typeof DISK | typeof ERRORS, partOf: (part: number) => string) => {
    const store = createMemorySampleStore();
    const series = parts.map((part) =>
      seriesOf('h-1', minutesTo(60), (minute) => 1 / minute, { metric, part: partOf(part) }),
    );
    await send(store, [{ id: 'h-1' }], series);
    const metrics = [pointMetric(metric) as PointMetric];
    return await Array.fromAsync(otlpSource({ ...OF, store }).points?.({ ...windowOf, metrics }, { count() {} }) ?? []);
  };

  it('has points of some of its disks, and it is stated that there are more', async () => {
    const readings = await read(DISK, (part) => `mountpoint=/m${part}`);

    expect(readings.filter(({ kind }) => kind === 'points')).toHaveLength(64);
    expect(readings.filter(({ kind }) => kind === 'unreadable')).toMatchObject([{ reason: 'truncated', metric: DISK }]);
  });

  it('has no errors of some of its interfaces', async () => {
    const readings = await read(ERRORS, (part) => `device=eth${part},direction=receive`);

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'truncated', metric: ERRORS }]);
  });
});

describe('what jobs inspect, in a request', () => {
  it('becomes one series of the processors, and one of each disk and interface', () => {
    const { series, rejectedPoints, ...counts } = folded(
      sent({
        [CPU]: [
          [0.6, { cpu: 'cpu0', state: 'idle' }],
          [0.4, { cpu: 'cpu0', state: 'user' }],
          [0.8, { cpu: 'cpu1', state: 'idle' }],
        ],
        [DISK]: [
          [0.5, { mountpoint: '/', type: 'ext4', mode: 'rw' }],
          [1, { mountpoint: '/snap', type: 'squashfs', mode: 'ro' }],
        ],
        [ERRORS]: [
          [3, { device: 'eth0', direction: 'receive' }],
          [4, { device: 'eth0', direction: 'transmit' }],
          [5, { device: 'veth1a2b3c', direction: 'transmit' }],
        ],
        [LOAD]: [[1.5]],
      }),
    );

    expect(rejectedPoints).toEqual({});
    expect(series.map(({ metric, part, values }) => ({ metric, part, value: values[0] }))).toEqual([
      { metric: CPU, part: undefined, value: expect.closeTo(0.3, 9) },
      { metric: DISK, part: 'mountpoint=/', value: 0.5 },
      { metric: ERRORS, part: 'device=eth0,direction=receive', value: 3 },
      { metric: ERRORS, part: 'device=eth0,direction=transmit', value: 4 },
      { metric: LOAD, part: undefined, value: 1.5 },
    ]);
    const batch = { version: 1, tenant: 'acme', account: 'lab', receivedAt: END, hosts: counts.hosts, series };
    expect(sampleBatchSchema.safeParse(batch).success).toBe(true);
  });

  it('is not read of a sender none of whose jobs inspects it', () => {
    const { pointMetrics: _, ...others } = SETTINGS;

    expect(folded(sent({ [LOAD]: [[1]] }), { ...others, pointMetrics: new Set() }).series).toEqual([]);
    expect(readMetricsOf(others).has(LOAD)).toBe(false);
    expect(readMetricsOf(SETTINGS).has(LOAD)).toBe(true);
  });

  it('is refused where a share is more than all, or a host has more disks than are kept', () => {
    const disks = Array.from({ length: 70 }, (_, disk): [number, Record<string, string>] => [
      0.5,
      { mountpoint: `/m${disk}` },
    ]);

    expect(folded(sent({ [CPU]: [[1.5, { state: 'idle' }]] })).rejectedPoints).toEqual({ value: 1 });
    expect(folded(sent({ [DISK]: disks })).rejectedPoints).toEqual({ series: 6 });
  });
});
