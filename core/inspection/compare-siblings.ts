/**
 * Compares the hosts of a shard with each other, once all of them are read. A host whose own curve makes it a candidate is evaluated
 * again with the curves of its siblings.
 */
import { type DetectPolicy, detect } from '../detector/detect.ts';
import { fullHostOf } from '../detector/full-host.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import { curveOf, type HostCurve, type SiblingCurves } from '../detector/siblings.ts';
import type { Evaluated } from '../model/inspected-host.ts';
import type { Resource, Series } from '../model/series.ts';
import type { Verdict } from '../model/verdict.ts';

/** A host that is less likely to leak than this by its own curve is not compared: no evidence of siblings would make it a suspect. */
const CANDIDATE_FROM = 0.05;

/** Most siblings that one host is compared with: the median of more of them differs little. */
const MOST_COMPARED = 20;

/** Hosts that began to grow within so many hours of each other may do so for one reason. */
const TOGETHER_HOURS = 2;

/** Hours over which the beginnings of rises are spread. (Recorded hosts: nine of ten change points of candidates lie within.) */
const SPREAD_HOURS = 48;

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

/** Finds the siblings of a host: the hosts are sorted once, not for each of them. */
function indexOf(hosts: readonly Kept[]): (own: Kept) => SiblingCurves {
  const ordered = hosts.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const byGroup = Map.groupBy(ordered, ({ group }) => group);
  const rising = ordered.filter(({ curve }) => curve.confidence >= CANDIDATE_FROM && curve.risingHours > 0);
  const unitsByHour = Map.groupBy(rising, ({ curve }) => curve.risingHours);
  const units = new Set(rising.map(unitOf)).size;
  return (own) => {
    const siblings = own.group === undefined ? [] : (byGroup.get(own.group) ?? []);
    return {
      own: own.curve,
      group: spread(
        siblings.filter((one) => one !== own),
        MOST_COMPARED,
      ).map(({ curve }) => curve),
      fleet: {
        together: unitsNear(unitsByHour, own),
        expected: (units * (2 * TOGETHER_HOURS + 1)) / SPREAD_HOURS,
      },
    };
  };
}

/** At most so many, evenly spread over their order: the first of a group by name may all be of one version or zone. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, items.length / most);
  return items.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step));
}

/** A group counts once: what happens to its hosts at the same time has one cause. */
function unitOf({ group, key }: Kept): string {
  return group ?? key;
}

/** Groups, and hosts without one, that began to rise within two hours of a host; its own group and itself are left out. */
function unitsNear(byHour: ReadonlyMap<number, readonly Kept[]>, own: Kept): number {
  const near = new Set<string>();
  const { risingHours } = own.curve;
  for (let hour = risingHours - TOGETHER_HOURS; hour <= risingHours + TOGETHER_HOURS; hour++)
    for (const one of byHour.get(hour) ?? []) near.add(unitOf(one));
  near.delete(unitOf(own));
  return near.size;
}

/** How hosts are evaluated: with which policy, and what is known of each beside its curve. */
interface Evaluating {
  policyOf(host: Resource): DetectPolicy;
  knowledgeOf?(host: Resource): Knowledge;
}

/** The host with the verdict that its siblings leave it: as it is, where none of them is known or no evidence of theirs would change it. */
export function comparedWithSiblings(
  evaluated: Evaluated,
  comparison: SiblingComparison,
  evaluating: Evaluating,
): Evaluated {
  const { series, verdict } = evaluated;
  const { resource } = series;
  if (!isCandidate(verdict) || comparison.of(resource) === undefined) return evaluated;
  const { full: _, ...rest } = evaluated;
  const knowledge = knowingSiblings(comparison, evaluating)(resource);
  return { ...rest, ...evaluatedOf(series, detect(series, evaluating.policyOf(resource), knowledge)) };
}

/** What is known of a host, and the curves of its siblings. */
export function knowingSiblings(
  comparison: SiblingComparison,
  { knowledgeOf }: Pick<Evaluating, 'knowledgeOf'>,
): (host: Resource) => Knowledge {
  return (host) => {
    const siblings = comparison.of(host);
    return { ...knowledgeOf?.(host), ...(siblings && { siblings }) };
  };
}

/** A host with its verdict, and whether its memory is full. */
export function evaluatedOf(series: Series, verdict: Verdict): Evaluated {
  const full = fullHostOf(series, verdict);
  return { kind: 'evaluated', series, verdict, ...(full !== null && { full }) };
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
