/**
 * What agents record of a fleet in a Log Analytics workspace, record by record: processes of machines and containers of nodes
 * in the table Perf, the pods in KubePodInventory, and the nodes in KubeNodeInventory.
 *
 * Columns: learn.microsoft.com/azure/azure-monitor/reference/tables/perf and …/kubepodinventory. The names of instances of
 * containers, `<cluster's id>/<pod's uid>/<container's name>`, and one time for all that is taken at once are those of
 * source/plugins/ruby/CAdvisorMetricsAPIClient.rb in github.com/microsoft/Docker-Provider, the agent that writes them. Of
 * processes Windows numbers those of one name (`node`, `node#1`) and records a total; on Linux one name comes several times,
 * some milliseconds apart, because no document promises that it does not.
 */
import type { Window } from '../../core/model/series.ts';
import { consumersOf, type FleetConsumer } from '../scenario/consumers.ts';
import type { PodContainer } from '../scenario/fleet.ts';
import { seedOf } from '../scenario/random.ts';
import { activityRecords, insightsRecords, swapRecords } from './activity-records.ts';
import { type ClusterRecords, clusterPartition, partsOfNode, partsOfPod } from './cluster-records.ts';
import type { AzureHost } from './hosts.ts';
import type { Table } from './kql/query.ts';
import type { Column, Row } from './kql/types.ts';

const MINUTE = 60_000;

type Partition = Table['partitions'][number];

const text = (name: string): Column => ({ name, type: 'string' });
const TIME: Column = { name: 'TimeGenerated', type: 'datetime' };
const OF_RECORDS = [TIME, text('Computer'), text('_ResourceId'), text('_SubscriptionId')];

const PERF: readonly Column[] = [
  ...OF_RECORDS,
  ...['ObjectName', 'CounterName', 'InstanceName'].map(text),
  { name: 'CounterValue', type: 'real' },
];
const POD_INVENTORY: readonly Column[] = [
  ...OF_RECORDS,
  ...['ClusterId', 'PodUid', 'Name', 'Namespace', 'PodStatus', 'ContainerName', 'ControllerKind', 'ControllerName'].map(
    text,
  ),
];
/** What VM insights records. */
const INSIGHTS: readonly Column[] = [
  ...OF_RECORDS,
  ...['Namespace', 'Name', 'Tags'].map(text),
  { name: 'Val', type: 'real' },
];
const NODE_INVENTORY: readonly Column[] = [...OF_RECORDS, ...['ClusterId', 'Labels'].map(text)];

/** The workspace's tables by name: one is there when something was ever written to it. */
export function recordsOf(
  hosts: readonly AzureHost[],
  pods: readonly PodContainer[],
  window: Window,
): Map<string, Table> {
  const nodes = hosts.filter(isNode);
  const machines = hosts.filter((each) => !isNode(each));
  const insights = machines.flatMap((each) => insightsRecords(each, sharedOf(each), window));
  const inClusters = [...nodes.flatMap(partsOfNode), ...pods.flatMap(partsOfPod)];
  const partitionsOf = (table: ClusterRecords['table']) =>
    inClusters.filter((part) => part.table === table).map((part) => clusterPartition(part, window));
  const perf: Table = {
    columns: PERF,
    partitions: [
      ...machines.flatMap((each) => countersOf(each, window)),
      ...machines.flatMap((each) => swapRecords(each, sharedOf(each), window)),
      ...machines.flatMap((each) => activityRecords(each, sharedOf(each), window)),
      ...partitionsOf('Perf'),
    ],
  };
  const ofMachines = new Map([['Perf', perf]]);
  if (insights.length > 0) ofMachines.set('InsightsMetrics', { columns: INSIGHTS, partitions: insights });
  if (inClusters.length === 0) return ofMachines;
  return new Map([
    ...ofMachines,
    ['KubePodInventory', { columns: POD_INVENTORY, partitions: partitionsOf('KubePodInventory') }],
    ['KubeNodeInventory', { columns: NODE_INVENTORY, partitions: partitionsOf('KubeNodeInventory') }],
  ]);
}

