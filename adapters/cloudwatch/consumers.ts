/** Who uses a host's memory: the pods of a node of a cluster, or the processes that the agent collects, or why neither is known. */
import type { ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Reading, Resource, Series, Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { type Consumption, readConsumed, type Unread } from './consumer-samples.ts';
import {
  type Dimensions,
  dimensionOf,
  dimensionValue,
  type Host,
  type Listed,
  NODE,
  type Publication,
} from './hosts.ts';
import { listMetrics } from './listing.ts';
import {
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

/** Pages of 500 dimension sets of one host's metric: two thousand processes are asked for at the most, for 0.02 USD. */
const MAX_PAGES = 4;

type Listings = { readonly kind: 'failed'; readonly failure: Failure } | (Consumption & { readonly kind: 'found' });

/** Yields what the port promises. Lists the host's own metrics first, one listing for each name: a host may have none. */
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

/** The series, and one reading for what could not be read, or for that there is nothing. */
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

/** Of a node of a cluster the shares of the cluster's pods, before it is said that nothing of its own is collected. */
async function* traceOf(context: RequestContext, host: Host, resource: Resource, span: Span): AsyncGenerator<Reading> {
  const node = publicationAs(host, NODE_MEMORY);
  const cluster = node && dimensionValue(node.dimensions, 'ClusterName');
  if (cluster === undefined) return;
  const { series, failure } = await readPodShares(context, cluster, resource, span);
  yield* series;
  if (failure) yield unreadable(resource, failure);
}

/** Pods where the host is a node whose pods are declared; else processes, which an agent may collect on a node too. */
async function findConsumers(context: RequestContext, host: Host): Promise<Listings> {
  const node = publicationAs(host, NODE_MEMORY);
  if (node) {
    const pods = await findPods(context, host, node);
    if (pods.kind === 'failed' || pods.consumed.length > 0) return pods;
  }
  return findProcesses(context, host);
}

async function findPods(context: RequestContext, host: Host, node: Publication): Promise<Listings> {
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

async function findProcesses(context: RequestContext, host: Host): Promise<Listings> {
  const windows = publicationAs(host, WINDOWS_MEMORY) !== undefined;
  const names = windows ? WINDOWS_PROCESSES : LINUX_PROCESSES;
  const own = dimensionOf(host);
  const processes = await list(context, names.memory, own);
  if (processes.kind === 'failed') return processes;
  if (processes.sets.length === 0) return NONE;
  const [looks, capacity] = await Promise.all([list(context, names.looks, own), list(context, LINUX_CAPACITY, own)]);
  if (looks.kind === 'failed') return looks;
  const agents = [host.best, ...host.others]
    .filter(({ metric }) => metric.Namespace === names.memory.Namespace)
    .slice(0, 1);
  const consumed = processesOf(processes.sets, looks.sets, names, agents);
  return { kind: 'found', consumed, capacity: firstOf(LINUX_CAPACITY, capacity) };
}

type Found =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'sets'; readonly sets: readonly Dimensions[] };

/** What a host publishes now: processes that are gone for hours are not asked for. A listing that was cut is a failed one. */
async function list(context: RequestContext, metric: MetricName, own: Dimensions[number]): Promise<Found> {
  const what: ListMetricsCommandInput = { ...metric, Dimensions: [own], RecentlyActive: 'PT3H' };
  const listing = await listMetrics(context, what, MAX_PAGES);
  if (listing.kind === 'failed') return { kind: 'failed', failure: listing.failure };
  if (listing.truncated) return { kind: 'failed', failure: listing.truncated };
  const [malformed] = listing.malformed;
  if (malformed) return { kind: 'failed', failure: { reason: 'malformed', retryable: false, detail: malformed.why } };
  return { kind: 'sets', sets: listing.sets };
}

/** A capacity is the same under every dimension set. One that cannot be listed is not known. */
function firstOf(metric: MetricName, found: Found): Listed | undefined {
  const [dimensions] = found.kind === 'sets' ? found.sets : [];
  return dimensions && { metric, dimensions };
}

const NONE: Listings = { kind: 'found', consumed: [], capacity: undefined };

function publicationAs({ best, others }: Host, metric: MetricName): Publication | undefined {
  return [best, ...others].find((publication) => publication.metric === metric);
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
  'No agent publishes what the processes of this host use. Add to "metrics_collected" in the agent’s configuration:';
const ITS_PRICE =
  'Each process name is a custom metric that CloudWatch bills; name those that matter to pay for fewer.';

const LINUX_HINT =
  `${TO_COLLECT} "procstat": [{ "exe": ".*", "measurement": ["memory_rss", "pid_count"] }], and "mem": { "measurement": ` +
  `["mem_used_percent", "mem_total"] } so that shares are of the host’s rise. ${ITS_PRICE}`;

const WINDOWS_HINT = `${TO_COLLECT} "procstat": [{ "exe": "%", "measurement": ["memory_rss", "pid_count"] }]. ${ITS_PRICE}`;

function nodeHint({ dimensions }: Publication): string {
  const node = dimensionValue(dimensions, NODE) ?? 'NODE';
  const cluster = dimensionValue(dimensions, 'ClusterName') ?? 'CLUSTER';
  return (
    'Container Insights publishes pods without the node that they run on, and as percent of that node’s memory. This query of ' +
    `CloudWatch Logs Insights names them, in the log group /aws/containerinsights/${cluster}/performance: filter Type = "Pod" and ` +
    `NodeName = "${node}" | stats avg(pod_memory_working_set) as bytes by kubernetes.pod_name, bin(1h) | sort bytes desc. ` +
    'To have it here, let the collector publish them with their node: add_full_pod_name_metric_label: true in its ' +
    'awscontainerinsightreceiver, and under metric_declarations of its awsemf exporter: dimensions: [[FullPodName, Namespace, ' +
    'NodeName, ClusterName]], metric_name_selectors: [pod_memory_working_set].'
  );
}
