/** Counts what a run on demand cost towards the tenant's month. What scheduled runs cost is a part of their health. */
import type { RunSummary } from '../model/run.ts';
import { monthOf } from '../model/spend.ts';
import type { SpendStore } from '../ports/spend-store.ts';

/**
 * Harmless when it is repeated: a request counts once in each account and region. Throws `StoreError` when the store fails.
 *
 * @param request The id of the request; null of a run of the schedule.
 */
export async function recordSpend(
  { tenant, scope, scheduledTime, cost }: Pick<RunSummary, 'tenant' | 'scope' | 'scheduledTime' | 'cost'>,
  request: string | null,
  store: SpendStore,
): Promise<void> {
  if (request === null || cost.perRun === 0) return;
  await store.addRequest(tenant, { month: monthOf(scheduledTime), request, scope, usd: cost.perRun });
}
