/**
 * What the agent publishes of a host beside its memory. Names and dimensions are those of docs.aws.amazon.com,
 * metrics-collected-by-CloudWatch-agent; of the network it publishes what was added since its last look
 * (github.com/aws/amazon-cloudwatch-agent, translator/translate/otel/processor/cumulativetodeltaprocessor).
 */
import type { Host } from '../../scenario/fleet.ts';
import { agentNamespace, type Dimension, type Metric } from './metric.ts';

const MINUTE = 60_000;

/** The metrics of this file: thousands of hosts have tens of thousands of them, and few readers want one. */
export const ACTIVITY_METRICS: ReadonlySet<string> = new Set([
  'disk_used_percent',
  'LogicalDisk % Free Space',
  'net_err_in',
  'net_err_out',
]);

/** @param sets The host's own sets of dimensions: the complete one, and roll-ups of it. */
export function activityMetrics(host: Host, sets: readonly (readonly Dimension[])[]): Metric[] {
  if (host.naming === 'k8s_node' || host.naming === 'group_only') return [];
  const [complete = [], ...rollUps] = sets;
  const own = complete.filter(({ Name }) => Name !== 'objectname');
  if (host.naming === 'windows') return windowsDisks(host, own);
  return [...disks(host, own, rollUps), ...errors(host, own)];
}

function disks(host: Host, own: readonly Dimension[], rollUps: readonly (readonly Dimension[])[]): Metric[] {
  const systems = host.activity?.fileSystems ?? [];
  const disk = (dimensions: readonly Dimension[], used: (time: number) => number) =>
    metricOf(host, { name: 'disk_used_percent', dimensions, unit: 'Percent', value: (time) => 100 * used(time) });
  return [
    ...systems.map(({ mountpoint, device, type, used }) =>
      disk([...own, ...named({ path: mountpoint, device, fstype: type })], used),
    ),
    // What the agent aggregates is of all file systems together.
    ...rollUps.flatMap((set) => (systems[0] ? [disk(set, systems[0].used)] : [])),
  ];
}

function windowsDisks(host: Host, own: readonly Dimension[]): Metric[] {
  const drives = ['C:', 'D:'];
  return (host.activity?.fileSystems ?? []).slice(0, drives.length).map(({ used }, index) =>
    metricOf(host, {
      name: 'LogicalDisk % Free Space',
      dimensions: [...own, ...named({ instance: drives[index] ?? '', objectname: 'LogicalDisk' })],
      unit: 'Percent',
      value: (time) => 100 * (1 - used(time)),
    }),
  );
}

/** Two interfaces, the second of which has no errors. */
function errors(host: Host, own: readonly Dimension[]): Metric[] {
  if (host.activity === undefined) return [];
  const { received, sent } = host.activity.errors;
  const counted = (name: string, device: string, value: (time: number) => number) =>
    metricOf(host, { name, dimensions: [...own, ...named({ interface: device })], unit: 'None', value });
  return [
    counted('net_err_in', 'ens5', received),
    counted('net_err_out', 'ens5', sent),
    counted('net_err_in', 'lo', () => 0),
    counted('net_err_out', 'lo', () => 0),
  ];
}

function metricOf(host: Host, metric: Pick<Metric, 'name' | 'dimensions' | 'unit' | 'value'>): Metric {
  return { ...metric, namespace: agentNamespace(host), cadenceMs: MINUTE, published: host.reports, host };
}

function named(dimensions: Readonly<Record<string, string>>): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
