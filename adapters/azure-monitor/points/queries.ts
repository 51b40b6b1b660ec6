/** Queries of a Log Analytics workspace for points of many machines: a row for each instance, with a value for each period. */
import type { Resource, Statistic, Window } from '../../../core/model/series.ts';
import { quoted } from '../kql.ts';
import type { LogTable } from './catalogue.ts';

/** Between the parts of a row's key. Neither ids nor names of computers have it; of the instance it may be a part. */
const BETWEEN = '|';

const AGGREGATES: Readonly<Record<Statistic, string>> = { average: 'avg', minimum: 'min', maximum: 'max' };

export interface PointsQuery {
  readonly table: LogTable;
  readonly hosts: readonly Resource[];
  readonly window: Window;
  readonly periodMs: number;
  readonly statistic: Statistic;
}

export function pointsQuery({ table, hosts, window, periodMs, statistic }: PointsQuery): string {
  const [start, end] = [datetime(window.start), datetime(window.end)];
  return [
    table.table,
    `| where TimeGenerated >= ${start} and TimeGenerated < ${end}`,
    `| where _ResourceId in~ (${[...new Set(hosts.flatMap(recordedUnder))].map(quoted).join(', ')})`,
    `| where ${table.where}`,
    `| extend key = strcat(_ResourceId, "${BETWEEN}", Computer, "${BETWEEN}", ${table.instance}), value = ${table.value}`,
    `| make-series values = ${AGGREGATES[statistic]}(value) default=real(null) on TimeGenerated`,
    `    from ${start} to ${end} step ${periodMs / 1000}s by key`,
    '| project key, values',
  ].join('\n');
}

/** An instance's records carry its own id or its scale set's. */
function recordedUnder({ id }: Resource): string[] {
  const [scaleSet = id, instance] = id.split('/virtualmachines/');
  return instance !== undefined && scaleSet.includes('/virtualmachinescalesets/') ? [id, scaleSet] : [id];
}

/** Whose a row is, and which instance of it; undefined where the machine is none of the hosts. */
export function rowOf(
  key: string,
  hosts: HostsById,
): { readonly host: Resource; readonly instance: string } | undefined {
  const [id = '', computer = '', ...rest] = key.split(BETWEEN);
  const host = hosts.find(id, computer);
  return host && { host, instance: rest.join(BETWEEN) };
}

export interface HostsById {
  find(resourceId: string, computer: string): Resource | undefined;
}

/** A scale set's instances differ by the name of their computer, with its domain or without. */
export function hostsById(hosts: readonly Resource[]): HostsById {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const bySet = Map.groupBy(hosts, ({ id }) => id.split('/virtualmachines/')[0] ?? id);
  return {
    find(resourceId, computer) {
      const id = resourceId.toLowerCase();
      const own = byId.get(id);
      if (own) return own;
      const name = computer.toLowerCase();
      return bySet.get(id)?.find((host) => isNamed(name, host.name?.toLowerCase()));
    },
  };
}

function isNamed(computer: string, name: string | undefined): boolean {
  return name !== undefined && (computer === name || computer.startsWith(`${name}.`));
}

function datetime(time: number): string {
  return `datetime(${new Date(time).toISOString()})`;
}
