/** The pods that Container Insights publishes a metric of. */
import type { Consumed } from './consumer-samples.ts';
import { type DimensionedMetric, type Dimensions, dimensionValue, moreSpecificFirst } from './hosts.ts';
import type { MetricName } from './metrics.ts';

/**
 * One consumer for each pod, or for each controller's pods where pods are published under its name.
 *
 * @param looks The node's own memory: its collector publishes it each time that it looks at the pods. None where the mean of
 * the pods of one name is wanted, and not what they use together.
 */
export function podsOf(
  metric: MetricName,
  sets: readonly Dimensions[],
  looks: readonly DimensionedMetric[],
): Consumed[] {
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
      memory: { metric, dimensions },
      looks,
    };
  });
}

function isFull(dimensions: Dimensions): boolean {
  return dimensionValue(dimensions, 'FullPodName') !== undefined;
}
