/** The metrics that are inspected beside memory, by the names that Google gives them. */
import type { Resource } from '../../../core/model/series.ts';
import { isNode } from '../nodes.ts';
import { type Condition, is, isMatch, type MetricUnit } from '../requests.ts';
import type { Scale } from '../samples.ts';

/** A metric of machines. */
export interface MachineMetric {
  readonly type: string;
  readonly unit: MetricUnit;
  readonly scale: Scale;
  readonly conditions: readonly Condition[];
  /** The metric's label that distinguishes the parts of a machine. Absent where the series of a machine are one. */
  readonly part?: string;
  /** Whether the series of a machine are added up. */
  readonly isSummed?: boolean;
}

/**
 * File systems of memory, of images and of containers' layers: they are full, or empty, as they were made. Excluded from the request,
 * because each series that comes back is billed.
 */
const PSEUDO = '(/dev/)?(loop[0-9]+|tmpfs|devtmpfs|udev|overlay|squashfs|shm|none|rootfs|cgroup.*|efivarfs)';

/**
 * By OpenTelemetry's name. The processor is the hypervisor's, and may exceed 1 where a machine bursts; the others are the Ops Agent's:
 * percent of a file system by state, a counter of errors by interface and direction, and the load.
 * https://cloud.google.com/monitoring/api/metrics_gcp and https://cloud.google.com/monitoring/api/metrics_opsagent
 */
export const MACHINE_METRICS: ReadonlyMap<string, MachineMetric> = new Map<string, MachineMetric>([
  [
    'system.cpu.utilization',
    {
      type: 'compute.googleapis.com/instance/cpu/utilization',
      unit: '10^2.%',
      scale: { divisor: 1, full: 1, bursts: true },
      conditions: [],
    },
  ],
  [
    'system.filesystem.utilization',
    {
      type: 'agent.googleapis.com/disk/percent_used',
      unit: '%',
      scale: { divisor: 100, full: 1 },
      conditions: [is('metric.labels.state', 'used'), `NOT ${isMatch('metric.labels.device', PSEUDO)}`],
      part: 'device',
    },
  ],
  [
    'system.network.errors',
    {
      type: 'agent.googleapis.com/interface/errors',
      unit: '1',
      scale: { divisor: 1, full: Number.POSITIVE_INFINITY, isDelta: true },
      conditions: [],
      isSummed: true,
    },
  ],
  [
    'system.cpu.load_average.1m',
    {
      type: 'agent.googleapis.com/cpu/load_1m',
      unit: '1',
      scale: { divisor: 1, full: Number.POSITIVE_INFINITY },
      conditions: [],
    },
  ],
]);

/** Why a machine has none of it, and what to do. */
export function missingHint(metric: string, host: Resource): string {
  if (metric === 'system.cpu.utilization') {
    return 'Compute Engine has shown no processor of this instance in the window. Check that it runs (gcloud compute instances list).';
  }
  if (isNode(host)) {
    return (
      `No agent has reported ${metric} of this node, and none can be installed on nodes of GKE. Have it scraped by Google Cloud’s managed ` +
      'Prometheus (node_exporter), and inspect it as an account of Prometheus, or name it in the config of this account as a feed.'
    );
  }
  return (
    `No Ops Agent has reported ${metric} of this instance in the window. Install it: ` +
    'curl -sSO https://dl.google.com/cloudagents/add-google-cloud-ops-agent-repo.sh && sudo bash add-google-cloud-ops-agent-repo.sh --also-install. ' +
    'Where it runs, check that its configuration collects hostmetrics, and that it may write metrics (roles/monitoring.metricWriter).'
  );
}
