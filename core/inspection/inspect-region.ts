/** One run: an inspection of one account and region that is recorded, published and logged. */

import { recordHealth } from '../health/record-health.ts';
import { findingOf } from '../incidents/observation.ts';
import { type Delivery, deliver } from '../incidents/outbox.ts';
import { createRecorder, type Recorder, type Recording } from '../incidents/recorder.ts';
import type { HostFilter } from '../model/host-filter.ts';
import { isLeaking, type LeakingHost } from '../model/inspected-host.ts';
import type { ListedFinding } from '../model/inspection-result.ts';
import { CLOCK_SKEW_MS, type Trigger } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import { type HostPolicies, overridden } from '../model/policy.ts';
import type { RunSummary } from '../model/run.ts';
import type { Scope, Unreadable } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { ItemError } from '../ports/errors.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { RunLog } from '../ports/run-log.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { inspect } from './inspect.ts';
import { listedFinding } from './listed-finding.ts';
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
  /** Only runs of a schedule are logged as runs, and only their steady verdicts end incidents. */
  readonly trigger: Trigger;
  /** Epoch milliseconds: when the inspection was due. */
  readonly scheduledTime: number;
  /** How often the account's schedule is due: for the monthly cost. */
  readonly runsPerMonth: number;
  /** Narrows the hosts that the config admits. */
  readonly only?: HostFilter;
  /** Instead of the policy's. */
  readonly lookBackHours?: number;
}

export interface RegionRun {
  readonly summary: RunSummary;
  readonly delivery: Delivery;
  /** A newer window was recorded before: what this run found was logged, and changed no incident. */
  readonly superseded: boolean;
  /** All of them, in the order in which they were found. */
  readonly findings: readonly ListedFinding[];
  /** Incidents that were written, and hosts that could not be recorded in time: another run of the same window records them. */
  readonly recorded: number;
  readonly unrecorded: number;
  /** Of a comparison at equal age; absent of an inspection. */
  readonly compared?: ComparedCounts;
}

/** How many new hosts there were, by what became of them, and hosts that are older than what was read. */
export interface ComparedCounts {
  readonly early: number;
  readonly alike: number;
  readonly notCompared: number;
  /** Of those that were not compared: for which no time was left. */
  readonly outOfTime: number;
  readonly older: number;
}

/** Time that is kept back from a region's read, to record and publish what it found. */
export const RECORD_RESERVE_MS = 30_000;

/** Time that is left when no further record is begun, when those under way are given up, and when publishing ends. */
export const RECORD_UNTIL_MS = 20_000;
const GIVE_UP_MS = 15_000;
const PUBLISH_UNTIL_MS = 5_000;

/** What a run has while it reads. */
interface OpenRun extends RegionRequest {
  readonly findings: ListedFinding[];
  readonly policies: HostPolicies;
  readonly spans: InspectionSpans;
  readonly meter: CallCount;
  readonly tally: Tally;
  /** Absent where a newer run was recorded before. */
  readonly recorder: Recorder | undefined;
}

/**
 * Inspects one region. Throws `StoreError` when a store fails, after what was recorded is published; a source that fails makes
 * the run partial, and so does a lack of time.
 */
export async function inspectRegion(request: RegionRequest, ports: RunPorts, deadline: Deadline): Promise<RegionRun> {
  const remainingMs = deadline.remainingMs();
  const run = await openRun(request, ports, deadline);
  await readHosts(run, whenLeft(deadline, RECORD_RESERVE_MS));
  return closeRun(run, ports, { ...deadline, clock: () => deadline.now + remainingMs - deadline.remainingMs() });
}

/** Aborted when so many milliseconds are left to the function. */
export function whenLeft({ remainingMs }: Pick<Deadline, 'remainingMs'>, leftMs: number): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(remainingMs() - leftMs)));
}

