/** Which hosts there are, and which of them publish their memory: from listings, not from the samples. Pure. */
import type { Resource, Scope } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { type ListedEntries, requireEntries } from '../reading/host-list.ts';
import { type Host, hostsOf, instanceOf, isInstance } from './hosts.ts';
import type { Malformed } from './listing.ts';
import { isMalformed, type ListedEntry, MEMORY_LISTS, type MetricListName, metricsOf } from './lists.ts';

export interface Inventory {
  /** Hosts that publish their memory, or did within the last two weeks. */
  readonly reporting: readonly Host[];
  /** Instances that published it within the last two weeks and no longer run: not in scope, but for a read that includes them. */
  readonly gone: readonly Host[];
  /** Instances that run and have not published it within the last two weeks. */
  readonly notReporting: readonly Resource[];
  /** Instances whose listed metrics are all malformed, and why. */
  readonly malformed: readonly { readonly resource: Resource; readonly why: string }[];
  /** Listed metrics that are malformed and name no instance. */
  readonly unrecognised: readonly Malformed[];
  /** Why the listing of hosts, or that of their metrics, ended early; undefined where it is complete. */
  readonly hostsTruncated: Truncation | undefined;
  readonly metricsTruncated: Truncation | undefined;
}

type Truncation = Pick<Failure, 'reason' | 'detail'>;

/** What the lists of metrics gave. */
export type Lists = Readonly<Record<MetricListName, ListedEntries<ListedEntry>>>;

/** Puts the lists together. Throws `SourceError` where one of them failed and gave nothing at all. */
export function inventoryOf(lists: Lists, scope: Scope): Inventory {
  for (const list of Object.values(lists)) requireEntries(list);
  const live = metricsOf('live', lists.live.entries);
  const instances = new Set(live.flatMap(({ dimensions }) => instanceOf(dimensions) ?? []));
  const all = hostsOf(
    MEMORY_LISTS.flatMap((name) => metricsOf(name, lists[name].entries)),
    scope,
  );
  // An instance that EC2 no longer reports is terminated or stopped: not in scope.
  const reporting = all.filter((host) => !isInstance(host) || instances.has(host.id));
  const gone = all.filter((host) => isInstance(host) && !instances.has(host.id));
  const reported = new Set(reporting.map(({ id }) => id));
  const allMalformed = malformedOf([lists.live, ...MEMORY_LISTS.map((name) => lists[name])]);
  const whyMalformed = new Map(
    allMalformed.flatMap(({ instance, why }) =>
      instance !== undefined && instances.has(instance) && !reported.has(instance) ? [[instance, why] as const] : [],
    ),
  );
  const malformed = [...whyMalformed].map(([id, why]) => ({ resource: { ...scope, id }, why }));
  const notReporting = [...instances]
    .filter((id) => !reported.has(id) && !whyMalformed.has(id))
    .map((id) => ({ ...scope, id }));
  const unrecognised = allMalformed.filter(({ instance }) => instance === undefined);
  const hostsTruncated = lists.live.failure;
  const metricsTruncated = MEMORY_LISTS.map((name) => lists[name].failure).find(Boolean);
  return { reporting, gone, notReporting, malformed, unrecognised, hostsTruncated, metricsTruncated };
}

function malformedOf(lists: readonly ListedEntries<ListedEntry>[]): Malformed[] {
  return lists
    .flatMap(({ entries }) => entries)
    .filter(isMalformed)
    .map(({ why, instance }) => ({ why, instance }));
}
