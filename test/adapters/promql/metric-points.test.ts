/** Points beside memory, over the real client and the sandbox: what exporters count and show, and expressions of an owner's own. */
import { describe, expect, it } from 'vitest';
import { POINT_METRICS, pointMetric } from '../../../core/model/point-metrics.ts';
import type { PointMetric, PointReading } from '../../../core/model/points.ts';
import type { UnreadableReason } from '../../../core/model/series.ts';
import type { PointsRequest } from '../../../core/ports/memory-source.ts';
import type { Machine } from '../../../sandbox/prometheus/world.ts';
import type { Activity } from '../../../sandbox/scenario/activity.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describePointSource } from '../../contract/point-source.ts';
import type { PointTruth, PointWorld } from '../../contract/point-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aSeries } from '../../sandbox/prometheus/servers.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { ALWAYS, aMachine, aNode, sourceOf, startServer } from './worlds.ts';

const WINDOW = { start: NOON - 4 * HOUR, end: NOON };
const PERIOD = 5 * MINUTE;
const minuteOf = (time: number) => Math.floor(time / MINUTE);

const ACTIVITY: Activity = {
  cpu: (time) => 0.2 + (minuteOf(time) % 7) / 100,
  load: (time) => 1 + (minuteOf(time) % 3),
  fileSystems: [
    { mountpoint: '/', device: 'vda1', type: 'ext4', used: (time) => 0.5 + (minuteOf(time) % 11) / 1000 },
    { mountpoint: '/var', device: 'vdb1', type: 'xfs', used: () => 0.25 },
    { mountpoint: '/dev/shm', device: 'tmpfs', type: 'tmpfs', used: () => 0.01 },
  ],
  errors: {
    received: (time) => (minuteOf(time) % 13 === 0 ? 3 : 0),
    sent: (time) => (minuteOf(time) % 17 === 0 ? 2 : 0),
  },
};

/** Started again within a period, so that its counters begin anew, and stopped for an hour. */
const REPORTS: Machine['reports'] = [
  { start: NOON - 6 * HOUR, end: NOON - 3 * HOUR },
  { start: NOON - 3 * HOUR + 2 * MINUTE, end: NOON - 2 * HOUR },
  { start: NOON - HOUR, end: FOREVER },
];

/** Counters of the others begin within the window. */
const LATELY = [{ start: NOON - 3.5 * HOUR, end: FOREVER }];

const MACHINES = [
  aMachine({ activity: ACTIVITY, reports: REPORTS }),
  aMachine({ name: 'files', address: '10.0.0.2', publishes: 'windows_exporter', activity: ACTIVITY, reports: LATELY }),
  aMachine({ name: 'batch', address: '10.0.0.3', publishes: 'opentelemetry', activity: ACTIVITY, reports: LATELY }),
  aMachine({
    name: 'dotted',
    address: '10.0.0.4',
    publishes: 'opentelemetry_utf8',
    activity: ACTIVITY,
    reports: LATELY,
  }),
  aMachine({ name: 'never', address: '10.0.0.5', reports: [] }),
  aMachine({ name: 'bare', address: '10.0.0.6' }),
];

const KNOWN = '10.0.0.1:9100';
const BARE = '10.0.0.6:9100';
const QUEUE: PointMetric = {
  ...(pointMetric('system.cpu.load_average.1m') as PointMetric),
  name: 'app.queue',
  unit: '{message}',
  feed: {
    query: 'max by (instance, queue) (max_over_time(app_queue[$period]))',
    entity: ['instance'],
    parents: [],
    children: ['queue'],
    column: 'app.queue',
  },
};
const queued = (time: number) => minuteOf(time) % 5;

const METRICS: readonly PointMetric[] = [...POINT_METRICS, QUEUE];
const ALL = {
  'system.memory.utilization': ['points'],
  'system.cpu.utilization': ['points'],
  'system.network.errors': ['points'],
};
const LOAD = { 'system.cpu.load_average.1m': ['points'] };
const DISKS = { 'system.filesystem.utilization': ['mountpoint=/', 'mountpoint=/var'] };

function nothing(what: UnreadableReason | 'not_reported') {
  return Object.fromEntries(POINT_METRICS.map(({ name }) => [name, [what]]));
}

const HOSTS: PointWorld['hosts'] = {
  [KNOWN]: { ...ALL, ...LOAD, ...DISKS, 'app.queue': ['queue=orders'] },
  '10.0.0.2:9182': {
    ...ALL,
    'system.cpu.load_average.1m': ['not_reported'],
    'system.filesystem.utilization': ['mountpoint=C:', 'mountpoint=D:'],
  },
  batch: { ...ALL, ...LOAD, ...DISKS },
  dotted: { ...ALL, ...LOAD, ...DISKS },
  '10.0.0.5:9100': nothing('not_reported'),
  [BARE]: { ...nothing('not_reported'), 'system.memory.utilization': ['points'], 'system.network.errors': ['points'] },
  '10.9.0.1:10250': { ...nothing('not_reported'), 'system.memory.utilization': ['points'] },
};

