/** One inspection of one account as a message asks for it: region by region, read, judge, record, publish, log. */

import { compareSeverity, type Finding, severityOf } from '../model/finding.ts';
import type { Incident, IncidentKey } from '../model/incident.ts';
import { incidentKeyText } from '../model/incident.ts';
import type { InspectMessage } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import type { RunSummary } from '../model/run.ts';
import type { Series } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { type Delivery, deliver } from './deliver.ts';
import { type Inspected, inspect, isLeaking, type Judged, type LeakingHost } from './inspect.ts';
import type {
  ConfigStore,
  IncidentStore,
  InspectionQueue,
  MemorySource,
  Publisher,
  RunLog,
  Versioned,
} from './ports.ts';
import { record } from './record.ts';
import { createMeter, createTally } from './run-summary.ts';
import { policyFor, runsPerMonth } from './tenant-config.ts';
import type { Observation } from './transition.ts';
import { JUDGED, spanEndingBefore } from './window.ts';

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

/** A region is begun only when this much is left; else it is left to a continuation. Ten thousand hosts take a few seconds. */
const REGION_RESERVE_MS = 60_000;

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

  const asked = message.regions ?? account.regions;
  const regions: RegionRun[] = [];
  for (const [index, region] of asked.entries()) {
    if (index > 0 && deadline.remainingMs() < REGION_RESERVE_MS) {
      const continued = asked.slice(index);
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
  const { window } = spanEndingBefore(scheduledTime, source.ingestionDelayMs, policy.lookBackHours, JUDGED);
  const [newest] = await ports.runs.newest(tenant.config.tenant, scope, 1);
  const superseded = newest !== undefined && newest.window.end > window.end;

  const meter = createMeter();
  const tally = createTally({
    tenant: tenant.config.tenant,
    scope,
    scheduledTime,
    window,
    runsPerMonth: runsPerMonth(account, scheduledTime),
    ...(source.price && { price: source.price }),
  });
  const recorder = superseded ? undefined : await createRecorder(request, policy, ports, deadline.now);
  const filters = [tenant.config.hosts, account.hosts].filter((filter) => filter !== undefined);
  const signal = AbortSignal.timeout(Math.max(0, Math.floor(deadline.remainingMs() - RECORD_RESERVE_MS)));
  const worthExplaining = (host: LeakingHost) => recorder?.willTell(host) ?? false;
  const toInspect = { source, scheduledTime, filters, policy, meter, worthExplaining };
  for await (const inspected of inspect(toInspect, signal)) {
    tally.add(inspected);
    await recorder?.add(inspected);
  }
  const delivery = await deliver(recorder?.changed() ?? [], ports.publisher, ports.incidents);
  const summary = tally.summary(meter);
  await ports.runs.put(summary);
  return { summary, delivery, superseded };
}

interface Recorder {
  add(inspected: Inspected): Promise<void>;
  /** Whether a leak is news: who grew is asked once for each event, and not on every run of a leak that lasts for days. */
  willTell(host: LeakingHost): boolean;
  /** The incidents that this run stored and that hold something to tell. */
  changed(): Versioned<Incident>[];
}

/**
 * Records the findings, and the steady verdicts of hosts with an incident. The open incidents are listed once, so that
 * the many steady hosts cost the table nothing.
 */
async function createRecorder(
  { tenant, source }: RegionRequest,
  { recoverAfter }: Policy,
  { incidents }: InspectionPorts,
  now: number,
): Promise<Recorder> {
  const open = new Map<string, Pick<Incident, 'status' | 'severity'>>();
  for await (const { value } of incidents.open(tenant.config.tenant, source.scope)) {
    const { key, status, severity } = value;
    open.set(incidentKeyText(key), { status, severity });
  }
  const changed: Versioned<Incident>[] = [];
  return {
    async add(inspected) {
      if (inspected.kind !== 'judged') return;
      const observation = observe(tenant.config.tenant, inspected);
      if (observation === undefined) return;
      if (observation.kind === 'steady' && !open.has(incidentKeyText(observation.key))) return;
      const { stored } = await record(observation, incidents, { recoverAfter, now });
      if (stored !== undefined) changed.push(stored);
    },
    willTell({ series, verdict }) {
      const before = open.get(incidentKeyText(keyOf(tenant.config.tenant, series)));
      if (before === undefined) return true;
      if (before.status === 'suspected') return verdict.grade === 'confirmed';
      return compareSeverity(severityOf(verdict.evidence.exhaustion, series.window.end), before.severity) > 0;
    },
    changed: () => changed.filter(({ value }) => value.pending.length > 0),
  };
}

/** What a verdict says of an incident. Insufficient data says nothing: recovery needs fresh samples, not absence. */
function observe(tenant: string, judged: Judged): Observation | undefined {
  const { series, verdict } = judged;
  const key = keyOf(tenant, series);
  const asOf = series.window.end;
  if (isLeaking(judged)) return { kind: 'leaking', key, asOf, finding: findingOf(tenant, judged) };
  if (verdict.state !== 'steady') return undefined;
  return { kind: 'steady', key, asOf, utilization: utilizationOf(series, verdict.evidence.level) };
}

export function findingOf(tenant: string, { series, verdict, recent, attribution }: LeakingHost): Finding {
  const { resource, metric, unit, window } = series;
  const severity = severityOf(verdict.evidence.exhaustion, window.end);
  return {
    tenant,
    resource,
    metric,
    unit,
    severity,
    verdict,
    window,
    ...(recent?.kind === 'series' && { recent }),
    ...(attribution && { attribution }),
  };
}

function utilizationOf({ unit, limit }: Series, level: number): number | undefined {
  if (unit === '1') return level;
  return limit === undefined ? undefined : level / limit;
}

function keyOf(tenant: string, { resource, metric }: Series): IncidentKey {
  const { provider, account, region, id } = resource;
  return { tenant, provider, account, region, host: id, metric };
}
