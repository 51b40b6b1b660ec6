/** The hosts, from two listings of Azure Resource Graph: virtual machines, and the instances of uniform scale sets. */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { InRegion, Resource, Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { failure, failureOf } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { type EntriesPage, type HostList, type ListedEntries, listAll, requireEntries } from '../reading/host-list.ts';
import { type FailedPage, failureIn, type PageOrFailure } from '../reading/paginate.ts';
import { type GraphPage, graphPageSchema, type Machine, machineSchema } from './answers.ts';
import type { Clients } from './clients.ts';
import { instancesQuery, machinesQuery } from './kql.ts';

/** The kinds of hosts, each a metric namespace: one batch holds one kind. */
export const HOST_KINDS = [
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
] as const;
export type HostKind = (typeof HOST_KINDS)[number];

export interface Host {
  readonly kind: HostKind;
  readonly resource: Resource;
  /** The size's name, by which the total memory is known. */
  readonly size: string | undefined;
}

export interface Inventory {
  readonly hosts: readonly Host[];
  /** Why listings ended early, and how many rows could not be read: some hosts are then not known. */
  readonly truncations: readonly Pick<Failure, 'reason' | 'detail'>[];
}

const RESOURCES = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01';

/** Rows of one page: the service's limit. */
const PAGE_SIZE = 1_000;

/** Pages of one listing: a subscription holds fewer than 25,000 machines of a region, so a longer listing never ends. */
const MAX_PAGES = 100;

/** A machine that is off has no memory in use and reports none: it is not in scope. */
const OFF = new Set(['powerstate/deallocated', 'powerstate/deallocating', 'powerstate/stopped']);

const ADVICE =
  'check that whoever reads it (the application of a tenant’s config, or you) has been granted Plimsoll’s role, or Monitoring ' +
  'Reader, on the subscription';

/** The lists of hosts: each kind has one of its own. */
export const LISTS = ['machines', 'instances'] as const;
export type ListName = (typeof LISTS)[number];

const KINDS: Readonly<Record<ListName, HostKind>> = {
  machines: 'Microsoft.Compute/virtualMachines',
  instances: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
};

const QUERIES: Readonly<Record<ListName, (region: string) => string>> = {
  machines: machinesQuery,
  instances: instancesQuery,
};

const text = z.string().exactOptional();

/** A machine that runs. */
const machineEntrySchema = z
  .strictObject({
    id: z.string(),
    name: text,
    tags: z.record(z.string(), z.string()).readonly().exactOptional(),
    size: text,
    group: text,
  })
  .readonly();

/** A machine, what is wrong with a row that is none, or what a page states of the list. */
export const listedEntrySchema = z.union([
  machineEntrySchema,
  z.strictObject({ why: z.string() }).readonly(),
  z
    .strictObject({
      /** Of this page, and of the entire list. */
      rows: z.int(),
      total: z.int(),
      isLast: z.boolean(),
      isTruncated: z.boolean(),
    })
    .readonly(),
]);

type MachineEntry = z.output<typeof machineEntrySchema>;
export type ListedEntry = z.output<typeof listedEntrySchema>;
type PageEntry = Extract<ListedEntry, { rows: number }>;

/** One of the two listings. */
export function hostList(clients: Clients, scope: InRegion<Scope>, name: ListName): HostList<ListedEntry> {
  const query = QUERIES[name](scope.region);
  return {
    subject: 'Resource Graph',
    maxPages: MAX_PAGES,
    signal: clients.limits.abortSignal,
    request: (token) =>
      clients.retries.manage.attempt(
        () => requestPage(clients, scope, query, token),
        failureIn,
        clients.limits.abortSignal,
      ),
    unlisted: (failed) => unlisted(scope, failed),
  };
}

/** Requests both listings. Throws `SourceError` where one of them gives nothing at all. */
export async function listInventory(clients: Clients, scope: InRegion<Scope>): Promise<Inventory> {
  const list = (name: ListName) => listAll(hostList(clients, scope, name));
  const [machines, instances] = await Promise.all([list('machines'), list('instances')]);
  return inventoryOf({ machines, instances }, scope);
}

/** Puts the listings together. Pure. Throws `SourceError` where one of them failed and gave nothing at all. */
export function inventoryOf(lists: Readonly<Record<ListName, ListedEntries<ListedEntry>>>, scope: Scope): Inventory {
  for (const list of Object.values(lists)) requireEntries(list);
  return {
    hosts: LISTS.flatMap((name) => hostsOf(lists[name].entries, KINDS[name], scope)),
    truncations: LISTS.flatMap((name) => {
      const { failure: ended, entries } = lists[name];
      return [ended ?? shortfall(entries), malformedRows(entries)];
    }).filter((truncated) => truncated !== undefined),
  };
}

function malformedRows(entries: readonly ListedEntry[]): Failure | undefined {
  const [first, ...others] = entries.filter((entry) => 'why' in entry);
  if (first === undefined) return undefined;
  const what = `${others.length + 1} of ${rowsOf(entries)} rows of Resource Graph are no machines`;
  return failure('malformed', `${what}: ${first.why}`);
}

function pagesOf(entries: readonly ListedEntry[]): PageEntry[] {
  return entries.filter((entry) => 'rows' in entry);
}

function rowsOf(entries: readonly ListedEntry[]): number {
  return pagesOf(entries).reduce((sum, { rows }) => sum + rows, 0);
}

/** Resource Graph states how many rows there are: a listing that ended with fewer is truncated, though nothing failed. */
function shortfall(entries: readonly ListedEntry[]): Failure | undefined {
  const last = pagesOf(entries).find(({ isLast }) => isLast);
  const got = rowsOf(entries);
  if (last === undefined || (got >= last.total && !last.isTruncated)) return undefined;
  return failure('truncated', `Resource Graph listed ${got} of ${last.total} machines and no further page`);
}

async function requestPage(
  clients: Clients,
  scope: Scope,
  query: string,
  token: string | undefined,
): Promise<PageOrFailure<EntriesPage<ListedEntry>>> {
  const options = { $top: PAGE_SIZE, resultFormat: 'objectArray', ...(token && { $skipToken: token }) };
  try {
    const body = { subscriptions: [scope.account], query, options };
    const parsed = parseInput(graphPageSchema, await clients.manage({ call: 'resources', path: RESOURCES, body }));
    if (!parsed.success) return { kind: 'failed', failure: notAsDocumented(parsed.error) };
    return readRows(parsed.data);
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error, clients.limits.abortSignal), cause: error };
  }
}