async function world(fault?: Fault, struck: PointWorld['hosts'] = {}, scopeFailures: readonly UnreadableReason[] = []) {
  const server = await startServer({
    machines: MACHINES,
    nodes: [aNode()],
    series: [aSeries(`app_queue{instance="${KNOWN}",queue="orders"}`, queued)],
  });
  if (fault) server.inject(fault);
  return {
    open: () => sourceOf(server),
    request: { metrics: METRICS, window: WINDOW, periodMs: PERIOD },
    hosts: { ...HOSTS, ...struck },
    scopeFailures,
    billed: 0,
    known: { id: KNOWN, billed: 0 },
    truths: truths(),
  };
}

/** Computed apart from the source: a sample in each minute, so that a period counts from the last one before it to its own last. */
function truths(): PointTruth[] {
  const isScraped = (time: number) => REPORTS.some(({ start, end }) => start <= time && time < end);
  const startOf = (time: number) => REPORTS.findLast(({ start }) => start <= time)?.start ?? 0;
  const inPeriod = (from: number) => [0, 1, 2, 3, 4].map((minute) => from + minute * MINUTE).filter(isScraped);
  const counted = (from: number): number[] => {
    const [before, last] = [from - MINUTE, inPeriod(from).at(-1)];
    if (last === undefined || !isScraped(before)) return [];
    const first = Math.max(before, startOf(last));
    return Array.from({ length: (last - first) / MINUTE }, (_, minute) => first + minute * MINUTE);
  };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const of = (metric: string, part: string, minutes: (from: number) => number[], fold: (times: number[]) => number) => {
    const periods = Array.from({ length: 48 }, (_, period) => WINDOW.start + period * PERIOD);
    const times = periods.filter((from) => minutes(from).length > 0);
    return { id: KNOWN, metric, part, times, values: times.map((from) => fold(minutes(from))) };
  };
  const { cpu, load, errors, fileSystems } = ACTIVITY;
  const errorsIn = (times: number[]) => times.reduce((sum, time) => sum + errors.received(time) + errors.sent(time), 0);
  const everyMinute = (from: number) => [0, 1, 2, 3, 4].map((minute) => from + minute * MINUTE);
  return [
    of('system.memory.utilization', '', inPeriod, () => 0.5),
    of('system.cpu.utilization', '', counted, (times) => mean(times.map(cpu))),
    of('system.cpu.load_average.1m', '', inPeriod, (times) => mean(times.map(load))),
    of('system.network.errors', '', counted, errorsIn),
    of('app.queue', 'queue=orders', everyMinute, (times) => Math.max(...times.map(queued))),
    ...fileSystems
      .slice(0, 2)
      .map(({ mountpoint, used }) =>
        of('system.filesystem.utilization', `mountpoint=${mountpoint}`, inPeriod, (times) =>
          Math.max(...times.map(used)),
        ),
      ),
  ];
}

const SAMPLES = { service: 'prometheus', action: 'query_range' } as const;

/** Every metric that is requested of a host; those that nobody could report are known without a request. */
function everyMetric(what: UnreadableReason): PointWorld['hosts'] {
  const asked = nothing(what);
  return {
    [KNOWN]: asked,
    '10.0.0.2:9182': { ...asked, 'system.cpu.load_average.1m': ['not_reported'] },
    batch: asked,
    dotted: asked,
    [BARE]: asked,
    '10.9.0.1:10250': { ...nothing('not_reported'), 'system.memory.utilization': [what] },
  };
}

const DEAD = { service: 'prometheus', action: 'query' } as const;

async function dead(fault: Fault, reason: UnreadableReason, retryable: boolean) {
  return { ...(await world(fault)), reason, retryable };
}

describePointSource('Prometheus', {
  world: () => world(),
  partlyFailing: {
    'points are denied': () => world({ ...SAMPLES, kind: 'denied' }, everyMetric('denied'), ['denied']),
    'points end in the middle': () => world({ ...SAMPLES, kind: 'truncated' }, everyMetric('malformed'), ['malformed']),
    'points come with a warning': () =>
      world({ ...SAMPLES, kind: 'partial' }, everyMetric('unavailable'), ['unavailable']),
    'points are too many once': () => world({ ...SAMPLES, kind: 'too_many_samples', times: 1 }),
    'the service is away twice and then answers': () => world({ ...SAMPLES, kind: 'down', times: 2 }),
  },
  dead: {
    'the credentials are refused': () => dead({ ...DEAD, kind: 'denied' }, 'denied', false),
    'the server is out of reach': () => dead({ ...DEAD, kind: 'down' }, 'unavailable', true),
  },
  unknownFeed: async () => ({
    ...(await world()),
    request: { metrics: [feedOf('no_such_metric')], window: WINDOW, periodMs: PERIOD },
  }),
});

