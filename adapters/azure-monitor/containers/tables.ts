/** The answers to the queries of containers, and the entries of lists that they become: JSON that another invocation reads back. */
import * as z from 'zod';
import type { Window } from '../../../core/model/series.ts';
import { ownerOf } from '../../reading/pod-owners.ts';
import { WORKLOAD_KINDS } from '../../reading/workloads.ts';
import { isRecent } from './queries.ts';

const column = <Name extends string>(name: Name) => z.object({ name: z.literal(name) });

/** `/subscriptions/…/managedClusters/NAME`: clusters of Arc are machines outside of Azure. */
const CLUSTER_ID =
  /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)\/providers\/microsoft\.containerservice\/managedclusters\/([^/]+)$/i;

const text = z.string().nullable();

export const containerTableSchema = z.object({
  columnDescriptors: z.tuple([
    column('cluster'),
    column('region'),
    column('pod'),
    column('namespace'),
    column('node'),
    column('instance'),
    column('kind'),
    column('owner'),
    column('time'),
    column('before'),
  ]),
  rows: z.array(
    z.tuple([z.string(), text, z.string(), z.string(), text, z.string(), text, text, z.date(), z.number()]),
  ),
});

export type ContainerRow = z.output<typeof containerTableSchema>['rows'][number];

export const limitTableSchema = z.object({
  columnDescriptors: z.tuple([column('instance'), column('time'), column('value')]),
  rows: z.array(z.tuple([z.string(), z.date(), z.number()])),
});

export type LimitRow = z.output<typeof limitTableSchema>['rows'][number];

/** A row's values are checked where they are read: an answer has a million of them. */
export const samplesTableSchema = z.object({
  columnDescriptors: z.tuple([column('instance'), column('bytes')]),
  rows: z.array(z.tuple([z.string(), z.array(z.unknown())])),
});

const containerSchema = z
  .strictObject({
    /** The cluster's resource id, as the agent writes it. */
    cluster: z.string(),
    /** Absent where no record states it. */
    region: z.string().exactOptional(),
    uid: z.string(),
    container: z.string(),
    pod: z.string(),
    namespace: z.string(),
    node: z.string().exactOptional(),
    owner: z.strictObject({ name: z.string(), kind: z.enum(WORKLOAD_KINDS).exactOptional() }),
    /** When its pod was seen last, in epoch milliseconds. */
    at: z.number(),
    atEnd: z.boolean(),
    hourBefore: z.boolean(),
  })
  .readonly();

/** A container, or why there are none. */
export const containerEntrySchema = z.union([
  containerSchema,
  z.strictObject({ missing: z.enum(['workspace', 'tables']) }).readonly(),
]);

/** Bytes of a container or of a node, by the instance's name. */
export const limitEntrySchema = z.strictObject({ instance: z.string(), bytes: z.number().positive() }).readonly();

export type ListedEntry = z.output<typeof containerSchema>;
export type ContainerEntry = z.output<typeof containerEntrySchema>;
export type LimitEntry = z.output<typeof limitEntrySchema>;

/** None where the cluster is not one of AKS. */
export function containerEntries(row: ContainerRow, window: Window): ListedEntry[] {
  const [cluster, region, pod, namespace, node, instance, kind, controller, time, before] = row;
  // The agent writes POD-UID/CONTAINER.
  const [uid, container, ...rest] = instance.split('/');
  if (!isCluster(cluster) || uid === undefined || !container || rest.length > 0) return [];
  return [
    {
      cluster,
      ...(region && { region }),
      uid,
      container,
      pod,
      namespace,
      ...(node && { node }),
      // The agent names the ReplicaSet of a pod, and nobody where nobody owns it.
      owner: ownerOf(kind ?? '', controller ?? '', pod),
      at: time.getTime(),
      atEnd: isRecent(time.getTime(), window),
      hourBefore: before > 0,
    },
  ];
}

/** As the list is ordered. */
export function keyOfRow([cluster, , , , , instance]: ContainerRow): string {
  return `${cluster}/${instance}`;
}

export function limitEntries([instance, , bytes]: LimitRow): LimitEntry[] {
  return bytes > 0 ? [{ instance, bytes }] : [];
}

/** Whether it is the id of a cluster of AKS. */
export function isCluster(id: string): boolean {
  return CLUSTER_ID.test(id);
}

/** The names of a cluster: that of its resource group, and its own. */
export function clusterNames(cluster: string): { readonly group: string; readonly name: string } {
  const [, group = '', name = cluster] = CLUSTER_ID.exec(cluster) ?? [];
  return { group, name };
}
