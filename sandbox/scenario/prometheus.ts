/** What the scenario's Prometheus server scrapes: machines, and the nodes of a cluster. Its containers are in clusters.ts. */
import { NO_REGION } from '../../core/model/series.ts';
import type { PrometheusOptions } from './fleet.ts';
import type { HostPlan } from './hosts.ts';
import { daily, flat, linear, sawtooth, sum } from './shapes.ts';
import type { Site } from './site.ts';
import { TWINS } from './twins.ts';

export const PROMETHEUS = 'harbour-eu';
export const SCRAPED_CLUSTER_NAME = 'harbour';

const MACHINES: readonly HostPlan[] = [
  {
    name: 'billing-1',
    story: 'linear: 0.7 points an hour for three days',
    memory: sum(flat(32), linear({ from: -70, perHour: 0.7 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'java' },
  },
  {
    name: 'billing-2',
    story: 'garbage collected every 3 h down to a flat floor',
    happens: 'spike',
    memory: sum(flat(33), sawtooth({ every: 3, height: 11 })),
    expected: { state: 'steady' },
  },
  {
    name: 'search-1',
    naming: 'opentelemetry',
    story: 'reported by the OpenTelemetry collector; a daily season, in the middle of its rise',
    happens: 'errors',
    memory: sum(flat(30), daily({ peak: 5, height: 14 })),
    expected: { state: 'steady' },
  },
  {
    name: 'files-1',
    naming: 'windows',
    collects: 'nothing',
    story: 'a Windows machine, flat',
    happens: 'shift',
    memory: flat(47),
    expected: { state: 'steady' },
  },
  {
    name: 'edge-1',
    story: 'runs; its exporter died 9 h ago',
    memory: flat(41),
    reports: [[-720, -9]],
    expected: { state: 'not_monitored', reason: 'stopped_reporting' },
  },
  {
    name: 'edge-2',
    story: 'is a target whose exporter was never installed',
    reports: [],
    expected: { state: 'not_monitored', reason: 'not_reported' },
  },
  {
    name: 'spare-1',
    story: 'was removed from the targets 30 h ago, leaking',
    memory: sum(flat(30), linear({ from: -90, perHour: 0.6 })),
    terminated: -30,
    expected: { state: 'absent' },
  },
];

const IN_CLUSTER = {
  naming: 'k8s_node',
  collects: 'nothing',
  labels: { 'k8s.cluster.name': SCRAPED_CLUSTER_NAME },
} as const;

const NODES: readonly HostPlan[] = [
  {
    ...IN_CLUSTER,
    name: 'harbour-node-1',
    story: 'a node, flat',
    memory: flat(52),
    expected: { state: 'steady' },
  },
  {
    ...IN_CLUSTER,
    name: 'harbour-node-2',
    story: 'a node, flat',
    memory: flat(46),
    expected: { state: 'steady' },
  },
];

export const PROMETHEUS_SITE: Site = {
  provider: 'prometheus',
  tenant: 'harbour',
  account: PROMETHEUS,
  region: NO_REGION,
  plans: [...TWINS, ...MACHINES, ...NODES],
};

export const PROMETHEUS_OPTIONS: Readonly<Record<string, PrometheusOptions>> = {
  [PROMETHEUS]: { cluster: SCRAPED_CLUSTER_NAME },
};
