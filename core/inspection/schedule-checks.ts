/** What a scaling event causes: it is kept, and the new hosts of its group are compared with the others at four ages. */
import { CLOCK_SKEW_MS, type InspectionRequest } from '../model/message.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import { isoText } from '../model/notation.ts';
import { bringsHosts, type ReportedEvent, type ScalingEvent } from '../model/scaling-event.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { ScalingLog } from '../ports/scaling-log.ts';
import type { Timer } from '../ports/scheduler.ts';
import { groupPolicy } from '../tenants/host-policies.ts';

const MINUTE = 60_000;

/**
 * How long after the event hosts are compared: from nine hours on their own history suffices. Events of a group within one slot
 * cause one check: the same request at the same time, which the timer sends once. So nothing has to be remembered, and the order in
 * which events come does not matter. Slots bound what a group costs that scales all day: 48 + 24 + 48 + 8 checks.
 */
const CHECKS = [
  { afterMs: 30 * MINUTE, slotMs: 30 * MINUTE },
  { afterMs: 60 * MINUTE, slotMs: 60 * MINUTE },
  // Within three hours of the event, which is when a host that climbs apart has to be named.
  { afterMs: 150 * MINUTE, slotMs: 30 * MINUTE },
  { afterMs: 540 * MINUTE, slotMs: 180 * MINUTE },
];

/** Checks of one group in one day, however often it scales. */
export const MOST_CHECKS_A_DAY = CHECKS.reduce((sum, { slotMs }) => sum + (24 * 60 * MINUTE) / slotMs, 0);

export interface ScalingPorts {
  readonly configs: Pick<ConfigStore, 'get' | 'tenantsOf'>;
  readonly log: ScalingLog;
  readonly timer: Timer;
}

/** What became of an event for one tenant. */
export interface RecordedScaling {
  readonly tenant: string;
  /** Whether it had been recorded before. */
  readonly known: boolean;
  /** Requests that the timer was given; it may have had them. */
  readonly checks: number;
}

export type ScalingOutcome =
  | { readonly kind: 'recorded'; readonly of: readonly RecordedScaling[] }
  /** It is nothing that is inspected. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** No tenant has its account: anybody can send events of his own, and a tenant that has left goes on sending. */
  | { readonly kind: 'unknown_account'; readonly reason: string }
  /** It cannot be right. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Records an event for each tenant that has its account. An event with a tenant is of that one alone: whoever received it has
 * checked that, and the config may have changed since. Throws `StoreError` and `SchedulerError`; doing it again is harmless.
 *
 * @param now Epoch milliseconds.
 */
export async function recordScaling(
  event: ReportedEvent | ScalingEvent,
  ports: ScalingPorts,
  now: number,
): Promise<ScalingOutcome> {
  if (event.time > now + CLOCK_SKEW_MS)
    return { kind: 'refused', reason: `time: ${isoText(event.time)} is ahead of the clock` };
  const tenants = await tenantsOf(event, ports.configs);
  const accounts = tenants.flatMap((tenant) => accountOf(tenant, event));
  if (accounts.length === 0)
    return { kind: 'unknown_account', reason: `account: no tenant has the ${event.provider} account ${event.account}` };
  const inspected = accounts.filter(({ isEnabled, regions }) => isEnabled && regions.length > 0);
  if (inspected.length === 0) {
    const where = event.region === null ? '' : `, or its region ${event.region} is not inspected`;
    return { kind: 'ignored', reason: `the account ${event.account} is disabled${where}` };
  }
  const of: RecordedScaling[] = [];
  for (const each of inspected) of.push(await recordFor(each, event, ports, now));
  return { kind: 'recorded', of };
}

async function tenantsOf(
  event: ReportedEvent | ScalingEvent,
  configs: ScalingPorts['configs'],
): Promise<readonly StoredTenant[]> {
  if (!('tenant' in event)) return Array.fromAsync(configs.tenantsOf(event.provider, event.account));
  const tenant = await configs.get(event.tenant);
  return tenant === undefined ? [] : [tenant];
}

/** The account of a tenant, and those of its regions that the event may be in. */
interface EventAccount {
  readonly stored: StoredTenant;
  readonly account: Account;
  readonly isEnabled: boolean;
  readonly regions: readonly string[];
}

function accountOf(stored: StoredTenant, { provider, account, region }: ReportedEvent): EventAccount[] {
  const { enabled, accounts } = stored.config;
  const found = accounts.filter((one) => one.provider === provider && one.account === account);
  return found.map((one) => ({
    stored,
    account: one,
    isEnabled: enabled && one.enabled,
    regions: region === null ? one.regions : one.regions.filter((each) => each === region),
  }));
}

async function recordFor(
  { stored, account, regions }: EventAccount,
  event: ReportedEvent,
  { log, timer }: ScalingPorts,
  now: number,
): Promise<RecordedScaling> {
  const { tenant } = stored.config;
  const known = (await log.add({ ...event, tenant })) === 'known';
  const { early } = groupPolicy({ stored, account, metric: LEAK_METRIC }, event.group);
  if (early === 'off' || !bringsHosts(event)) return { tenant, known, checks: 0 };
  // Also where it is known: the attempt before may have ended between the two.
  const checks = checksOf(event, regions, tenant).filter(({ at }) => at > now);
  for (const { at, request } of checks) await timer.sendAt(at, request);
  return { tenant, known, checks: checks.length };
}

interface Check {
  readonly at: number;
  readonly request: InspectionRequest;
}

/** They count from the end of the slot, so that the last host of it is old enough. */
function checksOf(event: ReportedEvent, regions: readonly string[], tenant: string): Check[] {
  const { provider, account, group, time } = event;
  return CHECKS.map(({ afterMs, slotMs }) => {
    const slot = Math.floor(time / slotMs) * slotMs;
    const at = slot + slotMs + afterMs;
    const scaling = { group, at: isoText(slot) };
    const where = { tenant, provider, account, regions: [...regions] };
    return { at, request: { version: 1, ...where, trigger: 'scaling', scheduledTime: isoText(at), scaling } };
  });
}
