/** From what was listed to the hosts that are read, and each of them as JSON that another invocation reads back. Pure. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import type { InRegion, Scope } from '../../core/model/series.ts';
import type { HostPlan, Listed, PlannedHost } from '../../core/ports/memory-source.ts';
import { entryOf, listedOf } from '../reading/host-list.ts';
import { describe, type Host, type Publication } from './hosts.ts';
import { type Inventory, inventoryOf } from './inventory.ts';
import { dimensionsOf, listedEntrySchema, METRIC_LISTS } from './lists.ts';
import { type NamedHosts, tagged, withNames } from './naming.ts';
import { pairsOf, type Tags, taggedEntrySchema, tagsOf } from './tags.ts';
import { type Unread, unread } from './unread.ts';

/** In the order in which they are read. */
export const TAGS_LIST = 'tags';
export const LISTS = [...METRIC_LISTS, TAGS_LIST] as const;

/** The host's publications, the best one first: namespace, metric, and the name and value of each dimension in turn. */
const hostEntrySchema = z.object({
  publications: z.tuple([publicationSchema()], publicationSchema()).readonly(),
  /** Key and value in turn: a publication that is not the best one is described by them as well. */
  tags: z.array(z.string()).readonly().exactOptional(),
});

function publicationSchema() {
  return z.tuple([z.string(), z.string()], z.string()).readonly();
}

/** The hosts that the filters admit, and the readings of the others. */
export function admitted({ inventory, missing }: NamedHosts, scope: Scope, filters: readonly HostFilter[]) {
  const hosts = inventory.reporting.filter(({ best }) => admits(filters, best.resource));
  const readings: readonly Unread[] = [
    ...(missing ? [{ kind: 'unreadable', scope, ...missing } as const] : []),
    ...unread(inventory, scope, filters),
  ];
  return { hosts, readings };
}

export function planOf(
  listed: ReadonlyMap<string, Listed>,
  scope: InRegion<Scope>,
  filters: readonly HostFilter[],
): HostPlan {
  const metrics = (name: (typeof METRIC_LISTS)[number]) => listedOf(listed, name, listedEntrySchema);
  const lists = {
    live: metrics('live'),
    linux: metrics('linux'),
    windows: metrics('windows'),
    nodes: metrics('nodes'),
  };
  const tags = tagsOf(listedOf(listed, TAGS_LIST, taggedEntrySchema));
  const { hosts, readings } = admitted(withNames(inventoryOf(lists, scope), tags, filters), scope, filters);
  return { hosts: hosts.map((host) => plan(host, tags.tags.get(host.id))), readings };
}

function plan({ best, others }: Host, tags: Tags | undefined): PlannedHost {
  const publications = [best, ...others].map(textsOf);
  const needed = others.length > 0 && tags !== undefined && tags.size > 0;
  return {
    resource: best.resource,
    entry: { publications, ...(needed && { tags: [...tags].flat() }) },
  };
}

function textsOf({ metric: { Namespace, MetricName }, dimensions }: Publication): string[] {
  return [Namespace, MetricName, ...dimensions.flatMap(({ Name, Value }) => [Name, Value])];
}

/** The inventory that planned hosts are. Throws `SourceError` for a host that another version planned. */
export function plannedInventory(hosts: readonly PlannedHost[], scope: InRegion<Scope>): Inventory {
  return {
    reporting: hosts.map((host) => hostOf(host, scope)),
    gone: [],
    notReporting: [],
    malformed: [],
    unrecognised: [],
    hostsTruncated: undefined,
    metricsTruncated: undefined,
  };
}

function hostOf(planned: PlannedHost, scope: Scope): Host {
  const { id } = planned.resource;
  const { publications, tags } = entryOf(planned, hostEntrySchema);
  const [best, ...others] = publications;
  const describeOther = (texts: typeof best): Publication => {
    const way = metricOf(texts);
    return { ...way, resource: tagged(describe(id, way.dimensions, scope), tags && pairsOf(tags)) };
  };
  return { id, best: { ...metricOf(best), resource: planned.resource }, others: others.map(describeOther) };
}

function metricOf([Namespace, MetricName, ...dimensions]: readonly [string, string, ...string[]]) {
  return { metric: { Namespace, MetricName }, dimensions: dimensionsOf(dimensions) };
}
