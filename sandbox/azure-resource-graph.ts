/**
 * Azure Resource Graph. Shapes: the examples ResourcesFirstPageQuery and ResourcesNextPageQuery of
 * resourcegraph/…/2022-10-01 in the Azure REST specification.
 */
import * as z from 'zod';
import { type AzureHost, azureHosts, exists, isRunning } from './azure-hosts.ts';
import { KqlError, parseQuery } from './azure-kql.ts';
import { type AzureContext, AzureError, type AzureRequest } from './azure-protocol.ts';

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
const TABLES = {
  resources: 'virtualMachines',
  computeresources: 'virtualMachineScaleSets/virtualMachines',
} as const;

export function listResources({ body }: AzureRequest, context: AzureContext): object {
  const { subscriptions, query, options } = bodySchema.parse(JSON.parse(body));
  const { table, keeps } = readQuery(query);
  const kind = TABLES[table];
  const rows = azureHosts(context.fleet, String(subscriptions[0]))
    .filter((each) => each.kind === kind && exists(each, context.now))
    .filter(({ host }) => keeps({ type: TYPES[kind], location: host.resource.region }))
    .map((each) => describe(each, context.now));
  return pageOf(rows, options, context);
}

function readQuery(text: string) {
  try {
    const { table, keeps } = parseQuery(text);
    if (table === 'resources' || table === 'computeresources') return { table, keeps } as const;
    throw new KqlError(`no table ${table}`);
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    throw new AzureError(400, 'BadRequest', 'Please provide below info when asking for support.', [
      { code: 'InvalidQuery', message: 'Query is invalid.' },
      { code: 'ParserFailure', message: error.message },
    ]);
  }
}

/** A row of the query's projection. */
function describe(each: AzureHost, now: number): object {
  const { host, id, size, tags, kind } = each;
  const { name, group, region } = host.resource;
  const set = id.split('/virtualMachines/')[0];
  const scaleSet = kind === 'virtualMachines' ? setOf(id, group) : set;
  const power = isRunning(each, now) ? 'PowerState/running' : 'PowerState/deallocated';
  return { id, name, location: region, tags, size, power, scaleSet, availabilitySet: '' };
}

function setOf(id: string, group: string | undefined): string {
  const folder = id.split('/virtualMachines/')[0];
  return group === undefined ? '' : `${folder}/virtualMachineScaleSets/${group}`;
}

function pageOf(
  rows: readonly object[],
  options: { $top: number; $skipToken?: string | undefined },
  context: AzureContext,
) {
  const start = options.$skipToken === undefined ? 0 : readToken(options.$skipToken);
  const end = start + options.$top;
  const told = { totalRecords: rows.length, resultTruncated: 'false', facets: [] };
  const page = (data: readonly object[], token?: string) => ({
    ...told,
    count: data.length,
    ...(token && { $skipToken: token }),
    data,
  });
  switch (context.fault?.kind) {
    case 'cut':
      return page(rows.slice(start, start + Math.floor(rows.length / 2)));
    case 'endless':
      return page(rows.slice(0, options.$top), tokenFor(0));
    case 'malformed':
      return { ...told, data: rows.map((row) => ({ ...row, id: 7 })) };
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
