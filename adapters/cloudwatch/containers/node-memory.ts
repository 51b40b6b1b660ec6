/** The memory of the nodes of clusters, by which a share of a node becomes bytes. */
import * as z from 'zod';
import type { Json } from '../../../core/model/json.ts';
import { MEMORY_USAGE, type Reading, type Window } from '../../../core/model/series.ts';
import { LIMIT_OF, NODE_MEMORY } from '../../reading/container-limit.ts';
import type { ListedEntries } from '../../reading/host-list.ts';
import { chunksOf } from '../../reading/in-flight.ts';
import { NODE_CAPACITY } from '../metrics.ts';
import type { RequestContext } from '../pages.ts';
import { fetchSamples, type Query } from '../samples.ts';
import { CLUSTER } from './metrics.ts';

/** The name of the list, which is completed and not listed. */
export const NODE_MEMORY_LIST = 'node_memory';

/** A cluster and the bytes of one of its nodes. */
export const nodeMemorySchema = z.tuple([z.string(), z.number().positive()]).readonly();

export type NodeMemoryEntry = z.output<typeof nodeMemorySchema> & Json;

/** One metric a cluster, of the last hour: on average of its nodes, because nobody publishes which node a pod runs on. */
const PERIOD_MS = 15 * 60_000;
const SPAN_MS = 4 * PERIOD_MS;

/** Clusters in one request, and requests: the containers of more clusters are read as shares of their nodes. */
const AT_ONCE = 500;
const MOST_REQUESTS = 2;

/** @param clusters Those with containers that have no limit of their own. Of one that publishes no such metric there is no entry. */
export async function nodeMemoryOf(
  context: RequestContext,
  clusters: readonly string[],
  { end }: Pick<Window, 'end'>,
): Promise<ListedEntries<NodeMemoryEntry>> {
  const span = { window: { start: end - SPAN_MS, end }, periodMs: PERIOD_MS };
  const entries: NodeMemoryEntry[] = [];
  for (const batch of chunksOf(clusters.slice(0, MOST_REQUESTS * AT_ONCE), AT_ONCE)) {
    const queries = batch.map((of): Query<string> => {
      return { metric: NODE_CAPACITY, dimensions: [{ Name: CLUSTER, Value: of }], of, stat: 'Average' };
    });
    const { results, failure } = await fetchSamples(context, queries, span);
    for (const { of, samples } of results) {
      const bytes = samples.kind === 'failed' ? undefined : samples.values.at(-1);
      if (bytes !== undefined && bytes > 0 && Number.isFinite(bytes)) entries.push([of, bytes]);
    }
    if (failure) return { entries, failure };
  }
  return { entries, failure: undefined };
}

/** A share of a node as bytes without a limit, where the host's labels have the node's memory. */
export function withoutLimit(reading: Reading): Reading {
  if (reading.kind !== 'series') return reading;
  const { labels = {} } = reading.resource;
  const bytes = labels[LIMIT_OF] === 'none' ? Number(labels[NODE_MEMORY]) : Number.NaN;
  if (!(bytes > 0)) return reading;
  return { ...reading, metric: MEMORY_USAGE, unit: 'By', values: reading.values.map((share) => share * bytes) };
}
