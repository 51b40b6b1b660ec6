/** The world of the suite of account directories, as each cloud names what is in it, played over HTTP. */
import type { AccountDirectory } from '../../core/ports/account-directory.ts';
import { startOrganization } from '../../sandbox/organizations/server.ts';
import { type Part, type PlayedAccount, partsBelow } from '../../sandbox/organizations/tree.ts';
import type { DirectorySubject } from './account-directory.ts';

export interface Naming {
  /** The root, two parts below it, and one below the second of them. */
  readonly parts: readonly [root: string, first: string, second: string, deep: string];
  account(index: number): Omit<PlayedAccount, 'name' | 'state'>;
  readonly active: string;
  readonly suspended: string;
  /** Whether each part is a request of its own. */
  readonly hasParts: boolean;
}

/** More than two pages of the root, and some accounts in each part. */
const IN_ROOT = 45;

/** What was started, to be closed after the test. */
const running: { close(): Promise<void> }[] = [];

export async function closeWorlds(): Promise<void> {
  await Promise.all(running.splice(0).map((one) => one.close()));
}

export async function startWorld(
  naming: Naming,
  open: (endpoint: string, root: string) => AccountDirectory,
): Promise<DirectorySubject & { readonly requests: () => number }> {
  const tree = treeOf(naming);
  const world = await startOrganization(tree);
  running.push(world);
  const second = tree.parts?.[1];
  const accountsIn = (part: Part) => partsBelow(part).flatMap(({ accounts }) => accounts);
  return {
    directory: open(world.endpoint, tree.id),
    requests: world.requests,
    names: new Map(accountsIn(tree).map(({ id, name }) => [id, name])),
    suspended: naming.account(50).id,
    part: naming.hasParts && second ? { id: second.id, accounts: accountsIn(second).map(({ id }) => id) } : undefined,
    deny: (part = '*') => world.refuse(part, 'denied'),
    throttle: (times) => world.refuse('*', 'throttled', { times }),
    failAfter: (after) => world.refuse(tree.id, 'denied', { after }),
    neverEnd: world.neverEnd,
    garble: world.garble,
  };
}

function treeOf({ parts: [root, first, second, deep], account, active, suspended }: Naming): Part {
  const accounts = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...account(from + index),
      name: `Account ${from + index}`,
      state: from + index === 50 ? suspended : active,
    }));
  return {
    id: root,
    accounts: accounts(0, IN_ROOT),
    parts: [
      { id: first, accounts: accounts(50, 3) },
      { id: second, accounts: accounts(60, 2), parts: [{ id: deep, accounts: accounts(70, 1) }] },
    ],
  };
}
