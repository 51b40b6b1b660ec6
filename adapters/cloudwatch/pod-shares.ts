/**
 * What the pods of a cluster use as shares of their nodes, on whatever node they run: all that Container Insights publishes by
 * itself. It only hints at which pod grew on a node.
 */
import { POD_NODE_UTILIZATION, type Resource, type Series, type Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { readConsumed } from './consumer-samples.ts';
import { type ListingRequest, listMetrics } from './listing.ts';
import { POD_SHARE } from './metrics.ts';
import type { RequestContext } from './pages.ts';
import { podsOf } from './pods.ts';

/** A page of 500 dimension sets: of a cluster with more of them the shares would cost more than a hint is worth. */
const MAX_PAGES = 1;

export interface PodShares {
  /** Fractions of the memory of an unknown node. Empty where there are no pods, or too many. */
  readonly series: readonly Series[];
  /** Why some, or all, could not be read. */
  readonly failure: Failure | undefined;
}

export async function readPodShares(
  context: RequestContext,
  cluster: string,
  node: Resource,
  span: Span,
): Promise<PodShares> {
  const dimension = { Name: 'ClusterName', Value: cluster };
  const what: ListingRequest = { ...POD_SHARE, Dimensions: [dimension], RecentlyActive: 'PT3H' };
  const listing = await listMetrics(context, what, MAX_PAGES);
  if (listing.kind === 'failed') return { series: [], failure: listing.failure };
  if (listing.truncated) return { series: [], failure: undefined };
  const sets = listing.metrics.map(({ dimensions }) => dimensions);
  const all = await readConsumed(context, { consumed: podsOf(POD_SHARE, sets, []), capacity: undefined }, node, span);
  return {
    series: all.filter((one) => one.kind === 'series').map(asShare),
    failure: all.find((one) => one.kind === 'unread')?.failure,
  };
}

function asShare(percents: Series): Series {
  const values = percents.values.map((percent) => percent / 100);
  return { ...percents, metric: POD_NODE_UTILIZATION, unit: '1', values };
}
