/** Which alerts of a config hold for an event, and all receivers that it has. */
import type { Alerts } from '../model/alerts.ts';
import type { Receiver } from '../model/receiver.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { effectiveAlerts } from './alerts.ts';

interface AccountName {
  readonly provider: string;
  readonly account: string;
}

/** @param of Absent, or an account that the config has no longer: the tenant's own alerts. */
export function alertsOf(config: TenantConfig, of?: AccountName | null): Alerts {
  const account = config.accounts.find((one) => one.provider === of?.provider && one.account === of.account);
  return effectiveAlerts(config, account) ?? {};
}

/** Of the tenant and of its accounts: a name may stand for another receiver in each. */
export function allReceivers({ alerts, accounts }: TenantConfig): readonly Receiver[] {
  return [alerts, ...accounts.map((account) => account.alerts)].flatMap((level) => level?.receivers ?? []);
}