function isNode({ host }: AzureHost): boolean {
  return host.naming === 'k8s_node';
}

/** One series of records: a counter of an instance. `share` is the part of the consumers' bytes that it has. */
interface Counter {
  readonly counter: string;
  readonly instance: string;
  /** The counter's value, by the bytes in use. */
  readonly value: (bytes: number) => number;
  /** Milliseconds after the minute. */
  readonly after: number;
}

function countersOf(each: AzureHost, window: Window): Partition[] {
  const { host } = each;
  if (host.collects === 'nothing') return [];
  const consumers = consumersOf(host);
  const ofHost = (counter: Counter) => partitionOf(each, 'Process', counter, () => 1, window);
  const used = (time: number) => consumers.reduce((sum, { bytes }) => sum + bytes(time), 0);
  const windows = host.naming === 'windows';
  if (host.collects === 'totals') {
    return ['Working Set', 'Working Set - Private'].map((counter) =>
      partitionOf(each, 'Process', { counter, instance: '_Total', value: (bytes) => bytes, after: 0 }, used, window),
    );
  }
  return [
    ...consumers.flatMap((consumer) =>
      processesOf(consumer, windows).map((counter) => partitionOf(each, 'Process', counter, consumer.bytes, window)),
    ),
    partitionOf(each, 'Process', totalOf(windows), used, window),
    ...(windows ? [ofHost({ counter: 'Working Set', instance: 'Idle', value: () => 8_192, after: 0 })] : []),
  ];
}

/** Windows counts bytes, Linux units of 1,024. */
function memoryCounter(windows: boolean): Pick<Counter, 'counter' | 'value'> {
  return windows
    ? { counter: 'Working Set', value: (bytes) => bytes }
    : { counter: 'Used Memory kBytes', value: (bytes) => bytes / 1_024 };
}

function totalOf(windows: boolean): Counter {
  return { ...memoryCounter(windows), instance: windows ? '_Total' : 'total', after: 0 };
}

/** Between one and three processes of one name, which share its bytes unequally, and a counter that is no memory. */
function processesOf({ name }: FleetConsumer, windows: boolean): Counter[] {
  const count = 1 + (seedOf(name) % 3);
  const { counter, value } = memoryCounter(windows);
  const parts = (count * (count + 1)) / 2;
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const instance = windows && index > 0 ? `${name}#${index}` : name;
    const after = windows ? 0 : 7 * index;
    return [
      { counter, instance, after, value: (bytes: number) => (value(bytes) * (index + 1)) / parts },
      { counter: '% Processor Time', instance, after, value: () => 3 },
    ];
  });
}

function sharedOf({ host, id, kind }: AzureHost): Row {
  const { account, name = '' } = host.resource;
  const recordedBy = kind === 'virtualMachines' ? id : (id.split('/virtualMachines/')[0] ?? id);
  return { Computer: name, _ResourceId: recordedBy.toLowerCase(), _SubscriptionId: account };
}

/** A record each minute in which an agent reports, and the process or container is there. */
function partitionOf(
  each: AzureHost,
  object: string,
  { counter, instance, value, after }: Counter,
  bytes: (time: number) => number,
  window: Window,
): Partition {
  const shared = { ...sharedOf(each), ObjectName: object, CounterName: counter, InstanceName: instance };
  const rows = function* () {
    for (const minute of minutesOf(each, window)) {
      const used = bytes(minute);
      if (used > 0) yield { ...shared, TimeGenerated: minute + after, CounterValue: value(used) };
    }
  };
  return { shared, rows };
}

function* minutesOf({ host }: AzureHost, { start, end }: Window): Generator<number> {
  for (const reported of host.reports) {
    const last = Math.min(end, reported.end);
    const first = Math.ceil(Math.max(start, reported.start) / MINUTE) * MINUTE;
    for (let minute = first; minute < last; minute += MINUTE) yield minute;
  }
}
