/**
 * Which tenants' configs name an account: a scaling event states the account alone. An entry is written with a config and stays
 * when the account leaves it, because it may come back: whoever reads one looks at the current config.
 */
import pLimit from 'p-limit';
import type { Account, StoredTenant, TenantConfig } from '../../core/model/tenant.ts';
import { ItemError } from '../../core/ports/errors.ts';
import { configItem, tenantItem } from './items.ts';
import { accountPartition } from './keys.ts';
import type { RawItem, Table } from './table.ts';

/** Entries that are written at the same time. */
const ENTRIES_AT_ONCE = 25;

/** The partition of an account's entries. */
export function partitionOf({ provider, account }: Pick<Account, 'provider' | 'account'>): string {
  return accountPartition(provider, account);
}

/** Writes entries of the accounts that the version before did not have. */
export async function addEntries(
  table: Table,
  { tenant, accounts }: TenantConfig,
  before: StoredTenant | undefined,
): Promise<void> {
  const known = new Set(before?.config.accounts.map(partitionOf));
  const added = accounts.map(partitionOf).filter((partition) => !known.has(partition));
  await pLimit(ENTRIES_AT_ONCE).map(added, (pk) => table.put({ pk, sk: tenant, tenant }, tenantItem, 'always'));
}

/** Removes the entries of one version. One that cannot be read back has none: they lead nowhere when it is gone. */
export async function removeEntries(table: Table, version: RawItem): Promise<void> {
  const config = configIn(table, version);
  const keys = config?.accounts.map((account) => ({ pk: partitionOf(account), sk: config.tenant })) ?? [];
  await pLimit(ENTRIES_AT_ONCE).map(keys, (key) => table.remove(key));
}

function configIn(table: Table, item: RawItem): TenantConfig | undefined {
  try {
    return table.parse(item, configItem).config;
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
