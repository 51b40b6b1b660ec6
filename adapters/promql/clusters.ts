/** What distinguishes the servers that write into one store, and with them machines and pods of equal names: the values of some labels. Pure. */
import { prometheusCloudOf } from '../../core/model/prometheus-account.ts';
import type { Labels } from './answers.ts';
import { by } from './expressions.ts';

const CLUSTER = 'cluster';

/** What most servers add to their series where several write into one store. */
export const CLUSTER_LABELS: readonly string[] = [CLUSTER];

/** Names of clusters are unique in their location at Google alone. */
export function clusterLabelsOf(url: URL): readonly string[] {
  return prometheusCloudOf(url) === 'gcp' ? [CLUSTER, 'location'] : CLUSTER_LABELS;
}

/** `by (…)` with all of the labels where `cluster` stands among them. */
export function byCluster(labels: readonly string[], clusterLabels: readonly string[]): string {
  return by([...new Set(labels.flatMap((label) => (label === CLUSTER ? clusterLabels : [label])))]);
}

/** Where the server's own label `cluster` is kept while all of them stand in for it. No label of a server begins with two underscores. */
const OWN_CLUSTER = '__cluster__';

/** A series with the values of all cluster labels as its `cluster`. Its own labels stay: see `withOwnCluster`. */
export function withCluster(labels: Labels, clusterLabels: readonly string[]): Labels {
  if (isCluster(clusterLabels)) return labels;
  const { [CLUSTER]: own, ...others } = labels;
  const cluster = clusterLabels.flatMap((label) => labels[label] || []).join('/');
  return {
    ...others,
    ...(own !== undefined && { [OWN_CLUSTER]: own }),
    ...(cluster !== '' && { [CLUSTER]: cluster }),
  };
}

/** The same, of labels that were requested one by one: with no others. */
export function withClusterAlone(labels: Labels, clusterLabels: readonly string[]): Labels {
  if (isCluster(clusterLabels)) return labels;
  const dropped = new Set([...clusterLabels, OWN_CLUSTER].filter((label) => label !== CLUSTER));
  return Object.fromEntries(Object.entries(withCluster(labels, clusterLabels)).filter(([name]) => !dropped.has(name)));
}

/** The labels as the server has them. */
export function withOwnCluster(labels: Labels, clusterLabels: readonly string[]): Labels {
  if (isCluster(clusterLabels)) return labels;
  const { [OWN_CLUSTER]: own, [CLUSTER]: _, ...others } = labels;
  return { ...others, ...(own !== undefined && { [CLUSTER]: own }) };
}

function isCluster(clusterLabels: readonly string[]): boolean {
  return clusterLabels.length === 1 && clusterLabels[0] === CLUSTER;
}
