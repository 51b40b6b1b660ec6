/** Follows the cost cap of a tenant: what its month will cost, how often quiet hosts are inspected therefore, and who is notified of it. */
import type { ScopeHealth } from '../model/health.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import { monthOf } from '../model/spend.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { type DeliveryError, ItemError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import type { Schedule } from '../tenants/schedule.ts';
import { assessCap, rememberCap } from './cost-cap.ts';
import { readJobSpending } from './job-spend.ts';
import { type Inspections, projectSpend } from './project-spend.ts';
import { publishEvents } from './publish-events.ts';

export interface CapTime {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The inspections of the rest of the month: see `remainingInspections`. */
  readonly remaining: (schedule: Schedule) => Inspections;
}

export interface CapPorts {
  readonly spend: SpendStore;
  readonly publisher: Publisher;
}

export interface WatchedCap {
  /** Events that the topic accepted. */
  readonly accepted: readonly ServiceEvent[];
  /** Undefined where the topic accepted all, and what is kept could be read back. */
  readonly failure: DeliveryError | ItemError | undefined;
}

const NOTHING: WatchedCap = { accepted: [], failure: undefined };

/**
 * The cadence changes at once, whether or not the topic accepts the event, which is then sent again. Throws `StoreError` when the store fails.
 *
 * @param health Of all regions of the tenant.
 */
export async function watchCap(
  config: TenantConfig,
  health: readonly ScopeHealth[],
  { spend, publisher }: CapPorts,
  { now, remaining }: CapTime,
): Promise<WatchedCap> {
  const { tenant, costCap, enabled } = config;
  if (!enabled) return NOTHING;
  const kept = await readKept(config, spend, now);
  if (kept === undefined) return NOTHING;
  if (kept instanceof ItemError) return { accepted: [], failure: kept };
  const { known, requestsUsd, jobs, priceOfJob } = kept;
  const projection = projectSpend({ config, health, requestsUsd, jobs }, remaining, now, priceOfJob);
  const { state, event } = assessCap({ tenant, usd: costCap?.usdPerMonth }, projection, known?.value, now);
  const published = await publishEvents(event === undefined ? [] : [event], publisher);
  const after = published.accepted.reduce(rememberCap, state);
  // A conflict means that another run has changed the same, and published it under the same id.
  if (JSON.stringify(after) !== JSON.stringify(known?.value)) await spend.putCap(tenant, after, known?.version ?? 0);
  return published;
}

/** What cannot be read back leaves the cadence as it is. Undefined of a tenant without a cap. */
async function readKept(config: TenantConfig, spend: SpendStore, now: number) {
  const { tenant, costCap } = config;
  try {
    const known = await spend.getCap(tenant);
    if (costCap === undefined && known === undefined) return undefined;
    const requestsUsd = await spend.requestsOf(tenant, monthOf(now));
    return { known, requestsUsd, ...(await readJobSpending(config, spend, now)) };
  } catch (error) {
    if (error instanceof ItemError) return error;
    throw error;
  }
}
