/** Everything that a host is inspected with, and where it comes from. Nothing of the host is read. */
import { admits } from '../model/host-filter.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import { thresholdOf } from '../model/policy.ts';
import type { Resource } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { type EffectiveAlert, effectiveAlertFields } from './alerts.ts';
import { type EffectiveValue, effectiveValues, hostPolicies } from './host-policies.ts';

export interface EffectiveConfig {
  /** Whether tenant, account and filters admit it. */
  readonly inspected: boolean;
  /** The confidence from which it is reported. */
  readonly requiredConfidence: number;
  readonly values: readonly EffectiveValue[];
  readonly alerts: readonly EffectiveAlert[];
}

export function effectiveConfig(stored: StoredTenant, account: Account, host: Resource): EffectiveConfig {
  const choice = { stored, account, metric: LEAK_METRIC };
  const filters = [stored.config.hosts, account.hosts].filter((filter) => filter !== undefined);
  return {
    inspected: stored.config.enabled && account.enabled && admits(filters, host),
    requiredConfidence: thresholdOf(hostPolicies(choice).of(host)),
    values: effectiveValues(choice, host),
    alerts: effectiveAlertFields(stored.config, account),
  };
}
