/** The suite of account directories catches each directory that lies. */
import { afterEach, describe, expect, it } from 'vitest';
import { organizationsDirectory } from '../../adapters/organizations/directory.ts';
import type { AccountDirectory, DirectoryEntry } from '../../core/ports/account-directory.ts';
import { accountDirectoryChecks } from './account-directory.ts';
import { brokenPromises } from './check.ts';
import { closeWorlds, type Naming, startWorld } from './directory-worlds.ts';

const NAMING: Naming = {
  parts: ['r-root', 'ou-root-11111111', 'ou-root-22222222', 'ou-root-33333333'],
  account: (index) => ({ id: String(100_000_000_000 + index) }),
  active: 'ACTIVE',
  suspended: 'SUSPENDED',
  hasParts: true,
};

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

const EVERY = 'lists every account at any depth once, with its name';
const SUSPENDED = 'marks a suspended account as inactive, and no other';
const DENIED = 'reports a part that is denied, and lists the others';
const NOTHING = 'throws where nothing may be listed';
const ENDLESS = 'ends a list whose pages never end, and reports it';

type Lie = (entries: AsyncIterable<DirectoryEntry>) => AsyncIterable<DirectoryEntry>;

const LIES: readonly [string, string, Lie][] = [
  ['lists an account twice', EVERY, twice],
  [
    'leaves out names',
    EVERY,
    (entries) => each(entries, (one) => (one.kind === 'account' ? { ...one, name: '' } : one)),
  ],
  [
    'leaves out suspended accounts',
    SUSPENDED,
    (entries) => only(entries, (one) => one.kind !== 'account' || one.state === 'active'),
  ],
  [
    'takes suspended accounts for active',
    SUSPENDED,
    (entries) => each(entries, (one) => (one.kind === 'account' ? { ...one, state: 'active' } : one)),
  ],
  ['takes a denied part for an empty one', DENIED, (entries) => only(entries, ({ kind }) => kind === 'account')],
  ['takes a truncated list for a complete one', ENDLESS, (entries) => only(entries, ({ kind }) => kind === 'account')],
  ['takes a denied organization for an empty one', NOTHING, withoutErrors],
];

afterEach(closeWorlds);

describe('the suite of account directories', () => {
  it.each(LIES)('catches a directory that %s', async (_, promise, lie) => {
    const open = (endpoint: string, root: string): AccountDirectory => {
      const client = { endpoint, region: 'us-east-1', credentials };
      const honest = organizationsDirectory({ parents: [root], client });
      return { ...honest, list: (signal) => lie(honest.list(signal)) };
    };
    const checks = accountDirectoryChecks.filter(({ message }) => message === promise);

    expect(await brokenPromises(checks, () => startWorld(NAMING, open))).toEqual([promise]);
  });
});

async function* twice(entries: AsyncIterable<DirectoryEntry>) {
  for await (const entry of entries) yield* [entry, entry];
}

async function* each(entries: AsyncIterable<DirectoryEntry>, change: (entry: DirectoryEntry) => DirectoryEntry) {
  for await (const entry of entries) yield change(entry);
}

async function* only(entries: AsyncIterable<DirectoryEntry>, isKept: (entry: DirectoryEntry) => boolean) {
  for await (const entry of entries) if (isKept(entry)) yield entry;
}

async function* withoutErrors(entries: AsyncIterable<DirectoryEntry>) {
  try {
    yield* entries;
  } catch {
    // As if there were no account.
  }
}
