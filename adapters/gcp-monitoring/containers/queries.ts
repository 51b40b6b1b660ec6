/** What is requested of the containers of GKE. https://cloud.google.com/monitoring/api/metrics_kubernetes */
import type { InRegion, Scope, Span, Window } from '../../../core/model/series.ts';
import { is, isLocatedIn, isMatch, isOneOf, type Query } from '../requests.ts';

const MINUTE_MS = 60_000;

/**
 * Of a container that runs: long enough for whether its pod was there an hour before the end. Sampled every minute and shown after two,
 * so that periods of ten minutes have no gaps.
 */
const RECENT_MS = 90 * MINUTE_MS;
const RECENT_PERIOD_MS = 10 * MINUTE_MS;

/** Of pods that are gone, how finely their times are known: a series that lasted throughout has a point for each. */
const EARLIER_PERIOD_MS = 6 * 60 * MINUTE_MS;

/** What a container is known by. */
const IDENTITY = ['location', 'cluster_name', 'namespace_name', 'pod_name', 'container_name'].map(
  (label) => `resource.labels.${label}`,
);

export const NODE_NAME = 'node_name';
export const OWNER_NAME = 'top_level_controller_name';
export const OWNER_TYPE = 'top_level_controller_type';

/** Metadata is shown of fields that a reduction names. */
const DESCRIBED = [
  ...IDENTITY,
  ...[NODE_NAME, OWNER_NAME, OWNER_TYPE].map((label) => `metadata.system_labels.${label}`),
];

type Scoped = InRegion<Scope>;

/**
 * The working set of each container of a region's clusters. What the kubelet calls so is `non-evictable` here: what it evicts by, and
 * what the kernel kills at the limit.
 */
function workingSet({ region }: Scoped): Pick<Query, 'metricType' | 'resourceType' | 'unit' | 'conditions'> {
  return {
    metricType: 'kubernetes.io/container/memory/used_bytes',
    resourceType: 'k8s_container',
    unit: 'By',
    conditions: [isLocatedIn(region), is('metric.labels.memory_type', 'non-evictable')],
  };
}

/** The containers that have run lately, with their nodes and the controllers of their pods. */
export function runningQuery(scope: Scoped, { end }: Window): Query {
  return {
    ...workingSet(scope),
    span: { window: { start: end - RECENT_MS, end }, periodMs: RECENT_PERIOD_MS, statistic: 'average' },
    reduction: { reducer: 'REDUCE_SUM', groupBy: DESCRIBED },
  };
}

/** The limits of those that have one. */
export function limitsQuery({ region }: Scoped, { end }: Window): Query {
  return {
    metricType: 'kubernetes.io/container/memory/limit_bytes',
    resourceType: 'k8s_container',
    unit: 'By',
    conditions: [isLocatedIn(region)],
    // A limit that changes within a period counts as the greater one.
    span: { window: { start: end - RECENT_MS, end }, periodMs: RECENT_PERIOD_MS, statistic: 'maximum' },
  };
}

/** What the pods of each node may have together: information about a container that has no limit of its own. */
export function nodesQuery({ region }: Scoped, { end }: Window): Query {
  return {
    metricType: 'kubernetes.io/node/memory/allocatable_bytes',
    resourceType: 'k8s_node',
    unit: 'By',
    conditions: [isLocatedIn(region)],
    span: { window: { start: end - RECENT_MS, end }, periodMs: RECENT_MS, statistic: 'average' },
  };
}

/** The pods of a window whose names match one of the patterns: those that pods of today have replaced. */
export function earlierQuery(scope: Scoped, { start, end }: Window, patterns: readonly string[]): Query {
  const query = workingSet(scope);
  return {
    ...query,
    conditions: [...query.conditions, isMatch('resource.labels.pod_name', `(?:${patterns.join('|')})`)],
    span: { window: { start, end }, periodMs: Math.min(EARLIER_PERIOD_MS, end - start), statistic: 'average' },
  };
}

/** The samples of pods. */
export function samplesQuery(scope: Scoped, pods: readonly string[], span: Span): Query {
  const query = workingSet(scope);
  return { ...query, conditions: [...query.conditions, isOneOf('resource.labels.pod_name', pods)], span };
}

/** Whether a point that ends then is of the window's end, and whether it is of an hour before. */
export function presenceAt(end: number, window: Window) {
  return {
    // A node's report may be late by some minutes.
    atEnd: end > window.end - 3 * RECENT_PERIOD_MS,
    hourBefore: end <= window.end - 60 * MINUTE_MS,
  };
}
