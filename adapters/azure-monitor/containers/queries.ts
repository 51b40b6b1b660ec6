/**
 * What a Log Analytics workspace is asked about the containers of AKS, whose tables Container insights writes: once a minute, the
 * instances of counters as `CLUSTER-ID/POD-UID/CONTAINER` and those of nodes as `CLUSTER-ID/NODE`.
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/kubepodinventory
 */
import type { InRegion, Scope, Span, Statistic, Window } from '../../../core/model/series.ts';
import { quoted } from '../kql.ts';

const MINUTE_MS = 60_000;

/** A pod that was seen in the last half hour is there: records come some minutes late. */
const RECENT_MS = 30 * MINUTE_MS;

/** Between these it was there an hour before the window's end. */
const BEFORE_MS = { from: 90 * MINUTE_MS, to: 60 * MINUTE_MS };

/** A page of a list, which begins behind the row with this key. */
export interface RowsRequest {
  readonly window: Window;
  readonly after: string;
  readonly rows: number;
}

/**
 * The containers of a subscription's clusters, of those of other regions none but where a cluster's region is not known; with them those
 * of pods that are gone, where another of their workload may have replaced them.
 */
export function containersQuery({ account, region }: InRegion<Scope>, { window, after, rows }: RowsRequest): string {
  const { end } = window;
  const lately = { start: end - BEFORE_MS.from, end };
  return [
    'let regions = KubeNodeInventory',
    `| where ${during(lately)}`,
    `| where ${inSubscription('ClusterId', account)}`,
    '| summarize arg_max(TimeGenerated, Labels) by ClusterId',
    '| project ClusterId, region = tostring(parse_json(Labels)[0]["topology.kubernetes.io/region"]);',
    'KubePodInventory',
    `| where ${during(window)}`,
    `| where ${inSubscription('ClusterId', account)}`,
    '| where PodStatus == "Running" and isnotempty(ContainerName)',
    `| summarize before = countif(${during({ start: end - BEFORE_MS.from, end: end - BEFORE_MS.to })}),`,
    '    arg_max(TimeGenerated, Name, Namespace, Computer, ControllerKind, ControllerName) by ClusterId, ContainerName',
    `| where TimeGenerated >= ${datetime(end - RECENT_MS)} or ControllerKind in ("ReplicaSet", "DaemonSet", "StatefulSet")`,
    '| lookup kind=leftouter regions on ClusterId',
    `| where region == "" or region =~ ${quoted(region)}`,
    '| extend key = strcat(ClusterId, "/", ContainerName)',
    `| where strcmp(key, ${quoted(after)}) > 0`,
    '| order by key asc',
    `| take ${rows}`,
    '| project cluster = ClusterId, region, pod = Name, namespace = Namespace, node = Computer, instance = ContainerName,',
    '    kind = ControllerKind, owner = ControllerName, time = TimeGenerated, before',
  ].join('\n');
}

/** Whether a container that was seen last at a time counts as one that is there. */
export function isRecent(time: number, { end }: Window): boolean {
  return time >= end - RECENT_MS;
}

/** Limits of containers, and what the pods of each node may have together: the agent records the latter as the limit of what has none. */
export function limitsQuery({ account }: Scope, { window, after, rows }: RowsRequest): string {
  return [
    'Perf',
    `| where ${during({ start: window.end - BEFORE_MS.from, end: window.end })}`,
    '| where ObjectName in ("K8SContainer", "K8SNode")',
    '| where CounterName in ("memoryLimitBytes", "memoryAllocatableBytes")',
    `| where ${inSubscription('InstanceName', account)}`,
    `| where strcmp(InstanceName, ${quoted(after)}) > 0`,
    '| summarize arg_max(TimeGenerated, CounterValue) by InstanceName',
    '| order by InstanceName asc',
    `| take ${rows}`,
    '| project instance = InstanceName, time = TimeGenerated, value = CounterValue',
  ].join('\n');
}

const AGGREGATES: Readonly<Record<Statistic, string>> = { average: 'avg', minimum: 'min', maximum: 'max' };

/** Working sets, one row a container with a value for each period of the window: null where there is none. */
export function samplesQuery(instances: readonly string[], { window, periodMs, statistic }: Span): string {
  return [
    'Perf',
    `| where ${during(window)}`,
    '| where ObjectName == "K8SContainer" and CounterName == "memoryWorkingSetBytes"',
    `| where InstanceName in (${instances.map(quoted).join(', ')})`,
    `| make-series bytes = ${AGGREGATES[statistic]}(CounterValue) default=real(null) on TimeGenerated`,
    `    from ${datetime(window.start)} to ${datetime(window.end)} step ${periodMs / 1000}s by InstanceName`,
    '| project instance = InstanceName, bytes',
  ].join('\n');
}

/** Ids of Azure come in several cases. */
function inSubscription(column: string, account: string): string {
  return `${column} startswith ${quoted(`/subscriptions/${account}/`)}`;
}

function during({ start, end }: Window): string {
  return `TimeGenerated >= ${datetime(start)} and TimeGenerated < ${datetime(end)}`;
}

function datetime(time: number): string {
  return `datetime(${new Date(time).toISOString()})`;
}