function feedOf(query: string | undefined, feed: Partial<PointMetric['feed']> = {}): PointMetric {
  const { query: _, ...others } = QUEUE.feed ?? { entity: [], parents: [], children: [], column: '' };
  return { ...QUEUE, feed: { ...others, ...(query !== undefined && { query }), ...feed } };
}

async function readFeed(
  metrics: readonly PointMetric[],
  request: Partial<PointsRequest> = {},
): Promise<PointReading[]> {
  const server = await startServer({
    machines: [aMachine()],
    series: [
      aSeries(`app_queue{instance="${KNOWN}",site="eu",queue="orders"}`, queued),
      aSeries(`app_queue{instance="${KNOWN}",site="eu",queue="print"}`, () => 7),
      aSeries(`app_age{instance="${KNOWN}",site="eu"}`, () => 9),
      aSeries('app_total{job="all"}', () => 9),
      aSeries(`app_sent_total{instance="${KNOWN}"}`, (time) => minuteOf(time) - minuteOf(ALWAYS.start)),
    ],
  });
  const window = { start: NOON - 20 * MINUTE, end: NOON };
  const complete = { metrics, window, periodMs: PERIOD, filters: [], ...request };
  return await Array.fromAsync(sourceOf(server).points(complete, { count() {} }));
}

describe('a feed', () => {
  it('names hosts by its entity, keeps parents as labels, and knows machines of the inventory', async () => {
    const [reading] = await readFeed([feedOf('app_age', { children: [], parents: ['site'], column: 'app_age' })]);

    expect(reading).toMatchObject({ kind: 'points', part: {}, unit: '{message}' });
    expect(reading?.kind === 'points' && reading.resource).toMatchObject({
      id: KNOWN,
      name: 'web-1',
      labels: { site: 'eu', job: 'node' },
    });
  });

  it('distinguishes columns by their names', async () => {
    const query = '{__name__=~"app_age|app_queue",queue!="print"}';
    const columns = ['app_age', 'app_queue'].map((column) => ({
      ...feedOf(query, { column, children: [] }),
      name: column,
    }));

    const readings = await readFeed(columns);

    expect(readings.map(({ kind, metric }) => ({ kind, metric }))).toEqual([
      { kind: 'points', metric: 'app_age' },
      { kind: 'points', metric: 'app_queue' },
    ]);
  });

  it('without a query is of the metric that its column names, and what is counted is what was added', async () => {
    const metric: PointMetric = { ...feedOf(undefined, { column: 'app_sent_total', children: [] }), statistic: 'sum' };

    const [reading] = await readFeed([metric]);

    expect(reading?.kind === 'points' && [...reading.values]).toEqual([5, 5, 5, 5]);
  });

  it.each([
    [
      'two series of one host and part',
      feedOf('app_queue', { children: [], column: 'app_queue' }),
      'malformed',
      'under children',
    ],
    [
      'a series without the label of a host',
      feedOf('app_total', { column: 'app_total' }),
      'malformed',
      'no usable label instance',
    ],
    ['a name that is not that of the column', feedOf('app_age'), 'not_found', 'one is called app_age'],
    ['a query that the server refuses', feedOf('foo(app_age)'), 'malformed', 'bad_data'],
  ])('reports %s', async (_, metric, reason, detail) => {
    const readings = await readFeed([metric]);

    expect(readings).toEqual([
      expect.objectContaining({ kind: 'unreadable', reason, detail: expect.stringContaining(detail) }),
    ]);
  });

  it('that is sparse may have no points for some minutes', async () => {
    expect(await readFeed([{ ...feedOf('no_such_metric'), sparse: true }])).toEqual([]);
  });
});

describe('points of machines', () => {
  it('state nothing of a host without points for less than four hours', async () => {
    const server = await startServer({ machines: [aMachine()] });
    const metrics = POINT_METRICS.filter(({ name }) => name === 'system.cpu.utilization');
    const request = { metrics, window: { start: NOON - HOUR, end: NOON }, periodMs: PERIOD, filters: [] };

    const readings = await Array.fromAsync(sourceOf(server).points(request, { count() {} }));

    expect(readings).toEqual([expect.objectContaining({ kind: 'points', times: new Float64Array() })]);
  });

  it('are read with few requests, however many machines there are', async () => {
    const many = Array.from({ length: 120 }, (_, index) =>
      aMachine({ name: `web-${index}`, address: `10.1.${index}.1` }),
    );
    const server = await startServer({ machines: many });
    const metrics = POINT_METRICS.filter(({ name }) => name === 'system.memory.utilization');
    const request = { metrics, window: { start: NOON - HOUR, end: NOON }, periodMs: PERIOD, filters: [] };
    const calls: string[] = [];

    const readings = await Array.fromAsync(sourceOf(server).points(request, { count: (call) => calls.push(call) }));

    expect(readings).toHaveLength(120);
    expect(calls.filter((call) => call === 'query_range')).toHaveLength(1);
  });
});
