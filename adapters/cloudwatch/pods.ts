/**
 * The pods of a node. Container Insights, basic or enhanced, publishes pods without their node and as percent of its memory,
 * which cannot be held against one node; so only what an owner has declared with the node's name is read.
 */
import type { Consumed } from './consumed.ts';
import { type Dimensions, dimensionValue, type Listed, moreSpecificFirst } from './hosts.ts';
import { POD_MEMORY_OF_NODE } from './metrics.ts';

/**
 * One consumer for each pod, or for each controller's pods where pods are published under its name.
 *
 * @param looks The node's own memory: its collector publishes it each time that it looks at the pods.
 */
export function podsOf(sets: readonly Dimensions[], looks: Listed): Consumed[] {
  const named = sets.flatMap((dimensions) => {
    const name = dimensionValue(dimensions, 'FullPodName') ?? dimensionValue(dimensions, 'PodName');
    const namespace = dimensionValue(dimensions, 'Namespace');
    return name === undefined ? [] : [{ dimensions, name, namespace }];
  });
  // A pod's own name makes that of its controller a roll-up.
  const controllers = new Set(
    named.filter(({ dimensions }) => isFull(dimensions)).map(({ dimensions }) => dimensionValue(dimensions, 'PodName')),
  );
  const pods = named.filter(({ dimensions, name }) => isFull(dimensions) || !controllers.has(name));
  return [...Map.groupBy(pods, ({ name, namespace }) => JSON.stringify([name, namespace])).values()].flatMap((same) => {
    const [pod] = same.toSorted((a, b) => moreSpecificFirst(a.dimensions, b.dimensions));
    if (pod === undefined) return [];
    const { dimensions, name, namespace } = pod;
    return {
      consumer: { kind: 'pod', name, ...(namespace !== undefined && { namespace }) },
      memory: { metric: POD_MEMORY_OF_NODE, dimensions },
      looks: [looks],
    };
  });
}

function isFull(dimensions: Dimensions): boolean {
  return dimensionValue(dimensions, 'FullPodName') !== undefined;
}
