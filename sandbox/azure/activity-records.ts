/**
 * What agents record of a machine beside its memory: in Perf file systems, errors of interfaces and the load; or, where VM insights
 * collects, its file systems in InsightsMetrics. Columns: learn.microsoft.com/azure/azure-monitor/reference/tables/insightsmetrics.
 * Errors are totals since the machine started.
 */
import type { Window } from '../../core/model/series.ts';
import type { AzureHost } from './hosts.ts';
import type { Table } from './kql/query.ts';
import type { Row } from './kql/types.ts';

const MINUTE = 60_000;
/** A counter begins anew at midnight here, as if the machine did: what was added in between has to be found all the same. */
const DAY = 24 * 60 * MINUTE;

type Partition = Table['partitions'][number];

interface Records {
  readonly each: AzureHost;
  readonly shared: Row;
  readonly window: Window;
}

/** @param own The columns that name whose records they are. */
export function activityRecords(each: AzureHost, own: Row, window: Window): Partition[] {
  const { host } = each;
  if (host.activity === undefined || host.collects === 'nothing') return [];
  const { errors, load } = host.activity;
  const windows = host.naming === 'windows';
  const perf = (ObjectName: string, CounterName: string, InstanceName: string): Records => {
    return { each, window, shared: { ...own, ObjectName, CounterName, InstanceName } };
  };
  const [object, received, sent] = windows
    ? ['Network Interface', 'Packets Received Errors', 'Packets Outbound Errors']
    : ['Network', 'Total Rx Errors', 'Total Tx Errors'];
  return [
    ...disksOf(each, perf),
    counterOf(perf(object, received, 'eth0'), errors.received),
    counterOf(perf(object, sent, 'eth0'), errors.sent),
    counterOf(perf(object, received, 'lo'), () => 0),
    ...(windows ? [] : [gaugeOf(perf('System', 'Load1', ''), 'CounterValue', load)]),
  ];
}

function disksOf(
  { host }: AzureHost,
  perf: (object: string, counter: string, instance: string) => Records,
): Partition[] {
  if (host.collects === 'uncounted') return [];
  const windows = host.naming === 'windows';
  const systems = (host.activity?.fileSystems ?? []).slice(0, 2);
  return systems.map(({ mountpoint, used }, index) =>
    windows
      ? gaugeOf(
          perf('LogicalDisk', '% Free Space', index === 0 ? 'C:' : 'D:'),
          'CounterValue',
          (time) => 100 * (1 - used(time)),
        )
      : gaugeOf(perf('Logical Disk', '% Used Space', mountpoint), 'CounterValue', (time) => 100 * used(time)),
  );
}

/** The counters of swap, which the agent of Linux records as 0 where there is none. Of Windows there is a file beside the total. */
export function swapRecords(each: AzureHost, own: Row, window: Window): Partition[] {
  const { swap, collects, naming } = each.host;
  if (swap === undefined || collects === 'nothing') return [];
  const percent = (time: number) => (swap.bytes === 0 ? 0 : (100 * swap.used(time)) / swap.bytes);
  const counter = (ObjectName: string, CounterName: string, InstanceName: string, value: (time: number) => number) =>
    gaugeOf({ each, window, shared: { ...own, ObjectName, CounterName, InstanceName } }, 'CounterValue', value);
  if (naming === 'windows') {
    return [
      counter('Paging File', '% Usage', '_Total', percent),
      counter('Paging File', '% Usage', '\\??\\C:\\pagefile.sys', () => 100),
    ];
  }
  const share = counter('Memory', '% Used Swap Space', 'Memory', percent);
  const used = counter('Memory', 'Used MBytes Swap Space', 'Memory', (time) => swap.used(time) / 2 ** 20);
  return swap.publishes === 'bytes' ? [share, used] : [share];
}

/** Of a machine that VM insights watches: those whose processes are not counted, in this sandbox. */
export function insightsRecords(each: AzureHost, own: Row, window: Window): Partition[] {
  const { host } = each;
  if (host.activity === undefined || host.collects !== 'uncounted') return [];
  return host.activity.fileSystems.slice(0, 2).map(({ mountpoint, used }) => {
    const Tags = JSON.stringify({ 'vm.azm.ms/mountId': mountpoint, 'vm.azm.ms/diskSizeMB': 30_000 });
    const shared = { ...own, Namespace: 'LogicalDisk', Name: 'FreeSpacePercentage', Tags };
    return gaugeOf({ each, window, shared }, 'Val', (time) => 100 * (1 - used(time)));
  });
}

function gaugeOf({ each, shared, window }: Records, column: string, value: (time: number) => number): Partition {
  const rows = function* () {
    for (const time of minutesOf(each, window)) yield { ...shared, TimeGenerated: time, [column]: value(time) };
  };
  return { shared, rows };
}

/** Added up minute by minute, whether the agent reports or not. */
function counterOf({ each, shared, window }: Records, added: (time: number) => number): Partition {
  const rows = function* () {
    const midnight = Math.floor(window.start / DAY) * DAY;
    let total = 0;
    let counted = midnight;
    for (const time of minutesOf(each, window)) {
      for (; counted <= time; counted += MINUTE) total = counted % DAY === 0 ? 0 : total + added(counted);
      yield { ...shared, TimeGenerated: time, CounterValue: total };
    }
  };
  return { shared, rows };
}

function* minutesOf({ host }: AzureHost, { start, end }: Window): Generator<number> {
  for (const reported of host.reports) {
    const last = Math.min(end, reported.end);
    const first = Math.ceil(Math.max(start, reported.start) / MINUTE) * MINUTE;
    for (let minute = first; minute < last; minute += MINUTE) yield minute;
  }
}
