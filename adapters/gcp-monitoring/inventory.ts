/** The instances that run, from a metric that each has without an agent, so that one whose agent died is still known. */

import type { HostFilter } from '../../core/model/host-filter.ts';
import { parseInput } from '../../core/model/issues.ts';
import type { InRegion, Resource, Scope, Window } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { type Instance, instanceSchema } from './answers.ts';
import { listSeries } from './listing.ts';
import { CLUSTER, CLUSTER_LOCATION, GKE_LABELS, ZONE } from './nodes.ts';
import { malformed, type RequestContext } from './pages.ts';
import { withoutReplaced } from './replaced.ts';
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
  readonly truncated: Failure | undefined;
}

/** The owners' labels that filters ask for: metadata is shown of labels that are named, and of no other. */
export function labelsRequestedFor(filters: readonly HostFilter[]): string[] {
  const rules = filters.flatMap(({ include = [], exclude = [] }) => [...include, ...exclude]);
  const keys = rules.flatMap(({ labels = {} }) => Object.keys(labels));
  return [...new Set(keys)].filter((key) => key !== MACHINE_TYPE && key !== ZONE && LABEL_KEY.test(key)).sort();
}

/**
 * The instances that run at the end of a window; or all that ran within it, those that are gone and those that others of their name
 * have replaced. Throws `SourceError` where none of them can be known.
 */
export async function listInventory(
  context: RequestContext,
  window: Window,
  labels: readonly string[],
  includeGone = false,
): Promise<Inventory> {
  const alive = includeGone ? window : { start: window.end - ALIVE_WITHIN_MS, end: window.end };
  const hosts = new Map<string, Resource>();
  let truncated: { readonly failure: Failure; readonly cause?: unknown } | undefined;
  for await (const listed of listSeries(context, inventoryQuery(context.scope, alive, labels))) {
    if (listed.kind === 'failed') {
      truncated ??= listed;
      continue;
    }
    const instance = parseInput(instanceSchema, listed.series);
    if (instance.success) hosts.set(instance.data.resource.labels.instance_id, describe(context.scope, instance.data));
    else truncated ??= { failure: malformed(instance.error) };
  }
  if (hosts.size === 0 && truncated) throw unlisted(context.scope, truncated.failure, truncated.cause);
  const all = [...hosts.values()];
  const running = includeGone ? all : await withoutReplaced(context, all, aliveQuery(context.scope, alive));
  return { hosts: running, truncated: truncated?.failure };
}

/** One point for each instance that has had a CPU within a window. */
function aliveQuery({ region }: InRegion<Scope>, window: Window): Query {
  return {
    metricType: 'compute.googleapis.com/instance/cpu/utilization',
    resourceType: 'gce_instance',
    unit: '10^2.%',
    conditions: [isInRegion(region)],
    span: { window, periodMs: window.end - window.start, statistic: 'average' },
  };
}

/** The same for the sake of their labels. */
function inventoryQuery(scope: InRegion<Scope>, window: Window, labels: readonly string[]): Query {
  const ofOwners = [...new Set([...Object.values(GKE_LABELS), ...labels])];
  return {
    ...aliveQuery(scope, window),
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

function describe(scope: Scope, { metric, resource, metadata }: Instance): Resource {
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
    ...scope,
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

function unlisted({ account, region }: Scope, { reason, retryable, detail }: Failure, cause?: unknown): SourceError {
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
