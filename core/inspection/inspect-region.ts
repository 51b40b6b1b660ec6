/** One run: an inspection of one account and region that is recorded, published and logged. */

import { recordHealth } from '../health/record-health.ts';
import { type Delivery, deliver } from '../incidents/outbox.ts';
import { createRecorder, type Recorder } from '../incidents/recorder.ts';
import type { LeakingHost } from '../model/inspected-host.ts';
import { CLOCK_SKEW_MS, type Trigger } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { Policy } from '../model/policy.ts';
import type { RunSummary } from '../model/run.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { ItemError } from '../ports/errors.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { RunLog } from '../ports/run-log.ts';
import { policyFor, runsPerMonth } from '../tenants/tenant-config.ts';
import { inspect } from './inspect.ts';
import { type CallCount, createMeter, createTally, type Tally } from './run-summary.ts';
import { type InspectionSpans, inspectionSpans } from './window.ts';

/** Where a run is kept, and where its events go. */
export interface RunPorts {
  readonly incidents: IncidentStore;
  readonly runs: RunLog;
  readonly health: HealthStore;
  readonly publisher: Publisher;
}

/** The clock of the caller, which use cases never read on their own. */
export interface Deadline {
  /** Epoch milliseconds when the run began. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

export interface RegionRequest {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly source: MemorySource;
  /** What is inspected. */
  readonly metric: InspectedMetric;
  /** Epoch milliseconds: when the inspection was due. */
  readonly scheduledTime: number;
  /** What requested it. */
  readonly trigger: Trigger;
}

export interface RegionRun {
  readonly summary: RunSummary;
  readonly delivery: Delivery;
  /** A newer window was recorded before: what this run found was logged, and changed no incident. */
  readonly superseded: boolean;
}

/** Time that is kept back from a region's read, to record and publish what it found. */
const RECORD_RESERVE_MS = 30_000;

/** What a run has while it reads. */
interface OpenRun extends RegionRequest {
  readonly policy: Policy;
  readonly spans: InspectionSpans;
  readonly meter: CallCount;
  readonly tally: Tally;
  /** Absent where a newer run was recorded before. */
  readonly recorder: Recorder | undefined;
}

/** Inspects one region. Throws `StoreError` when a store fails; a source that fails makes the run partial. */
export async function inspectRegion(request: RegionRequest, ports: RunPorts, deadline: Deadline): Promise<RegionRun> {
  const run = await openRun(request, ports, deadline.now);
  const remainingMs = deadline.remainingMs();
  await readHosts(run, AbortSignal.timeout(Math.max(0, Math.floor(remainingMs - RECORD_RESERVE_MS))));
  return closeRun(run, ports, () => deadline.now + remainingMs - deadline.remainingMs());
}

async function openRun(request: RegionRequest, ports: RunPorts, now: number): Promise<OpenRun> {
  const { account, source, metric, scheduledTime } = request;
  const { tenant } = request.tenant.config;
  const { scope, price } = source;
  const policy = policyFor(request.tenant.config, account, metric);
  const spans = inspectionSpans(scheduledTime, source, policy);
  const { window } = spans.evaluated;
  const isSuperseded = () => hasNewerRun(ports.runs, { tenant, scope, window, now });
  const recorder = (await isSuperseded())
    ? undefined
    : await createRecorder({ tenant, scope, policy, now }, ports.incidents, isSuperseded);
  const perMonth = runsPerMonth(account, scheduledTime);
  const tally = createTally({ tenant, scope, scheduledTime, window, runsPerMonth: perMonth, ...(price && { price }) });
  return { ...request, policy, spans, meter: createMeter(), tally, recorder };
}

/** Reads, evaluates and records every host in scope, until the signal ends the read. */
async function readHosts(run: OpenRun, signal: AbortSignal): Promise<void> {
  const { tenant, account, source, metric, spans, policy, meter, tally, recorder } = run;
  const filters = [tenant.config.hosts, account.hosts].filter((filter) => filter !== undefined);
  const worthExplaining = (host: LeakingHost) => recorder?.isNews(host) ?? false;
  const toInspect = { source, metric, spans, filters, policy, meter, worthExplaining };
  for await (const inspected of inspect(toInspect, signal)) {
    tally.add(inspected);
    const failure = await recorder?.add(inspected);
    if (failure) tally.fail(failure);
  }
}

/** Publishes what the run recorded, and logs the run. @param clock Epoch milliseconds. */
async function closeRun(run: OpenRun, ports: RunPorts, clock: () => number): Promise<RegionRun> {
  const { recorder, tally, meter, trigger } = run;
  for (const failure of recorder?.failures ?? []) tally.fail(failure);
  const delivery = await deliver(recorder?.changed() ?? [], ports.publisher, ports.incidents);
  const summary = tally.summary(meter);
  await ports.runs.put(summary);
  await recordHealth({ summary, trigger, finishedAt: Math.round(clock()) }, ports.health);
  return { summary, delivery, superseded: recorder === undefined };
}

/**
 * Whether a newer window of the scope was recorded already. A run from the future, which a clock that was wrong has made, does
 * not count: it would stop all records of its account until then. Nor does it hide the newest of the others. A log entry that
 * cannot be read back does not count either.
 */
async function hasNewerRun(
  runs: RunLog,
  { tenant, scope, window, now }: Pick<RunSummary, 'tenant' | 'scope' | 'window'> & { readonly now: number },
): Promise<boolean> {
  try {
    const [newest] = await runs.newest(tenant, scope, 1, now + CLOCK_SKEW_MS);
    return newest !== undefined && newest.window.end > window.end;
  } catch (error) {
    if (error instanceof ItemError) return false;
    throw error;
  }
}
