/** From the dimensions of listed metrics to hosts: which dimension sets are one host, and which of them to request. */
import type { Resource, Scope } from '../../core/model/series.ts';
import type { Dimension } from './answers.ts';
import { HOST_MEMORY, type MetricName } from './metrics.ts';

/** A metric's complete dimension set: CloudWatch finds a metric by all of it or not at all. */
export type Dimensions = readonly Dimension[];

/** A metric under one dimension set. */
export interface DimensionedMetric {
  readonly metric: MetricName;
  readonly dimensions: Dimensions;
}

/** One way in which a host's memory is published, and the host as that way describes it. */
export interface Publication extends DimensionedMetric {
  readonly resource: Resource;
}

/**
 * A host and its publications, the best one and the others in order: an agent's before a cluster's, the most specific one
 * first. There are others where the agent also publishes roll-ups (`aggregation_dimensions`), and where a dimension changed
 * within two weeks, for example the instance type.
 */
export interface Host {
  readonly id: string;
  readonly best: Publication;
  readonly others: readonly Publication[];
}

const INSTANCE = 'InstanceId';
/** What the agent publishes where it does not know an instance: machines outside EC2, or no `append_dimensions`. */
const MACHINE = 'host';
const GROUP = 'AutoScalingGroupName';
/** Of a node of a cluster. */
export const NODE = 'NodeName';

/** Dimensions that OpenTelemetry has a name for. Every other dimension is a label under its own name. */
const LABEL_NAMES: Readonly<Record<string, string>> = {
  InstanceType: 'host.type',
  ImageId: 'host.image.id',
  ClusterName: 'k8s.cluster.name',
  NodeName: 'k8s.node.name',
};

/** What describes the host otherwise, or nothing of it: Windows's counters name the object that they count. */
const NO_LABELS: readonly string[] = [INSTANCE, MACHINE, GROUP, 'objectname'];

/**
 * Folds listed dimension sets into hosts. A set with neither an instance nor a machine is an aggregate over several
 * hosts and no host; a machine set of which an instance has every dimension is a roll-up of that instance. Another machine
 * that happens to have an instance's host name (`localhost`) is a host by any further dimension of its own.
 */
export function hostsOf(listed: readonly DimensionedMetric[], scope: Scope): Host[] {
  const ofInstances = listed.filter(({ dimensions }) => instanceOf(dimensions) !== undefined);
  const byName = Map.groupBy(ofInstances, ({ dimensions }) => dimensionValue(dimensions, MACHINE));
  const ofMachines = listed.filter(({ dimensions }) => {
    const namesakes = byName.get(dimensionValue(dimensions, MACHINE)) ?? [];
    return (
      instanceOf(dimensions) === undefined && !namesakes.some((complete) => isRollUp(dimensions, complete.dimensions))
    );
  });
  return [...fold(ofInstances, INSTANCE, scope), ...fold(ofMachines, MACHINE, scope)];
}

function isRollUp(part: Dimensions, complete: Dimensions): boolean {
  return part.every(({ Name, Value }) => dimensionValue(complete, Name) === Value);
}

/** Whether the host is an EC2 instance: EC2's own metrics then show whether it runs. */
export function isInstance(host: Host): boolean {
  return instanceOf(host.best.dimensions) !== undefined;
}

/** The instance of a dimension set, where it has one. */
export function instanceOf(dimensions: Dimensions): string | undefined {
  return dimensionValue(dimensions, INSTANCE);
}

/** What a listing is narrowed to for the metrics of one host. */
export function dimensionOf(host: Host): Dimension {
  return { Name: isInstance(host) ? INSTANCE : MACHINE, Value: host.id };
}

/** One host for each value of the dimension; sets without it are left out. */
function fold(listed: readonly DimensionedMetric[], name: string, scope: Scope): Host[] {
  const byId = Map.groupBy(listed, ({ dimensions }) => dimensionValue(dimensions, name));
  return [...byId].flatMap(([id, ways]) => {
    const [best, ...others] = ways.length === 1 ? ways : withoutRepetitions(ways).sort(betterFirst);
    if (id === undefined || best === undefined) return [];
    const publish = (way: DimensionedMetric) => ({ ...way, resource: describe(id, way.dimensions, scope) });
    return [{ id, best: publish(best), others: others.map(publish) }];
  });
}

function betterFirst(a: DimensionedMetric, b: DimensionedMetric): number {
  return HOST_MEMORY.indexOf(a.metric) - HOST_MEMORY.indexOf(b.metric) || moreSpecificFirst(a.dimensions, b.dimensions);
}

/** A listing whose pages repeat names a set twice. */
function withoutRepetitions(ways: readonly DimensionedMetric[]): DimensionedMetric[] {
  return [...new Map(ways.map((way) => [`${way.metric.MetricName} ${textOf(way.dimensions)}`, way])).values()];
}

/** Ties are broken by text, so that every run chooses the same one. */
export function moreSpecificFirst(a: Dimensions, b: Dimensions): number {
  return b.length - a.length || (textOf(a) < textOf(b) ? -1 : 1);
}

function textOf(dimensions: Dimensions): string {
  return JSON.stringify(dimensions.map(({ Name, Value }) => [Name, Value]).sort());
}

function describe(id: string, dimensions: Dimensions, scope: Scope): Resource {
  const group = dimensionValue(dimensions, GROUP);
  const name = dimensionValue(dimensions, MACHINE) ?? dimensionValue(dimensions, NODE);
  const labels = dimensions
    .filter(({ Name }) => !NO_LABELS.includes(Name))
    .map(({ Name, Value }) => [LABEL_NAMES[Name] ?? Name, Value]);
  return {
    ...scope,
    id,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  };
}

export function dimensionValue(dimensions: Dimensions, name: string): string | undefined {
  return dimensions.find(({ Name }) => Name === name)?.Value;
}
