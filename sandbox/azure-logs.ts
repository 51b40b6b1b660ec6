/**
 * Log Analytics' query of a workspace: processes of machines and pods of nodes, as agents record them in the table Perf.
 * Shapes: the example la-post-example of monitor/data-plane/Microsoft.OperationalInsights/v1 in the Azure REST specification.
 */
import * as z from 'zod';
import type { Window } from '../model/series.ts';
import { type AzureHost, azureHosts, exists } from './azure-hosts.ts';
import { KqlError, parseQuery, type Row } from './azure-kql.ts';
import { type AzureContext, AzureError, type AzureRequest } from './azure-protocol.ts';
import { foldPeriods } from './cloudwatch-statistics.ts';
import { consumersOf, type FleetConsumer } from './consumers.ts';
import type { Fleet } from './fleet.ts';

const MINUTE = 60_000;

const bodySchema = z.object({ query: z.string(), timespan: z.string() });

/** What a query folds, read from its text: the sandbox computes no other summaries. */
const SUMMARY = /\| summarize value = avg\(bytes\) by name, namespace, time = bin\(TimeGenerated, (\d+)s\)/;

export function queryLogs(request: AzureRequest, context: AzureContext): object {
  const { query, timespan } = bodySchema.parse(JSON.parse(request.body));
  const keeps = readQuery(query);
  const [, seconds] = SUMMARY.exec(query) ?? [];
  if (seconds === undefined) throw badQuery('the sandbox computes no such summary');
  const window = windowOf(timespan, context.now);
  const hosts = subscriptionsOf(context.fleet, request.subscription)
    .flatMap((subscription) => azureHosts(context.fleet, subscription))
    .filter((each) => exists(each, context.now));
  const rows = hosts.flatMap((each) =>
    consumersOf(each.host)
      .filter((consumer) => keeps({ ...recordOf(each, consumer), TimeGenerated: window.start }))
      .flatMap((consumer) => samplesOf(each, consumer, window, Number(seconds) * 1_000)),
  );
  return tablesOf(rows, context);
}

function readQuery(text: string): (row: Row) => boolean {
  try {
    const { table, keeps } = parseQuery(text);
    if (table === 'Perf') return keeps;
    throw new KqlError(`Failed to resolve table or column expression named '${table}'`);
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    throw badQuery(error.message);
  }
}

function badQuery(message: string): AzureError {
  return new AzureError(400, 'BadArgumentError', 'The request had some invalid properties', [
    { innererror: { code: 'SyntaxError', message } },
  ]);
}

/** The subscriptions whose configs name the workspace. */
function subscriptionsOf({ tenants, hosts }: Fleet, workspace: string): string[] {
  if (tenants.length === 0) return [...new Set(hosts.map(({ resource }) => resource.account))];
  const accounts = tenants.flatMap(({ accounts }) => accounts);
  const named = accounts.filter((account) => account.provider === 'azure' && account.workspace === workspace);
  if (named.length === 0) {
    throw new AzureError(404, 'WorkspaceNotFoundError', 'The workspace could not be found');
  }
  return named.map(({ account }) => account);
}

function windowOf(timespan: string, now: number): Window {
  const [start = '', end = ''] = timespan.split('/');
  return { start: Date.parse(start), end: Math.min(Date.parse(end), now) };
}

/** The columns of Perf that a query may ask about. */
function recordOf({ host, id, kind }: AzureHost, { name }: FleetConsumer): Row {
  const { account, name: computer = '' } = host.resource;
  const pod = host.naming === 'k8s_node';
  return {
    ObjectName: pod ? 'K8SContainer' : 'Process',
    CounterName: pod ? 'memoryWorkingSetBytes' : 'Used Memory kBytes',
    InstanceName: pod ? `/subscriptions/${account}/managedClusters/c/${name}/main` : name,
    Computer: computer,
    _ResourceId: (kind === 'virtualMachines' ? id : (id.split('/virtualMachines/')[0] ?? id)).toLowerCase(),
    _SubscriptionId: account,
  };
}

function samplesOf(
  { host }: AzureHost,
  { name, namespace = '', bytes }: FleetConsumer,
  window: Window,
  periodMs: number,
): unknown[][] {
  const metric = { cadenceMs: MINUTE, published: host.reports, value: bytes };
  const { times, values } = foldPeriods(metric, window, periodMs, 'Average');
  return times.map((time, index) => [name, namespace, new Date(time).toISOString(), values[index]]);
}

const COLUMNS = [
  { name: 'name', type: 'string' },
  { name: 'namespace', type: 'string' },
  { name: 'time', type: 'datetime' },
  { name: 'value', type: 'real' },
];

function tablesOf(rows: readonly unknown[][], { fault }: AzureContext): object {
  const table = (kept: readonly unknown[][]) => ({
    tables: [{ name: 'PrimaryResult', columns: COLUMNS, rows: kept }],
  });
  switch (fault?.kind) {
    case 'cut': {
      const message = 'The results of this query exceed the set limit of 500000 records';
      return {
        ...table(rows.slice(0, rows.length / 2)),
        error: {
          code: 'PartialError',
          message: 'There were some errors when processing your query.',
          innerError: { code: 'E_QUERY_RESULT_SET_TOO_LARGE', message },
        },
      };
    }
    case 'malformed':
      return table(rows.map(([, ...rest]) => rest));
    default:
      return table(rows);
  }
}
