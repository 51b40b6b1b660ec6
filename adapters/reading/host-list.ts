/** One list of a source's inventory: all of its pages for a read, or a page at a time for a listing that others continue. */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { Json } from '../../core/model/json.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { PlannedHost } from '../../core/ports/memory-source.ts';
import { type Failure, failureFor, OUT_OF_TIME, withoutEnd } from './failure.ts';
import { type FailedPage, type PageOrFailure, paginate } from './paginate.ts';

/** How a page of a list is requested, and what it means that the first one fails. */
export interface HostList<Entry extends Json> {
  /** The name of the request, for the message about a list without end. */
  readonly subject: string;
  /** Pages after which the list counts as one without end. */
  readonly maxPages: number;
  readonly signal: AbortSignal;
  /** Requests the first page, or the one behind a token of the provider. Does not throw. */
  request(token: string | undefined): Promise<PageOrFailure<EntriesPage<Entry>>>;
  /** What is thrown where not even the first page came. */
  unlisted(failed: FailedPage): SourceError;
}

export interface EntriesPage<Entry extends Json> {
  readonly entries: readonly Entry[];
  readonly nextToken: string | undefined;
}

/** What a list gave, and why it ended early; undefined where it is complete. */
export interface ListedEntries<Entry extends Json> {
  readonly entries: readonly Entry[];
  readonly failure: Pick<Failure, 'reason' | 'detail'> | undefined;
}

/** All pages. A later page that fails ends the list; throws `SourceError` where not even the first one came. */
export async function listAll<Entry extends Json>(list: HostList<Entry>): Promise<ListedEntries<Entry>> {
  const { subject, maxPages, signal } = list;
  const pages = paginate({
    subject,
    maxPages,
    signal,
    request: (token) => list.request(token),
    nextToken: ({ nextToken }: EntriesPage<Entry>) => nextToken,
  });
  const received: (readonly Entry[])[] = [];
  for await (const answer of pages) {
    if (answer.kind === 'page') {
      received.push(answer.page.entries);
      continue;
    }
    if (received.length === 0) throw list.unlisted(answer);
    return { entries: received.flat(), failure: answer.failure };
  }
  return { entries: received.flat(), failure: undefined };
}

/**
 * One page, for a listing that may go on in another invocation. Throws `SourceError`; of a later page its message is the provider's
 * reason alone, as it stands in the reading of a list that ended early.
 *
 * @param token As the page before gave it. It counts the pages, so that a list without end is known by whoever holds its token.
 */
export async function pageOf<Entry extends Json>(list: HostList<Entry>, token?: string) {
  const { pages, next: current } = readToken(token);
  const answer = await requestBounded(list, current);
  if (answer.kind === 'failed') throw pages === 0 ? list.unlisted(answer) : laterFailure(answer);
  const { entries, nextToken } = answer.page;
  if (nextToken === undefined) return { entries };
  const isEndless = nextToken === current || pages + 1 >= list.maxPages;
  return { entries, nextToken: `${pages + 1} ${isEndless ? WITHOUT_END : nextToken}` };
}

/** Stands for a token behind which nothing is requested. */
const WITHOUT_END = '';

function readToken(token: string | undefined): { readonly pages: number; readonly next: string | undefined } {
  if (token === undefined) return { pages: 0, next: undefined };
  const [, pages, next] = /^(\d{1,9}) (.*)$/s.exec(token) ?? [];
  if (pages !== undefined && next !== undefined) return { pages: Number(pages), next };
  const message = 'the token of a page of hosts is none that this source gave: list the hosts from the first page';
  throw new SourceError(message, { reason: 'malformed', retryable: false });
}

async function requestBounded<Entry extends Json>(list: HostList<Entry>, token: string | undefined) {
  if (list.signal.aborted) return { kind: 'failed', failure: OUT_OF_TIME } as const;
  if (token !== WITHOUT_END) return await list.request(token);
  return { kind: 'failed', failure: withoutEnd(list.subject) } as const;
}

function laterFailure({ failure: { reason, retryable, detail }, cause }: FailedPage): SourceError {
  return cause instanceof SourceError ? cause : new SourceError(detail, { reason, retryable, cause });
}

/** Throws where a list gave nothing at all because it failed. */
export function requireEntries({ entries, failure }: ListedEntries<Json>): void {
  if (failure === undefined || entries.length > 0) return;
  const { reason, detail } = failure;
  throw new SourceError(detail, { reason, retryable: failureFor(reason, detail).retryable });
}

/**
 * A list by its name, its entries checked: they may come from a store, where another version wrote them. Throws `SourceError` for entries
 * that this version does not know.
 */
export function listedOf<Entry extends Json>(
  listed: ReadonlyMap<string, ListedEntries<Json>>,
  name: string,
  schema: z.ZodType<Entry>,
): ListedEntries<Entry> {
  const list = listed.get(name);
  if (list === undefined) throw new Error(`the list ${name} of hosts is missing`);
  const { data, error } = parseInput(z.array(schema), list.entries);
  if (error) throw notAsWritten(`the list ${name} of hosts`, error);
  return { entries: data, failure: list.failure };
}

/** A planned host's own entry, checked for the same reason. */
export function entryOf<Entry extends Json>({ resource, entry }: PlannedHost, schema: z.ZodType<Entry>): Entry {
  const { data, error } = parseInput(schema, entry);
  if (error) throw notAsWritten(`the plan for host ${resource.id}`, error);
  return data;
}

function notAsWritten(what: string, error: z.ZodError): SourceError {
  const message = `${what} is not as this version writes it: ${describeIssues(error)[0]}; list the hosts again`;
  return new SourceError(message, { reason: 'malformed', retryable: false });
}

/** The list of a name that came from outside. */
export function requireList<Name extends string>(name: string, known: readonly Name[]): Name {
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  const message = `this source has no list ${name} of hosts; it has ${known.join(', ')}`;
  throw new SourceError(message, { reason: 'malformed', retryable: false });
}
