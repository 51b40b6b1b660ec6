/** What the lists of containers hold: each entry is one page's part of a series, as JSON that another invocation reads back. */
import * as z from 'zod';
import { parseInput } from '../../../core/model/issues.ts';
import { UNREADABLE_REASONS, type Window } from '../../../core/model/series.ts';
import type { Failure } from '../../reading/failure.ts';
import { ownerOf } from '../../reading/pod-owners.ts';
import { WORKLOAD_KINDS, type Workload } from '../../reading/workloads.ts';
import { type Head, partSchema } from '../answers.ts';
import type { ListedSeries } from '../listing.ts';
import { malformed, undocumented } from '../pages.ts';
import { endOf, numberOf } from '../points.ts';
import { NODE_NAME, OWNER_NAME, OWNER_TYPE, presenceAt } from './queries.ts';

/** Kubernetes' names, which go back to the service inside filters. */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'must be a name of Kubernetes');

/** A container of a pod. */
const identitySchema = z.object({
  location: name,
  cluster: name,
  namespace: name,
  pod: name,
  container: name,
});

export type ContainerKey = z.output<typeof identitySchema>;

const failureSchema = z.strictObject({ reason: z.enum(UNREADABLE_REASONS), detail: z.string() }).readonly();

/** A container that has run lately. */
export const runningEntrySchema = z.union([
  identitySchema
    .extend({
      node: z.string().exactOptional(),
      owner: z.strictObject({ name: z.string(), kind: z.enum(WORKLOAD_KINDS).exactOptional() }).exactOptional(),
      atEnd: z.boolean(),
      hourBefore: z.boolean(),
    })
    .strict()
    .readonly(),
  failureSchema,
]);

/** A container's limit in bytes, and the newest time at which it held. */
export const limitEntrySchema = z.union([
  identitySchema.extend({ limit: z.number().positive(), at: z.number() }).strict().readonly(),
  failureSchema,
]);

/** What the pods of a node may have together, in bytes. */
export const nodeEntrySchema = z.union([
  z.strictObject({ location: name, cluster: name, node: z.string(), bytes: z.number().positive() }).readonly(),
  failureSchema,
]);

/** A container of a pod that was there within the window, and when it was seen last. */
export const earlierEntrySchema = z.union([
  identitySchema.extend({ at: z.number() }).strict().readonly(),
  failureSchema,
]);

export type RunningEntry = z.output<typeof runningEntrySchema>;
export type LimitEntry = z.output<typeof limitEntrySchema>;
export type NodeEntry = z.output<typeof nodeEntrySchema>;
export type EarlierEntry = z.output<typeof earlierEntrySchema>;
export type FailureEntry = z.output<typeof failureSchema>;

/** Whose series it is; undefined where its labels are no names. */
export function keyOf({ resource: { labels } }: Pick<Head, 'resource'>): ContainerKey | undefined {
  return identitySchema.safeParse({
    location: labels['location'],
    cluster: labels['cluster_name'],
    namespace: labels['namespace_name'],
    pod: labels['pod_name'],
    container: labels['container_name'],
  }).data;
}

export function runningEntries(listed: ListedSeries, window: Window): RunningEntry[] {
  return entriesOf(listed, (head, points) => {
    const key = keyOf(head);
    if (key === undefined) return NO_NAMES;
    const presences = points.map(({ end }) => presenceAt(end, window));
    const node = systemLabel(head, NODE_NAME);
    const owner = topLevelOwner(systemLabel(head, OWNER_NAME), systemLabel(head, OWNER_TYPE), key.pod);
    return {
      ...key,
      ...(node !== undefined && { node }),
      ...(owner !== undefined && { owner }),
      atEnd: presences.some(({ atEnd }) => atEnd),
      hourBefore: presences.some(({ hourBefore }) => hourBefore),
    };
  });
}

/** Nothing of a container whose limit is 0, which is none. */
export function limitEntries(listed: ListedSeries): LimitEntry[] {
  return entriesOf(listed, (head, points) => {
    const key = keyOf(head);
    if (key === undefined) return NO_NAMES;
    const newest = newestOf(points);
    return newest.value > 0 ? { ...key, limit: newest.value, at: newest.end } : undefined;
  });
}

export function nodeEntries(listed: ListedSeries): NodeEntry[] {
  return entriesOf(listed, (head, points) => {
    const { location, cluster_name: cluster, node_name: node } = head.resource.labels;
    const entry = nodeEntrySchema.safeParse({ location, cluster, node, bytes: newestOf(points).value });
    return entry.data ?? NO_NAMES;
  });
}

export function earlierEntries(listed: ListedSeries): EarlierEntry[] {
  return entriesOf(listed, (head, points) => {
    const key = keyOf(head);
    return key === undefined ? NO_NAMES : { ...key, at: newestOf(points).end };
  });
}

const NO_NAMES = failureEntry(undocumented('a series has no names of a cluster, a namespace, a pod and a container'));

function failureEntry({ reason, detail }: Failure): FailureEntry {
  return { reason, detail };
}

interface Point {
  readonly end: number;
  readonly value: number;
}

/** @param make Called with one point at least. */
function entriesOf<Entry>(
  listed: ListedSeries,
  make: (head: Head, points: readonly [Point, ...Point[]]) => Entry | FailureEntry | undefined,
): (Entry | FailureEntry)[] {
  if (listed.kind === 'failed') return [failureEntry(listed.failure)];
  const part = parseInput(partSchema, listed.series);
  if (!part.success) return [failureEntry(malformed(part.error))];
  const [first, ...others] = part.data.points.flatMap(pointOf);
  if (first === undefined) {
    const what = 'a series of a container has no point with a time and a number';
    return part.data.points.length === 0 ? [] : [failureEntry(undocumented(what))];
  }
  const entry = make(listed.head, [first, ...others]);
  return entry === undefined ? [] : [entry];
}

function pointOf(point: unknown): Point[] {
  const end = endOf(point);
  const value = numberOf(point);
  return end === undefined || value === undefined ? [] : [{ end, value }];
}

function newestOf([first, ...others]: readonly [Point, ...Point[]]): Point {
  return others.reduce((newest, point) => (point.end > newest.end ? point : newest), first);
}

function systemLabel({ metadata }: Head, label: string): string | undefined {
  return metadata?.systemLabels?.fields[label]?.stringValue || undefined;
}

/** Undefined where nobody is named: the pod's name has to do. */
function topLevelOwner(owner: string | undefined, type = '', pod: string): Workload | undefined {
  return owner === undefined || type === '' ? undefined : ownerOf(type, owner, pod);
}
