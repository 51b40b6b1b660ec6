/** The lists of containers and of their limits, a page at a time: each page is a query of the workspace. */
import type * as z from 'zod';
import type { InRegion, Scope, Window } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { Listed } from '../../../core/ports/memory-source.ts';
import { type HostList, listAll } from '../../reading/host-list.ts';
import type { FailedPage } from '../../reading/paginate.ts';
import type { Clients } from '../clients.ts';
import { queryRows } from '../logs.ts';
import { containersQuery, limitsQuery, type RowsRequest } from './queries.ts';
import {
  type ContainerEntry,
  containerEntries,
  containerTableSchema,
  keyOfRow,
  type LimitEntry,
  limitEntries,
  limitTableSchema,
} from './tables.ts';

export const LISTS = ['containers', 'limits'] as const;
export type ListName = (typeof LISTS)[number];

/** Rows of some hundred bytes each: far below the service's 64 MB and 500,000 rows. */
export const PAGE_ROWS = 10_000;

/** A subscription holds fewer than a million containers of a region: a longer list never ends. */
const MAX_PAGES = 100;

/** A query over weeks of records takes longer than other requests; the service itself gives up after ten minutes at the most. */
export const QUERY_TIMEOUT_MS = 180_000;

export interface ListContext {
  readonly clients: Clients;
  readonly scope: InRegion<Scope>;
  /** The id of the workspace; undefined where the config names none. */
  readonly workspace: string | undefined;
  /** Rows of one page. */
  readonly pageRows: number;
}

export function containerList(
  context: ListContext,
  name: ListName,
  window: Window,
): HostList<ContainerEntry | LimitEntry> {
  const { clients, scope, workspace } = context;
  const list = {
    subject: 'Log Analytics',
    maxPages: MAX_PAGES,
    signal: clients.limits.abortSignal,
    unlisted: (failed: FailedPage) => unlisted(scope, name, failed),
  };
  if (workspace === undefined) {
    const entries: readonly ContainerEntry[] = name === 'containers' ? [{ missing: 'workspace' }] : [];
    return { ...list, request: async () => ({ kind: 'page', page: { entries, nextToken: undefined } }) };
  }
  const request = { ...context, workspace, window };
  return {
    ...list,
    request: (token) =>
      name === 'containers'
        ? requestRows(request, token, {
            query: (rows) => containersQuery(scope, rows),
            schema: containerTableSchema,
            keyOf: keyOfRow,
            entries: (row): readonly ContainerEntry[] => containerEntries(row, window),
            // Where an agent never wrote, there is nothing that could be read.
            withoutTables: [{ missing: 'tables' }],
          })
        : requestRows(request, token, {
            query: (rows) => limitsQuery(scope, rows),
            schema: limitTableSchema,
            keyOf: ([instance]) => instance,
            entries: limitEntries,
            withoutTables: [],
          }),
  };
}

interface Rows<Row, Entry> {
  readonly query: (request: RowsRequest) => string;
  readonly schema: z.ZodType<{ readonly rows: readonly Row[] }>;
  readonly keyOf: (row: Row) => string;
  readonly entries: (row: Row) => readonly Entry[];
  readonly withoutTables: readonly Entry[];
}

type RequestContext = ListContext & { readonly workspace: string; readonly window: Window };

/** @param token The key of the last row of the page before. */
async function requestRows<Row, Entry>(
  { clients, workspace, window, pageRows }: RequestContext,
  token: string | undefined,
  { query, schema, keyOf, entries, withoutTables }: Rows<Row, Entry>,
) {
  const text = query({ window, after: token ?? '', rows: pageRows });
  const answer = await queryRows(clients, workspace, { query: text, window, timeoutMs: QUERY_TIMEOUT_MS }, schema);
  if (answer.kind === 'failed') return answer;
  const found = answer.hasNoTable ? withoutTables : answer.rows.flatMap((row) => entries(row));
  const last = answer.rows.length < pageRows ? undefined : answer.rows.at(-1);
  const nextToken = last === undefined ? undefined : keyOf(last);
  return { kind: 'page', page: { entries: found, nextToken } } as const;
}

/**
 * Both lists, one after the other: a workspace answers few queries of one reader at a time. As whoever lists page by page records them:
 * a list that failed is what its failure states.
 */
export async function listContainers(context: ListContext, window: Window): Promise<ReadonlyMap<string, Listed>> {
  const lists = new Map<string, Listed>();
  for (const name of LISTS) lists.set(name, await listed(containerList(context, name, window)));
  return lists;
}

async function listed(list: HostList<ContainerEntry | LimitEntry>): Promise<Listed> {
  try {
    return await listAll(list);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { entries: [], failure: { reason: error.reason, detail: error.message } };
  }
}

const SUBJECTS: Readonly<Record<ListName, string>> = {
  containers: 'the containers of AKS',
  limits: 'the limits of containers',
};

function unlisted({ account, region }: Scope, name: ListName, { failure, cause }: FailedPage): SourceError {
  if (cause instanceof SourceError) return cause;
  const { reason, retryable, detail } = failure;
  const what = `cannot list ${SUBJECTS[name]} of subscription ${account} in ${region}`;
  return new SourceError(`${what}: ${detail.replace(/\.$/, '')}`, { reason, retryable, cause });
}