async function openRun(request: RegionRequest, ports: RunPorts, deadline: Deadline): Promise<OpenRun> {
  const { source, trigger, scheduledTime, runsPerMonth } = request;
  const { now } = deadline;
  const { tenant } = request.tenant.config;
  const { scope, price } = source;
  const policies = policiesOf(request);
  const spans = inspectionSpans(scheduledTime, source, policies.common);
  const { window } = spans.evaluated;
  const isSuperseded = () => hasNewerRun(ports.runs, { tenant, scope, window, now });
  const recording = { tenant, scope, policyOf: policies.of, endsIncidents: trigger === 'schedule', now };
  const recorder = (await isSuperseded())
    ? undefined
    : await createRecorder(recording, ports.incidents, isSuperseded, whenLeft(deadline, RECORD_UNTIL_MS));
  const tally = createTally({ tenant, scope, scheduledTime, window, runsPerMonth, ...(price && { price }) });
  return { ...request, policies, spans, meter: createMeter(), tally, recorder, findings: [] };
}

function policiesOf({ tenant: stored, account, metric, lookBackHours }: RegionRequest): HostPolicies {
  const policies = hostPolicies({ stored, account, metric });
  return overridden(policies, lookBackHours === undefined ? undefined : { lookBackHours });
}

/** Reads, evaluates and records every host in scope, until the signal ends the read. */
async function readHosts(run: OpenRun, signal: AbortSignal): Promise<void> {
  const { tenant, account, source, metric, spans, policies, meter, tally, recorder, only, findings } = run;
  const filters = [tenant.config.hosts, account.hosts, only].filter((filter) => filter !== undefined);
  const worthExplaining = (host: LeakingHost) => recorder?.isNews(host) ?? false;
  const toInspect = { source, metric, spans, filters, policyOf: policies.of, meter, worthExplaining };
  for await (const inspected of inspect(toInspect, signal)) {
    tally.add(inspected);
    if (isLeaking(inspected)) findings.push(listedFinding(findingOf(tenant.config.tenant, inspected)));
    await recorder?.add(inspected);
    if (recorder?.hasFailed()) return;
  }
  await recorder?.endGone(spans.evaluated.window.end);
}

/** Publishes what the run recorded, and logs the run. `clock` is in epoch milliseconds. */
async function closeRun(
  run: OpenRun,
  ports: RunPorts,
  { clock, ...deadline }: Deadline & { clock(): number },
): Promise<RegionRun> {
  const { recorder, tally, meter, trigger, findings } = run;
  const { recording, delivery } = await closeRecording(run, ports, deadline);
  const summary = tally.summary(meter);
  if (trigger === 'schedule') await ports.runs.put(summary);
  await recordHealth({ summary, trigger, finishedAt: Math.round(clock()) }, ports.health);
  const { written: recorded, left: unrecorded } = recording;
  return { summary, delivery, superseded: recorder === undefined, findings, recorded, unrecorded };
}

/** Waits for what is being recorded, counts what could not be, and publishes. Throws what the store failed with after that. */
export async function closeRecording(
  { recorder, tally, source }: Pick<OpenRun, 'recorder' | 'tally' | 'source'>,
  { publisher, incidents }: Pick<RunPorts, 'publisher' | 'incidents'>,
  deadline: Deadline,
): Promise<{ readonly recording: Recording; readonly delivery: Delivery }> {
  const recording = (await recorder?.finish(whenLeft(deadline, GIVE_UP_MS))) ?? NOTHING_RECORDED;
  for (const failure of recorder?.failures ?? []) tally.fail(failure);
  if (recording.left > 0) tally.fail(leftUnrecorded(source.scope, recording));
  const untilThen = whenLeft(deadline, PUBLISH_UNTIL_MS);
  const delivery = await deliver(recorder?.changed() ?? [], publisher, incidents, untilThen);
  if (recording.failure !== undefined) throw recording.failure;
  return { recording, delivery };
}

const NOTHING_RECORDED: Recording = { written: 0, left: 0, failure: undefined };

function leftUnrecorded(scope: Scope, { left, written }: Recording): Unreadable {
  const detail = `${left} hosts could not be recorded in time, and ${written} were: they are left to another run of this window`;
  return { kind: 'unreadable', scope, reason: 'timeout', detail };
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
