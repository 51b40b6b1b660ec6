/** What the jobs of a tenant spent this month, and what one metric of each costs. */
import type { JobSpend } from '../model/spend.ts';
import { monthBefore, monthOf } from '../model/spend.ts';
import type { TenantConfig } from '../model/tenant.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { type PriceOfJob, pricesOf } from './project-jobs.ts';

export interface JobSpending {
  readonly jobs: readonly JobSpend[];
  readonly priceOfJob: PriceOfJob;
}

/** Throws `StoreError`, and `ItemError` where an item is not as it is written. */
export async function readJobSpending(
  { tenant, accounts }: TenantConfig,
  spend: Pick<SpendStore, 'jobsOf'>,
  now: number,
): Promise<JobSpending> {
  const month = monthOf(now);
  const jobs = await spend.jobsOf(tenant, month);
  if (accounts.every(({ anomalies = [] }) => anomalies.length === 0)) return { jobs, priceOfJob: pricesOf(jobs) };
  // A month that has just begun, or in which jobs are paused, does not show it: they would go on as if they cost nothing.
  const before = await spend.jobsOf(tenant, monthBefore(month));
  return { jobs, priceOfJob: pricesOf([...before, ...jobs]) };
}
