/** From the labels of a tenant's own metric to the host and the part that it is of. */
import type { Part, PointFeed } from '../../core/model/points.ts';
import type { Resource, Scope } from '../../core/model/series.ts';

/** Between the values of several labels that make one id. In a value of several it is written as in addresses: ids of two hosts differ. */
const BETWEEN = '/';

/** The host that a series of a feed is of; undefined where a label of its id is missing, as of an aggregate over hosts. */
export function feedHost(
  scope: Scope,
  { entity, parents }: Pick<PointFeed, 'entity' | 'parents'>,
  labels: ReadonlyMap<string, string>,
): Resource | undefined {
  const values = entity.map((name) => labels.get(name));
  if (values.some((value) => value === undefined || value === '')) return undefined;
  const kept = textsOf(parents, labels);
  const id =
    values.length === 1 ? values.join() : values.map((value) => value?.replaceAll(BETWEEN, '%2F')).join(BETWEEN);
  return { ...scope, id, ...(Object.keys(kept).length > 0 && { labels: kept }) };
}

/** The part of its host that a series of a feed is of. */
export function feedPart({ children }: Pick<PointFeed, 'children'>, labels: ReadonlyMap<string, string>): Part {
  return textsOf(children, labels);
}

function textsOf(names: readonly string[], labels: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => [[name, labels.get(name)] as const]).filter(isStated));
}

function isStated(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined && entry[1] !== '';
}
