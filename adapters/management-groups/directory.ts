/**
 * The subscriptions below management groups of Azure. One list has all descendants of a group, also those that the reader of the group may
 * not read himself; a second one has the state and the directory of those that he may.
 */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type {
  AccountDirectory,
  DirectoryEntry,
  ListedAccount,
  UnlistedPart,
} from '../../core/ports/account-directory.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { failure, failureOf } from '../azure/errors.ts';
import { type ManagementConnection, openManagement } from '../azure/management.ts';
import { untilConsumerStops } from '../reading/abort.ts';
import type { Failure } from '../reading/failure.ts';
import { type PageOrFailure, paginate } from '../reading/paginate.ts';
import { type ParentList, type ParentPage, walkTree } from '../reading/walk-tree.ts';

export interface ManagementGroupsOptions {
  /** Ids of management groups, which are their names in resource ids. */
  readonly groups: readonly string[];
  readonly connection: ManagementConnection;
}

/** https://learn.microsoft.com/rest/api/resources/subscriptions/list */
const SUBSCRIPTIONS = '/subscriptions?api-version=2022-12-01';

/** https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants */
const DESCENDANTS_VERSION = '2020-05-01';

/** Tries of one request after the first; a throttle's own time to wait goes before this backoff, in milliseconds. */
const RETRY = { maxRetries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 20_000 };

/** Pages of the list of subscriptions: one that is longer never ends. */
const MOST_PAGES = 1_000;

type Get = (path: string, signal: AbortSignal) => Promise<unknown>;

export function managementGroupsDirectory({ groups, connection }: ManagementGroupsOptions): AccountDirectory {
  return {
    provider: 'azure',
    root: `management group ${groups.join(', ')}`,
    list(signal) {
      const send = openManagement({ ...connection, retryOptions: RETRY });
      const get: Get = (path, ended) => send({ path }, ended);
      return untilConsumerStops(signal, (ended) => listBelow(groups, get, ended));
    },
  };
}

async function* listBelow(groups: readonly string[], get: Get, signal: AbortSignal): AsyncGenerator<DirectoryEntry> {
  const { known, unlisted } = await listSubscriptions(get, signal);
  const lists = [descendantsOf(get, known)];
  yield* walkTree({ roots: groups, lists, advice }, signal);
  if (unlisted !== undefined) yield unlisted;
}

const uuid = z
  .string()
  .toLowerCase()
  .regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, 'must be a UUID');

const subscriptionSchema = z.object({ subscriptionId: uuid, tenantId: uuid, state: z.string().max(64) });

type Subscription = z.output<typeof subscriptionSchema>;

const pageSchema = z.object({ value: z.array(z.unknown()), nextLink: z.string().max(8192).nullish() });

interface Subscriptions {
  readonly known: ReadonlyMap<string, Subscription>;
  /** Why more may be readable than is known; undefined where the list is complete. */
  readonly unlisted: UnlistedPart | undefined;
}

/** States are an addition: without them subscriptions are listed all the same. Only a failed sign-in ends everything. */
async function listSubscriptions(get: Get, signal: AbortSignal): Promise<Subscriptions> {
  const known = new Map<string, Subscription>();
  const pages = paginate({
    subject: 'subscriptions',
    maxPages: MOST_PAGES,
    signal,
    request: (token) => requestPage(get, withToken(SUBSCRIPTIONS, token), signal),
    nextToken: ({ nextLink }) => nextPage(nextLink).nextToken,
  });
  for await (const answer of pages) {
    if (answer.kind === 'failed') {
      if (answer.cause instanceof SourceError) throw answer.cause;
      const { reason, detail } = answer.failure;
      return { known, unlisted: unlistedStates(reason, detail) };
    }
    for (const entry of answer.page.value) {
      const subscription = subscriptionSchema.safeParse(entry).data;
      if (subscription !== undefined) known.set(subscription.subscriptionId, subscription);
    }
    const { unfinished } = nextPage(answer.page.nextLink);
    if (unfinished !== undefined) return { known, unlisted: unlistedStates('malformed', unfinished) };
  }
  return { known, unlisted: undefined };
}

