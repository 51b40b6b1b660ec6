/** How Kubernetes names the pods of a workload. */
import { seedOf, uniformAt } from './random.ts';

/** What random names consist of: no vowel, so that no word comes about, and nothing that looks like another character. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export type ControllerKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';

/** `index` is that of the pod in its workload: of a Deployment's rollout it is the same for all replicas. */
export function podName(kind: ControllerKind, workload: string, index: number, rollout = 0): string {
  const suffix = podSuffix(seedOf(`${workload}/${rollout}/${index}`));
  switch (kind) {
    case 'Deployment':
      return `${replicaSetName(workload, rollout)}-${suffix}`;
    case 'StatefulSet':
      return `${workload}-${index}`;
    case 'DaemonSet':
    case 'Job':
      return `${workload}-${suffix}`;
  }
}

/** A Deployment has another ReplicaSet after each rollout. */
export function replicaSetName(workload: string, rollout: number): string {
  return `${workload}-${randomName(seedOf(`${workload}#${rollout}`), 9)}`;
}

export function podSuffix(seed: number): string {
  return randomName(seed, 5);
}

function randomName(seed: number, length: number): string {
  return Array.from({ length }, (_, at) => ALPHABET[Math.floor(uniformAt(seed, at) * ALPHABET.length)]).join('');
}
