/** Where the samples of hosts come from: which expression gives them, and by which labels its series are known. Pure. */
import type { Span, Unit } from '../../core/model/series.ts';
import { CLUSTER_LABELS } from './clusters.ts';
import { CONTAINER_KINDS, type ContainerKind } from './container-kinds.ts';
import { CUSTOM_SOURCE, type CustomQuery, customSamples } from './custom-queries.ts';
import { isOneOf, type Matcher } from './expressions.ts';
import { type KnownHost, keyOf } from './known-host.ts';
import { MACHINE_KINDS, type MachineKind } from './machine-kinds.ts';
import { containerSamples, machineSamples } from './queries.ts';

export interface SampleSource {
  readonly key: string;
  /** Whoever reports, for people. */
  readonly title: string;
  readonly unit: Unit;
  /** Those whose values are the `cluster` of the identity. */
  readonly clusterLabels: readonly string[];
  /** The labels that make a series one of a host. */
  readonly identity: readonly string[];
  /** That of them by which hosts are requested. Absent where an expression is taken as it is, so that it gives all hosts each time. */
  readonly requested?: string;
  /** Another by which such a request is narrowed. */
  readonly narrowed?: string;
  expression(hosts: readonly Matcher[], span: Pick<Span, 'periodMs' | 'statistic'>): string;
}

/** Undefined for the key of another version, or of a query that a config no longer has. */
export function sampleSource(
  key: string,
  custom: readonly CustomQuery[],
  clusterLabels = CLUSTER_LABELS,
): SampleSource | undefined {
  const [kind = '', label = ''] = key.split(' ');
  const machine = MACHINE_KINDS.find(({ name, identity }) => name === kind && identity.includes(label));
  if (machine !== undefined) return machineSource(machine, label, clusterLabels);
  const container = CONTAINER_KINDS.find(({ name }) => name === key);
  if (container !== undefined) return containerSource(container, clusterLabels);
  const query = kind === CUSTOM_SOURCE ? custom[Number(label)] : undefined;
  return query && customSource(query, key);
}

function machineSource(kind: MachineKind, label: string, clusterLabels: readonly string[]): SampleSource {
  const identity = ['cluster', label];
  return {
    key: `${kind.name} ${label}`,
    title: kind.title,
    unit: '1',
    clusterLabels,
    identity,
    requested: label,
    expression: (hosts, span) => machineSamples(kind, { ...span, hosts, labels: identity, clusterLabels }),
  };
}

function containerSource(kind: ContainerKind, clusterLabels: readonly string[]): SampleSource {
  const { name: key, identity, requested, narrowed } = kind;
  return {
    key,
    title: 'The kubelet',
    unit: 'By',
    clusterLabels,
    identity,
    requested,
    ...(narrowed !== undefined && { narrowed }),
    expression: (hosts, span) => containerSamples(kind, { ...span, hosts, labels: identity, clusterLabels }),
  };
}

function customSource(query: CustomQuery, key: string): SampleSource {
  return {
    key,
    title: 'The query of the config',
    unit: 'By',
    clusterLabels: CLUSTER_LABELS,
    identity: query.labels.id,
    expression: (_, span) => customSamples(query, span),
  };
}

/** The series of a host, by the values of their identifying labels. */
export function seriesKeysOf({ identity, requested }: SampleSource, { at, names }: Pick<KnownHost, 'at' | 'names'>) {
  const position = requested === undefined ? identity.length : identity.indexOf(requested);
  return names.map((name) =>
    requested === undefined ? keyOf(at) : keyOf([...at.slice(0, position), name, ...at.slice(position)]),
  );
}

/** The matcher that requests some hosts; none where there is no such thing. */
export function requestFor({ identity, requested, narrowed }: SampleSource, hosts: readonly KnownHost[]): Matcher[] {
  if (requested === undefined) return [];
  const position = identity.filter((label) => label !== requested).indexOf(narrowed ?? '');
  const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
  return [
    isOneOf(requested, distinct(hosts.flatMap(({ names }) => names))),
    ...(narrowed === undefined ? [] : [isOneOf(narrowed, distinct(hosts.map(({ at }) => at[position] ?? '')))]),
  ];
}
