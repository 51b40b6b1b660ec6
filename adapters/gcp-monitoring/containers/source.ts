/** The memory of the containers of GKE's clusters in one project and region, each against its limit. */
import type { InRegion, Scope } from '../../../core/model/series.ts';
import type { MemorySource, Meter } from '../../../core/ports/memory-source.ts';
import { containerSourceOf } from '../../reading/container-source.ts';
import { pageOf, requireList } from '../../reading/host-list.ts';
import type { RequestContext } from '../pages.ts';
import { containerList, LISTS, listContainers, withEarlier } from './lists.ts';
import { plannedHost, planOf } from './plan.ts';
import { podsPerRequest, readContainers } from './read.ts';

export interface ContainerSourceParts
  extends Required<Pick<MemorySource, 'ingestionDelayMs' | 'retentionMs' | 'price'>> {
  readonly scope: InRegion<Scope>;
  /** Signs in; rejects with `SourceError` where that fails. */
  readonly open: (meter: Meter, signal: AbortSignal) => Promise<RequestContext>;
}

/** There are no consumers: Google Cloud keeps no figures of the processes in a container. */
export function containerSource({ open, ...described }: ContainerSourceParts): MemorySource {
  const { scope } = described;
  return containerSourceOf({
    described,
    open,
    list: listContainers,
    plan: (listed, filters) => planOf(listed, scope, filters),
    hostOf: plannedHost,
    read: readContainers,
    listing: {
      lists: LISTS,
      async page(list, { window, token }, meter, signal) {
        const name = requireList(list, LISTS);
        return await pageOf(containerList(await open(meter, signal), name, window), token);
      },
      complete: async (listed, { window }, meter, signal) =>
        await withEarlier(await open(meter, signal), listed, window),
      hostsPerRequest: podsPerRequest,
    },
  });
}
