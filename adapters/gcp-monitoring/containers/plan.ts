/** From the lists of containers to the hosts that are read, and each of them as JSON that another invocation reads back. Pure. */
import * as z from 'zod';
import { admits, type HostFilter } from '../../../core/model/host-filter.ts';
import type { InRegion, Scope, Unreadable } from '../../../core/model/series.ts';
import type { HostPlan, Listed, PlannedHost } from '../../../core/ports/memory-source.ts';
import { type Failure, hostsMissing } from '../../reading/failure.ts';
import { entryOf, type ListedEntries, listedOf, requireEntries } from '../../reading/host-list.ts';
import {
  type EarlierEntry,
  earlierEntrySchema,
  type FailureEntry,
  limitEntrySchema,
  nodeEntrySchema,
  runningEntrySchema,
} from './entries.ts';
import { type ClusterHost, clusterHosts, earlierContainers, runningContainers } from './hosts.ts';
import { EARLIER } from './lists.ts';

const hostEntrySchema = z.strictObject({
  location: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  container: z.string(),
  pods: z.array(z.string()).min(1).readonly(),
  limit: z.number().positive().exactOptional(),
});

/** Throws `SourceError` where no container can be known. */
export function planOf(
  listed: ReadonlyMap<string, Listed>,
  scope: InRegion<Scope>,
  filters: readonly HostFilter[],
): HostPlan {
  const containers = listedOf(listed, 'containers', runningEntrySchema);
  const limits = listedOf(listed, 'limits', limitEntrySchema);
  const nodes = listedOf(listed, 'nodes', nodeEntrySchema);
  const earlier = listed.has(EARLIER) ? listedOf(listed, EARLIER, earlierEntrySchema) : NOT_REQUESTED;
  requireEntries(containers);
  const running = runningContainers(containers.entries, scope);
  if (running.length === 0) requireEntries({ entries: [], failure: failureOf(containers) });
  const limitFailure = failureOf(limits);
  const hosts = clusterHosts([...running, ...earlierContainers(earlier.entries, running, scope)], scope, {
    limits: limits.entries,
    limitsAreComplete: limitFailure === undefined,
    nodes: nodes.entries,
  });
  const truncated = failureOf(containers);
  return {
    hosts: hosts.filter(({ resource }) => admits(filters, resource)).map(plan),
    readings: [
      ...(truncated ? [hostsMissing(scope, truncated)] : []),
      ...(running.length === 0
        ? []
        : [
            ...unknown(scope, 'the limits of some containers are not known', limitFailure),
            ...unknown(scope, 'the memory of some nodes is not known', failureOf(nodes)),
            ...unknown(scope, 'some pods that were replaced are not known, nor what they used', failureOf(earlier)),
          ]),
    ],
  };
}

const NOT_REQUESTED: ListedEntries<EarlierEntry> = { entries: [], failure: undefined };

type Why = Pick<Failure, 'reason' | 'detail'>;

function failureOf({ entries, failure }: ListedEntries<FailureEntry | { readonly cluster: string }>): Why | undefined {
  return entries.find((entry) => 'reason' in entry) ?? failure;
}

/** A run that does not know it must not look complete: containers are read without what is missing. */
function unknown(scope: Scope, what: string, why: Why | undefined): Unreadable[] {
  return why === undefined ? [] : [{ kind: 'unreadable', scope, reason: why.reason, detail: `${what}: ${why.detail}` }];
}

function plan({ resource, key, pods, limit }: ClusterHost): PlannedHost {
  return { resource, entry: { ...key, pods, ...(limit !== undefined && { limit }) } };
}

/** Throws `SourceError` for a host that another version planned. */
export function plannedHost(planned: PlannedHost): ClusterHost {
  const { pods, limit, ...key } = entryOf(planned, hostEntrySchema);
  return { resource: planned.resource, key, pods, ...(limit !== undefined && { limit }) };
}
