/** From the dimensions of listed metrics to hosts: which dimension sets are one host, and which of them to request. */
import type { Resource, Scope } from '../../core/model/series.ts';
import type { Dimension } from './answers.ts';
import { AGENT_NAMESPACE, HOST_MEMORY, isSameMeasurement, type MetricName } from './metrics.ts';

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
 * first. There are others where the agent also publishes roll-ups (`aggregation_dimensions`), and where a dimension or the
 * namespace changed within two weeks, for example the instance type.
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
const LABEL_NAMES: ReadonlyMap<string, string> = new Map([
  ['InstanceType', 'host.type'],
  ['ImageId', 'host.image.id'],
  ['ClusterName', 'k8s.cluster.name'],
  ['NodeName', 'k8s.node.name'],
]);

/** What describes the host otherwise, or nothing of it: Windows's counters name the object that they count. */
const NO_LABELS: readonly string[] = [INSTANCE, MACHINE, GROUP, 'objectname'];

/** The ids of instances (`i-…`), and of machines that Systems Manager manages as if they were some (`mi-…`). */
const INSTANCE_ID = /^m?i-/;

/** A variable of the agent that it did not replace by its value, as in `${aws:InstanceId}`: it describes nothing. */
const PLACEHOLDER = /[${}]/;

/**
 * Folds listed dimension sets into hosts. A set with neither an instance nor a machine is an aggregate over several
 * hosts and no host; a machine set of which an instance has every dimension is a roll-up of that instance. Another machine
 * that happens to have an instance's host name (`localhost`) is a host by any further dimension of its own.
 */
export function hostsOf(listed: readonly DimensionedMetric[], scope: Scope): Host[] {
  const ofInstances = listed.filter(({ dimensions }) => instanceOf(dimensions) !== undefined);
  const byName = Map.groupBy(ofInstances, ({ dimensions }) => machineOf(dimensions));
  const ways: IdentifiedMetric[] = ofInstances.map((way) => ({ ...way, host: identityOf(way.dimensions) }));
  for (const way of listed) {
    const machine = machineOf(way.dimensions);
    if (instanceOf(way.dimensions) !== undefined || machine === undefined) continue;
    const complete = (byName.get(machine) ?? []).filter(({ dimensions }) => isRollUp(way.dimensions, dimensions));
    const ids = new Set(complete.map(({ dimensions }) => instanceOf(dimensions)));
    if (ids.size > 1) continue;
    // The instance's own roll-up, or what its agent published before it knew the instance.
    ways.push({ ...way, host: identityOf(complete[0]?.dimensions ?? way.dimensions) });
  }
  return fold(ways, scope);
}

/** The dimension that identifies a host. */
interface IdentifiedMetric extends DimensionedMetric {
  readonly host: Dimension;
}

function identityOf(dimensions: Dimensions): Dimension {
  const instance = instanceOf(dimensions);
  return instance === undefined
    ? { Name: MACHINE, Value: machineOf(dimensions) ?? '' }
    : { Name: INSTANCE, Value: instance };
}

/** The host name of a dimension set, where it has one. */
function machineOf(dimensions: Dimensions): string | undefined {
  const name = dimensionValue(dimensions, MACHINE);
  return name !== undefined && PLACEHOLDER.test(name) ? undefined : name;
}

function isRollUp(part: Dimensions, complete: Dimensions): boolean {
  return part.every(({ Name, Value }) => dimensionValue(complete, Name) === Value || PLACEHOLDER.test(Value));
}

/** Whether the host is an EC2 instance: EC2's own metrics then show whether it runs. */
export function isInstance(host: Host): boolean {
  return instanceOf(host.best.dimensions) !== undefined;
}

/** The instance of a dimension set, where it has one. */
export function instanceOf(dimensions: Dimensions): string | undefined {
  const id = dimensionValue(dimensions, INSTANCE);
  return id !== undefined && INSTANCE_ID.test(id) ? id : undefined;
}

/** What an agent published as the instance's id and is none; undefined where it named an instance or nothing. */
export function unresolvedInstance(dimensions: Dimensions): string | undefined {
  return instanceOf(dimensions) === undefined ? dimensionValue(dimensions, INSTANCE) : undefined;
}

/** What a listing is narrowed to for the metrics of one host. */
export function dimensionOf(host: Host): Dimension {
  return { Name: isInstance(host) ? INSTANCE : MACHINE, Value: host.id };
}

/** One host for each identity. */
function fold(listed: readonly IdentifiedMetric[], scope: Scope): Host[] {
  const byId = Map.groupBy(listed, ({ host }) => `${host.Name} ${host.Value}`);
  return [...byId.values()].flatMap((ways) => {
    const [best, ...others] = ways.length === 1 ? ways : withoutRepetitions(ways).sort(betterFirst);
    if (best === undefined) return [];
    const id = best.host.Value;
    const publish = ({ metric, dimensions }: DimensionedMetric) => ({
      metric,
      dimensions,
      resource: describe(id, dimensions, scope),
    });
    return [{ id, best: publish(best), others: others.map(publish) }];
  });
}

function betterFirst(a: DimensionedMetric, b: DimensionedMetric): number {
  return (
    // A roll-up has the host's name alone, and the instance must not be known by it.
    Number(instanceOf(a.dimensions) === undefined) - Number(instanceOf(b.dimensions) === undefined) ||
    rankOf(a.metric) - rankOf(b.metric) ||
    moreSpecificFirst(a.dimensions, b.dimensions) ||
    Number(a.metric.Namespace !== AGENT_NAMESPACE) - Number(b.metric.Namespace !== AGENT_NAMESPACE) ||
    (a.metric.Namespace < b.metric.Namespace ? -1 : 1)
  );
}

function rankOf(metric: MetricName): number {
  return HOST_MEMORY.findIndex((known) => isSameMeasurement(known, metric));
}

/** A listing whose pages repeat names a set twice. */
function withoutRepetitions<Way extends DimensionedMetric>(ways: readonly Way[]): Way[] {
  const keyOf = ({ metric, dimensions }: Way) => `${metric.Namespace} ${metric.MetricName} ${textOf(dimensions)}`;
  return [...new Map(ways.map((way) => [keyOf(way), way])).values()];
}

/** Ties are broken by text, so that every run chooses the same one; 0 for the same set alone. */
export function moreSpecificFirst(a: Dimensions, b: Dimensions): number {
  const [textA, textB] = [textOf(a), textOf(b)];
  return b.length - a.length || (textA === textB ? 0 : textA < textB ? -1 : 1);
}

function textOf(dimensions: Dimensions): string {
  return JSON.stringify(dimensions.map(({ Name, Value }) => [Name, Value]).sort());
}

/** The host as one of its dimension sets describes it. */
export function describe(id: string, dimensions: Dimensions, scope: Scope): Resource {
  const known = dimensions.filter(({ Value }) => !PLACEHOLDER.test(Value));
  const group = dimensionValue(known, GROUP);
  const name = dimensionValue(known, MACHINE) ?? dimensionValue(known, NODE);
  const labels = known
    .filter(({ Name }) => !NO_LABELS.includes(Name))
    .map(({ Name, Value }) => [LABEL_NAMES.get(Name) ?? Name, Value]);
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
