/** Points of Cloud Monitoring held to the promises of points, over the real client and the sandbox. */
import { POINT_METRICS } from '../../../core/model/point-metrics.ts';
import type { PointMetric } from '../../../core/model/points.ts';
import { activityAt } from '../../../sandbox/scenario/activity.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describePointSource } from '../../contract/point-source.ts';
import type { ExpectedPoints, PointTruth, PointWorld } from '../../contract/point-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { anInstance, MEMORY as MEMORY_TYPE, PROJECT, REGION, SIX_HOURS, sourceOf, startFleet } from './worlds.ts';

const { window, periodMs } = SIX_HOURS;
const [MEMORY, CPU, DISK, ERRORS, LOAD] = POINT_METRICS;
/** The states of memory, as a tenant would name them. */
const FEED: PointMetric = {
  ...MEMORY,
  name: 'own.memory',
  unit: '%',
  lower: null,
  upper: null,
  feed: {
    query: 'metric.labels.state = one_of("used", "free")',
    entity: ['instance_id'],
    parents: ['zone'],
    children: ['state'],
    column: MEMORY_TYPE,
  },
};

/** A hole of one hour. */
const REPORTS = [
  { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
  { start: NOON - 2 * HOUR, end: FOREVER },
];
const active = (id: string) => activityAt(id, NOON, 'errors');
const FLEET = [
  anInstance({ id: '1', reports: REPORTS, activity: active('1') }),
  anInstance({ id: '2', activity: active('2') }),
  anInstance({ id: '3', reports: [] }),
  anInstance({ id: '4', reports: [{ start: NOON - 100 * HOUR, end: NOON - 7 * HOUR }], activity: active('4') }),
  anInstance({
    id: '5',
    naming: 'k8s_node',
    resource: { provider: 'gcp', account: PROJECT, region: REGION, id: '5', name: 'gke-shop-pool-1-a1b2' },
  }),
  anInstance({
    id: '7',
    activity: active('7'),
    resource: {
      provider: 'gcp',
      account: PROJECT,
      region: REGION,
      id: '7',
      name: 'vm-7',
      labels: { 'cloud.availability_zone': 'europe-west10-a' },
    },
  }),
];

const ALL = {
  [MEMORY.name]: ['points'],
  [CPU.name]: ['points'],
  [DISK.name]: ['device=nvme0n1p1', 'device=nvme1n1'],
  [ERRORS.name]: ['points'],
  [LOAD.name]: ['points'],
};
const NOTHING = {
  [CPU.name]: ['points'],
  [DISK.name]: ['not_reported'],
  [ERRORS.name]: ['not_reported'],
  [LOAD.name]: ['not_reported'],
};
const STATES = { [FEED.name]: ['state=free', 'state=used'] };
const HOSTS: ExpectedPoints = {
  '1': { ...ALL, ...STATES },
  '2': { ...ALL, ...STATES },
  '3': { ...NOTHING, [MEMORY.name]: ['not_reported'] },
  '4': { ...NOTHING, [MEMORY.name]: ['not_reported'] },
  '5': { ...NOTHING, [MEMORY.name]: ['points'] },
};

/** A period ends with its end and begins after its start. @param reports Default: as the agent of the known host. */
function truthOf(metric: PointMetric, part: string, value: (time: number) => number, reports = REPORTS): PointTruth {
  const starts = Array.from(
    { length: (window.end - window.start) / periodMs },
    (_, at) => window.start + at * periodMs,
  );
  const periods = starts.flatMap((start) => {
    const minutes = [1, 2, 3, 4, 5].map((minute) => start + minute * MINUTE);
    const sampled = minutes.filter((time) => reports.some((one) => time >= one.start && time < one.end)).map(value);
    return sampled.length === 0 ? [] : [{ start, value: folded(sampled, metric.statistic) }];
  });
  return {
    id: '1',
    metric: metric.name,
    part,
    times: periods.map(({ start }) => start),
    values: periods.map((period) => period.value),
  };
}

function folded(values: readonly number[], statistic: PointMetric['statistic']): number {
  const sum = values.reduce((all, value) => all + value, 0);
  if (statistic === 'sum') return sum;
  return statistic === 'average' ? sum / values.length : Math.max(...values);
}

const { cpu, load, fileSystems, errors } = active('1');
const ALWAYS = [{ start: 0, end: FOREVER }];
const TRUTHS: readonly PointTruth[] = [
  truthOf(MEMORY, '', () => 0.5),
  truthOf(CPU, '', cpu, ALWAYS),
  ...fileSystems.slice(0, 2).map(({ device, used }) => truthOf(DISK, `device=${device}`, used)),
  truthOf(ERRORS, '', (time) => errors.received(time) + errors.sent(time)),
  truthOf(LOAD, '', load),
  truthOf(FEED, 'state=used', () => 50),
  truthOf(FEED, 'state=free', () => 15),
];

/** The series that come back: the inventory 5, memory 2 and a node's 1, processors 5, disks 4, errors 2, the load 2, the feed 4. */
const BILLED = 5 + 3 + 5 + 4 + 2 + 2 + 4;

async function worldOf(fault?: Fault, struck: ExpectedPoints = {}): Promise<PointWorld> {
  const sandbox = await startFleet(...FLEET);
  if (fault) sandbox.inject(fault);
  return {
    open: () => sourceOf(sandbox),
    request: { metrics: [...POINT_METRICS, FEED], window, periodMs },
    hosts: Object.fromEntries(Object.entries(HOSTS).map(([id, metrics]) => [id, { ...metrics, ...struck[id] }])),
    billed: BILLED,
    known: { id: '1', billed: 5 + 1 + 1 + 2 + 1 + 1 + 2 },
    truths: TRUTHS,
  };
}

const LISTS = { service: 'gcp', action: 'ListTimeSeries' } as const;
const everyHost = (metric: PointMetric, what: string) =>
  Object.fromEntries(Object.keys(HOSTS).map((id) => [id, { [metric.name]: [what] }]));

describePointSource('Cloud Monitoring', {
  world: () => worldOf(),
  partlyFailing: {
    'disks are denied': () =>
      worldOf(
        { ...LISTS, kind: 'denied', metric: 'agent.googleapis.com/disk/percent_used' },
        everyHost(DISK, 'denied'),
      ),
    'the points of one host are malformed': () =>
      worldOf(
        { ...LISTS, kind: 'malformed', only: ['2'], metric: 'agent.googleapis.com/cpu/load_1m' },
        { '2': { [LOAD.name]: ['malformed'] } },
      ),
  },
  dead: {
    'the project is denied': async () => {
      const { request } = await worldOf();
      const sandbox = await startFleet(...FLEET);
      sandbox.inject({ ...LISTS, kind: 'denied' });
      return { open: () => sourceOf(sandbox), request, reason: 'denied', retryable: false };
    },
    'the period is shorter than a minute': async () => {
      const { open, request } = await worldOf();
      return { open, request: { ...request, periodMs: 30_000 }, reason: 'malformed', retryable: false };
    },
  },
  unknownFeed: async () => {
    const { open, request } = await worldOf();
    const metric = {
      ...FEED,
      feed: { entity: ['queue'], parents: [], children: [], column: 'custom.googleapis.com/depth' },
    };
    return { open, request: { ...request, metrics: [metric] } };
  },
});
