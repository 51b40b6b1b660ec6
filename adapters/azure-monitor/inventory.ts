/** The hosts, from two listings of Azure Resource Graph: virtual machines, and the instances of uniform scale sets. */
import type * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { InRegion, Resource, Scope } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { failure, failureOf } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { type PageOrFailure, paginate } from '../reading/paginate.ts';
import { type GraphPage, graphPageSchema, type Machine, machineSchema } from './answers.ts';
import type { Clients } from './clients.ts';
import { instancesQuery, machinesQuery } from './kql.ts';

/** The kinds of hosts, each a metric namespace: one batch holds one kind. */
export type HostKind =
  | 'Microsoft.Compute/virtualMachines'
  | 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines';

export interface Host {
  readonly kind: HostKind;
  readonly resource: Resource;
  /** The size's name, by which the total memory is known. */
  readonly size: string | undefined;
}

export interface Inventory {
  readonly hosts: readonly Host[];
  /** Why listings ended early, and how many rows could not be read: some hosts are then not known. */
  readonly truncations: readonly Failure[];
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

/** Requests both listings. Throws `SourceError` where one of them gives nothing at all. */
export async function listInventory(clients: Clients, scope: InRegion<Scope>): Promise<Inventory> {
  const [machines, instances] = await Promise.all([
    listRows(clients, scope, machinesQuery(scope.region)),
    listRows(clients, scope, instancesQuery(scope.region)),
  ]);
  return {
    hosts: [
      ...hostsOf(machines.rows, 'Microsoft.Compute/virtualMachines', scope),
      ...hostsOf(instances.rows, 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines', scope),
    ],
    truncations: [machines.truncated, malformedRows(machines), instances.truncated, malformedRows(instances)].filter(
      (truncated) => truncated !== undefined,
    ),
  };
}

interface MachineListing {
  readonly rows: readonly Machine[];
  /** What is wrong with each row that is no machine. */
  readonly malformed: readonly string[];
  readonly truncated: Failure | undefined;
}

function malformedRows({ rows, malformed: [first, ...others] }: MachineListing): Failure | undefined {
  if (first === undefined) return undefined;
  const count = others.length + 1;
  return failure('malformed', `${count} of ${rows.length + count} rows of Resource Graph are no machines: ${first}`);
}

/** All pages of one listing. A later page that fails truncates it; without the first one nothing is known. */
async function listRows(clients: Clients, scope: Scope, query: string): Promise<MachineListing> {
  const rows: Machine[] = [];
  const malformed: string[] = [];
  let last: GraphPage | undefined;
  const pages = paginate({
    subject: 'Resource Graph',
    maxPages: MAX_PAGES,
    signal: clients.limits.abortSignal,
    request: (token) => requestPage(clients, scope, query, token),
    nextToken: ({ answer }) => answer.$skipToken,
  });
  for await (const page of pages) {
    if (page.kind === 'failed') {
      if (last === undefined) throw unlisted(scope, page.failure, page.cause);
      return { rows, malformed, truncated: page.failure };
    }
    rows.push(...page.page.rows);
    malformed.push(...page.page.malformed);
    last = page.page.answer;
  }
  return { rows, malformed, truncated: last && shortfall(last, rows.length + malformed.length) };
}

/** Resource Graph states how many rows there are: a listing that ended with fewer is truncated, though nothing failed. */
function shortfall({ totalRecords, resultTruncated }: GraphPage, got: number): Failure | undefined {
  if (got >= totalRecords && resultTruncated !== 'true') return undefined;
  return failure('truncated', `Resource Graph listed ${got} of ${totalRecords} machines and no further page`);
}

interface RowsPage extends Omit<MachineListing, 'truncated'> {
  readonly answer: GraphPage;
}

async function requestPage(
  clients: Clients,
  scope: Scope,
  query: string,
  token: string | undefined,
): Promise<PageOrFailure<RowsPage>> {
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

function readRows(answer: GraphPage): PageOrFailure<RowsPage> {
  const rows = answer.data.map((row) => parseInput(machineSchema, row));
  const machines = rows.flatMap(({ data }) => (data ? [data] : []));
  const errors = rows.flatMap(({ error }) => (error ? [error] : []));
  const [first] = errors;
  // Nothing of it can be read: that is no listing with a malformed row in it.
  if (first && machines.length === 0) return { kind: 'failed', failure: notAsDocumented(first) };
  const malformed = errors.map((error) => String(describeIssues(error)[0]));
  return { kind: 'page', page: { answer, rows: machines, malformed } };
}

function notAsDocumented(error: z.ZodError): Failure {
  return failure('malformed', `Resource Graph’s answer is not as documented: ${describeIssues(error)[0]}`);
}

function unlisted({ account, region }: Scope, { reason, retryable, detail }: Failure, cause: unknown): SourceError {
  // The credentials' own error explains better what to check.
  if (cause instanceof SourceError) return cause;
  const advice = reason === 'denied' ? `; ${ADVICE}` : '';
  const message = `cannot list the machines of subscription ${account} in ${region}: ${detail}${advice}`;
  return new SourceError(message, { reason, retryable, cause });
}

function hostsOf(rows: readonly Machine[], kind: HostKind, scope: Scope): Host[] {
  const running = rows.filter(({ power }) => !OFF.has(power?.toLowerCase() ?? ''));
  // Pages that overlap name a machine twice.
  const byId = new Map(running.map((row) => [row.id.toLowerCase(), row]));
  return [...byId].map(([id, row]) => ({ kind, resource: describe(id, row, scope), size: row.size || undefined }));
}

/** Azure writes one id in several cases: in lower case it names the same host in every run. */
function describe(id: string, { name, tags, size, scaleSet, availabilitySet }: Machine, scope: Scope): Resource {
  const group = lastSegment(scaleSet) ?? lastSegment(availabilitySet);
  const labels = { ...tags, ...(size && { 'host.type': size }) };
  return {
    ...scope,
    id,
    name: name || nameFrom(id),
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