function readRows(answer: GraphPage): PageOrFailure<EntriesPage<ListedEntry>> {
  const rows = answer.data.map((row) => parseInput(machineSchema, row));
  const machines = rows.flatMap(({ data }) => (data ? [data] : []));
  const errors = rows.flatMap(({ error }) => (error ? [error] : []));
  const [first] = errors;
  // Nothing of it can be read: that is no listing with a malformed row in it.
  if (first && machines.length === 0) return { kind: 'failed', failure: notAsDocumented(first) };
  const malformed = errors.map((error) => ({ why: String(describeIssues(error)[0]) }));
  const nextToken = answer.$skipToken ?? undefined;
  const page: PageEntry = {
    rows: rows.length,
    total: answer.totalRecords,
    isLast: nextToken === undefined,
    isTruncated: answer.resultTruncated === 'true',
  };
  return { kind: 'page', page: { entries: [...machines.flatMap(entryOf), ...malformed, page], nextToken } };
}

/** Nothing of a machine that is off. */
function entryOf({ id, name, tags, size, power, scaleSet, availabilitySet }: Machine): MachineEntry[] {
  if (OFF.has(power?.toLowerCase() ?? '')) return [];
  const group = lastSegment(scaleSet) ?? lastSegment(availabilitySet);
  return [
    {
      // Azure writes one id in several cases: in lower case it names the same host in every run.
      id: id.toLowerCase(),
      ...(name && { name }),
      ...(tags && { tags }),
      ...(size && { size }),
      ...(group !== undefined && { group }),
    },
  ];
}

function notAsDocumented(error: z.ZodError): Failure {
  return failure('malformed', `Resource Graph’s answer is not as documented: ${describeIssues(error)[0]}`);
}

function unlisted({ account, region }: Scope, { failure: why, cause }: FailedPage): SourceError {
  // The credentials' own error explains better what to check.
  if (cause instanceof SourceError) return cause;
  const { reason, retryable, detail } = why;
  const advice = reason === 'denied' ? `; ${ADVICE}` : '';
  const message = `cannot list the machines of subscription ${account} in ${region}: ${detail}${advice}`;
  return new SourceError(message, { reason, retryable, cause });
}

function hostsOf(entries: readonly ListedEntry[], kind: HostKind, scope: Scope): Host[] {
  const machines = entries.filter((entry) => 'id' in entry);
  // Pages that overlap name a machine twice.
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  return [...byId.values()].map((machine) => ({ kind, resource: describe(machine, scope), size: machine.size }));
}

function describe({ id, name, tags, size, group }: MachineEntry, scope: Scope): Resource {
  const labels = { ...tags, ...(size !== undefined && { 'host.type': size }) };
  return {
    ...scope,
    id,
    name: name ?? nameFrom(id),
    ...(group !== undefined && { group }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

function lastSegment(resourceId: string | null | undefined): string | undefined {
  return resourceId?.split('/').at(-1) || undefined;
}

/** The name that Azure shows for an instance whose operating system has none: its scale set's and its number. */
function nameFrom(id: string): string {
  const segments = id.split('/');
  const [set, instance] = [segments.at(-3), segments.at(-1)];
  return segments.at(-4) === 'virtualmachinescalesets' ? `${set}_${instance}` : String(instance);
}
