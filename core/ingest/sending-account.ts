/** The accounts of a config whose hosts send their samples themselves. */
import type { OtlpAccount } from '../model/otlp-account.ts';
import type { Account } from '../model/tenant.ts';

/** Undefined where the config has none of this name, enabled or not. */
export function sendingAccountOf(accounts: readonly Account[], name: string): OtlpAccount | undefined {
  return accounts.filter((one) => one.provider === 'otlp').find(({ account }) => account === name);
}
