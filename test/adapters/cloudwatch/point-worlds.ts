/** Worlds in which the points of CloudWatch are tried, over the real client and the sandbox: every kind of host, and what is true of it. */
import { POINT_METRICS } from '../../../core/model/point-metrics.ts';
import type { PointMetric } from '../../../core/model/points.ts';
import { activityAt } from '../../../sandbox/scenario/activity.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import type { PointSourceSubject } from '../../contract/point-source.ts';
import type { ExpectedPoints, PointTruth, PointWorld } from '../../contract/point-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { sharedSandbox } from '../../sandbox/shared-sandbox.ts';
import { aHost, FOREVER } from '../../sandbox/small-fleets.ts';
import { sourceOf } from './worlds.ts';

/** Just so long that a host without a point has stopped reporting. */
const window = { start: NOON - 4 * HOUR, end: NOON };
const periodMs = 15 * MINUTE;
const [MEMORY, CPU, DISK, ERRORS, LOAD] = POINT_METRICS;
/** The same memory once more, as a tenant would name it: in percent, because nobody knows what it is. */
const FEED: PointMetric = {
  ...MEMORY,
  name: 'own.memory',
  unit: '%',
  lower: null,
  upper: null,
  feed: {
    query: 'CWAgent',
    entity: ['InstanceId'],
    parents: ['InstanceType'],
    children: ['ImageId'],
    column: 'mem_used_percent',
  },
};
const IMAGE = 'ImageId=ami-0a1b2c3d4e5f67890';

