/**
 * The consumers of a host's memory: the pods of a cluster's node, or the processes that the agent collects, or why
 * neither is known.
 */
import type { Reading, Resource, Series, Span } from '../../core/model/series.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { type Consumption, readConsumed, type Unread } from './consumer-samples.ts';
import {
  type DimensionedMetric,
  type Dimensions,
  dimensionOf,
  dimensionValue,
  type Host,
  NODE,
  type Publication,
} from './hosts.ts';
import { type ListingRequest, listMetrics } from './listing.ts';
import {
  AGENT_NAMESPACE,
  inNamespace,
  isSameMeasurement,
  LINUX_CAPACITY,
  LINUX_PROCESSES,
  type MetricName,
  NODE_CAPACITY,
  NODE_MEMORY,
  POD_MEMORY_OF_NODE,
  WINDOWS_MEMORY,
  WINDOWS_PROCESSES,
} from './metrics.ts';
import type { RequestContext } from './pages.ts';
import { readPodShares } from './pod-shares.ts';
import { podsOf } from './pods.ts';
import { processesOf } from './processes.ts';

/** Pages of 500 dimension sets of one host's metric: at most two thousand processes are requested, for 0.02 USD. */
const MAX_PAGES = 4;

type FoundConsumers =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | (Consumption & { readonly kind: 'found' });

/** Yields what the port promises. Lists the host's own metrics first, one listing for each name: a host may have none of them. */
export async function* readConsumers(
  context: RequestContext,
  host: Host,
  resource: Resource,
  span: Span,
): AsyncGenerator<Reading> {
  const found = await findConsumers(context, host);
  if (found.kind === 'failed') {
    yield unreadable(resource, found.failure);
    return;
  }
  if (found.consumed.length === 0) {
    yield* traceOf(context, host, resource, span);
    yield nothingCollected(host, resource);
    return;
  }
  yield* report(await readConsumed(context, found, resource, span), host, resource);
}

/** The series, and one more reading where something could not be read or nothing is collected. */
function* report(all: readonly (Series | Unread)[], host: Host, resource: Resource): Generator<Reading> {
  let unread: Reading | undefined;
  let read = 0;
  for (const one of all) {
    if (one.kind === 'series') {
      read++;
      yield one;
    } else unread ??= unreadableOf(one, resource);
  }
  if (unread) yield unread;
  else if (read === 0) yield nothingCollected(host, resource);
}

/** For a node of a cluster: the shares of the cluster's pods, a hint where pods of the node itself are not collected. */
async function* traceOf(context: RequestContext, host: Host, resource: Resource, span: Span): AsyncGenerator<Reading> {
  const node = publicationAs(host, NODE_MEMORY);
  const cluster = node && dimensionValue(node.dimensions, 'ClusterName');
  if (cluster === undefined) return;
  const { series, failure } = await readPodShares(context, cluster, resource, span);
  yield* series;
  if (failure) yield unreadable(resource, failure);
}

/** Pods where the host is a node whose pods are declared; else processes, which an agent may collect on a node too. */
async function findConsumers(context: RequestContext, host: Host): Promise<FoundConsumers> {
  const node = publicationAs(host, NODE_MEMORY);
  if (node) {
    const pods = await findPods(context, host, node);
    if (pods.kind === 'failed' || pods.consumed.length > 0) return pods;
  }
  return findProcesses(context, host);
}

async function findPods(context: RequestContext, host: Host, node: Publication): Promise<FoundConsumers> {
  const name = dimensionValue(node.dimensions, NODE);
  if (name === undefined) return NONE;
  const [pods, capacity] = await Promise.all([
    list(context, POD_MEMORY_OF_NODE, { Name: NODE, Value: name }),
    list(context, NODE_CAPACITY, dimensionOf(host)),
  ]);
  if (pods.kind === 'failed') return pods;
  return {
    kind: 'found',
    consumed: podsOf(POD_MEMORY_OF_NODE, pods.sets, [node]),
    capacity: firstOf(NODE_CAPACITY, capacity),
  };
}

