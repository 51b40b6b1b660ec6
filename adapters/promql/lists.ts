/** Which lists an inventory takes, and how each is requested. */
import type { Window } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type EntriesPage, type HostList, requireList } from '../reading/host-list.ts';
import type { FailedPage, PageOrFailure } from '../reading/paginate.ts';
import { type Answer, queryInstant, queryRange, type RequestContext } from './client.ts';
import { withCluster, withClusterAlone } from './clusters.ts';
import { type CustomQuery, customListed, looksOf } from './custom-queries.ts';
import { type ListedEntry, rangeEntry, valueEntry } from './list-entries.ts';
import { failureOfToken, tokenOf } from './list-tokens.ts';
import {
  containers,
  containersOver,
  earlierContainers,
  limits,
  MACHINES,
  machinesOver,
  names,
  owners,
  targets,
} from './queries.ts';

const MACHINE_LISTS = ['machines', 'stopped', 'targets', 'names'] as const;
const CONTAINER_LISTS = ['containers', 'earlier', 'began', 'ended', 'limits', 'owners'] as const;
type FixedList = (typeof MACHINE_LISTS)[number] | (typeof CONTAINER_LISTS)[number];

/** Lists of a config's own queries have its index in their names. */
export type ListName = FixedList | CustomList;
type CustomList = `${'query' | 'limit'} ${number}`;

/** What is read of a server. */
export interface Coverage {
  readonly containers: boolean;
  readonly queries: readonly CustomQuery[];
  /** The labels whose values together distinguish clusters. */
  readonly clusterLabels: readonly string[];
}

/** Queries of a config's own replace those for known exporters. */
export function listNames({ containers: areRead, queries }: Coverage): ListName[] {
  const hasOwn = (kind: CustomQuery['kind']) => queries.some((query) => query.kind === kind);
  return [
    ...(hasOwn('machine') ? [] : MACHINE_LISTS),
    ...(hasOwn('container') || !areRead ? [] : CONTAINER_LISTS),
    ...queries.flatMap(({ limit }, index): CustomList[] =>
      limit === undefined ? [`query ${index}`] : [`query ${index}`, `limit ${index}`],
    ),
  ];
}

/** Lists without which nobody knows of any host. */
export function isBase(name: string): boolean {
  return name === 'machines' || name === 'containers' || name.startsWith('query ');
}

/** A list by a name that came from outside. Throws `SourceError` where there is none. */
export function hostList(
  context: RequestContext,
  name: string,
  { coverage, window }: { readonly coverage: Coverage; readonly window: Window },
): HostList<ListedEntry> {
  const known = requireList(name, listNames(coverage));
  const fetch = fetchOf(known, coverage);
  return {
    subject: `the list ${name}`,
    // Servers have no tokens: an answer that may be incomplete is a page, and a failure behind it.
    maxPages: 2,
    signal: context.signal,
    async request(token): Promise<PageOrFailure<EntriesPage<ListedEntry>>> {
      if (token !== undefined) return { kind: 'failed', failure: failureOfToken(token) };
      const answer = await fetch(context, window);
      if (answer.kind === 'failed') return answer;
      return {
        kind: 'page',
        page: { entries: answer.data, nextToken: answer.incomplete && tokenOf(answer.incomplete) },
      };
    },
    unlisted: (failed) => unlisted(context, failed),
  };
}

function unlisted({ scope }: RequestContext, { failure, cause }: FailedPage): SourceError {
  if (cause instanceof SourceError) return cause;
  const { reason, retryable, detail } = failure;
  return new SourceError(`cannot list the hosts of Prometheus server ${scope.account}: ${detail}`, {
    reason,
    retryable,
    cause,
  });
}

type Fetch = (context: RequestContext, window: Window) => Promise<Answer<ListedEntry[]>>;
type FetchOf = (clusterLabels: readonly string[]) => Fetch;

const FETCHES: Readonly<Record<FixedList, FetchOf>> = {
  machines: (clusterLabels) => changed(instant(MACHINES), clusterLabels, withCluster),
  stopped: (clusterLabels) => changed(overWindow(machinesOver), clusterLabels, withCluster),
  targets: aggregated(targets),
  names: aggregated(names),
  containers: aggregated(containers),
  earlier: aggregated(earlierContainers),
  began: seen('first'),
  ended: seen('last'),
  limits: aggregated(limits),
  owners: aggregated(owners),
};

function aggregated(query: (clusterLabels: readonly string[]) => string): FetchOf {
  return (clusterLabels) => changed(instant(query(clusterLabels)), clusterLabels, withClusterAlone);
}

function seen(which: 'first' | 'last'): FetchOf {
  return (clusterLabels) =>
    changed(
      overWindow((window) => containersOver(which, window, clusterLabels)),
      clusterLabels,
      withClusterAlone,
    );
}

function changed(fetch: Fetch, clusterLabels: readonly string[], change: typeof withCluster): Fetch {
  return async (context, window) =>
    mapped(await fetch(context, window), (entries) => clustered(entries, clusterLabels, change));
}

function clustered(entries: readonly ListedEntry[], clusterLabels: readonly string[], change: typeof withCluster) {
  return entries.map((entry) =>
    'malformed' in entry ? entry : { ...entry, labels: change(entry.labels, clusterLabels) },
  );
}

function fetchOf(name: ListName, { queries, clusterLabels }: Coverage): Fetch {
  if (!isCustom(name)) return FETCHES[name](clusterLabels);
  const [list, index] = name.split(' ');
  const { used = '', limit = '' } = queries[Number(index)] ?? {};
  return list === 'limit' ? instant(customListed(limit)) : looks(customListed(used));
}

function isCustom(name: ListName): name is CustomList {
  return name.includes(' ');
}

/** At the last moment of the window. */
function instant(query: string): Fetch {
  return async (context, { end }) =>
    mapped(await queryInstant(context, query, end - 1), ({ result }) => result.map(valueEntry));
}

/** What the window had, put together by the server: a search of its index has a series for each run of a container. */
function overWindow(query: (window: Window) => string): Fetch {
  return async (context, window) => await instant(query(window))(context, window);
}

/** At a few moments of the window, as nothing but its samples shows what stopped. */
function looks(query: string): Fetch {
  return async (context, of) => {
    const { window, everyMs } = looksOf(of);
    return mapped(await queryRange(context, query, window, everyMs), ({ result }) => result.map(rangeEntry));
  };
}

function mapped<Data, Result>(answer: Answer<Data>, change: (data: Data) => Result): Answer<Result> {
  return answer.kind === 'failed' ? answer : { ...answer, data: change(answer.data) };
}
