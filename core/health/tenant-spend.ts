/** What a tenant spends in a month, against its cost cap. */
import type { JobCadence, QuietHours } from '../model/cadence.ts';
import type { ScopeHealth } from '../model/health.ts';
import { monthOf } from '../model/spend.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import type { Schedule } from '../tenants/schedule.ts';
import { cappedCadence } from './cost-cap.ts';
import { readJobSpending } from './job-spend.ts';
import { type Inspections, projectedUsd, projectSpend } from './project-spend.ts';

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
  /** How often jobs of anomaly inspection are inspected that cost something; 0 where their configs decide. */
  readonly jobs: JobCadence;
  /** What jobs spent, which is a part of `spentUsd`. */
  readonly jobsUsd: number;
}

/**
 * Throws `StoreError`.
 *
 * @param remaining See `remainingInspections`.
 */
export async function tenantSpend(
  { config }: Pick<StoredTenant, 'config'>,
  health: readonly ScopeHealth[],
  store: Pick<SpendStore, 'requestsOf' | 'jobsOf' | 'getCap'>,
  { now, remaining }: { readonly now: number; readonly remaining: (schedule: Schedule) => Inspections },
): Promise<TenantSpend> {
  const { tenant, costCap } = config;
  const month = monthOf(now);
  const requestsUsd = await store.requestsOf(tenant, month);
  const { jobs, priceOfJob } = await readJobSpending(config, store, now);
  const cap = (await store.getCap(tenant))?.value;
  const cadence = cappedCadence(config, cap);
  const projection = projectSpend({ config, health, requestsUsd, jobs }, remaining, now, priceOfJob);
  return {
    tenant,
    month,
    capUsd: costCap?.usdPerMonth ?? null,
    spentUsd: projection.spent,
    projectedUsd: projectedUsd(projection, cadence),
    ...cadence,
    jobsUsd: jobs.reduce((sum, { usd }) => sum + usd, 0),
  };
}
