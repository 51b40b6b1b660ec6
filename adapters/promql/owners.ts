/** Who owns pods, as kube-state-metrics or the labels of OpenTelemetry name it. Pure. */
import { ownerOf } from '../reading/pod-owners.ts';
import { cronJobOf, type Workload, type WorkloadKind } from '../reading/workloads.ts';
import type { Labels } from './answers.ts';
import { keyOf } from './known-host.ts';
import type { SeriesEntry } from './list-entries.ts';

export interface OwnerOf {
  (cluster: string, namespace: string, pod: string): Workload | undefined;
  /** Whether a container of a pod should have been running at the end of the window. Where nobody knows, it should not. */
  isExpected(cluster: string, namespace: string, pod: string, container: string): boolean;
}

export function ownersIn(entries: readonly SeriesEntry[]): OwnerOf {
  const owners = new Map<string, Workload>();
  const ended = new Set<string>();
  for (const { labels } of entries) {
    const { cluster, namespace, pod = '', owner_kind: kind = '', owner_name: name = '' } = labels;
    const { phase, container } = labels;
    const key = keyOf([cluster, namespace, pod]);
    if (phase !== undefined || container !== undefined) {
      ended.add(container === undefined ? key : keyOf([cluster, namespace, pod, container]));
      continue;
    }
    // A pod has one that controls it. Of several the first by name counts, whatever order they come in; nobody after them all.
    const known = owners.get(key);
    const owner = ownerOf(kind, name, pod);
    if (known === undefined || isBefore(owner, known)) owners.set(key, owner);
  }
  const find = (cluster: string, namespace: string, pod: string) => owners.get(keyOf([cluster, namespace, pod]));
  return Object.assign(find, {
    isExpected(...[cluster, namespace, pod, container]: Parameters<OwnerOf['isExpected']>) {
      const key = keyOf([cluster, namespace, pod]);
      return owners.has(key) && !ended.has(key) && !ended.has(keyOf([cluster, namespace, pod, container]));
    },
  });
}

function isBefore(a: Workload, b: Workload): boolean {
  if ((a.kind === 'pod') !== (b.kind === 'pod')) return b.kind === 'pod';
  return a.name < b.name;
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
    if (name) return { kind, name: kind === 'job' ? (cronJobOf(name)?.name ?? name) : name };
  }
  return undefined;
}
