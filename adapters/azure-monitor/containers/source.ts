/** The memory of the containers of AKS in one subscription and region, each against its limit, as Container insights has recorded it. */
import { admits } from '../../../core/model/host-filter.ts';
import { type InRegion, MEMORY_UTILIZATION, type Reading, type Scope } from '../../../core/model/series.ts';
import type { MemorySource, Meter, ReadRequest } from '../../../core/ports/memory-source.ts';
import { untilConsumerStops } from '../../reading/abort.ts';
import { pageOf, requireList } from '../../reading/host-list.ts';
import { onceUnlessFailed } from '../../reading/once.ts';
import { requireMetric } from '../../reading/require-metric.ts';
import type { Clients } from '../clients.ts';
import { containerList, LISTS, type ListContext, listContainers, PAGE_ROWS } from './lists.ts';
import { type ClusterHost, plannedHost, planOf } from './plan.ts';
import { containersPerRequest, readContainers } from './read.ts';

export interface ContainerSourceParts {
  readonly scope: InRegion<Scope>;
  readonly workspace: string | undefined;
  readonly ingestionDelayMs: number;
  /** The clients of one read. Throws `SourceError` where the scope cannot be reached. */
  readonly open: (meter: Meter, signal: AbortSignal) => Clients;
  /** Rows of a page of a list. */
  readonly pageRows?: number;
}

/** What a workspace keeps where nobody configured another time. https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure */
const RETENTION_MS = 30 * 24 * 3_600_000;

/**
 * Reads working sets in bytes, with the container's limit where it has one. Containers that are gone are not read,
 * whatever is requested: what a rollout replaced is a part of its workload's host. Without a workspace one reading states that there
 * is none. There is no price: Azure bills what a workspace takes in. There are no consumers: nobody records the processes in a container.
 */
export function containerSource(parts: ContainerSourceParts): MemorySource {
  const { scope, open, workspace, pageRows = PAGE_ROWS } = parts;
  const contextOf = (clients: Clients): ListContext => ({ clients, scope, workspace, pageRows });
  const listOnce = onceUnlessFailed(listContainers);
  return {
    ...sourceOf(parts, async (clients, { span, filters }) => {
      const { hosts, readings } = planOf(await listOnce(contextOf(clients), span.window), scope, filters);
      return { hosts: hosts.map(plannedHost), readings };
    }),
    listing: {
      lists: LISTS,
      async page(list, { window, token }, meter, signal) {
        const name = requireList(list, LISTS);
        return await pageOf(containerList(contextOf(open(meter, signal)), name, window), token);
      },
      plan: (listed, filters) => planOf(listed, scope, filters),
      hostsPerRequest: containersPerRequest,
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
  clients: Clients,
  request: ReadRequest,
) => Promise<{ readonly hosts: readonly ClusterHost[]; readonly readings: readonly Reading[] }>;

function sourceOf({ scope, workspace, ingestionDelayMs, open }: ContainerSourceParts, find: FindHosts): MemorySource {
  return {
    scope,
    ingestionDelayMs,
    retentionMs: RETENTION_MS,
    read(request, meter, signal) {
      requireMetric(request.metric, [MEMORY_UTILIZATION]);
      return untilConsumerStops(signal, async function* opened(either) {
        const clients = open(meter, either);
        const { hosts, readings } = await find(clients, request);
        yield* readings;
        if (workspace !== undefined) yield* readContainers(clients, workspace, hosts, request);
      });
    },
  };
}
