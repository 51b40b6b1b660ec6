/** The memory of the containers of GKE's clusters in one project and region, each against its limit. */
import { admits } from '../../../core/model/host-filter.ts';
import { type InRegion, MEMORY_UTILIZATION, type Reading, type Scope } from '../../../core/model/series.ts';
import type { MemorySource, Meter, ReadRequest } from '../../../core/ports/memory-source.ts';
import { untilConsumerStops } from '../../reading/abort.ts';
import { pageOf, requireList } from '../../reading/host-list.ts';
import { onceUnlessFailed } from '../../reading/once.ts';
import { requireMetric } from '../../reading/require-metric.ts';
import type { RequestContext } from '../pages.ts';
import type { ClusterHost } from './hosts.ts';
import { containerList, LISTS, listContainers, withEarlier } from './lists.ts';
import { plannedHost, planOf } from './plan.ts';
import { podsPerRequest, readContainers } from './read.ts';

export interface ContainerSourceParts
  extends Required<Pick<MemorySource, 'ingestionDelayMs' | 'retentionMs' | 'price'>> {
  readonly scope: InRegion<Scope>;
  /** Signs in; rejects with `SourceError` where that fails. */
  readonly open: (meter: Meter, signal: AbortSignal) => Promise<RequestContext>;
}

/**
 * Reads working sets in bytes, with the container's limit where it has one. Containers that are gone are not read,
 * whatever is requested: what a rollout replaced is a part of its workload's host. There are no consumers: Google Cloud keeps no
 * figures of the processes in a container.
 */
export function containerSource(parts: ContainerSourceParts): MemorySource {
  const { scope, open } = parts;
  const listOnce = onceUnlessFailed(listContainers);
  return {
    ...sourceOf(parts, async (context, { span, filters }) => {
      const { hosts, readings } = planOf(await listOnce(context, span.window), scope, filters);
      return { hosts: hosts.map(plannedHost), readings };
    }),
    listing: {
      lists: LISTS,
      async page(list, { window, token }, meter, signal) {
        const name = requireList(list, LISTS);
        return await pageOf(containerList(await open(meter, signal), name, window), token);
      },
      complete: async (listed, { window }, meter, signal) =>
        await withEarlier(await open(meter, signal), listed, window),
      plan: (listed, filters) => planOf(listed, scope, filters),
      hostsPerRequest: podsPerRequest,
      sourceOf(planned) {
        const hosts = planned.map(plannedHost);
        return sourceOf(parts, async (_, { filters }) => ({
          hosts: hosts.filter(({ resource }) => admits(filters, resource)),
          readings: [],
        }));
      },
    },
  };
}

type FindHosts = (
  context: RequestContext,
  request: ReadRequest,
) => Promise<{ readonly hosts: readonly ClusterHost[]; readonly readings: readonly Reading[] }>;

function sourceOf({ open, ...described }: ContainerSourceParts, find: FindHosts): MemorySource {
  return {
    ...described,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, async function* signedIn(either) {
        const context = await open(meter, either);
        const { hosts, readings } = await find(context, request);
        yield* readings;
        yield* readContainers(context, hosts, request);
      });
    },
  };
}
