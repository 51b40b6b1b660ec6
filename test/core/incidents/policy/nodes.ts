/** Incidents of a container and of the node that it runs on. */
import type { Change } from '../../../../core/model/change.ts';
import { anItem, type ItemOptions } from './changes.ts';

const POD = 'checkout-7d9fbc6d5-x2x4z';
const CLUSTER = { 'k8s.cluster.name': 'prod', 'k8s.node.name': 'node-a' };
export const LABELS = { ...CLUSTER, 'k8s.namespace.name': 'shop', 'k8s.pod.name': POD };

/** A leak of a container. */
export function aContainer({ labels = LABELS, ...options }: ItemOptions & { labels?: Record<string, string> } = {}) {
  return anItem({
    host: { id: 'prod/shop/checkout/api', kind: 'container', group: 'shop/checkout', labels },
    ...options,
  });
}

/** A leak of its node, of which the pod has a share. */
export function aNode({ share = 0.9, kind = 'pod' as 'pod' | 'process', change = {} as Partial<Change> } = {}) {
  const item = anItem({ host: { id: 'i-node-a', labels: CLUSTER }, leak: { consumer: POD }, change });
  const { leak } = item.change;
  if (leak?.attribution?.kind !== 'attributed') throw new Error('a node has consumers');
  const interval = { low: share, estimate: share, high: share };
  const grown = leak.attribution.grown.map((one) => ({ ...one, kind, namespace: 'shop', share: interval }));
  const stated = { ...item.change, leak: { ...leak, attribution: { ...leak.attribution, grown } } };
  return { incident: { ...item.incident, undecided: [stated] }, change: stated };
}
