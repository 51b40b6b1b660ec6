/**
 * What a host is called where it is a container or a task, and what restarts it. Nobody restarts a node for a container: its workload
 * replaces it. Names come from a cloud: one that is none makes no command.
 */
import type { HostKind, Resource } from '../model/series.ts';
import { shellWord } from './explain-command.ts';
import { hostName } from './locations.ts';
import { formatLevel } from './units.ts';

/** Hosts that messages are about: of every kind, and with whatever labels. */
type Host = Pick<Resource, 'id' | 'name' | 'kind' | 'group' | 'labels' | 'region' | 'provider'>;

const PLURALS: Readonly<Record<HostKind, string>> = { container: 'containers', task: 'tasks' };

/** `host`, `container` or `task`. */
export function hostNoun({ kind }: Pick<Host, 'kind'>): string {
  return kind ?? 'host';
}

export function hostsNoun({ kind }: Pick<Host, 'kind'>): string {
  return kind === undefined ? 'hosts' : PLURALS[kind];
}

/** `container api of pod checkout-7d9f8c6b5d-x2k9z on node ip-10-0-1-17`; undefined of a machine. */
export function containerText(host: Host): string | undefined {
  if (host.kind === undefined) return undefined;
  const label = labelsOf(host);
  if (host.kind === 'task') return taskText(host, label);
  const [container, pod, node] = ['k8s.container.name', 'k8s.pod.name', 'k8s.node.name'].map(label);
  const workload = workloadOf(host);
  const owner = workload && `${workload.kind} ${workload.name}`;
  return [
    container === undefined ? hostName(host) : `container ${container}`,
    ...(pod === undefined ? (owner === undefined ? [] : [`of ${owner}`]) : [`of pod ${pod}`]),
    ...(node === undefined ? [] : [`on node ${node}`]),
  ].join(' ');
}

function taskText(host: Host, label: (name: string) => string | undefined): string {
  const [id, service] = ['aws.ecs.task.id', 'aws.ecs.service.name'].map(label);
  if (id !== undefined) return service === undefined ? `task ${id}` : `task ${id} of service ${service}`;
  return service === undefined ? `task ${hostName(host)}` : `the task of service ${service}`;
}

/** What the figures of a container are, where they are not of it alone or of a limit of its own; empty elsewhere. */
export function containerNotes(host: Host): string[] {
  const label = labelsOf(host);
  const aggregate = label('plimsoll.aggregate');
  return [
    ...(aggregate === undefined ? [] : [`figures are the ${aggregate}`]),
    ...limitNote(label('plimsoll.limit'), Number(label('plimsoll.node.memory'))),
  ];
}

/** @param nodeBytes Not a number where it is not known. */
function limitNote(limit: string | undefined, nodeBytes: number): string[] {
  if (limit === 'node') return ['it has no limit of its own: figures are of its node’s memory'];
  if (limit !== 'none') return [];
  const node = nodeBytes > 0 ? `: its node has ${formatLevel(nodeBytes, 'By')}, which others use too` : '';
  return [`it has no limit of its own${node}`];
}

interface Workload {
  /** As kubectl has it. */
  readonly kind: string;
  readonly name: string;
}

const WORKLOAD_LABELS = {
  deployment: 'k8s.deployment.name',
  statefulset: 'k8s.statefulset.name',
  daemonset: 'k8s.daemonset.name',
  job: 'k8s.job.name',
} as const;

/** Undefined where it is not known. */
function workloadOf(host: Host): Workload | undefined {
  const label = labelsOf(host);
  for (const [kind, key] of Object.entries(WORKLOAD_LABELS)) {
    const name = label(key);
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}

/** `deployment shop/checkout`, `service orders of cluster prod`: what is restarted. Undefined of a machine, and where it is not known. */
export function restartedText(host: Host): string | undefined {
  if (host.kind === undefined) return undefined;
  const label = labelsOf(host);
  const [namespace, service, cluster] = ['k8s.namespace.name', 'aws.ecs.service.name', 'aws.ecs.cluster.name'].map(
    label,
  );
  if (host.kind === 'task')
    return service === undefined ? undefined : `service ${service} of cluster ${cluster ?? 'unknown'}`;
  const workload = workloadOf(host);
  return workload && `${workload.kind} ${namespace === undefined ? '' : `${namespace}/`}${workload.name}`;
}

/** What replaces the containers of a workload, or the tasks of a service, one after another; undefined where there is no such command. */
export function restartCommand(host: Host): string | undefined {
  return host.kind === 'task' ? serviceCommand(host, '--force-new-deployment') : rolloutCommand(host, 'restart');
}

/** What goes back to the revision before; undefined where there is no such command. ECS keeps no order of its task definitions. */
export function undoCommand(host: Host): string | undefined {
  return host.kind === 'container' ? rolloutCommand(host, 'undo') : undefined;
}

/** A Job has no rollout. */
const ROLLED_OUT: readonly string[] = ['deployment', 'statefulset', 'daemonset'];

function rolloutCommand(host: Host, verb: 'restart' | 'undo'): string | undefined {
  const workload = workloadOf(host);
  const namespace = labelsOf(host)('k8s.namespace.name');
  if (host.kind !== 'container' || workload === undefined || namespace === undefined) return undefined;
  if (!ROLLED_OUT.includes(workload.kind) || !isKubernetesName(workload.name) || !isKubernetesName(namespace))
    return undefined;
  return `kubectl rollout ${verb} ${workload.kind}/${workload.name} -n ${namespace}`;
}

function serviceCommand(host: Host, option: string): string | undefined {
  const label = labelsOf(host);
  const [cluster, service] = ['aws.ecs.cluster.name', 'aws.ecs.service.name'].map(label);
  if (cluster === undefined || service === undefined || !isEcsName(cluster) || !isEcsName(service)) return undefined;
  const region = host.region === null ? '' : ` --region ${shellWord(host.region)}`;
  return `aws ecs update-service --cluster ${cluster} --service ${service} ${option}${region}`;
}

/** What shows whether it still runs; undefined where there is no such command. */
export function lookCommand(host: Host): string | undefined {
  const label = labelsOf(host);
  if (host.kind === 'task') {
    const [cluster, service] = ['aws.ecs.cluster.name', 'aws.ecs.service.name'].map(label);
    if (cluster === undefined || service === undefined || !isEcsName(cluster) || !isEcsName(service)) return undefined;
    return `aws ecs list-tasks --cluster ${cluster} --service-name ${service}`;
  }
  const namespace = label('k8s.namespace.name');
  return host.kind === 'container' && namespace !== undefined && isKubernetesName(namespace)
    ? `kubectl get pods -n ${namespace} -o wide`
    : undefined;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function isKubernetesName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text);
}

/** Of a cluster or a service. A name that began with a dash would be taken for an option. */
export function isEcsName(text: string): boolean {
  return /^\w[\w-]{0,254}$/.test(text);
}

function labelsOf({ labels = {} }: Pick<Host, 'labels'>): (name: string) => string | undefined {
  return (name) => (Object.hasOwn(labels, name) ? labels[name] : undefined);
}
