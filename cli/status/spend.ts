/** What a tenant with a cost cap spends, as `plimsoll status` shows it. */
import { type Inspections, projectSpend } from '../../core/health/project-spend.ts';
import { cadenceText } from '../../core/messages/cadence.ts';
import { formatUsd } from '../../core/messages/units.ts';
import type { QuietHours } from '../../core/model/cadence.ts';
import type { ScopeHealth } from '../../core/model/health.ts';
import { monthOf } from '../../core/model/spend.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import type { Schedule } from '../../core/tenants/schedule.ts';
import { harmless } from '../render/text.ts';

/** US dollars of a month (UTC). */
export interface TenantSpend {
  readonly tenant: string;
  readonly month: string;
  readonly capUsd: number;
  readonly spentUsd: number;
  /** At the end of the month, with the cadence of now. */
  readonly projectedUsd: number;
  /** Hours between two inspections of a quiet host; 0 where every slot inspects it. */
  readonly quietHours: QuietHours;
}

/**
 * Undefined where the config has no cap. Throws `StoreError`.
 *
 * @param remaining See `remainingInspections`.
 */
export async function tenantSpend(
  { config }: StoredTenant,
  health: readonly ScopeHealth[],
  store: SpendStore,
  { now, remaining }: { readonly now: number; readonly remaining: (schedule: Schedule) => Inspections },
): Promise<TenantSpend | undefined> {
  const { tenant, costCap } = config;
  if (costCap === undefined) return undefined;
  const requestsUsd = await store.requestsOf(tenant, monthOf(now));
  const quietHours = (await store.getCap(tenant))?.value.quietHours ?? 0;
  const { month, spent, byHours } = projectSpend({ config, health, requestsUsd }, remaining, now);
  return {
    tenant,
    month,
    capUsd: costCap.usdPerMonth,
    spentUsd: spent,
    projectedUsd: byHours[quietHours],
    quietHours,
  };
}

export function spendText({ tenant, month, capUsd, spentUsd, projectedUsd, quietHours }: TenantSpend): string {
  const cadence = quietHours === 0 ? '' : `; quiet hosts are inspected ${cadenceText(quietHours)}`;
  return (
    `${harmless(tenant)} spent ${formatUsd(spentUsd)} in ${month}, and will have spent ${formatUsd(projectedUsd)} at its end, ` +
    `of at most ${formatUsd(capUsd)}${cadence}`
  );
}

/** One line of NDJSON. */
export function spendJson(spend: TenantSpend): string {
  return JSON.stringify({ kind: 'spend', ...spend });
}
