/** Reminds of a tenant's incidents as the alerts of their accounts have it. */
import type { Remind } from '../health/watch.ts';
import { type RemindPorts, remind } from '../incidents/remind.ts';
import type { Alerts } from '../model/alerts.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { effectiveAlerts } from '../tenants/alerts.ts';

/**
 * Where no account has reminders or an escalation, nothing is listed. Accounts that are not inspected are passed over: nobody knows whether
 * their incidents go on.
 */
export function createReminders(ports: RemindPorts): Remind {
  return async (config, options) => {
    const alerts = alertsByAccount(config);
    if (![...alerts.values()].some(isReminding)) return 0;
    return remind(config.tenant, ports, { ...options, alertsOf: (key) => alerts.get(accountOf(key)) });
  };
}

function alertsByAccount(config: TenantConfig): ReadonlyMap<string, Alerts | undefined> {
  if (!config.enabled) return new Map();
  const inspected = config.accounts.filter(({ enabled }) => enabled);
  return new Map(inspected.map((account) => [accountOf(account), effectiveAlerts(config, account)]));
}

function isReminding(alerts: Alerts | undefined): boolean {
  return alerts?.reminder !== undefined || alerts?.escalation !== undefined;
}

function accountOf({ provider, account }: { readonly provider: string; readonly account: string }): string {
  return `${provider} ${account}`;
}
