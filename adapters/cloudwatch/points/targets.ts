/** From the sets of dimensions of listed metrics to what is requested of each host: pure. */
import { type Part, type PointMetric, partText } from '../../../core/model/points.ts';
import type { Resource } from '../../../core/model/series.ts';
import { type DimensionedMetric, type Dimensions, instanceOf, moreSpecificFirst } from '../hosts.ts';

/**
 * One thing that is measured, under each set of dimensions that it is or was published under, the most specific first: an agent that gets
 * another configuration publishes the same under another set from then on.
 */
export interface Term {
  readonly ways: readonly DimensionedMetric[];
  /** Whether it is what is left, and not what is used: the least that is left is the most that is used. */
  readonly isRest: boolean;
}

/** One part of a host, and the terms that its points are made of: their sum, where the metric is counted. */
export interface TargetPart {
  readonly part: Part;
  readonly terms: readonly Term[];
}

/** One metric of one host: it is read, and reported, as one. */
export interface Target {
  readonly resource: Resource;
  readonly metric: PointMetric;
  readonly parts: readonly TargetPart[];
  /** What a value is divided by: 100 of percent. */
  readonly divisor: number;
}

/** A listed set, and what it is of. */
export interface Way {
  readonly way: DimensionedMetric;
  readonly part: Part;
  /** What distinguishes the terms of a part: the interface, for example. Empty where a part is one thing. */
  readonly term: string;
  readonly isRest: boolean;
}

/** Sets under which one term is requested: each further one is billed for all the time in which it has nothing. */
const MOST_WAYS = 3;

/** One part for each text of it, with its terms. Roll-ups, which have fewer dimensions than the most specific set, are left out. */
export function partsOf(ways: readonly Way[]): TargetPart[] {
  const byPart = Map.groupBy(ways, ({ part }) => partText(part));
  return [...byPart.keys()].sort().flatMap((text) => {
    const own = byPart.get(text) ?? [];
    const terms = [...Map.groupBy(own, ({ term }) => term).values()].map(termOf);
    return own[0] ? [{ part: own[0].part, terms }] : [];
  });
}

function termOf(ways: readonly Way[]): Term {
  const ordered = ways.toSorted((a, b) => moreSpecificFirst(a.way.dimensions, b.way.dimensions));
  const complete = namesIn(ordered[0]?.way.dimensions ?? []);
  const own = ordered.filter(({ way }) => !isProperSubset(namesIn(way.dimensions), complete));
  return { ways: own.slice(0, MOST_WAYS).map(({ way }) => way), isRest: ordered[0]?.isRest ?? false };
}

export function namesIn(dimensions: Dimensions): ReadonlySet<string> {
  return new Set(dimensions.map(({ Name }) => Name));
}

function isProperSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return some.size < all.size && some.isSubsetOf(all);
}

/** The id of the host that a set names: an instance's, or the host name of a machine that is none. */
export function hostIdOf(dimensions: Dimensions): string | undefined {
  return instanceOf(dimensions) ?? dimensions.find(({ Name }) => Name === 'host')?.Value;
}
