/** One inspection of one account as a message asks for it: region by region, read, judge, record, publish, log. */

import { type Delivery, deliver } from '../incidents/outbox.ts';
import { createRecorder } from '../incidents/recorder.ts';
import type { LeakingHost } from '../model/inspected-host.ts';
import type { InspectMessage } from '../model/message.ts';
import type { RunSummary } from '../model/run.ts';
import type { Scope } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { ItemError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { InspectionQueue } from '../ports/inspection-queue.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { RunLog } from '../ports/run-log.ts';
import { policyFor, runsPerMonth } from '../tenants/tenant-config.ts';
import { inspect } from './inspect.ts';
import { createMeter, createTally } from './run-summary.ts';
import { EVALUATED, spanEndingBefore } from './window.ts';

export interface InspectionPorts {
  readonly configs: ConfigStore;
  readonly incidents: IncidentStore;
  readonly runs: RunLog;
  readonly publisher: Publisher;
  readonly queue: InspectionQueue;
  /** Makes the source of an account's region. Credentials are resolved on the first read. */
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
}

/** The clock of the caller, which use cases never read on their own. */
export interface Deadline {
  /** Epoch milliseconds when the run began. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

/** A region is begun only when this much is left; else it is left to a continuation. Ten thousand hosts take about 25 s. */
const REGION_RESERVE_MS = 90_000;

/** Kept back from a region's read, to record and publish what it found. */
const RECORD_RESERVE_MS = 30_000;

export interface RegionRun {
  readonly summary: RunSummary;
  readonly delivery: Delivery;
  /** A newer window was recorded before: what this run saw was judged and logged, and changed no incident. */
  readonly superseded: boolean;
}

export type RunOutcome =
  | { readonly kind: 'inspected'; readonly regions: readonly RegionRun[]; readonly continued: readonly string[] }
  | { readonly kind: 'skipped'; readonly reason: string };

/**
 * Inspects what the message asks for. Throws `StoreError` when a store or the queue fails: the message then goes back,
 * and running it again is harmless. A source that fails makes the run partial and is never thrown.
 */
export async function runInspection(
  message: InspectMessage,
  ports: InspectionPorts,
  deadline: Deadline,
): Promise<RunOutcome> {
  const tenant = await ports.configs.get(message.tenant);
  if (tenant === undefined) return { kind: 'skipped', reason: `there is no tenant ${message.tenant}` };
  if (!tenant.config.enabled) return { kind: 'skipped', reason: `tenant ${message.tenant} is disabled` };
  const account = tenant.config.accounts.find(
    ({ provider, account }) => provider === message.provider && account === message.account,
  );
  if (account === undefined) {
    return {
      kind: 'skipped',
      reason: `tenant ${message.tenant} has no account ${message.provider} ${message.account}`,
    };
  }
  if (!account.enabled) return { kind: 'skipped', reason: `account ${message.account} is disabled` };

  // A message may be older than the config: what is no longer configured is no longer read.
  const requested = account.regions.filter((region) => message.regions?.includes(region) ?? true);
  const regions: RegionRun[] = [];
  for (const [index, region] of requested.entries()) {
    if (index > 0 && deadline.remainingMs() < REGION_RESERVE_MS) {
      const continued = requested.slice(index);
      await ports.queue.send({ ...message, regions: continued });
      return { kind: 'inspected', regions, continued };
    }
    const source = ports.openSource(tenant, account, region);
    regions.push(
      await inspectRegion(
        { tenant, account, source, scheduledTime: Date.parse(message.scheduledTime) },
        ports,
        deadline,
      ),
    );
  }
  return { kind: 'inspected', regions, continued: [] };
}

interface RegionRequest {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly source: MemorySource;
  readonly scheduledTime: number;
}

async function inspectRegion(request: RegionRequest, ports: InspectionPorts, deadline: Deadline): Promise<RegionRun> {
  const { tenant, account, source, scheduledTime } = request;
  const { scope } = source;
  const policy = policyFor(tenant.config, account);
  const { window } = spanEndingBefore(scheduledTime, source.ingestionDelayMs, policy.lookBackHours, EVALUATED);
  const isSuperseded = () => hasNewerRun(ports.runs, tenant.config.tenant, scope, window.end, deadline.now);
  const superseded = await isSuperseded();

  const meter = createMeter();
  const tally = createTally({
    tenant: tenant.config.tenant,
    scope,
    scheduledTime,
    window,
    runsPerMonth: runsPerMonth(account, scheduledTime),
    ...(source.price && { price: source.price }),
  });
  const recorder = superseded
    ? undefined
    : await createRecorder(
        { tenant: tenant.config.tenant, scope, policy, now: deadline.now },
        ports.incidents,
        isSuperseded,
      );
  const filters = [tenant.config.hosts, account.hosts].filter((filter) => filter !== undefined);
  const signal = AbortSignal.timeout(Math.max(0, Math.floor(deadline.remainingMs() - RECORD_RESERVE_MS)));
  const worthExplaining = (host: LeakingHost) => recorder?.willNotify(host) ?? false;
  const toInspect = { source, scheduledTime, filters, policy, meter, worthExplaining };
  for await (const inspected of inspect(toInspect, signal)) {
    tally.add(inspected);
    const failure = await recorder?.add(inspected);
    if (failure) tally.fail(failure);
  }
  for (const failure of recorder?.failures ?? []) tally.fail(failure);
  const delivery = await deliver(recorder?.changed() ?? [], ports.publisher, ports.incidents);
  const summary = tally.summary(meter);
  await ports.runs.put(summary);
  return { summary, delivery, superseded };
}

/** Milliseconds by which whoever sends messages may be ahead of this clock. */
const CLOCK_SKEW_MS = 15 * 60_000;

/**
 * Whether a newer window of the scope was recorded already. A run from the future, as a mistyped message makes one, is
 * none: it would silence its account until then. A log entry that cannot be read back says nothing either.
 */
async function hasNewerRun(runs: RunLog, tenant: string, scope: Scope, end: number, now: number): Promise<boolean> {
  try {
    const [newest] = await runs.newest(tenant, scope, 1);
    return newest !== undefined && newest.window.end > end && newest.window.end <= now + CLOCK_SKEW_MS;
  } catch (error) {
    if (error instanceof ItemError) return false;
    throw error;
  }
}