/** An agent publishes a host's processes in the namespace of its memory. */
async function findProcesses(context: RequestContext, host: Host): Promise<FoundConsumers> {
  const agent = [host.best, ...host.others].find(({ metric }) => !isSameMeasurement(metric, NODE_MEMORY));
  const namespace = agent?.metric.Namespace ?? AGENT_NAMESPACE;
  const windows = publicationAs(host, WINDOWS_MEMORY) !== undefined;
  const known = windows ? WINDOWS_PROCESSES : LINUX_PROCESSES;
  const names = { memory: inNamespace(namespace, known.memory), looks: inNamespace(namespace, known.looks) };
  const capacityName = inNamespace(namespace, LINUX_CAPACITY);
  const own = dimensionOf(host);
  const processes = await list(context, names.memory, own);
  if (processes.kind === 'failed') return processes;
  if (processes.sets.length === 0) return NONE;
  const [looks, capacity] = await Promise.all([list(context, names.looks, own), list(context, capacityName, own)]);
  if (looks.kind === 'failed') return looks;
  const consumed = processesOf(processes.sets, looks.sets, names, agent ? [agent] : []);
  return { kind: 'found', consumed, capacity: firstOf(capacityName, capacity) };
}

type DimensionSets =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'sets'; readonly sets: readonly Dimensions[] };

/** What a host publishes now, without processes that ended hours ago. A truncated listing counts as failed. */
async function list(context: RequestContext, metric: MetricName, own: Dimensions[number]): Promise<DimensionSets> {
  const what: ListingRequest = { ...metric, Dimensions: [own], RecentlyActive: 'PT3H' };
  const listing = await listMetrics(context, what, MAX_PAGES);
  if (listing.kind === 'failed') return { kind: 'failed', failure: listing.failure };
  if (listing.truncated) return { kind: 'failed', failure: listing.truncated };
  const [malformed] = listing.malformed;
  if (malformed) return { kind: 'failed', failure: failureFor('malformed', malformed.why) };
  return { kind: 'sets', sets: listing.metrics.map(({ dimensions }) => dimensions) };
}

/** A capacity is the same under every dimension set. It stays unknown where it cannot be listed. */
function firstOf(metric: MetricName, found: DimensionSets): DimensionedMetric | undefined {
  const [dimensions] = found.kind === 'sets' ? found.sets : [];
  return dimensions && { metric, dimensions };
}

const NONE: FoundConsumers = { kind: 'found', consumed: [], capacity: undefined };

function publicationAs({ best, others }: Host, metric: MetricName): Publication | undefined {
  return [best, ...others].find((publication) => isSameMeasurement(publication.metric, metric));
}

function unreadableOf({ consumer, failure }: Unread, resource: Resource): Reading {
  return unreadable(resource, { ...failure, detail: `${consumer.kind} ${consumer.name}: ${failure.detail}` });
}

function unreadable(scope: Resource, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope, reason, detail: `its processes or pods could not be read: ${detail}` };
}

function nothingCollected(host: Host, resource: Resource): Reading {
  const node = publicationAs(host, NODE_MEMORY);
  if (node) return { kind: 'not_monitored', resource, reason: 'incommensurable', hint: nodeHint(node) };
  const windows = publicationAs(host, WINDOWS_MEMORY) !== undefined;
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint: windows ? WINDOWS_HINT : LINUX_HINT };
}

const TO_COLLECT =
  'No agent publishes the memory of this host’s processes. To see which process grows, add to "metrics_collected" in the agent’s configuration:';
const ITS_PRICE =
  'CloudWatch bills each process name as a custom metric: to pay for fewer, name the processes that matter.';

const LINUX_HINT =
  `${TO_COLLECT} "procstat": [{ "exe": ".*", "measurement": ["memory_rss", "pid_count"] }], and "mem": { "measurement": ` +
  `["mem_used_percent", "mem_total"] } so that shares refer to the host’s own growth. ${ITS_PRICE}`;

const WINDOWS_HINT = `${TO_COLLECT} "procstat": [{ "exe": "%", "measurement": ["memory_rss", "pid_count"] }]. ${ITS_PRICE}`;

function nodeHint({ dimensions }: Publication): string {
  const node = dimensionValue(dimensions, NODE) ?? 'NODE';
  const cluster = dimensionValue(dimensions, 'ClusterName') ?? 'CLUSTER';
  return (
    'Container Insights does not publish on which node a pod runs. To see the pods of this node, run this query in CloudWatch ' +
    `Logs Insights on the log group /aws/containerinsights/${cluster}/performance: filter Type = "Pod" and ` +
    `NodeName = "${node}" | stats avg(pod_memory_working_set) as bytes by kubernetes.pod_name, bin(1h) | sort bytes desc. ` +
    'To have them here, let the collector publish the node of each pod: set add_full_pod_name_metric_label: true in its ' +
    'awscontainerinsightreceiver, and add to metric_declarations of its awsemf exporter: dimensions: [[FullPodName, Namespace, ' +
    'NodeName, ClusterName]], metric_name_selectors: [pod_memory_working_set].'
  );
}
