/** What the scenario runs in clusters of EKS, GKE and AKS, and in one that a Prometheus server scrapes: the same workloads, so that their findings have to be the same. */
import { NO_REGION } from '../../core/model/series.ts';
import { SUBSCRIPTION } from './azure.ts';
import { PROJECT } from './gcp.ts';
import type { ClusterSite, WorkloadPlan } from './pods.ts';
import { PROMETHEUS, SCRAPED_CLUSTER_NAME } from './prometheus.ts';
import { flat, linear, saturating, sawtooth, sum, switchAt } from './shapes.ts';
import { TWINS } from './twins.ts';

/** The hosts that stand in every cloud, as containers against their limits. */
const TWIN_WORKLOADS: readonly WorkloadPlan[] = TWINS.map(({ name, story, memory = flat(0), jitter, expected }) => ({
  name,
  kind: 'Deployment',
  container: 'app',
  story,
  memory,
  ...(jitter !== undefined && { jitter }),
  expected,
}));

const WORKLOADS: readonly WorkloadPlan[] = [
  ...TWIN_WORKLOADS,
  {
    name: 'basket',
    kind: 'Deployment',
    container: 'api',
    limit: 1_024,
    story: 'linear: 1.1 points of its limit an hour since a release 45 h ago, which replaced its pod',
    memory: switchAt(-45, flat(38), sum(flat(34), linear({ from: -45, perHour: 1.1 }))),
    rollouts: [-45],
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'api' },
  },
  {
    name: 'thumbnails',
    kind: 'Deployment',
    container: 'worker',
    story: 'ran into its limit and was killed 34 h ago, and leaks again at 1.4 points an hour',
    memory: switchAt(
      -34,
      sum(flat(27), linear({ from: -84, perHour: 1.4 })),
      sum(flat(22), saturating({ from: -34, height: 5, settle: 0.5 }), linear({ from: -34, perHour: 1.4 })),
    ),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'worker' },
  },
  {
    name: 'catalogue',
    kind: 'Deployment',
    container: 'api',
    story: 'three replicas, rolled out 20 h ago, with a normal warm-up',
    memory: switchAt(-20, flat(58), sum(flat(33), saturating({ from: -20, height: 24, settle: 0.8 }))),
    replicas: 3,
    rollouts: [-20],
    expected: { state: 'steady' },
  },
  {
    name: 'broker',
    kind: 'StatefulSet',
    container: 'broker',
    limit: 2_048,
    story: 'garbage collected every 3 h down to a flat floor',
    memory: sum(flat(31), sawtooth({ every: 3, height: 12 })),
    expected: { state: 'steady' },
  },
  {
    name: 'shipper',
    kind: 'DaemonSet',
    container: 'agent',
    limit: null,
    story: 'flat, on each node, without a limit',
    memory: flat(30),
    replicas: 2,
    expected: { state: 'steady' },
  },
];

/** Those of a cluster that a Prometheus server scrapes. */
export const SCRAPED_CLUSTER: ClusterSite = {
  provider: 'prometheus',
  tenant: 'harbour',
  account: PROMETHEUS,
  region: NO_REGION,
  cluster: SCRAPED_CLUSTER_NAME,
  location: '',
  nodes: ['harbour-node-1', 'harbour-node-2'],
  plans: WORKLOADS,
};

/** In Google Cloud and Azure the nodes are hosts of the scenario. */
export const CLUSTER_SITES: readonly ClusterSite[] = [
  {
    provider: 'aws',
    tenant: 'harbour',
    account: '111111111111',
    region: 'eu-west-1',
    cluster: 'quay',
    location: 'eu-west-1',
    nodes: ['ip-10-0-1-17.eu-west-1.compute.internal', 'ip-10-0-2-40.eu-west-1.compute.internal'],
    plans: WORKLOADS,
  },
  {
    provider: 'gcp',
    tenant: 'harbour',
    account: PROJECT,
    region: 'europe-west1',
    cluster: 'shop',
    location: 'europe-west1',
    nodes: ['gke-harbour-pool-1-8c1d4f2e-x7kq', 'gke-harbour-pool-1-8c1d4f2e-9hv2'],
    plans: WORKLOADS,
  },
  {
    provider: 'azure',
    tenant: 'harbour',
    account: SUBSCRIPTION,
    region: 'westeurope',
    cluster: 'fleet',
    location: 'westeurope',
    nodes: ['aks-pool-vmss000001', 'aks-pool-vmss000002'],
    plans: WORKLOADS,
  },
];
