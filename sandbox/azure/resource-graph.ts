/**
 * Azure Resource Graph, whose queries are computed over the resource providers' view of machines. Shapes of answers: the
 * examples ResourcesFirstPageQuery and ResourcesNextPageQuery of resourcegraph/…/2022-10-01 in the Azure REST specification;
 * of properties: virtualMachineExamples/VirtualMachine_Get and virtualMachineScaleSetExamples/VirtualMachineScaleSetVM_Get of
 * compute/…/2024-07-01 there, with `extended`, which Resource Graph adds (learn.microsoft.com/azure/governance/
 * resource-graph/samples/samples-by-category, "Summarize virtual machine by the power states extended property").
 */
import * as z from 'zod';
import { type AzureHost, azureHosts, exists, isRunning } from './hosts.ts';
import { KqlError } from './kql/lexer.ts';
import { runQuery, type Table, tableOf } from './kql/query.ts';
import type { Column, Row } from './kql/types.ts';
import { type AzureContext, AzureError, type AzureRequest } from './protocol.ts';

const bodySchema = z.object({
  subscriptions: z.array(z.uuid()).length(1),
  query: z.string(),
  options: z.object({
    $top: z.int().min(1).max(1_000),
    $skipToken: z.string().optional(),
    resultFormat: z.literal('objectArray'),
  }),
});

const TYPES = {
  virtualMachines: 'microsoft.compute/virtualmachines',
  'virtualMachineScaleSets/virtualMachines': 'microsoft.compute/virtualmachinescalesets/virtualmachines',
} as const;

/** Virtual machines and instances of scale sets are in tables of their own. */
const TABLES: readonly (readonly [string, AzureHost['kind']])[] = [
  ['resources', 'virtualMachines'],
  ['computeresources', 'virtualMachineScaleSets/virtualMachines'],
];

const COLUMNS: readonly Column[] = [
  ...['id', 'name', 'type', 'location'].map((name) => ({ name, type: 'string' as const })),
  ...['tags', 'sku', 'properties'].map((name) => ({ name, type: 'dynamic' as const })),
];

export function listResources({ body }: AzureRequest, context: AzureContext): object {
  const { subscriptions, query, options } = bodySchema.parse(JSON.parse(body));
  const hosts = azureHosts(context.fleet, String(subscriptions[0])).filter((each) => exists(each, context.now));
  const tables = TABLES.map(([name, kind]) => {
    const rows = hosts.filter((each) => each.kind === kind).map((each) => describe(each, context.now));
    return [name, tableOf({ columns: COLUMNS, rows })] as const;
  });
  return pageOf(answerTo(query, new Map(tables)), options, context);
}

function answerTo(query: string, tables: ReadonlyMap<string, Table>): readonly Row[] {
  try {
    return runQuery(query, tables).rows;
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    throw new AzureError(400, 'BadRequest', 'Please provide below info when asking for support.', [
      { code: 'InvalidQuery', message: 'Query is invalid.' },
      { code: 'ParserFailure', message: error.message },
    ]);
  }
}

function describe(each: AzureHost, now: number): Row {
  const { host, id, size, tags, kind } = each;
  const { name = '', group, region } = host.resource;
  const common = { id, type: TYPES[kind], location: region, tags };
  const code = isRunning(each, now) ? 'PowerState/running' : 'PowerState/deallocated';
  const extended = { instanceView: { powerState: { code, level: 'Info' } } };
  const osProfile = { computerName: name };
  if (kind !== 'virtualMachines') {
    const instance = id.split('/').at(-1);
    const nameOfInstance = `${id.split('/').at(-3)}_${instance}`;
    return { ...common, name: nameOfInstance, sku: { name: size }, properties: { osProfile, extended } };
  }
  const set = group === undefined ? {} : { virtualMachineScaleSet: { id: setOf(id, group) } };
  return { ...common, name, sku: null, properties: { hardwareProfile: { vmSize: size }, osProfile, extended, ...set } };
}

function setOf(id: string, group: string): string {
  return `${id.split('/virtualMachines/')[0]}/virtualMachineScaleSets/${group}`;
}

function pageOf(
  rows: readonly object[],
  options: { $top: number; $skipToken?: string | undefined },
  context: AzureContext,
) {
  const start = options.$skipToken === undefined ? 0 : readToken(options.$skipToken);
  const end = start + options.$top;
  const reported = { totalRecords: rows.length, resultTruncated: 'false', facets: [] };
  const page = (data: readonly object[], token?: string) => ({
    ...reported,
    count: data.length,
    ...(token && { $skipToken: token }),
    data,
  });
  switch (context.fault?.kind) {
    case 'truncated':
      return page(rows.slice(start, start + Math.floor(rows.length / 2)));
    case 'endless':
      return page(rows.slice(0, options.$top), tokenFor(0));
    case 'malformed':
      return { ...reported, data: rows.map((row) => ({ ...row, id: 7 })) };
    default:
      return page(rows.slice(start, end), end < rows.length ? tokenFor(end) : undefined);
  }
}

function tokenFor(start: number): string {
  return Buffer.from(JSON.stringify({ start })).toString('base64');
}

const tokenSchema = z.object({ start: z.int() });

function readToken(token: string): number {
  return tokenSchema.parse(JSON.parse(Buffer.from(token, 'base64').toString())).start;
}
