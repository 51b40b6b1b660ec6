/**
 * Compares the hosts of a shard with each other, once all of them are read. A host whose own curve makes it a candidate is evaluated
 * again with the curves of its siblings.
 */
import { curveOf, type HostCurve, type SiblingCurves } from '../detector/siblings.ts';
import type { Resource, Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';

/** A host that is less likely to leak than this by its own curve is not compared: no evidence of siblings would make it a suspect. */
export const CANDIDATE_FROM = 0.05;

/** Most siblings that one host is compared with: the median of more of them says no more. */
const MOST_COMPARED = 20;

/** Hosts that began to grow within so many hours of each other may do so for one reason. */
const TOGETHER_HOURS = 2;

/** Whether a verdict may change with the curves of siblings. */
export function isCandidate(verdict: Verdict): boolean {
  return verdict.state !== 'insufficient_data' && verdict.evidence.confidence >= CANDIDATE_FROM;
}

/** The hosts of one account, region and metric that were read for the same window. */
export interface SiblingComparison {
  /** Keeps the curve of a host: some 400 bytes. */
  add(series: Series, verdict: Verdict): void;
  /** What a host of these is compared with; undefined where there is nothing. */
  of(host: Resource): SiblingCurves | undefined;
}

interface Kept {
  readonly key: string;
  readonly group: string | undefined;
  readonly curve: HostCurve;
}

export function compareSiblings(): SiblingComparison {
  const hosts = new Map<string, Kept>();
  let index: ReturnType<typeof indexOf> | undefined;
  return {
    add(series, verdict) {
      const curve = curveOf(series, verdict);
      if (curve === null) return;
      const key = hostKey(series.resource);
      hosts.set(key, { key, group: groupKey(series.resource), curve });
      index = undefined;
    },
    of(host) {
      const own = hosts.get(hostKey(host));
      if (own === undefined || hosts.size < 2) return undefined;
      index ??= indexOf([...hosts.values()]);
      return index(own);
    },
  };
}

/** Finds the siblings of a host: a fleet is sorted once, not for each of its hosts. */
function indexOf(hosts: readonly Kept[]): (own: Kept) => SiblingCurves {
  const ordered = hosts.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const byGroup = Map.groupBy(ordered, ({ group }) => group);
  const rising = Map.groupBy(
    ordered.filter(({ curve }) => curve.confidence >= CANDIDATE_FROM),
    ({ curve }) => curve.risingHours,
  );
  return (own) => {
    const siblings = own.group === undefined ? [] : (byGroup.get(own.group) ?? []);
    const isOther = (one: Kept) => one !== own && (own.group === undefined || one.group !== own.group);
    const hours = Array.from({ length: 2 * TOGETHER_HOURS + 1 }, (_, i) => own.curve.risingHours - TOGETHER_HOURS + i);
    const together = hours.flatMap((hour) => rising.get(hour) ?? []).filter(isOther);
    return {
      group: siblings
        .filter((one) => one !== own)
        .slice(0, MOST_COMPARED)
        .map(({ curve }) => curve),
      fleet: together.slice(0, MOST_COMPARED).map(({ curve }) => curve),
      fleetSize: ordered.length - Math.max(1, siblings.length),
    };
  };
}

/** Azure writes one name in several cases. */
function groupKey({ provider, account, region, group }: Resource): string | undefined {
  if (group === undefined) return undefined;
  return JSON.stringify([account, region, provider === 'azure' ? group.toLowerCase() : group]);
}

/** Two accounts, or two recorded files, may know hosts by the same id. */
export function hostKey({ account, region, id }: Resource): string {
  return JSON.stringify([account, region, id]);
}
