/** The metrics that are inspected beside memory, by the names that Azure and its agents give them. */
import type { PlatformMetric } from '../samples.ts';

/** Measured without an agent, in percent: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-compute-virtualmachines-metrics */
export const PLATFORM_CPU = { name: 'Percentage CPU', unit: 'Percent' } as const satisfies Partial<PlatformMetric>;

/** Where a Log Analytics workspace has a metric of machines. */
export interface LogTable {
  readonly table: 'Perf' | 'InsightsMetrics';
  /** What selects its records, in KQL. */
  readonly where: string;
  /** The part that a record is of: an expression of KQL, a text. */
  readonly instance: string;
  /** What a record measures: an expression of KQL, a number. */
  readonly value: string;
}

export interface LogMetric {
  /** In the order in which they are queried: a host that one of them has is not queried again. */
  readonly tables: readonly LogTable[];
  /** What a value is divided by: 100 of percent. */
  readonly divisor: number;
  /** The name of the part; absent where a machine's instances are added up. */
  readonly part?: string;
  /** Whether the values are totals since the machine started, of which a point is what was added. */
  readonly isCounter: boolean;
  /** Counters to collect, as a data collection rule writes them. */
  readonly counters: string;
}

/**
 * By OpenTelemetry's name. The agent's counters in Perf come first: the role of the onboarding could read that table from the beginning.
 * Names: https://learn.microsoft.com/azure/azure-monitor/vm/data-collection-performance; of VM insights' table
 * https://learn.microsoft.com/azure/azure-monitor/vm/vminsights-log-query
 */
export const LOG_METRICS: ReadonlyMap<string, LogMetric> = new Map<string, LogMetric>([
  [
    'system.filesystem.utilization',
    {
      tables: [
        {
          table: 'Perf',
          where:
            'ObjectName in ("Logical Disk", "LogicalDisk") and CounterName in ("% Used Space", "% Free Space") and ' +
            'InstanceName !in ("_Total", "total")',
          instance: 'InstanceName',
          value: 'iff(CounterName == "% Free Space", 100 - CounterValue, CounterValue)',
        },
        {
          table: 'InsightsMetrics',
          where: 'Namespace == "LogicalDisk" and Name == "FreeSpacePercentage"',
          instance: 'tostring(parse_json(Tags)["vm.azm.ms/mountId"])',
          value: '100 - Val',
        },
      ],
      divisor: 100,
      part: 'mountpoint',
      isCounter: false,
      counters: '"Logical Disk(*)\\\\% Used Space" (Linux) or "\\\\LogicalDisk(*)\\\\% Free Space" (Windows)',
    },
  ],
  [
    'system.network.errors',
    {
      tables: [
        {
          table: 'Perf',
          where:
            'ObjectName in ("Network", "Network Interface", "Network Adapter") and ' +
            'CounterName in ("Total Rx Errors", "Total Tx Errors", "Packets Received Errors", "Packets Outbound Errors") and ' +
            'InstanceName !in ("_Total", "total", "lo")',
          instance: 'strcat(CounterName, " ", InstanceName)',
          value: 'CounterValue',
        },
      ],
      divisor: 1,
      isCounter: true,
      counters:
        '"Network(*)\\\\Total Rx Errors" and "Network(*)\\\\Total Tx Errors" (Linux) or "\\\\Network Interface(*)\\\\Packets Received Errors" ' +
        'and "\\\\Network Interface(*)\\\\Packets Outbound Errors" (Windows)',
    },
  ],
  [
    'system.cpu.load_average.1m',
    {
      tables: [
        {
          table: 'Perf',
          where: 'ObjectName == "System" and CounterName == "Load1"',
          instance: 'CounterName',
          value: 'CounterValue',
        },
      ],
      divisor: 1,
      isCounter: false,
      counters: '"System(*)\\\\Load1" (Linux; Windows has no load)',
    },
  ],
]);

/**
 * File systems of memory, of images and of containers' layers, by where they are mounted: the agent does not record their types. Volumes of
 * Windows without a drive are of its recovery.
 */
export const PSEUDO_MOUNT =
  /^(\/(dev|run|proc|sys)(\/|$)|\/snap\/|\/var\/lib\/(docker|containerd|kubelet)\/|\/boot\/efi$|HarddiskVolume\d)/;

export function noWorkspaceHint(metric: string): string {
  return (
    `Azure itself does not measure ${metric} of a machine. Its agent writes it to Log Analytics, and the config of this subscription names no ` +
    'workspace: add it, or name a metric of your own as a feed.'
  );
}

export function missingHint(metric: string, { counters, tables }: LogMetric): string {
  const insights = tables.length > 1 ? ', and VM insights has none either' : '';
  return (
    `The workspace has no ${metric} of this machine in the window${insights}. Install the Azure Monitor agent and associate a data collection ` +
    `rule whose performance counters hold ${counters}, sent to Microsoft-Perf every 60 s.`
  );
}

export const NO_CPU =
  'Azure has measured no processor of this machine in the window. Check that it runs, and that Azure reports no platform event for it (Resource health).';
