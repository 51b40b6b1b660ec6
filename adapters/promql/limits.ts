/** The limits of containers. Pure. */
import type { ContainerLimit } from '../reading/container-limit.ts';
import type { PodContainer } from '../reading/workloads.ts';
import type { Labels } from './answers.ts';
import { CONTAINER_KINDS } from './container-kinds.ts';
import { keyOf, valuesOf } from './known-host.ts';
import type { SeriesEntry } from './list-entries.ts';

/** A container by the values of its identifying labels, and the kubelet that reports it. */
type Identified = Pick<PodContainer, 'cluster' | 'node'> & {
  readonly identity: readonly string[];
  readonly labels: Labels;
};

/**
 * Returns the newest limit of a host: that of its newest pod, or of the next one that has one, as a pod may be listed before its limit is.
 * Undefined where it is not known whether there is one.
 */
export type Limits = (newest: Identified, all: readonly Identified[]) => ContainerLimit | undefined;

/** Where there is no limit, control groups of version 1 state the largest number there is. */
const NO_LIMIT = 2 ** 60;

/** @param isComplete Whether a container that is not in the list is known to have no limit. */
export function createLimits(
  limits: readonly SeriesEntry[],
  machines: readonly SeriesEntry[],
  isComplete: boolean,
): Limits {
  const own = new Map<string, number>();
  for (const { labels, value = 0 } of limits) {
    const kind = CONTAINER_KINDS.find(({ identity }) => Object.keys(labels).every((name) => identity.includes(name)));
    if (kind === undefined || value <= 0 || value >= NO_LIMIT) continue;
    const key = keyOf(valuesOf(labels, kind.identity));
    own.set(key, Math.max(own.get(key) ?? 0, value));
  }
  const nodes = nodesIn(machines);
  return (newest, all) => {
    const found = all.map(({ identity }) => own.get(keyOf(identity))).find((bytes) => bytes !== undefined);
    if (found !== undefined) return { kind: 'own', bytes: found };
    if (!isComplete) return undefined;
    const { cluster = '', node, identity, labels } = newest;
    const instance = labels['instance'] ?? identity[1];
    const nodeBytes = nodes.get(keyOf(['node', cluster, node])) ?? nodes.get(keyOf(['instance', cluster, instance]));
    return { kind: 'none', ...(nodeBytes !== undefined && { nodeBytes }) };
  };
}

/** The memory of nodes, by name and by the kubelet that reports it. */
function nodesIn(machines: readonly SeriesEntry[]): ReadonlyMap<string, number> {
  const nodes = new Map<string, number>();
  for (const { labels, value } of machines) {
    if (labels['__name__'] !== 'machine_memory_bytes' || value === undefined || value <= 0) continue;
    const { cluster, node, instance } = labels;
    if (node) nodes.set(keyOf(['node', cluster, node]), value);
    if (instance) nodes.set(keyOf(['instance', cluster, instance]), value);
  }
  return nodes;
}
