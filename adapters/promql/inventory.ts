/** The hosts of a server, put together from its lists. */
import { admits, type HostFilter } from '../../core/model/host-filter.ts';
import { isResource, type NotMonitored, type Scope, type Unreadable, type Window } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { HostPlan, Listed } from '../../core/ports/memory-source.ts';
import { failureFor, hostsMissing } from '../reading/failure.ts';
import { type ListedEntries, listAll, listedOf } from '../reading/host-list.ts';
import { inFlight } from '../reading/in-flight.ts';
import type { Labels } from './answers.ts';
import type { RequestContext } from './client.ts';
import { containersOf } from './containers.ts';
import { customHosts } from './custom-queries.ts';
import { type KnownHost, plannedOf } from './known-host.ts';
import { faultOf, type ListedEntry, type ListedLists, listedEntrySchema, seriesOf } from './list-entries.ts';
import { type Coverage, hostList, isBase, listNames } from './lists.ts';
import { machinesOf } from './machines.ts';
import { seriesText } from './series-text.ts';

export interface Inventory {
  /** Those that are gone among them. */
  readonly hosts: readonly KnownHost[];
  readonly notMonitored: readonly NotMonitored[];
  /** Names that several machines have. */
  readonly ambiguous: readonly Unreadable[];
  /** What could not be listed. */
  readonly missing: readonly Unreadable[];
  /** Why hosts have no names; undefined where they do. */
  readonly unnamed: string | undefined;
}

export interface InventoryOptions {
  readonly scope: Scope;
  readonly coverage: Coverage;
  readonly groupLabel: string | undefined;
}

/** Lists under way at once: a server has some anyway for each dashboard. */
const LISTS_AT_ONCE = 3;

/** Throws `SourceError` where none of the hosts can be known. */
export async function listInventory(
  context: RequestContext,
  options: InventoryOptions,
  window: Window,
): Promise<Inventory> {
  const { coverage } = options;
  const lists = new Map<string, ListedEntries<ListedEntry>>();
  const list = async (name: string) => [name, await listOrFail(context, name, { coverage, window })] as const;
  for await (const [name, listed] of inFlight(listNames(coverage), LISTS_AT_ONCE, list)) lists.set(name, listed);
  return inventoryOf(lists, options);
}

/** What failed is a part of the result, as whoever lists page by page records it; but where signing in failed, nothing can be read. */
async function listOrFail(context: RequestContext, name: string, which: Parameters<typeof hostList>[2]) {
  try {
    return await listAll(hostList(context, name, which));
  } catch (error) {
    if (!(error instanceof SourceError) || error.stage === 'sign_in') throw error;
    return { entries: [], failure: { reason: error.reason, detail: error.message } };
  }
}

/** Pure. Throws `SourceError` where a list that failed and gave nothing leaves nothing that could be read. */
function inventoryOf(lists: ListedLists, options: InventoryOptions): Inventory {
  const { scope, coverage, groupLabel } = options;
  refuseWhereNothingIsListed(lists);
  const of = (name: string) => seriesOf(lists, name);
  const machines = machinesOf(
    { machines: of('machines'), stopped: of('stopped'), targets: of('targets'), names: of('names') },
    { scope, groupLabel, clusterLabels: coverage.clusterLabels },
  );
  const containers = containersOf(
    {
      containers: of('containers'),
      earlier: of('earlier'),
      began: of('began'),
      ended: of('ended'),
      limits: of('limits'),
      limitsAreComplete: faultOf(lists, 'limits') === undefined,
      owners: of('owners'),
      machines: of('machines'),
      targets: of('targets'),
    },
    scope,
  );
  const custom = coverage.queries.flatMap((query, index) =>
    customHosts({ index, query, used: of(`query ${index}`), limits: of(`limit ${index}`) }, scope),
  );
  const hosts = new Map([...machines.hosts, ...containers.hosts, ...custom].map((host) => [host.resource.id, host]));
  return {
    hosts: [...hosts.values()],
    notMonitored: machines.notMonitored.filter(({ resource }) => !hosts.has(resource.id)),
    ambiguous: machines.ambiguous,
    missing: [...faultsIn(lists, scope), ...namelessIn([...machines.nameless, ...containers.nameless], scope)],
    unnamed: faultOf(lists, 'names')?.detail,
  };
}

function refuseWhereNothingIsListed(lists: ListedLists): void {
  const bases = [...lists].filter(([name]) => isBase(name)).map(([, list]) => list);
  const [first] = bases.flatMap(({ entries, failure }) => (failure && entries.length === 0 ? [failure] : []));
  const isNothing = bases.every(({ entries, failure }) => failure !== undefined && entries.length === 0);
  if (first === undefined || !isNothing) return;
  const { reason, detail } = first;
  throw new SourceError(detail, { reason, retryable: failureFor(reason, detail).retryable });
}

/** Each fault once: what is wrong with a server fails several lists. Names are reported apart: hosts are known without them. */
function faultsIn(lists: ListedLists, scope: Scope): Unreadable[] {
  const faults = new Map<string, Unreadable>();
  for (const name of [...lists.keys()].sort()) {
    const fault = name === 'names' ? undefined : faultOf(lists, name);
    if (fault === undefined) continue;
    const reading = name === 'limits' ? limitsMissing(scope, fault) : hostsMissing(scope, fault);
    faults.set(reading.detail, reading);
  }
  return [...faults.values()];
}

function limitsMissing(scope: Scope, { reason, detail }: Pick<Unreadable, 'reason' | 'detail'>): Unreadable {
  return { kind: 'unreadable', scope, reason, detail: `some limits of containers are not known: ${detail}` };
}

/** One of them is stated, the same each time. */
function namelessIn(nameless: readonly Labels[], scope: Scope): Unreadable[] {
  // One that is live is in several lists.
  const distinct = new Set(nameless.map((labels) => JSON.stringify(labels)));
  const [first] = nameless.map((metric) => seriesText({ metric }) ?? '').sort();
  if (first === undefined) return [];
  const count = distinct.size === 1 ? 'a series names no host' : `${distinct.size} series name no host`;
  const detail = `${count}: a label that identifies it (instance, host_name, pod …) is empty, longer than 400 characters, or no text that can be shown; for example ${first}`;
  return [hostsMissing(scope, { reason: 'malformed', detail })];
}

/** The hosts that the filters admit, and the readings of the others. */
export function admitted({ hosts, notMonitored, ambiguous, missing }: Inventory, filters: readonly HostFilter[]) {
  const unread = [
    ...notMonitored.filter(({ resource }) => admits(filters, resource)),
    ...ambiguous.filter(({ scope }) => !isResource(scope) || admits(filters, scope)),
  ];
  return {
    hosts: hosts.filter(({ resource }) => admits(filters, resource)),
    unread,
    readings: [...missing, ...unread],
  };
}

/** Pure. */
export function planOf(
  listed: ReadonlyMap<string, Listed>,
  options: InventoryOptions,
  filters: readonly HostFilter[],
): HostPlan {
  const names = listNames(options.coverage);
  const lists = new Map(names.map((name) => [name, listedOf(listed, name, listedEntrySchema)]));
  const { hosts, readings } = admitted(inventoryOf(lists, options), filters);
  return { hosts: hosts.filter(({ state }) => state !== 'gone').map(plannedOf), readings };
}
