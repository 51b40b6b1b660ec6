/** Points of Azure held to the promises of points, over the real clients and the sandbox. */
import { POINT_METRICS } from '../../../core/model/point-metrics.ts';
import type { PointMetric } from '../../../core/model/points.ts';
import { activityAt } from '../../../sandbox/scenario/activity.ts';
import type { Fault } from '../../../sandbox/wire/faults.ts';
import { describePointSource } from '../../contract/point-source.ts';
import type { ExpectedPoints, PointTruth, PointWorld } from '../../contract/point-source-world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { aMachine, aNode, idOf, nodeId, SIX_HOURS, sourceOf, startFleet, WORKSPACE } from './worlds.ts';

const { window, periodMs } = SIX_HOURS;
const [MEMORY, CPU, DISK, ERRORS, LOAD] = POINT_METRICS;
/** What the agent of VM insights publishes, as a tenant would name it. */
const FEED: PointMetric = {
  ...MEMORY,
  name: 'own.memory',
  unit: '%',
  lower: null,
  upper: null,
  feed: {
    query: 'azure.vm.linux.guestmetrics',
    entity: ['resourceId'],
    parents: [],
    children: [],
    column: 'mem/used_percent',
  },
};

/** A hole of one hour. */
const REPORTS = [
  { start: NOON - 100 * HOUR, end: NOON - 3 * HOUR },
  { start: NOON - 2 * HOUR, end: FOREVER },
];
const active = (id: string) => activityAt(id, NOON, 'errors');
const FLEET = [
  aMachine({ name: 'known', reports: REPORTS, activity: active('known') }),
  aMachine({ name: 'windows', naming: 'windows', activity: active('windows') }),
  // VM insights collects its disks, and no rule the counters.
  aMachine({ name: 'insights', collects: 'uncounted', activity: active('insights') }),
  aMachine({ name: 'bare', reports: [] }),
  aMachine({
    name: 'off',
    runs: { start: NOON - 100 * HOUR, end: NOON - 10 * HOUR },
    activity: active('off'),
  }),
  aNode(3),
];

const ALL = {
  [MEMORY.name]: ['points'],
  [CPU.name]: ['points'],
  [DISK.name]: ['mountpoint=/', 'mountpoint=/var'],
  [ERRORS.name]: ['points'],
  [LOAD.name]: ['points'],
  [FEED.name]: ['points'],
};
const UNLOGGED = { [DISK.name]: ['not_reported'], [ERRORS.name]: ['not_reported'], [LOAD.name]: ['not_reported'] };
const HOSTS: ExpectedPoints = {
  [idOf('known')]: ALL,
  [idOf('windows')]: { ...ALL, [DISK.name]: ['mountpoint=C:', 'mountpoint=D:'], [LOAD.name]: ['not_reported'] },
  [idOf('insights')]: ALL,
  [idOf('bare')]: { ...UNLOGGED, [MEMORY.name]: ['not_reported'], [CPU.name]: ['points'] },
  [nodeId(3)]: { ...UNLOGGED, [MEMORY.name]: ['points'], [CPU.name]: ['points'] },
};

/** @param reports Default: as the operating system of the known host. */
function truthOf(metric: PointMetric, part: string, value: (time: number) => number, reports = REPORTS): PointTruth {
  const starts = Array.from(
    { length: (window.end - window.start) / periodMs },
    (_, at) => window.start + at * periodMs,
  );
  const periods = starts.flatMap((start) => {
    const minutes = [0, 1, 2, 3, 4].map((minute) => start + minute * MINUTE);
    const sampled = minutes.filter((time) => reports.some((one) => time >= one.start && time < one.end)).map(value);
    return sampled.length === 0 ? [] : [{ start, value: folded(sampled, metric.statistic) }];
  });
  return {
    id: idOf('known'),
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

const { cpu, load, fileSystems, errors } = active('known');
const ALWAYS = [{ start: 0, end: FOREVER }];
/** The first period after the hole has a total, and nobody knows since when it was added. */
const COUNTED = [REPORTS[0], { start: NOON - 2 * HOUR + periodMs, end: FOREVER }].filter((one) => one !== undefined);
const TRUTHS: readonly PointTruth[] = [
  truthOf(MEMORY, '', () => 0.5),
  truthOf(CPU, '', cpu, ALWAYS),
  ...fileSystems.slice(0, 2).map(({ mountpoint, used }) => truthOf(DISK, `mountpoint=${mountpoint}`, used)),
  truthOf(ERRORS, '', (time) => errors.received(time) + errors.sent(time), COUNTED),
  truthOf(LOAD, '', load),
  truthOf(FEED, '', () => 50),
  // The space that is free, of which the least is what was used at the most.
  { ...truthOf(DISK, 'mountpoint=C:', active('windows').fileSystems[0]?.used ?? cpu, ALWAYS), id: idOf('windows') },
  { ...truthOf(DISK, 'mountpoint=/var', active('insights').fileSystems[1]?.used ?? cpu, ALWAYS), id: idOf('insights') },
];

/** Calls, of machines and of instances: memory, and in bytes of the machine that has no percentage; the processor; the feed. */
const BILLED = 3 + 2 + 2;

async function worldOf(
  fault?: Fault,
  struck: ExpectedPoints = {},
  metrics = [...POINT_METRICS, FEED],
): Promise<PointWorld> {
  const sandbox = await startFleet(...FLEET);
  if (fault) sandbox.inject(fault);
  return {
    open: () => sourceOf(sandbox, { workspace: WORKSPACE }),
    request: { metrics, window, periodMs },
    hosts: Object.fromEntries(Object.entries(HOSTS).map(([id, own]) => [id, { ...own, ...struck[id] }])),
    billed: BILLED,
    known: { id: idOf('known'), billed: 3 },
    truths: TRUTHS,
  };
}

const everyHost = (metric: PointMetric, what: string) =>
  Object.fromEntries(Object.keys(HOSTS).map((id) => [id, { [metric.name]: [what] }]));

describePointSource('Azure', {
  world: () => worldOf(),
  partlyFailing: {
    'the workspace may not be queried': () =>
      worldOf({ service: 'azure', action: 'logs:query', kind: 'denied' }, everyHost(LOAD, 'denied'), [CPU, LOAD]),
    'the processor of one machine is forbidden': () =>
      worldOf(
        {
          service: 'azure',
          action: 'metrics:getBatch',
          kind: 'metric_forbidden',
          only: ['known'],
          metric: 'Percentage CPU',
        },
        { [idOf('known')]: { [CPU.name]: ['denied'] } },
      ),
    'the config names no workspace': async () => {
      const sandbox = await startFleet(...FLEET);
      const world = await worldOf(undefined, everyHost(DISK, 'unsupported'), [CPU, DISK]);
      return { ...world, open: () => sourceOf(sandbox) };
    },
  },
  dead: {
    'the subscription is denied': async () => {
      const { request } = await worldOf();
      const sandbox = await startFleet(...FLEET);
      sandbox.inject({ service: 'azure', action: 'resources', kind: 'denied' });
      return { open: () => sourceOf(sandbox), request, reason: 'denied', retryable: false };
    },
    'the period is no grain of Azure': async () => {
      const { open, request } = await worldOf();
      return { open, request: { ...request, periodMs: 120_000 }, reason: 'malformed', retryable: false };
    },
  },
  unknownFeed: async () => {
    const { open, request } = await worldOf();
    const metric = { ...FEED, feed: { entity: ['resourceId'], parents: [], children: [], column: 'Queue Length' } };
    return { open, request: { ...request, metrics: [metric] } };
  },
});
