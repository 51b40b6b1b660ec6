/** The memory of the containers of AKS in one subscription and region, each against its limit, as Container insights has recorded it. */
import type { InRegion, Scope } from '../../../core/model/series.ts';
import type { MemorySource, Meter } from '../../../core/ports/memory-source.ts';
import { containerSourceOf } from '../../reading/container-source.ts';
import { pageOf, requireList } from '../../reading/host-list.ts';
import type { Clients } from '../clients.ts';
import { containerList, LISTS, type ListContext, listContainers, PAGE_ROWS } from './lists.ts';
import { plannedHost, planOf } from './plan.ts';
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
 * Without a workspace one reading states that there is none. There is no price: Azure bills what a workspace takes in. There are no
 * consumers: nobody records the processes in a container.
 */
export function containerSource(parts: ContainerSourceParts): MemorySource {
  const { scope, ingestionDelayMs, open, workspace, pageRows = PAGE_ROWS } = parts;
  const contextOf = (clients: Clients): ListContext => ({ clients, scope, workspace, pageRows });
  return containerSourceOf({
    described: { scope, ingestionDelayMs, retentionMs: RETENTION_MS },
    open,
    list: (clients, window) => listContainers(contextOf(clients), window),
    plan: (listed, filters) => planOf(listed, scope, filters),
    hostOf: plannedHost,
    async *read(clients, hosts, request) {
      if (workspace !== undefined) yield* readContainers(clients, workspace, hosts, request);
    },
    listing: {
      lists: LISTS,
      async page(list, { window, token }, meter, signal) {
        const name = requireList(list, LISTS);
        return await pageOf(containerList(contextOf(open(meter, signal)), name, window), token);
      },
      hostsPerRequest: containersPerRequest,
    },
  });
}
