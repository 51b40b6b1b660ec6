/** The accounts of an organization, which is a tree: level by level, several parents at a time, each account once. */
import {
  type DirectoryEntry,
  type ListedAccount,
  MOST_ACCOUNTS,
  type UnlistedPart,
} from '../../core/ports/account-directory.ts';
import { SourceError } from '../../core/ports/errors.ts';
import { type Failure, failureFor } from './failure.ts';
import { inFlight } from './in-flight.ts';
import { type PageOrFailure, paginate } from './paginate.ts';

/** One page of the entries directly below a parent. */
export interface ParentPage {
  readonly accounts: readonly ListedAccount[];
  /** Parents of the next level. */
  readonly parents: readonly string[];
  /** What is wrong with each entry that could not be read. */
  readonly malformed: readonly string[];
  readonly nextToken: string | undefined;
  /** Why the pages behind this one cannot be requested, where there are some. */
  readonly unfinished?: string | undefined;
}

/** One list of the entries directly below a parent: accounts, parents, or both. */
export interface ParentList {
  /** The name of the request, for messages. */
  readonly subject: string;
  page(parent: string, token: string | undefined, signal: AbortSignal): Promise<PageOrFailure<ParentPage>>;
}

export interface Tree {
  readonly roots: readonly string[];
  readonly lists: readonly ParentList[];
  /** What to do about a failure, where there is something, for the end of its sentence. */
  advice?(failure: Failure): string | undefined;
}

/** Parents that are listed at the same time. The quotas of all clouds are far above it. */
const PARENTS_AT_ONCE = 4;

/** Levels below the roots: ten folders is the most that Google Cloud has, six groups Azure and five units AWS. */
const MOST_LEVELS = 16;

/** Folders or units of one list: ten thousand accounts are in fewer. */
const MOST_PARENTS = 5_000;

/** Pages of one list: an answer that is longer never ends. */
const MOST_PAGES = 1_000;

/** As `AccountDirectory.list` has it. */
export async function* walkTree(tree: Tree, signal: AbortSignal): AsyncGenerator<DirectoryEntry> {
  const accounts = new Set<string>();
  const visited = new Set(tree.roots);
  let level: readonly string[] = [...visited];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MOST_LEVELS || visited.size > MOST_PARENTS) return yield tooLarge(tree);
    const listed = await Array.fromAsync(
      inFlight(level, PARENTS_AT_ONCE, (parent) => listParent(tree, parent, signal)),
    );
    if (depth === 0) refuseWhereNothingIsListed(listed);
    let isComplete = true;
    for (const one of listed) isComplete = (yield* newEntries(one, accounts)) && isComplete;
    if (!isComplete) return yield tooLarge(tree);
    level = listed.flatMap(({ parents }) => parents).filter((parent) => isNew(parent, visited));
  }
}

/** Returns false where there was no room for an account. */
function* newEntries({ accounts, unlisted }: Listed, known: Set<string>): Generator<DirectoryEntry, boolean> {
  let isComplete = true;
  for (const account of accounts) {
    if (known.size < MOST_ACCOUNTS) {
      if (isNew(account.account, known)) yield account;
    } else if (!known.has(account.account)) isComplete = false;
  }
  yield* unlisted;
  return isComplete;
}

/** Also adds it. */
function isNew(id: string, known: Set<string>): boolean {
  const before = known.size;
  return known.add(id).size > before;
}

/** Roots that gave nothing are a failure of the entire list where all of them did. */
function refuseWhereNothingIsListed(roots: readonly Listed[]): void {
  const [first] = roots[0]?.unlisted ?? [];
  if (first === undefined || roots.some(({ isUnknown }) => !isUnknown)) return;
  const failures = roots.flatMap(({ unlisted }) => unlisted.slice(0, 1));
  const message = failures.map(({ location, detail }) => `${location} cannot be listed: ${detail}`).join('\n');
  const { reason } = first;
  throw new SourceError(message, { reason, retryable: failureFor(reason, '').retryable });
}

function tooLarge({ roots }: Tree): UnlistedPart {
  const limits = `${MOST_ACCOUNTS} accounts, ${MOST_PARENTS} folders or units, or ${MOST_LEVELS} levels`;
  return unlistedPart(roots.join(', '), 'truncated', `there may be more than what is read at once: ${limits}`);
}

interface Listed {
  readonly accounts: ListedAccount[];
  readonly parents: string[];
  readonly unlisted: UnlistedPart[];
  /** Whether no list gave anything. */
  isUnknown: boolean;
}

async function listParent(tree: Tree, parent: string, signal: AbortSignal): Promise<Listed> {
  const listed: Listed = { accounts: [], parents: [], unlisted: [], isUnknown: true };
  for (const list of tree.lists) {
    const pages = paginate<ParentPage>({
      subject: list.subject,
      maxPages: MOST_PAGES,
      signal,
      request: (token) => list.page(parent, token, signal),
      nextToken: ({ nextToken }) => nextToken,
    });
    for await (const answer of pages) addPage(answer, parent, listed, tree);
  }
  // Both lists of a parent that is denied fail, for one reason.
  return { ...listed, unlisted: [...new Map(listed.unlisted.map((part) => [part.reason, part])).values()] };
}

function addPage(answer: PageOrFailure<ParentPage>, parent: string, listed: Listed, { advice }: Tree): void {
  if (answer.kind === 'failed') {
    // Signing in failed: that is not about this part.
    if (answer.cause instanceof SourceError) throw answer.cause;
    const { reason, detail } = answer.failure;
    const hint = advice?.(answer.failure);
    listed.unlisted.push(
      unlistedPart(parent, reason, hint === undefined ? detail : `${detail.replace(/\.$/, '')}; ${hint}`),
    );
    return;
  }
  const { accounts, parents, malformed, unfinished } = answer.page;
  listed.isUnknown = false;
  listed.accounts.push(...accounts);
  listed.parents.push(...parents);
  if (unfinished !== undefined) listed.unlisted.push(unlistedPart(parent, 'malformed', unfinished));
  const [first] = malformed;
  if (first === undefined) return;
  listed.unlisted.push(
    unlistedPart(parent, 'malformed', `${malformed.length} of its entries could not be read: ${first}`),
  );
}

function unlistedPart(location: string, reason: UnlistedPart['reason'], detail: string): UnlistedPart {
  return { kind: 'unlisted', location, reason, detail };
}
