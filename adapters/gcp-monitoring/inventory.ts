/** The instances that run, from a metric that each has without an agent, so that one whose agent died is still known. */

import * as z from 'zod';
import type { HostFilter } from '../../core/model/host-filter.ts';
import { parseInput } from '../../core/model/issues.ts';
import { type InRegion, type Resource, type Scope, UNREADABLE_REASONS, type Window } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { type HostList, type ListedEntries, listAll, requireEntries } from '../reading/host-list.ts';
import type { FailedPage } from '../reading/paginate.ts';
import { type Instance, instanceSchema } from './answers.ts';
import { type ListedSeries, seriesIn } from './listing.ts';
import { CLUSTER, CLUSTER_LOCATION, GKE_LABELS, ZONE } from './nodes.ts';
import { CALL, MAX_PAGES, malformed, type RequestContext, requestPage } from './pages.ts';
import { lastSeen, withoutReplaced } from './replaced.ts';
import { isInRegion, type Query } from './requests.ts';

/**
 * An instance runs that has had a CPU in the last half hour: sampled every minute and shown after up to four, so that one which
 * was just stopped is not taken for one whose agent died, and one whose metrics are late is not overlooked.
 */
const ALIVE_WITHIN_MS = 30 * 60_000;

/** OpenTelemetry's names for what Google calls otherwise. Every other label of a host is one of its owner's. */
const MACHINE_TYPE = 'host.type';

/** What a label's key may be: https://cloud.google.com/compute/docs/labeling-resources#requirements. Others are not there. */
const LABEL_KEY = /^[\p{Ll}\p{Lo}\p{N}_-]{1,63}$/u;

export interface Inventory {
  /** Instances that run, described as far as Cloud Monitoring shows them. */
  readonly hosts: readonly Resource[];
  /** Why some may not be known; undefined where the listing is complete. */
  readonly truncated: Pick<Failure, 'reason' | 'detail'> | undefined;
}

/** The owners' labels that filters ask for: metadata is shown of labels that are named, and of no other. */
export function labelsRequestedFor(filters: readonly HostFilter[]): string[] {
  const rules = filters.flatMap(({ include = [], exclude = [] }) => [...include, ...exclude]);
  const keys = rules.flatMap(({ labels = {} }) => Object.keys(labels));
  return [...new Set(keys)].filter((key) => key !== MACHINE_TYPE && key !== ZONE && LABEL_KEY.test(key)).sort();
}

/** An instance as Cloud Monitoring describes it, or why there may be others. */
export const listedEntrySchema = z.union([
  z
    .strictObject({
      id: z.string(),
      name: z.string().exactOptional(),
      group: z.string().exactOptional(),
      labels: z.record(z.string(), z.string()).readonly(),
    })
    .readonly(),
  z.strictObject({ reason: z.enum(UNREADABLE_REASONS), detail: z.string() }).readonly(),
]);

export type ListedEntry = z.output<typeof listedEntrySchema>;
type InstanceEntry = Extract<ListedEntry, { id: string }>;

/** Which instances are listed, and with which of their owners' labels. */
export interface InventoryRequest {
  readonly window: Window;
  readonly labels: readonly string[];
  /** Whether all are listed that ran within the window, or those that run at its end. */
  readonly includeGone?: boolean;
}

/** The list of instances. */
export function hostList(context: RequestContext, request: InventoryRequest): HostList<ListedEntry> {
  const query = inventoryQuery(context.scope, request);
  return {
    subject: CALL,
    maxPages: MAX_PAGES,
    signal: context.signal,
    async request(token = '') {
      const answer = await requestPage(context, query, token);
      if (answer.kind === 'failed') return answer;
      const entries = Array.from(seriesIn(answer.page, query), entryOf);
      return { kind: 'page', page: { entries, nextToken: answer.page.nextPageToken || undefined } };
    },
    unlisted: (failed) => unlisted(context.scope, failed),
  };
}

/**
 * The instances that run at the end of a window; or all that ran within it, those that are gone and those that others of their name
 * have replaced. Throws `SourceError` where none of them can be known.
 */
export async function listInventory(context: RequestContext, request: InventoryRequest): Promise<Inventory> {
  const inventory = inventoryOf(await listAll(hostList(context, request)), context.scope);
  if (request.includeGone) return inventory;
  const seen = await lastSeen(context, inventory.hosts, aliveQuery(context.scope, request));
  return { ...inventory, hosts: withoutReplaced(inventory.hosts, seen) };
}

