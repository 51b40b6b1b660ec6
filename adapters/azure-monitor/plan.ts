/** From what was listed to the hosts that are read, and each of them as JSON that another invocation reads back. Pure. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { InRegion, Scope } from '../../core/model/series.ts';
import type { HostPlan, Listed, PlannedHost } from '../../core/ports/memory-source.ts';
import { hostsMissing } from '../reading/failure.ts';
import { entryOf, listedOf } from '../reading/host-list.ts';
import { HOST_KINDS, type Host, type Inventory, inventoryOf, listedEntrySchema } from './inventory.ts';

const hostEntrySchema = z.object({ kind: z.enum(HOST_KINDS), size: z.string().exactOptional() });

/** The hosts that the filters admit, and why others are not known. */
export function admitted({ hosts, truncations }: Inventory, scope: Scope, filters: readonly HostFilter[]) {
  return {
    hosts: hosts.filter(({ resource }) => admits(filters, resource)),
    readings: truncations.map((truncated) => hostsMissing(scope, truncated)),
  };
}

export function planOf(
  listed: ReadonlyMap<string, Listed>,
  scope: InRegion<Scope>,
  filters: readonly HostFilter[],
): HostPlan {
  const lists = {
    machines: listedOf(listed, 'machines', listedEntrySchema),
    instances: listedOf(listed, 'instances', listedEntrySchema),
  };
  const { hosts, readings } = admitted(inventoryOf(lists, scope), scope, filters);
  return { hosts: hosts.map(plan), readings };
}

function plan({ kind, resource, size }: Host): PlannedHost {
  return { resource, entry: { kind, ...(size !== undefined && { size }) } };
}

/** The inventory that planned hosts are. Throws `SourceError` for a host that another version planned. */
export function plannedInventory(hosts: readonly PlannedHost[]): Inventory {
  return { hosts: hosts.map(hostOf), truncations: [] };
}

function hostOf(planned: PlannedHost): Host {
  const { kind, size } = entryOf(planned, hostEntrySchema);
  return { kind, resource: planned.resource, size };
}
