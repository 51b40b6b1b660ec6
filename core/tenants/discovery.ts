/** Compares the accounts that an organization lists with those of a config, and proposes what to change. Pure: nothing is stored. */
import { matchesGlob } from '../model/host-filter.ts';
import type { CloudProvider } from '../model/series.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';
import type { DirectoryEntry, ListedAccount, UnlistedPart } from '../ports/account-directory.ts';
import type { ConfigChanges } from './config-changes.ts';
import { type NewAccountOptions, newAccount } from './new-account.ts';

export interface DiscoveryOptions extends NewAccountOptions {
  /** Globs over the id or the name; upper and lower case are the same. Accounts that match are left as they are. */
  readonly exclude: readonly string[];
  /** What is proposed for accounts of the config that are not listed any more. They may also be of another organization. */
  readonly gone: 'keep' | 'disable';
}

export interface Discovery {
  readonly changes: ConfigChanges;
  /** Active accounts that the config does not have: those of `changes.additions`. */
  readonly added: readonly ListedAccount[];
  /** Accounts of the config that are suspended or deleted, and are disabled by the changes. */
  readonly suspended: readonly ListedAccount[];
  /** Accounts of the config, enabled ones, that are not listed. They are disabled by the changes where `gone` is `disable` and the list is complete. */
  readonly notListed: readonly Account[];
  /** What could not be listed: accounts in there are neither new nor gone. */
  readonly unlisted: readonly UnlistedPart[];
  readonly counts: {
    readonly listed: number;
    /** Of those that are listed: in the config and active, excluded, or inactive and not in the config. */
    readonly unchanged: number;
    readonly excluded: number;
    readonly inactive: number;
  };
}

/** @param config Undefined for a tenant that has none yet. */
export function compareAccounts(
  entries: readonly DirectoryEntry[],
  provider: CloudProvider,
  config: TenantConfig | undefined,
  options: DiscoveryOptions,
): Discovery {
  const own = config?.accounts ?? [];
  const known = new Map(own.filter((one) => one.provider === provider).map((one) => [one.account, one]));
  const listed = entries.filter((entry) => entry.kind === 'account');
  const unlisted = entries.filter((entry) => entry.kind === 'unlisted');
  const included = listed.filter(({ account, name }) => !isExcluded([account, name], options));

  const added = included.filter(({ account, state }) => !known.has(account) && state !== 'inactive').sort(byId);
  const suspended = included
    .filter(({ account, state }) => state === 'inactive' && known.get(account)?.enabled)
    .sort(byId);
  const notListed = missing([...known.values()], listed, options);
  const disabled = options.gone === 'disable' && unlisted.length === 0 ? notListed : [];
  return {
    changes: {
      additions: added.map((one) => ({ fields: newAccount(one, own, options), comment: commentOf(one) })),
      edits: [
        ...suspended.map(({ account, stateName }) => disable(own, provider, account, stateName)),
        ...disabled.map(({ account }) => disable(own, provider, account, 'not listed')),
      ],
    },
    added,
    suspended,
    notListed,
    unlisted,
    counts: {
      listed: listed.length,
      unchanged: included.filter(({ account, state }) => known.has(account) && state !== 'inactive').length,
      excluded: listed.length - included.length,
      inactive: included.filter(({ account, state }) => state === 'inactive' && !known.has(account)).length,
    },
  };
}

function isExcluded(texts: readonly string[], { exclude }: DiscoveryOptions): boolean {
  return exclude.some((glob) => texts.some((text) => matchesGlob(glob.toLowerCase(), text.toLowerCase())));
}

function missing(known: readonly Account[], listed: readonly ListedAccount[], options: DiscoveryOptions): Account[] {
  const ids = new Set(listed.map(({ account }) => account));
  return known.filter(({ account, enabled }) => enabled && !ids.has(account) && !isExcluded([account], options));
}

function commentOf({ name, state }: ListedAccount): string {
  return [name, state === 'unknown' && 'its state is not known'].filter(Boolean).join(', ');
}

function disable(own: readonly Account[], provider: CloudProvider, account: string, comment: string) {
  const index = own.findIndex((one) => one.provider === provider && one.account === account);
  return { index, path: ['enabled'], value: false, comment };
}

function byId(a: ListedAccount, b: ListedAccount): number {
  return a.account < b.account ? -1 : 1;
}
