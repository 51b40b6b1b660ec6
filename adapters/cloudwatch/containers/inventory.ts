/** Which containers and tasks there are, and what could not be listed. Pure. */
import type { Scope, Unreadable } from '../../../core/model/series.ts';
import { hostsMissing } from '../../reading/failure.ts';
import { type ListedEntries, requireEntries } from '../../reading/host-list.ts';
import type { Dimensions, Host } from '../hosts.ts';
import { isMalformed, type ListedEntry, metricsIn } from '../lists.ts';
import { type DesiredEntry, tasksOf } from './ecs.ts';
import { containersOf, type LimitedHost, type NodeMemory, podAverages } from './kubernetes.ts';
import { CONTAINER_LISTS, type ContainerListName, type ContainerLists, LISTINGS } from './lists.ts';
import type { NodeMemoryEntry } from './node-memory.ts';

export interface ContainerInventory {
  readonly hosts: readonly Host[];
  /** Hosts of which it is not known what to read. */
  readonly unknown: readonly Unreadable[];
  /** Of the scope. */
  readonly missing: readonly Unreadable[];
}

/** What is requested once the lists are there. */
export interface Completed {
  readonly desired: ListedEntries<DesiredEntry>;
  readonly memory: ListedEntries<NodeMemoryEntry>;
}

export const NOT_COMPLETED: Completed = {
  desired: { entries: [], failure: undefined },
  memory: { entries: [], failure: undefined },
};

/** Puts the lists together. Throws `SourceError` where one of them failed and gave nothing at all. */
export function inventoryOf(lists: ContainerLists, { desired, memory }: Completed, scope: Scope): ContainerInventory {
  for (const list of Object.values(lists)) requireEntries(list);
  const { containers, averages } = kubernetesIn(lists, new Map(memory.entries), scope);
  const tasks = tasksOf(setsIn(lists, 'tasks'), setsIn(lists, 'services'), desired.entries, scope);
  const known = [
    ...withKnownLimit(containers, lists.limits.failure),
    ...withKnownLimit(averages, lists.pod_limits.failure),
  ];
  return {
    hosts: [...known.filter((one) => 'best' in one), ...tasks],
    unknown: known.filter((one) => 'reason' in one),
    missing: [
      ...missingIn([...Object.values(lists), desired], scope),
      ...memoryMissing(memory, scope),
      ...malformedIn(lists, scope),
    ],
  };
}

function kubernetesIn(lists: ContainerLists, memory: NodeMemory, scope: Scope) {
  const [containers, limits] = [setsIn(lists, 'containers'), setsIn(lists, 'limits')];
  return {
    containers: containersOf(containers, limits, memory, scope),
    averages: podAverages(setsIn(lists, 'pods'), setsIn(lists, 'pod_limits'), containers, memory, scope),
  };
}

/** The clusters with containers that have no limit of their own. */
export function clustersWithoutLimits(lists: ContainerLists, scope: Scope): string[] {
  const { containers, averages } = kubernetesIn(lists, new Map(), scope);
  const without = [...containers, ...averages].filter(({ hasLimit }) => !hasLimit);
  return [...new Set(without.map(({ cluster }) => cluster))].sort();
}

function setsIn(lists: ContainerLists, name: ContainerListName): Dimensions[] {
  return setsOf(name, lists[name].entries);
}

/** Containers are then read as shares of their nodes: a run that does not know it must not look complete. */
function memoryMissing({ failure }: Completed['memory'], scope: Scope): Unreadable[] {
  if (failure === undefined) return [];
  const detail = `the memory of nodes is not known, so that containers without a limit are read as shares of it: ${failure.detail}`;
  return [{ kind: 'unreadable', scope, reason: failure.reason, detail }];
}

export function setsOf(name: ContainerListName, entries: readonly ListedEntry[]): Dimensions[] {
  return metricsIn(LISTINGS[name], entries).map(({ dimensions }) => dimensions);
}

/** Where the list of limits ended early, a container that is not in it may have one all the same: another fraction is not its own. */
function withKnownLimit(
  hosts: readonly LimitedHost[],
  failure: ContainerLists['limits']['failure'],
): (Host | Unreadable)[] {
  return hosts.map(({ host, hasLimit }) => {
    if (hasLimit || failure === undefined) return host;
    const detail = `it is not known whether this container has a limit: ${failure.detail}`;
    return { kind: 'unreadable', scope: host.best.resource, reason: failure.reason, detail };
  });
}

function missingIn(lists: readonly Pick<ListedEntries<never>, 'failure'>[], scope: Scope): Unreadable[] {
  return lists.flatMap(({ failure }) => (failure ? [hostsMissing(scope, failure)] : []));
}

function malformedIn(lists: ContainerLists, scope: Scope): Unreadable[] {
  const malformed = CONTAINER_LISTS.flatMap((name) => lists[name].entries.filter(isMalformed));
  const [first] = malformed;
  if (first === undefined) return [];
  const detail = `some containers may not be known: ${malformed.length} listed metrics are not as documented: ${first.why}`;
  return [{ kind: 'unreadable', scope, reason: 'malformed', detail }];
}
