/** Switches a tenant, or one of its accounts, on or off: a new version of its config like any other. */
import type { Account, StoredTenant, TenantConfig } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';

export interface EnabledChange {
  readonly tenant: string;
  readonly enabled: boolean;
  /** One account of the tenant; the tenant itself where it is absent. */
  readonly account?: string | undefined;
  /** Needed where two clouds have an account of this name. */
  readonly provider?: Account['provider'] | undefined;
  /** The version that the caller has seen; whichever is the newest where it is absent. */
  readonly expectedVersion?: number | undefined;
}

export type EnabledOutcome =
  | { readonly kind: 'stored'; readonly before: StoredTenant; readonly config: TenantConfig; readonly version: number }
  | { readonly kind: 'unchanged'; readonly stored: StoredTenant }
  /** Its deletion has begun: nothing was stored. */
  | { readonly kind: 'deleting'; readonly stored: StoredTenant }
  /** Nothing was stored. */
  | { readonly kind: 'no_tenant' | 'no_account' | 'conflict' }
  | { readonly kind: 'ambiguous'; readonly providers: readonly Account['provider'][] };

/**
 * Throws `StoreError`.
 *
 * @param now Epoch milliseconds.
 * @param putBy The ARN of the caller; absent where it is not known.
 */
export async function setEnabled(
  change: EnabledChange,
  configs: Pick<ConfigStore, 'get' | 'put'>,
  now: number,
  putBy?: string,
): Promise<EnabledOutcome> {
  const stored = await configs.get(change.tenant);
  if (stored === undefined) return { kind: 'no_tenant' };
  if (stored.deletion !== undefined) return { kind: 'deleting', stored };
  if (stored.version !== (change.expectedVersion ?? stored.version)) return { kind: 'conflict' };
  const named = accountsNamed(stored.config, change);
  if (change.account !== undefined && named.length === 0) return { kind: 'no_account' };
  if (named.length > 1) return { kind: 'ambiguous', providers: named.map(({ provider }) => provider) };
  const config = changed(stored.config, change.enabled, named[0]);
  if (config === undefined) return { kind: 'unchanged', stored };
  const { version, externalId } = stored;
  if ((await configs.put(config, version, externalId, now, putBy)) === 'conflict') return { kind: 'conflict' };
  return { kind: 'stored', before: stored, config, version: version + 1 };
}

function accountsNamed({ accounts }: TenantConfig, { account, provider }: EnabledChange): Account[] {
  if (account === undefined) return [];
  return accounts.filter((one) => one.account === account && one.provider === (provider ?? one.provider));
}

/** Undefined where it is so already. */
function changed(config: TenantConfig, enabled: boolean, named: Account | undefined): TenantConfig | undefined {
  if ((named ?? config).enabled === enabled) return undefined;
  if (named === undefined) return { ...config, enabled };
  return { ...config, accounts: config.accounts.map((one) => (one === named ? { ...one, enabled } : one)) };
}
