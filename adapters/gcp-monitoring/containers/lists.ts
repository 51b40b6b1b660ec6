/** The lists of containers, of their limits and of the nodes' memory; and the pods that those of today have replaced. */

import type { InRegion, Scope, Window } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { Listed } from '../../../core/ports/memory-source.ts';
import { type HostList, listAll, listedOf } from '../../reading/host-list.ts';
import { chunksOf } from '../../reading/in-flight.ts';
import { type FailedPage, failureIn } from '../../reading/paginate.ts';
import { type ListedSeries, listSeries, seriesIn } from '../listing.ts';
import { CALL, MAX_PAGES, type RequestContext, requestPage } from '../pages.ts';
import type { Query } from '../requests.ts';
import {
  type EarlierEntry,
  earlierEntries,
  type LimitEntry,
  limitEntries,
  type NodeEntry,
  nodeEntries,
  type RunningEntry,
  runningEntries,
  runningEntrySchema,
} from './entries.ts';
import { earlierPatterns, runningContainers } from './hosts.ts';
import { earlierQuery, limitsQuery, nodesQuery, runningQuery } from './queries.ts';

export const LISTS = ['containers', 'limits', 'nodes'] as const;
export type ListName = (typeof LISTS)[number];

/** Pods that were replaced: requested once those of today are listed. */
export const EARLIER = 'earlier';

type Entry = RunningEntry | LimitEntry | NodeEntry | EarlierEntry;

interface ListKind {
  readonly query: (scope: InRegion<Scope>, window: Window) => Query;
  readonly entries: (listed: ListedSeries, window: Window) => Entry[];
}

const KINDS: Readonly<Record<ListName, ListKind>> = {
  containers: { query: runningQuery, entries: runningEntries },
  limits: { query: limitsQuery, entries: limitEntries },
  nodes: { query: nodesQuery, entries: nodeEntries },
};

/** Workloads in one request for earlier pods: their names make up a pattern of some thousand characters. */
const WORKLOADS_PER_REQUEST = 50;

/** Pods that were replaced: more of them are left out, the history of their hosts then begins later. */
const MOST_EARLIER = 50_000;

export function containerList(context: RequestContext, name: ListName, window: Window): HostList<Entry> {
  const { query: queryOf, entries } = KINDS[name];
  const query = queryOf(context.scope, window);
  return {
    subject: CALL,
    maxPages: MAX_PAGES,
    signal: context.signal,
    async request(token = '') {
      const answer = await requestPage(context, query, token);
      // A project without a cluster does not have the metric.
      if (failureIn(answer)?.reason === 'not_found')
        return { kind: 'page', page: { entries: [], nextToken: undefined } };
      if (answer.kind === 'failed') return answer;
      const found = Array.from(seriesIn(answer.page, query)).flatMap((listed) => entries(listed, window));
      return { kind: 'page', page: { entries: found, nextToken: answer.page.nextPageToken || undefined } };
    },
    unlisted: (failed) => unlisted(context.scope, name, failed),
  };
}

/** All of them, as whoever lists page by page records them: a list that failed is what its failure states. */
export async function listContainers(context: RequestContext, window: Window): Promise<ReadonlyMap<string, Listed>> {
  const lists = await Promise.all(
    LISTS.map(async (name) => [name, await listed(containerList(context, name, window))] as const),
  );
  return await withEarlier(context, new Map(lists), window);
}

async function listed(list: HostList<Entry>): Promise<Listed> {
  try {
    return await listAll(list);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { entries: [], failure: { reason: error.reason, detail: error.message } };
  }
}

/**
 * Adds the pods that were replaced within the window, of workloads with one pod at a time. Nothing is thrown: a host whose earlier
 * pods are not known has a history that begins with the pod of today, and the list states why.
 */
export async function withEarlier(
  context: RequestContext,
  lists: ReadonlyMap<string, Listed>,
  window: Window,
): Promise<ReadonlyMap<string, Listed>> {
  const running = runningContainers(listedOf(lists, 'containers', runningEntrySchema).entries, context.scope);
  const entries: EarlierEntry[] = [];
  let failure: Listed['failure'];
  for (const some of chunksOf(earlierPatterns(running), WORKLOADS_PER_REQUEST)) {
    if (entries.length > MOST_EARLIER) break;
    for await (const found of listSeries(context, earlierQuery(context.scope, window, some))) {
      for (const entry of earlierEntries(found)) {
        if ('pod' in entry) entries.push(entry);
        else failure ??= entry;
      }
    }
  }
  if (entries.length > MOST_EARLIER) failure ??= { reason: 'truncated', detail: `more than ${MOST_EARLIER} pods` };
  return new Map([...lists, [EARLIER, { entries: entries.slice(0, MOST_EARLIER), failure }]]);
}

const SUBJECTS: Readonly<Record<ListName, string>> = {
  containers: 'the containers of clusters',
  limits: 'the limits of containers',
  nodes: 'the nodes of clusters',
};

function unlisted({ account, region }: Scope, name: ListName, { failure, cause }: FailedPage): SourceError {
  const { reason, retryable, detail } = failure;
  const what = `cannot list ${SUBJECTS[name]} of project ${account} in ${region}`;
  return new SourceError(`${what}: ${detail.replace(/\.$/, '')}`, { reason, retryable, cause });
}
