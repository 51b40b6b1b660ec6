/**
 * Who reports the memory of containers, as data. All of them report the working set, which the kubelet evicts by and the kernel's OOM
 * killer comes close to, and under one name.
 *
 * cAdvisor, in the kubelet or alone: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
 * OpenTelemetry's kubeletstats receiver: https://opentelemetry.io/docs/specs/semconv/system/k8s-metrics/
 * kube-state-metrics: https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics
 */
import { described, is, isNot, type Matcher, selector } from './expressions.ts';

export const WORKING_SET = 'container_memory_working_set_bytes';

export const CONTAINER_KIND_NAMES = ['cadvisor', 'otel', 'plain'] as const;
export type ContainerKindName = (typeof CONTAINER_KIND_NAMES)[number];

export interface ContainerKind {
  readonly name: ContainerKindName;
  /** Which series of the working set are of such containers, and not of pods, of control groups or of the machine. */
  readonly matchers: readonly Matcher[];
  /** The labels that make a container of a series, in the order of its parts: cluster, namespace and pod (or machine), name. */
  readonly identity: readonly [cluster: string, ...rest: string[]];
  /** That of them by which a request names some containers. */
  readonly requested: string;
  /** Another of them that narrows it: pods of many namespaces may have one name. */
  readonly narrowed?: string;
  /** Expressions of the limit in bytes, with the labels of the identity; of several the first counts. 0 is none. */
  readonly limits: readonly string[];
}

const CADVISOR: readonly Matcher[] = [isNot('container', ''), isNot('container', 'POD'), isNot('pod', '')];
const PLAIN: readonly Matcher[] = [isNot('name', ''), is('container', ''), is('pod', ''), is('k8s_pod_name', '')];

export const CONTAINER_KINDS: readonly ContainerKind[] = [
  {
    name: 'cadvisor',
    matchers: CADVISOR,
    identity: ['cluster', 'namespace', 'pod', 'container'],
    requested: 'pod',
    narrowed: 'namespace',
    limits: [
      described(selector('kube_pod_container_resource_limits', [is('resource', 'memory')]), [
        'namespace',
        'pod',
        'container',
      ]),
      `${selector('container_spec_memory_limit_bytes', CADVISOR)} > 0`,
    ],
  },
  {
    name: 'otel',
    matchers: [isNot('k8s_container_name', ''), isNot('k8s_pod_name', '')],
    identity: ['k8s_cluster_name', 'k8s_namespace_name', 'k8s_pod_name', 'k8s_container_name'],
    requested: 'k8s_pod_name',
    narrowed: 'k8s_namespace_name',
    limits: [selector('k8s_container_memory_limit_bytes')],
  },
  {
    // Of Docker without Kubernetes.
    name: 'plain',
    matchers: PLAIN,
    identity: ['cluster', 'instance', 'name'],
    requested: 'instance',
    narrowed: 'name',
    limits: [`${selector('container_spec_memory_limit_bytes', PLAIN)} > 0`],
  },
];
