import { describe, expect, it } from 'vitest';
import { type ParentList, walkTree } from '../../../adapters/reading/walk-tree.ts';
import { type ListedAccount, MOST_ACCOUNTS } from '../../../core/ports/account-directory.ts';

function accountsOf(count: number): ListedAccount[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'account',
    provider: 'aws',
    account: String(100_000_000_000 + index),
    name: '',
    state: 'active',
    stateName: 'ACTIVE',
    partition: 'aws',
  }));
}

/** One page with so many accounts. */
function aList(count: number): ParentList {
  const page = { accounts: accountsOf(count), parents: [], malformed: [], nextToken: undefined };
  return { subject: 'ListAccounts', page: async () => ({ kind: 'page', page }) };
}

async function unlistedOf(count: number) {
  const tree = { roots: ['root'], lists: [aList(count)] };
  const entries = await Array.fromAsync(walkTree(tree, new AbortController().signal));
  return { accounts: entries.filter(({ kind }) => kind === 'account').length, last: entries.at(-1) };
}

describe('walkTree', () => {
  it('lists as many accounts as it may without calling the list truncated', async () => {
    expect(await unlistedOf(MOST_ACCOUNTS)).toMatchObject({ accounts: MOST_ACCOUNTS, last: { kind: 'account' } });
  });

  it('reports that there are more than it may list', async () => {
    expect(await unlistedOf(MOST_ACCOUNTS + 1)).toMatchObject({
      accounts: MOST_ACCOUNTS,
      last: { kind: 'unlisted', location: 'root', reason: 'truncated' },
    });
  });
});