/** A hole of one hour. */
const REPORTS = [
  { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
  { start: NOON - 2 * HOUR, end: FOREVER },
];
const active = (id: string) => activityAt(id, NOON, 'errors');
const KNOWN = aHost({ id: 'i-known', reports: REPORTS, activity: active('i-known') });
const WINDOWS = aHost({ id: 'i-windows', naming: 'windows', activity: active('i-windows') });
const FLEET = [
  KNOWN,
  WINDOWS,
  aHost({ id: 'i-rolled-up', naming: 'aggregated', activity: active('i-rolled-up') }),
  aHost({ id: 'i-bare', reports: [] }),
  aHost({ id: 'i-dead', reports: [{ start: NOON - 100 * HOUR, end: NOON - 7 * HOUR }], activity: active('i-dead') }),
  aHost({ resource: { ...aHost().resource, id: 'db-7.rack2' }, naming: 'host_name', activity: active('db') }),
  aHost({
    id: 'i-terminated',
    runs: { start: NOON - 100 * HOUR, end: NOON - 10 * HOUR },
    reports: [{ start: NOON - 100 * HOUR, end: NOON - 10 * HOUR }],
    activity: active('i-terminated'),
  }),
];
const sandboxOf = sharedSandbox(...FLEET);

const DISKS = ['mountpoint=/', 'mountpoint=/var'];
const LOADS = { [LOAD.name]: ['unsupported'] };
const LINUX = {
  [MEMORY.name]: ['points'],
  [CPU.name]: ['points'],
  [DISK.name]: DISKS,
  [ERRORS.name]: ['points'],
  ...LOADS,
};
const HOSTS: ExpectedPoints = {
  'i-known': { ...LINUX, [FEED.name]: [IMAGE] },
  'i-rolled-up': { ...LINUX, [FEED.name]: [IMAGE] },
  'i-windows': { ...LINUX, [DISK.name]: ['mountpoint=C:', 'mountpoint=D:'], [ERRORS.name]: ['not_reported'] },
  'i-bare': {
    [MEMORY.name]: ['not_reported'],
    [CPU.name]: ['points'],
    [DISK.name]: ['not_reported'],
    [ERRORS.name]: ['not_reported'],
    ...LOADS,
  },
  'i-dead': {
    [MEMORY.name]: ['stopped_reporting'],
    [CPU.name]: ['points'],
    [DISK.name]: ['stopped_reporting'],
    // Nobody knows of a metric that is sparse.
    [ERRORS.name]: ['points'],
    [FEED.name]: ['stopped_reporting'],
    ...LOADS,
  },
  'db-7.rack2': { ...LINUX, [CPU.name]: ['unsupported'] },
};

/** By period: the minutes in which the known host reports. */
function truthOf(
  metric: PointMetric,
  part: string,
  value: (time: number) => number,
  everyMs = MINUTE,
  reports = REPORTS,
): PointTruth {
  const periods = Array.from(
    { length: (window.end - window.start) / periodMs },
    (_, period) => window.start + period * periodMs,
  );
  const reported = periods.flatMap((start) => {
    const minutes = Array.from({ length: periodMs / everyMs }, (_, at) => start + at * everyMs);
    const sampled = minutes.filter(
      (time) => everyMs > MINUTE || reports.some((one) => time >= one.start && time < one.end),
    );
    return sampled.length === 0 ? [] : [{ start, values: sampled.map(value) }];
  });
  return {
    id: 'i-known',
    metric: metric.name,
    part,
    times: reported.map(({ start }) => start),
    values: reported.map(({ values }) => folded(values, metric.statistic)),
  };
}

function folded(values: readonly number[], statistic: PointMetric['statistic']): number {
  const sum = values.reduce((all, value) => all + value, 0);
  if (statistic === 'sum') return sum;
  return statistic === 'average' ? sum / values.length : Math.max(...values);
}

const { cpu, fileSystems, errors } = active('i-known');
const ALWAYS = [{ start: 0, end: FOREVER }];
const TRUTHS: readonly PointTruth[] = [
  truthOf(MEMORY, '', () => 0.5),
  truthOf(CPU, '', cpu, 5 * MINUTE),
  ...fileSystems.slice(0, 2).map(({ mountpoint, used }) => truthOf(DISK, `mountpoint=${mountpoint}`, used)),
  truthOf(ERRORS, '', (time) => errors.received(time) + errors.sent(time)),
  truthOf(FEED, IMAGE, () => 50),
  // The space that is free, of which the least is what was used at the most.
  {
    ...truthOf(DISK, 'mountpoint=C:', active('i-windows').fileSystems[0]?.used ?? cpu, MINUTE, ALWAYS),
    id: 'i-windows',
  },
];

/** Memory 5 (`i-rolled-up` has one set that is the best), processors 5, disks 2 of each of 5, errors 2 of each of 4, the feed 3. */
const BILLED = 5 + 5 + 10 + 8 + 3;

async function worldOf(fault?: Fault, struck: ExpectedPoints = {}): Promise<PointWorld> {
  const sandbox = await sandboxOf();
  if (fault) sandbox.inject(fault);
  const metrics = [...POINT_METRICS.filter(({ name }) => name !== LOAD.name), FEED];
  const hosts = Object.fromEntries(Object.entries(HOSTS).map(([id, metrics]) => [id, { ...metrics, ...struck[id] }]));
  return {
    open: () => sourceOf(sandbox),
    request: { metrics, window, periodMs },
    hosts,
    billed: BILLED,
    known: { id: 'i-known', billed: 1 + 1 + 2 + 2 + 1 },
    truths: TRUTHS,
  };
}

const SAMPLES = { service: 'cloudwatch', action: 'GetMetricData' } as const;
const LISTING = { service: 'cloudwatch', action: 'ListMetrics' } as const;
const denied = (...metrics: readonly PointMetric[]) =>
  Object.fromEntries(metrics.map(({ name }) => [name, ['denied']]));

export const POINTS: PointSourceSubject = {
  world: () => worldOf(),
  partlyFailing: {
    'the metrics of one host are forbidden': () =>
      worldOf(
        { ...SAMPLES, kind: 'forbidden', only: ['i-rolled-up'] },
        { 'i-rolled-up': denied(MEMORY, CPU, DISK, ERRORS, FEED) },
      ),
    'the load is requested, which nobody publishes': async () => {
      const world = await worldOf();
      return { ...world, request: { ...world.request, metrics: [LOAD] } };
    },
    'the window is short, and shows nothing of an agent that stopped': async () => {
      const dead = { [MEMORY.name]: ['points'], [DISK.name]: DISKS, [FEED.name]: [IMAGE] };
      const world = await worldOf(undefined, { 'i-dead': dead });
      return {
        ...world,
        request: { ...world.request, window: { start: NOON - 5 * MINUTE, end: NOON }, periodMs: MINUTE },
      };
    },
    'one file system is forbidden': () =>
      worldOf(
        { ...SAMPLES, kind: 'forbidden', only: ['/var'] },
        {
          'i-known': { [DISK.name]: ['mountpoint=/', 'denied'] },
          'i-rolled-up': { [DISK.name]: ['mountpoint=/', 'denied'] },
          'i-dead': { [DISK.name]: ['denied'] },
          'db-7.rack2': { [DISK.name]: ['mountpoint=/', 'denied'] },
        },
      ),
  },
  dead: {
    'the role may not list': async () => {
      const { open, request } = await worldOf({ ...LISTING, kind: 'denied' });
      return { open, request, reason: 'denied', retryable: false };
    },
    'the period is none of CloudWatch': async () => {
      const world = await worldOf();
      return {
        open: world.open,
        request: { ...world.request, periodMs: 45_000 },
        reason: 'malformed',
        retryable: false,
      };
    },
  },
  unknownFeed: async () => {
    const world = await worldOf();
    const metrics = [
      { ...FEED, feed: { ...FEED.feed, entity: ['InstanceId'], parents: [], children: [], column: 'mem_used_pct' } },
    ];
    return { open: world.open, request: { ...world.request, metrics } };
  },
};