function unlistedStates(reason: UnlistedPart['reason'], detail: string): UnlistedPart {
  return { kind: 'unlisted', location: 'the list of your subscriptions, which has their states', reason, detail };
}

const descendantSchema = z.object({
  type: z.string().max(256),
  name: z.string().max(256),
  properties: z.object({ displayName: z.string().max(256).nullish() }).nullish(),
});

/** All levels below a group are in its one list: the groups among them are not listed again. */
function descendantsOf(get: Get, known: Subscriptions['known']): ParentList {
  return {
    subject: 'descendants',
    async page(group, token, signal) {
      const path = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(group)}/descendants?api-version=${DESCENDANTS_VERSION}`;
      const answer = await requestPage(get, withToken(path, token), signal);
      if (answer.kind === 'failed') return answer;
      return { kind: 'page', page: descendantsPage(answer.page, known) };
    },
  };
}

function descendantsPage({ value, nextLink }: z.output<typeof pageSchema>, known: Subscriptions['known']): ParentPage {
  const accounts: ListedAccount[] = [];
  const malformed: string[] = [];
  for (const entry of value) {
    const { data, error } = parseInput(descendantSchema, entry);
    if (error) malformed.push(String(describeIssues(error)[0]));
    else if (isSubscription(data.type)) {
      const id = parseInput(uuid, data.name);
      if (id.success) accounts.push(listedSubscription(id.data, data.properties?.displayName ?? '', known));
      else malformed.push(`name: ${id.error.issues[0]?.message}`);
    }
  }
  return { accounts, parents: [], malformed, ...nextPage(nextLink) };
}

/** `/subscriptions`, and `Microsoft.Management/managementGroups/subscriptions` in other versions. */
function isSubscription(type: string): boolean {
  return type.toLowerCase().endsWith('/subscriptions');
}

/** A subscription in any of these states can be read: https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states */
const READABLE = new Set(['Enabled', 'Warned', 'PastDue']);

function listedSubscription(account: string, name: string, known: Subscriptions['known']): ListedAccount {
  const subscription = known.get(account);
  const common = { kind: 'account', provider: 'azure', account, name } as const;
  if (subscription === undefined) return { ...common, state: 'unknown', stateName: '', directory: null };
  const { state: stateName, tenantId: directory } = subscription;
  return { ...common, state: READABLE.has(stateName) ? 'active' : 'inactive', stateName, directory };
}

async function requestPage(
  get: Get,
  path: string,
  signal: AbortSignal,
): Promise<PageOrFailure<z.output<typeof pageSchema>>> {
  try {
    const { data, error } = parseInput(pageSchema, await get(path, signal));
    if (data) return { kind: 'page', page: data };
    const detail = `the answer of Resource Manager is not as documented: ${describeIssues(error)[0]}`;
    return { kind: 'failed', failure: failure('malformed', detail) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error, signal), cause: error };
  }
}

/** What the link to the next page is good for: nothing where there is none. */
interface NextPage {
  readonly nextToken: string | undefined;
  /** Why the next page cannot be requested though there is one. */
  readonly unfinished?: string;
}

/** Of the link only the token is taken: no answer names the host that our token is sent to. */
function nextPage(nextLink: string | null | undefined): NextPage {
  if (!nextLink) return { nextToken: undefined };
  const entries = URL.canParse(nextLink) ? [...new URL(nextLink).searchParams] : [];
  const nextToken = entries.find(([name]) => name.toLowerCase() === '$skiptoken')?.[1];
  return nextToken ? { nextToken } : { nextToken: undefined, unfinished: NO_TOKEN };
}

/** A list that ended there would make accounts look gone. */
const NO_TOKEN = 'there are more pages, and nextLink names no $skiptoken with which they could be requested';

function withToken(path: string, token: string | undefined): string {
  return token === undefined ? path : `${path}&$skiptoken=${encodeURIComponent(token)}`;
}

function advice({ reason }: Failure): string | undefined {
  if (reason === 'not_found')
    return 'give the id of a management group (`az account management-group list` prints them)';
  if (reason !== 'denied') return undefined;
  return 'it takes the role Reader on the management group, or one with Microsoft.Management/managementGroups/descendants/read';
}
