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
  /** Whether the cap puts deep reads off: the first thing that it saves. */
  readonly deepReadsOff: boolean;
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
  const cap = (await store.getCap(tenant))?.value;
  const quietHours = cap?.quietHours ?? 0;
  const deepReadsOff = costCap !== undefined && (cap?.deepReadsOff ?? false);
  const { month, spent, byHours, deepReads } = projectSpend({ config, health, requestsUsd }, remaining, now);
  return {
    tenant,
    month,
    capUsd: costCap?.usdPerMonth ?? null,
    spentUsd: spent,
    projectedUsd: byHours[quietHours] + (deepReadsOff ? 0 : deepReads),
    quietHours,
    deepReadsOff,
  };
}
