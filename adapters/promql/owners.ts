/** Who owns pods, as kube-state-metrics or the labels of OpenTelemetry name it. Pure. */
import type { Workload, WorkloadKind } from '../reading/workloads.ts';
import type { Labels } from './answers.ts';
import { keyOf } from './known-host.ts';
import type { SeriesEntry } from './list-entries.ts';

export interface OwnerOf {
  (cluster: string, namespace: string, pod: string): Workload | undefined;
  /** Whether a pod existed at the end of the window. Where nobody knows, it did not. */
  exists(cluster: string, namespace: string, pod: string): boolean;
}

export function ownersIn(entries: readonly SeriesEntry[]): OwnerOf {
  const owners = new Map<string, Workload | undefined>();
  for (const { labels } of entries) {
    const { cluster, namespace, pod, owner_kind: kind = '', owner_name: name = '' } = labels;
    const key = keyOf([cluster, namespace, pod]);
    // A pod has one that controls it. Of several the first by name counts, whatever order they come in.
    const known = owners.get(key);
    const owner = workloadOf(kind, name);
    if (known === undefined || (owner !== undefined && owner.name < known.name)) owners.set(key, owner);
  }
  const ownerOf = (cluster: string, namespace: string, pod: string) => owners.get(keyOf([cluster, namespace, pod]));
  return Object.assign(ownerOf, {
    exists: (cluster: string, namespace: string, pod: string) => owners.has(keyOf([cluster, namespace, pod])),
  });
}

/** A ReplicaSet is called as its Deployment and the hash of a template: https://kubernetes.io/docs/concepts/workloads/controllers/deployment */
const REPLICA_SET = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;

/** A Job of a CronJob is called as that one and the minute it was due. */
const SCHEDULED_JOB = /^(.+)-\d{8,}$/;

/** Undefined where the pod's name has to do. */
function workloadOf(kind: string, name: string): Workload | undefined {
  if (name === '' || name.startsWith('<')) return undefined;
  switch (kind) {
    case 'ReplicaSet':
      return { kind: 'deployment', name: REPLICA_SET.exec(name)?.[1] ?? name };
    case 'StatefulSet':
      return { kind: 'statefulset', name };
    case 'DaemonSet':
      return { kind: 'daemonset', name };
    case 'Job':
      return { kind: 'job', name: SCHEDULED_JOB.exec(name)?.[1] ?? name };
    // A static pod is its node's own.
    case 'Node':
      return undefined;
    default:
      return { name };
  }
}

const LABELS: readonly (readonly [label: string, kind: WorkloadKind])[] = [
  ['k8s_deployment_name', 'deployment'],
  ['k8s_statefulset_name', 'statefulset'],
  ['k8s_daemonset_name', 'daemonset'],
  ['k8s_job_name', 'job'],
];

/** https://opentelemetry.io/docs/specs/semconv/resource/k8s/ */
export function ownerByLabels(labels: Labels): Workload | undefined {
  for (const [label, kind] of LABELS) {
    const name = labels[label];
    if (name) return { kind, name };
  }
  return undefined;
}
