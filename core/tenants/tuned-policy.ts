/** The threshold of a tenant within its config: where it comes from, and how it is set and given back. Pure. */
import { LEAK_METRIC } from '../model/metrics.ts';
import { DEFAULT_POLICY, metricValues, type PolicyOverride } from '../model/policy.ts';
import type { StoredTenant, TenantConfig } from '../model/tenant.ts';
import type { Tuning } from '../model/tuning.ts';

export interface TenantThreshold {
  readonly threshold: number;
  readonly origin: 'tenant' | 'deployment' | 'default';
}

/** Of the hosts for which no account, group or host has one of its own. */
export function tenantThreshold({ config, defaults }: Pick<StoredTenant, 'config' | 'defaults'>): TenantThreshold {
  const of = (policy: PolicyOverride | undefined) => policy && metricValues(LEAK_METRIC, policy).threshold;
  const own = of(config.policy);
  if (own !== undefined) return { threshold: own, origin: 'tenant' };
  const ofDeployment = of(defaults?.policy);
  if (ofDeployment !== undefined) return { threshold: ofDeployment, origin: 'deployment' };
  return { threshold: DEFAULT_POLICY.threshold, origin: 'default' };
}

/** Set where the config has it: for the metric of leaks, or else for all metrics. */
export function withThreshold(config: TenantConfig, threshold: number): TenantConfig {
  const policy = config.policy ?? {};
  const ofMetric = policy.metrics?.[LEAK_METRIC];
  if (ofMetric?.threshold === undefined) return { ...config, policy: { ...policy, threshold } };
  const metrics = { ...policy.metrics, [LEAK_METRIC]: { ...ofMetric, threshold } };
  return { ...config, policy: { ...policy, metrics } };
}

/** The config with this policy, which may be none at all. */
export function withPolicy({ policy: _, ...config }: TenantConfig, policy: PolicyOverride | null): TenantConfig {
  return policy === null ? config : { ...config, policy };
}

/** The newest tuning that was not undone. Undefined where there is none. */
export function lastTuning(history: readonly Tuning[]): Tuning | undefined {
  const undone = new Set(history.map(({ undoes }) => undoes));
  return history.toSorted((a, b) => a.at - b.at).findLast(({ id, undoes }) => undoes === null && !undone.has(id));
}

/** Whether the policy is still as the tuning left it: only then undoing it gives back what was, and takes back nothing that others set. */
export function isAsTuned({ policy }: TenantConfig, { after }: Tuning): boolean {
  return JSON.stringify(sorted(policy ?? null)) === JSON.stringify(sorted(after));
}

/** With its names in order: a store may give them back in another one. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
