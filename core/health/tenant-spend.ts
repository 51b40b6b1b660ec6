/** What a tenant spends in a month, against its cost cap. */
import type { QuietHours } from '../model/cadence.ts';
import type { ScopeHealth } from '../model/health.ts';
import { monthOf } from '../model/spend.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import type { Schedule } from '../tenants/schedule.ts';
import { type Inspections, projectSpend } from './project-spend.ts';

/** US dollars of a month (UTC). */
export interface TenantSpend {
  readonly tenant: string;
  readonly month: string;
  /** Null where the config has no cap. */
  readonly capUsd: number | null;
  readonly spentUsd: number;
  /** At the end of the month, with the cadence of now. */
  readonly projectedUsd: number;
  /** Hours between two inspections of a quiet host; 0 where every slot inspects it. */
  readonly quietHours: QuietHours;
}

/**
 * Throws `StoreError`.
 *
 * @param remaining See `remainingInspections`.
 */
export async function tenantSpend(
  { config }: Pick<StoredTenant, 'config'>,
  health: readonly ScopeHealth[],
  store: Pick<SpendStore, 'requestsOf' | 'getCap'>,
  { now, remaining }: { readonly now: number; readonly remaining: (schedule: Schedule) => Inspections },
): Promise<TenantSpend> {
  const { tenant, costCap } = config;
  const requestsUsd = await store.requestsOf(tenant, monthOf(now));
  const quietHours = (await store.getCap(tenant))?.value.quietHours ?? 0;
  const { month, spent, byHours } = projectSpend({ config, health, requestsUsd }, remaining, now);
  return {
    tenant,
    month,
    capUsd: costCap?.usdPerMonth ?? null,
    spentUsd: spent,
    projectedUsd: byHours[quietHours],
    quietHours,
  };
}