/** The instances of a list, replaced ones among them. Pure. Throws `SourceError` where none of them can be known. */
export function inventoryOf(listed: ListedEntries<ListedEntry>, scope: InRegion<Scope>): Inventory {
  requireEntries(listed);
  const instances = listed.entries.filter((entry) => 'id' in entry);
  const hosts = new Map(instances.map((instance): [string, Resource] => [instance.id, { ...scope, ...instance }]));
  const truncated = listed.entries.find((entry) => 'reason' in entry) ?? listed.failure;
  if (hosts.size === 0 && truncated) {
    throw unlisted(scope, { failure: failureFor(truncated.reason, truncated.detail) });
  }
  return { hosts: [...hosts.values()], truncated };
}

function entryOf(listed: ListedSeries): ListedEntry {
  if (listed.kind === 'failed') return failureEntry(listed.failure);
  const instance = parseInput(instanceSchema, listed.series);
  return instance.success ? describe(instance.data) : failureEntry(malformed(instance.error));
}

function failureEntry({ reason, detail }: Failure): ListedEntry {
  return { reason, detail };
}

/** One point for each instance that has had a CPU within a window. */
export function aliveQuery({ region }: InRegion<Scope>, request: Omit<InventoryRequest, 'labels'>): Query {
  const { start, end } = request.window;
  const window = { start: request.includeGone ? start : end - ALIVE_WITHIN_MS, end };
  return {
    metricType: 'compute.googleapis.com/instance/cpu/utilization',
    resourceType: 'gce_instance',
    unit: '10^2.%',
    conditions: [isInRegion(region)],
    span: { window, periodMs: window.end - window.start, statistic: 'average' },
  };
}

/** The same for the sake of their labels. */
function inventoryQuery(scope: InRegion<Scope>, request: InventoryRequest): Query {
  const ofOwners = [...new Set([...Object.values(GKE_LABELS), ...request.labels])];
  return {
    ...aliveQuery(scope, request),
    reduction: {
      reducer: 'REDUCE_MEAN',
      groupBy: [
        'resource.labels.instance_id',
        'resource.labels.zone',
        'metric.labels.instance_name',
        'metadata.system_labels.instance_group',
        'metadata.system_labels.machine_type',
        ...ofOwners.map((key) => `metadata.user_labels."${key}"`),
      ],
    },
  };
}

function describe({ metric, resource, metadata }: Instance): InstanceEntry {
  const { instance_id: id, zone } = resource.labels;
  const { instance_name: name } = metric.labels;
  const {
    [GKE_LABELS[CLUSTER]]: cluster,
    [GKE_LABELS[CLUSTER_LOCATION]]: location,
    ...user
  } = metadata?.userLabels ?? {};
  const group = systemLabel(metadata, 'instance_group');
  const machineType = systemLabel(metadata, 'machine_type');
  return {
    id,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    labels: {
      ...user,
      [ZONE]: zone,
      ...(machineType !== undefined && { [MACHINE_TYPE]: machineType }),
      ...(cluster && { [GKE_LABELS[CLUSTER]]: cluster, [CLUSTER]: cluster }),
      ...(location && { [GKE_LABELS[CLUSTER_LOCATION]]: location, [CLUSTER_LOCATION]: location }),
    },
  };
}

function systemLabel(metadata: Instance['metadata'], key: string): string | undefined {
  const value = metadata?.systemLabels?.fields[key];
  // An instance may be in several groups: the first one stands for it.
  const text = value?.stringValue ?? value?.listValue?.values[0]?.stringValue;
  return text === '' ? undefined : text;
}

function unlisted({ account, region }: Scope, { failure, cause }: Omit<FailedPage, 'kind'>): SourceError {
  const { reason, retryable, detail } = failure;
  const advice =
    reason === 'denied'
      ? `; check that the Monitoring API is enabled in project ${account} and that whoever reads it (the service account of a tenant’s config, or you) has monitoring.timeSeries.list there`
      : '';
  return new SourceError(
    `cannot list the instances of project ${account} in ${region}: ${detail.replace(/\.$/, '')}${advice}`,
    {
      reason,
      retryable,
      cause,
    },
  );
}
