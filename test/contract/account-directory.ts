/** What every account directory promises. */
import { expect } from 'vitest';
import type {
  AccountDirectory,
  DirectoryEntry,
  ListedAccount,
  UnlistedPart,
} from '../../core/ports/account-directory.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { Check } from './check.ts';

/** A world with a root, two parts below it and one below those; with more accounts than a page holds, of which one is suspended. */
export interface DirectorySubject {
  readonly directory: AccountDirectory;
  /** Of all accounts, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly suspended: string;
  /** A part that is a request of its own, and the accounts in and below it. Undefined where the root's list has all of it. */
  readonly part: { readonly id: string; readonly accounts: readonly string[] } | undefined;
  /** Refuses all requests for a part, or for all of them. */
  deny(part?: string): void;
  /** Throttles the next requests, and answers after that. */
  throttle(times: number): void;
  /** Answers so many requests and fails the others. */
  failAfter(requests: number): void;
  neverEnd(): void;
  garble(): void;
}

export const accountDirectoryChecks: readonly Check<DirectorySubject>[] = [
  {
    message: 'lists every account at any depth once, with its name',
    async verify({ directory, names }) {
      const { accounts, unlisted } = await listed(directory);

      expect(unlisted).toEqual([]);
      expect(accounts.map(({ account, name }) => [account, name]).sort()).toEqual([...names].sort());
    },
  },
  {
    message: 'lists the same again',
    async verify({ directory }) {
      expect(await listed(directory)).toEqual(await listed(directory));
    },
  },
  {
    message: 'marks a suspended account as inactive, and no other',
    async verify({ directory, suspended }) {
      const { accounts } = await listed(directory);

      expect(accounts.filter(({ state }) => state === 'inactive').map(({ account }) => account)).toEqual([suspended]);
      expect(accounts.filter(({ state }) => state !== 'active')).toHaveLength(1);
    },
  },
  {
    message: 'reports a part that is denied, and lists the others',
    async verify({ directory, part, names, deny }) {
      if (part === undefined) return;
      deny(part.id);

      const { accounts, unlisted } = await listed(directory);

      expect(unlisted.map(({ location, reason }) => [location, reason])).toContainEqual([part.id, 'denied']);
      const others = [...names.keys()].filter((id) => !part.accounts.includes(id));
      expect(accounts.map(({ account }) => account).sort()).toEqual(others.sort());
    },
  },
  {
    message: 'throws where nothing may be listed',
    async verify({ directory, deny }) {
      deny();

      const error = await listed(directory).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({ reason: 'denied', retryable: false });
    },
  },
  {
    message: 'tries again where it is throttled',
    async verify({ directory, names, throttle }) {
      throttle(2);

      const { accounts, unlisted } = await listed(directory);

      expect(unlisted).toEqual([]);
      expect(accounts).toHaveLength(names.size);
    },
  },
  {
    message: 'keeps what it has where a later page fails, and reports the rest',
    async verify({ directory, names, failAfter }) {
      failAfter(2);

      const { accounts, unlisted } = await listed(directory);

      expect(accounts.length).toBeGreaterThan(0);
      expect(accounts.length).toBeLessThan(names.size);
      expect(unlisted.map(({ reason }) => reason)).toContain('denied');
    },
  },
  {
    message: 'ends a list whose pages never end, and reports it',
    async verify({ directory, neverEnd }) {
      neverEnd();

      const { accounts, unlisted } = await listed(directory);

      expect(new Set(accounts.map(({ account }) => account)).size).toBe(accounts.length);
      expect(unlisted.map(({ reason }) => reason)).toContain('truncated');
    },
  },
  {
    message: 'never takes a malformed answer for an empty one',
    async verify({ directory, garble }) {
      garble();

      const error = await listed(directory).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({ reason: 'malformed' });
    },
  },
  {
    message: 'lists nothing for a signal that has aborted',
    async verify({ directory }) {
      const error = await listed(directory, AbortSignal.abort()).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({ reason: 'timeout' });
    },
  },
];

interface Listed {
  readonly accounts: readonly ListedAccount[];
  readonly unlisted: readonly UnlistedPart[];
}

export async function listed(directory: AccountDirectory, signal?: AbortSignal): Promise<Listed> {
  const entries: DirectoryEntry[] = await Array.fromAsync(directory.list(signal));
  return {
    accounts: entries.filter((entry) => entry.kind === 'account'),
    unlisted: entries.filter((entry) => entry.kind === 'unlisted'),
  };
}
