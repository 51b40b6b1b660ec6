/** From what was listed to the hosts that are read, and each of them as JSON that another invocation reads back. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import { type InRegion, type Resource, resourceSchema, type Scope } from '../../core/model/series.ts';
import type { HostPlan, Listed, PlannedHost } from '../../core/ports/memory-source.ts';
import { hostsMissing } from '../reading/failure.ts';
import { entryOf, type ListedEntries, listedOf } from '../reading/host-list.ts';
import {
  aliveQuery,
  type Inventory,
  type InventoryRequest,
  inventoryOf,
  type ListedEntry,
  listedEntrySchema,
} from './inventory.ts';
import { CLUSTER, CLUSTER_LOCATION, mayBeNode, ZONE } from './nodes.ts';
import type { RequestContext } from './pages.ts';
import { lastSeen, type SeenEntry, seenEntrySchema, withoutReplaced } from './replaced.ts';

export const LISTS = ['instances'] as const;

/** When instances that share a name were seen last: requested once all instances are listed. */
const SEEN = 'seen';

const hostEntrySchema = z.object({
  /** The instances of the region, whether the filters admit them or not: a source that has them all need not name them. */
  total: z.int(),
  /** Of what may be a node: others by whose name its series may be meant. */
  namesakes: z.array(resourceSchema).readonly().exactOptional(),
});

/** The hosts that the filters admit and the others, and why there may be more. */
export function admitted({ hosts, truncated }: Inventory, scope: Scope, filters: readonly HostFilter[]) {
  const { wanted = [], others = [] } = Object.groupBy(hosts, (host) => (admits(filters, host) ? 'wanted' : 'others'));
  return { hosts: { wanted, others }, readings: truncated ? [hostsMissing(scope, truncated)] : [] };
}

type Lists = ReadonlyMap<string, Listed>;

/** Adds when the instances that share a name were seen last. Nothing is thrown: those of which it is not known all stay. */
export async function withSeen(
  context: RequestContext,
  listed: Lists,
  request: Pick<InventoryRequest, 'window'>,
): Promise<Lists> {
  const { hosts } = inventoryOf(instancesIn(listed), context.scope);
  const entries = await lastSeen(context, hosts, aliveQuery(context.scope, request));
  return new Map([...listed, [SEEN, { entries, failure: undefined }]]);
}

/** Pure. */
export function planOf(listed: Lists, scope: InRegion<Scope>, filters: readonly HostFilter[]): HostPlan {
  const { hosts: all, truncated } = inventoryOf(instancesIn(listed), scope);
  const running = withoutReplaced(all, seenIn(listed));
  const namesakesOf = namesakesIn(running);
  const { hosts, readings } = admitted({ hosts: running, truncated }, scope, filters);
  const plan = (resource: Resource): PlannedHost => {
    const namesakes = namesakesOf(resource);
    return { resource, entry: { total: running.length, ...(namesakes.length > 0 && { namesakes }) } };
  };
  return { hosts: hosts.wanted.map(plan), readings };
}

function instancesIn(listed: Lists): ListedEntries<ListedEntry> {
  return listedOf(listed, 'instances', listedEntrySchema);
}

function seenIn(listed: Lists): readonly SeenEntry[] {
  return listed.has(SEEN) ? listedOf(listed, SEEN, seenEntrySchema).entries : [];
}

/** Returns a function that gives the others that go by the name of what may be a node, as far as it takes to distinguish them. */
function namesakesIn(hosts: readonly Resource[]) {
  const byName = Map.groupBy(hosts.filter(mayBeNode), ({ name }) => name);
  return (host: Resource) =>
    mayBeNode(host) ? (byName.get(host.name) ?? []).filter(({ id }) => id !== host.id).map(identified) : [];
}

const IDENTIFYING: readonly string[] = [CLUSTER, CLUSTER_LOCATION, ZONE];

function identified({ labels = {}, group: _, ...resource }: Resource) {
  return {
    ...resource,
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => IDENTIFYING.includes(key))),
  };
}

/** The hosts of a source that lists nothing. */
export interface PlannedHosts {
  readonly own: readonly Resource[];
  /** Hosts that are not its own, and go by the name of one that is. */
  readonly others: readonly Resource[];
  /** Whether the region has more. */
  readonly isPart: boolean;
}

/** Throws `SourceError` for a host that another version planned. */
export function plannedHosts(planned: readonly PlannedHost[]): PlannedHosts {
  const own = planned.map(({ resource }) => resource);
  const ids = new Set(own.map(({ id }) => id));
  const entries = planned.map((host) => entryOf(host, hostEntrySchema));
  const namesakes = entries.flatMap((entry) => entry.namesakes ?? []).filter(({ id }) => !ids.has(id));
  const others = [...new Map(namesakes.map((host) => [host.id, host])).values()];
  return { own, others, isPart: entries.some(({ total }) => total > own.length) };
}
