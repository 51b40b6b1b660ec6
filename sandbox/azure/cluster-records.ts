/**
 * What the agent of a cluster records: counters of containers and nodes, and the inventories of pods and nodes, again and again.
 *
 * Names of instances are `<cluster's id>/<pod's uid>/<container's name>`, those of nodes `<cluster's id>/<node>`; a container without a
 * limit has what its node's pods may have together: source/plugins/ruby in github.com/microsoft/Docker-Provider, the agent itself.
 */
import type { Window } from '../../core/model/series.ts';
import { consumersOf, HOST_BYTES } from '../scenario/consumers.ts';
import type { PodContainer } from '../scenario/fleet.ts';
import { replicaSetName } from '../scenario/pod-names.ts';
import { seedOf } from '../scenario/random.ts';
import type { AzureHost } from './hosts.ts';
import type { Table } from './kql/query.ts';
import type { Row } from './kql/types.ts';

const MINUTE = 60_000;

/** The inventories are written less often here than every minute, as they are: nothing that is asked of them needs more. */
const INVENTORY_MS = 5 * MINUTE;

/** Records with all but their time and their value in common. */
export interface ClusterRecords {
  readonly table: 'Perf' | 'KubePodInventory' | 'KubeNodeInventory';
  readonly shared: Row;
  readonly reports: readonly Window[];
  /** Of a counter, by the time. */
  readonly value?: (time: number) => number;
}

/** A container as its records name it. */
interface Recorded {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly node: string;
  readonly reports: readonly Window[];
  readonly used: (time: number) => number;
  readonly limit?: (time: number) => number;
  readonly controllerKind: string;
  readonly controllerName: string;
}

/** A pod's second container takes no part in a leak of its first. */
const PROXY_BYTES = 32 * 2 ** 20;

/** The pods of a node that is a host: two containers in each, without a limit, and nobody who owns them is recorded. */
export function partsOfNode({ host }: AzureHost): ClusterRecords[] {
  if (host.collects === 'nothing') return [];
  const { account, region, name = '' } = host.resource;
  return consumersOf(host).flatMap(({ name: pod, namespace = '', bytes }) => {
    const proxy = (time: number) => Math.min(PROXY_BYTES, bytes(time) / 4);
    const containers = { main: (time: number) => bytes(time) - proxy(time), proxy };
    return Object.entries(containers).flatMap(([container, used]) =>
      recordsOf({
        ...{ account, region: region ?? '', cluster: 'fleet', namespace, pod, container, node: name },
        reports: host.reports,
        used,
        controllerKind: '',
        controllerName: '',
      }),
    );
  });
}

export function partsOfPod(pod: PodContainer): ClusterRecords[] {
  const { controller, location: _, ...own } = pod;
  const replicaSet = controller.kind === 'Deployment';
  return recordsOf({
    ...own,
    controllerKind: replicaSet ? 'ReplicaSet' : controller.kind,
    controllerName: replicaSet ? replicaSetName(controller.name, controller.rollout) : controller.name,
  });
}

function recordsOf(recorded: Recorded): ClusterRecords[] {
  const { account, cluster, pod, container, node, reports, used, limit = () => HOST_BYTES } = recorded;
  const id = `/subscriptions/${account}/resourceGroups/fleet/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
  const uid = uidOf(`${recorded.namespace}/${pod}`);
  const shared = { Computer: node, _ResourceId: id.toLowerCase(), _SubscriptionId: account };
  const counter = (object: string, instance: string, name: string, value: (time: number) => number) =>
    ({
      table: 'Perf',
      shared: { ...shared, ObjectName: object, InstanceName: instance, CounterName: name },
      reports,
      value,
    }) as const;
  const instance = `${id}/${uid}/${container}`;
  const { namespace, controllerKind, controllerName, region } = recorded;
  return [
    counter('K8SContainer', instance, 'memoryWorkingSetBytes', used),
    // A counter that no query reads.
    counter('K8SContainer', instance, 'memoryRssBytes', (time) => used(time) * 0.8),
    counter('K8SContainer', instance, 'memoryLimitBytes', limit),
    counter('K8SNode', `${id}/${node}`, 'memoryAllocatableBytes', () => HOST_BYTES),
    {
      table: 'KubePodInventory',
      shared: {
        ...shared,
        ...{ ClusterId: id, PodUid: uid, Name: pod, Namespace: namespace, PodStatus: 'Running' },
        ContainerName: `${uid}/${container}`,
        ControllerKind: controllerKind,
        ControllerName: controllerName,
      },
      reports,
    },
    {
      table: 'KubeNodeInventory',
      shared: {
        ...shared,
        ClusterId: id,
        Labels: JSON.stringify([{ 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/region': region }]),
      },
      reports,
    },
  ];
}

export function clusterPartition(
  { table, shared, reports, value }: ClusterRecords,
  window: Window,
): Table['partitions'][number] {
  const every = table === 'Perf' ? MINUTE : INVENTORY_MS;
  const rows = function* () {
    for (const time of timesOf(reports, window, every)) {
      const counted = value?.(time);
      if (counted === undefined) yield { ...shared, TimeGenerated: time };
      else if (counted > 0) yield { ...shared, TimeGenerated: time, CounterValue: counted };
    }
  };
  return { shared, rows };
}

function* timesOf(reports: readonly Window[], { start, end }: Window, every: number): Generator<number> {
  for (const reported of reports) {
    const last = Math.min(end, reported.end);
    const first = Math.ceil(Math.max(start, reported.start) / every) * every;
    for (let time = first; time < last; time += every) yield time;
  }
}

function uidOf(pod: string): string {
  const [a, b] = [seedOf(pod), seedOf(`${pod}/uid`)].map((seed) => seed.toString(16).padStart(8, '0'));
  return `${a}-0000-4000-8000-0000${b}`;
}
