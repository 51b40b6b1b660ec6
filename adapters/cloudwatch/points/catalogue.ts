/** How the agent publishes what is inspected beside memory: pure. */
import type { Part } from '../../../core/model/points.ts';
import { type DimensionedMetric, dimensionValue } from '../hosts.ts';
import { LINUX_DISK, type MetricName, NETWORK_ERRORS, WINDOWS_DISK } from '../metrics.ts';
import type { Way } from './targets.ts';

/** File systems of memory, of images and of containers' layers, which are full, or empty, as they were made. */
const PSEUDO =
  /^(autofs|binfmt_misc|cgroup2?|debugfs|devfs|devtmpfs|efivarfs|fuse\..*|iso9660|nsfs|overlay|proc|ramfs|rootfs|squashfs|sysfs|tmpfs|tracefs)$/;

/** Interfaces without a cable: what goes wrong there is counted at the real one, or not at all. */
const VIRTUAL = /^(lo|veth.*)$/;

/** A metric of the catalogue that an agent publishes. */
export interface Published {
  readonly names: readonly MetricName[];
  /** Undefined where the set is of nothing that is inspected: a roll-up, a file system of memory. */
  readonly wayOf: (way: DimensionedMetric) => Way | undefined;
  /** What to add to the agent's configuration. */
  readonly hint: string;
}

const AGENT = 'install the CloudWatch agent and add to "metrics_collected" of its configuration';
const APPEND = `and, under "append_dimensions", "InstanceId": "\${aws:InstanceId}"`;

/** By OpenTelemetry's name. The processor is the hypervisor's, and needs no agent; of the load nobody publishes anything. */
export const PUBLISHED: ReadonlyMap<string, Published> = new Map([
  [
    'system.filesystem.utilization',
    {
      names: [LINUX_DISK, WINDOWS_DISK],
      wayOf: diskOf,
      hint:
        `In the last two weeks nothing has published file systems of this host. To have them read, ${AGENT} ` +
        `"disk": { "measurement": ["used_percent"], "resources": ["*"] } (on Windows "LogicalDisk": { "measurement": ["% Free Space"], ` +
        `"resources": ["*"] }) ${APPEND}.`,
    },
  ],
  [
    'system.network.errors',
    {
      names: NETWORK_ERRORS,
      wayOf: errorsOf,
      hint:
        `In the last two weeks nothing has published network errors of this host. To have them read, on Linux ${AGENT} ` +
        `"net": { "measurement": ["err_in", "err_out"], "resources": ["*"] } ${APPEND}. The counters of Windows are totals, and are not read.`,
    },
  ],
]);

export const NO_LOAD =
  'The CloudWatch agent does not collect the load of a host. Have it published by something else, for example an OpenTelemetry collector ' +
  '(its hostmetrics receiver), and name it in the config of this account as a feed.';

export const NO_CPU =
  'CloudWatch has the processor of EC2 instances alone, and of this host only what its agent publishes: it is known by its host name. ' +
  'Name a metric of its agent in the config of this account as a feed.';

function diskOf(way: DimensionedMetric): Way | undefined {
  const { dimensions, metric } = way;
  const isRest = metric.MetricName === WINDOWS_DISK.MetricName;
  const mountpoint = dimensionValue(dimensions, isRest ? 'instance' : 'path');
  if (mountpoint === undefined || mountpoint === '_Total') return undefined;
  if (PSEUDO.test(dimensionValue(dimensions, 'fstype') ?? '')) return undefined;
  if (/^(tmpfs|overlay|loop\d+)$/.test(dimensionValue(dimensions, 'device') ?? '')) return undefined;
  const part: Part = { mountpoint };
  return { way, part, term: '', isRest };
}

function errorsOf(way: DimensionedMetric): Way | undefined {
  const device = dimensionValue(way.dimensions, 'interface');
  if (device === undefined || VIRTUAL.test(device)) return undefined;
  return { way, part: {}, term: `${way.metric.MetricName} ${device}`, isRest: false };
}
