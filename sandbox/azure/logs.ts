/**
 * Log Analytics' query of a workspace, computed over the records of records.ts. Shapes: the example la-post-example of
 * monitor/data-plane/Microsoft.OperationalInsights/v1 in the Azure REST specification.
 */
import * as z from 'zod';
import type { Window } from '../../core/model/series.ts';
import type { Fleet } from '../scenario/fleet.ts';
import { azureHosts, exists } from './hosts.ts';
import { KqlError } from './kql/lexer.ts';
import { type QueryResult, runQuery } from './kql/query.ts';
import type { Cell, Type } from './kql/types.ts';
import { type AzureContext, AzureError, type AzureRequest } from './protocol.ts';
import { recordsOf } from './records.ts';

const bodySchema = z.object({ query: z.string(), timespan: z.string() });

export function queryLogs(request: AzureRequest, context: AzureContext): object {
  const { query, timespan } = bodySchema.parse(JSON.parse(request.body));
  const hosts = subscriptionsOf(context.fleet, request.subscription)
    .flatMap((subscription) => azureHosts(context.fleet, subscription))
    .filter((each) => exists(each, context.now));
  const pods = podsOf(context.fleet, request.subscription);
  const tables = recordsOf(hosts, pods, windowOf(timespan, context.now));
  try {
    return tablesOf(runQuery(query, tables), context);
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    throw badQuery(error.message);
  }
}

/** The table that the answer to a query is made from; undefined of other requests. */
export function tableOf({ action, body }: AzureRequest): string | undefined {
  if (action !== 'logs:query') return undefined;
  const { data } = bodySchema.safeParse(JSON.parse(body));
  return data && /(?:^|;\n)(\w+)[^;]*$/.exec(data.query)?.[1];
}

function podsOf(fleet: Fleet, workspace: string) {
  const subscriptions = subscriptionsOf(fleet, workspace);
  return (fleet.pods ?? []).filter(({ provider, account }) => provider === 'azure' && subscriptions.includes(account));
}

function badQuery(message: string): AzureError {
  return new AzureError(400, 'BadArgumentError', 'The request had some invalid properties', [
    { innererror: { code: 'SyntaxError', message } },
  ]);
}

/** The subscriptions whose configs name the workspace. */
function subscriptionsOf({ tenants, hosts, pods = [] }: Fleet, workspace: string): string[] {
  const all = [...hosts.map(({ resource }) => resource), ...pods];
  if (tenants.length === 0) return [...new Set(all.map(({ account }) => account))];
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

function tablesOf({ columns, rows }: QueryResult, { fault }: AzureContext): object {
  const cells = rows.map((row) => columns.map(({ name, type }) => written(row[name] ?? null, type)));
  const table = (kept: readonly unknown[][]) => ({
    tables: [{ name: 'PrimaryResult', columns, rows: kept }],
  });
  switch (fault?.kind) {
    case 'truncated': {
      const message = 'The results of this query exceed the set limit of 500000 records';
      return {
        ...table(cells.slice(0, cells.length / 2)),
        error: {
          code: 'PartialError',
          message: 'There were some errors when processing your query.',
          innerError: { code: 'E_QUERY_RESULT_SET_TOO_LARGE', message },
        },
      };
    }
    case 'malformed':
      return table(cells.map(([, ...rest]) => rest));
    default:
      return table(cells);
  }
}

function written(cell: Cell, type: Type): Cell {
  if (type === 'dynamic') return JSON.stringify(cell);
  return type === 'datetime' && typeof cell === 'number' ? new Date(cell).toISOString() : cell;
}
