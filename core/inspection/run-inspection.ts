/** The inspection of one account that a message requests: region by region, as far as time allows. */

import { CLOCK_SKEW_MS, type InspectMessage, triggerOf } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { InspectionQueue } from '../ports/inspection-queue.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { type Deadline, inspectRegion, type RegionRun, type RunPorts } from './inspect-region.ts';

export interface InspectionPorts extends RunPorts {
  readonly configs: ConfigStore;
  readonly queue: InspectionQueue;
  /** Makes the source of an account's region. Credentials are resolved on the first read. */
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
}

/** A region is begun only when this much time is left; else it is left to a continuation. Ten thousand hosts take about 25 s. */
const REGION_RESERVE_MS = 90_000;

/** What a run is to inspect. */
export interface InspectionRequest {
  readonly message: InspectMessage;
  readonly metric: InspectedMetric;
}

export type InspectionOutcome =
  | { readonly kind: 'inspected'; readonly regions: readonly RegionRun[]; readonly continued: readonly string[] }
  | Skipped
  | Refused;

interface Skipped {
  readonly kind: 'skipped';
  readonly reason: string;
}

/** A message that a person has to look at: nothing was read for it. */
interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/**
 * Inspects what the message requests. Throws `StoreError` when a store fails and `DeliveryError` when the queue does: the
 * message then goes back, and running it again is harmless. A source that fails makes its run partial and is never thrown.
 */
export async function runInspection(
  { message, metric }: InspectionRequest,
  ports: InspectionPorts,
  deadline: Deadline,
): Promise<InspectionOutcome> {
  const early = aheadOfClock(message, deadline.now);
  if (early !== undefined) return { kind: 'refused', reason: early };
  const found = await findAccount(message, ports.configs);
  if (found.kind === 'skipped') return found;
  const { tenant, account } = found;
  const scheduledTime = Date.parse(message.scheduledTime);
  const trigger = triggerOf(message);
  // A message may be older than the config: a region that is no longer configured is no longer read.
  const requested = account.regions.filter((region) => message.regions?.includes(region) ?? true);
  const regions: RegionRun[] = [];
  for (const [index, region] of requested.entries()) {
    if (index > 0 && deadline.remainingMs() < REGION_RESERVE_MS) {
      const continued = requested.slice(index);
      await ports.queue.send({ ...message, regions: continued });
      return { kind: 'inspected', regions, continued };
    }
    const source = ports.openSource(tenant, account, region);
    regions.push(await inspectRegion({ tenant, account, source, metric, scheduledTime, trigger }, ports, deadline));
  }
  return { kind: 'inspected', regions, continued: [] };
}

/**
 * Why a message that is dated in the future is not inspected; undefined for any other. The samples of its window do not exist
 * yet, and what it recorded would be newer than every true run until then.
 */
function aheadOfClock({ scheduledTime }: InspectMessage, now: number): string | undefined {
  const ahead = Date.parse(scheduledTime) - now;
  if (ahead <= CLOCK_SKEW_MS) return undefined;
  const minutes = Math.floor(ahead / 60_000);
  return `scheduledTime: ${scheduledTime} is ${minutes} minutes ahead of the clock; ${CLOCK_SKEW_MS / 60_000} are allowed. Send it with the time at which the inspection was due.`;
}

interface Found {
  readonly kind: 'found';
  readonly tenant: StoredTenant;
  readonly account: Account;
}

/** The account that the message names, where it is configured and enabled. */
async function findAccount(message: InspectMessage, configs: ConfigStore): Promise<Found | Skipped> {
  const tenant = await configs.get(message.tenant);
  if (tenant === undefined) return skipped(`there is no tenant ${message.tenant}`);
  if (!tenant.config.enabled) return skipped(`tenant ${message.tenant} is disabled`);
  const account = tenant.config.accounts.find(
    ({ provider, account }) => provider === message.provider && account === message.account,
  );
  if (account === undefined) {
    return skipped(`tenant ${message.tenant} has no account ${message.provider} ${message.account}`);
  }
  if (!account.enabled) return skipped(`account ${message.account} is disabled`);
  return { kind: 'found', tenant, account };
}

function skipped(reason: string): Skipped {
  return { kind: 'skipped', reason };
}
