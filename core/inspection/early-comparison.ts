/** The inspection that follows a scaling event: the new hosts of the group are compared with the others at equal age. */
import { compareAtEqualAge, type EarlyComparison, type EarlyOutcome } from '../detector/early.ts';
import { deliver } from '../incidents/outbox.ts';
import { record } from '../incidents/record.ts';
import type { Observation } from '../incidents/transition.ts';
import type { EarlyFinding, EqualAge } from '../model/equal-age.ts';
import { severityOf } from '../model/finding.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { Incident, IncidentKey } from '../model/incident.ts';
import type { InspectMessage } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import { LOOK_BACK_HOURS, type Policy } from '../model/policy.ts';
import { isResource, type Reading, type Resource, type Series, type Span, type Unreadable } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { ItemError, SourceError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { policyFor } from '../tenants/tenant-config.ts';
import type { Deadline, RegionRun, RunPorts } from './inspect-region.ts';
import { type CallCount, createMeter, createTally, type Tally } from './run-summary.ts';
import { COMPARED, spanEndingBefore } from './window.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A host reports before its launch counts as complete: lifecycle hooks and health checks take their time. */
const BORN_BEFORE_EVENT_MS = 15 * MINUTE_MS;

/** Hours that are read at the most: beyond a week a group has another version, and one read would take pages for a few hosts. */
const MOST_HOURS = 168;

/** From this age on the next inspection of the schedule has a verdict of the host's own history. */
const OWN_HISTORY_MS = LOOK_BACK_HOURS.least * HOUR_MS - 30 * MINUTE_MS;

/** Time that is kept back from the read, to record and publish. */
const RECORD_RESERVE_MS = 30_000;

/** Time that is left when publishing ends: the rest stays in the outbox. */
const PUBLISH_RESERVE_MS = 5_000;

export interface EarlyRequest {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  /** Epoch milliseconds: when the comparison was due. */
  readonly scheduledTime: number;
  /** How often the account's schedule is due: for the monthly cost, which a comparison does not add to. */
  readonly runsPerMonth: number;
  readonly scaling: NonNullable<InspectMessage['scaling']>;
}

/** How many new hosts there were, by what became of them, and hosts that are older than what was read. */
export interface ComparedCounts {
  readonly early: number;
  readonly alike: number;
  readonly notCompared: number;
  readonly older: number;
}

export interface EarlyRun extends RegionRun {
  readonly compared: ComparedCounts;
}

/** What a comparison has while it runs. */
interface OpenComparison extends EarlyRequest {
  readonly policy: Policy;
  readonly span: Span;
  readonly meter: CallCount;
  readonly tally: Tally;
  readonly now: number;
}

/**
 * Compares the new hosts of the group in one region, records early findings as incidents of their own kind, and publishes. A run is
 * not logged: it supersedes none of the schedule, and ends no other incident. Throws `StoreError`; a source that fails makes the
 * summary partial. Doing it again is harmless.
 */
export async function compareNewHosts(
  request: EarlyRequest,
  { incidents, publisher }: Pick<RunPorts, 'incidents' | 'publisher'>,
  deadline: Deadline,
): Promise<EarlyRun> {
  const run = openComparison(request, deadline.now);
  const readingMs = Math.max(0, Math.floor(deadline.remainingMs() - RECORD_RESERVE_MS));
  const isOff = run.policy.early === 'off';
  const { series, isComplete } = isOff ? NOTHING_READ : await readGroup(run, AbortSignal.timeout(readingMs));
  const comparison = compareAtEqualAge(series, Date.parse(request.scaling.at) - BORN_BEFORE_EVENT_MS);
  const stored = await recordAll(run, { series, isComplete, comparison }, incidents);
  const changed = stored.filter(({ value }) => value.outbox.length > 0);
  const publishingMs = Math.max(0, Math.floor(deadline.remainingMs() - PUBLISH_RESERVE_MS));
  const delivery = await deliver(changed, publisher, incidents, AbortSignal.timeout(publishingMs));
  const summary = run.tally.summary(run.meter);
  const recorded = { findings: [], recorded: stored.length, unrecorded: 0, superseded: false };
  return { summary, delivery, ...recorded, compared: countsOf(comparison) };
}

const NOTHING_READ: GroupRead = { series: [], isComplete: false };

function openComparison(request: EarlyRequest, now: number): OpenComparison {
  const { tenant, account, source, metric, scheduledTime, runsPerMonth } = request;
  const { scope, price } = source;
  const policy = policyFor(tenant.config, account, metric);
  const hours = Math.min(policy.lookBackHours, MOST_HOURS);
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, hours, COMPARED);
  const facts = { tenant: tenant.config.tenant, scope, scheduledTime, window: span.window, runsPerMonth };
  const tally = createTally({ ...facts, ...(price && { price }) });
  return { ...request, policy, span, meter: createMeter(), tally, now };
}

/** The series of the group's hosts, and whether nothing is missing. */
interface GroupRead {
  readonly series: readonly Series[];
  readonly isComplete: boolean;
}

async function readGroup(run: OpenComparison, signal: AbortSignal): Promise<GroupRead> {
  const series: Series[] = [];
  let isComplete = true;
  for await (const reading of readingsOf(run, signal)) {
    if (reading.kind === 'series') {
      if (!isOfGroup(reading.resource, run.scaling.group)) continue;
      series.push(reading);
      run.tally.add({ kind: 'evaluated', series: reading, verdict: NO_VERDICT });
      continue;
    }
    if (reading.kind === 'unreadable') isComplete = false;
    run.tally.add(reading);
  }
  return { series, isComplete };
}

/** A comparison gives no verdict of a host alone: in the summary it counts as one without enough data. */
const NO_VERDICT = {
  state: 'insufficient_data',
  reason: 'too_short',
  checks: [],
  cleaned: { notFinite: 0, outOfRange: 0, outsideWindow: 0, duplicate: 0 },
} as const;

async function* readingsOf(run: OpenComparison, signal: AbortSignal): AsyncGenerator<Reading> {
  const { tenant, account, source, metric, span, meter, scaling } = run;
  const ofGroup: HostFilter = { include: [{ group: scaling.group }] };
  const filters = [tenant.config.hosts, account.hosts, ofGroup].filter((filter) => filter !== undefined);
  try {
    yield* source.read({ metric, span, filters, includeGone: true }, meter, signal);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message };
  }
}

/** A filter takes `*` and `?` of a group's name for any text. */
function isOfGroup({ provider, group = '' }: Resource, name: string): boolean {
  return provider === 'azure' ? group.toLowerCase() === name.toLowerCase() : group === name;
}

interface Observed extends GroupRead {
  readonly comparison: EarlyComparison;
}

/** Records what was observed; returns the incidents that were written. */
async function recordAll(
  run: OpenComparison,
  observed: Observed,
  incidents: IncidentStore,
): Promise<Versioned<Incident>[]> {
  const open = await openEarly(run, incidents);
  const written: Versioned<Incident>[] = [];
  for (const observation of observationsOf(run, observed, open)) {
    const options = { recoverAfter: run.policy.recoverAfter, now: run.now };
    const stored = await orFailure(run, observation.key, async () => {
      return (await record(observation, incidents, options)).stored;
    });
    if (stored) written.push(stored);
  }
  return written;
}

/** The early incidents of the group that are not closed, by host. */
async function openEarly(run: OpenComparison, incidents: IncidentStore): Promise<ReadonlyMap<string, Incident>> {
  const open = new Map<string, Incident>();
  const { tenant } = run.tenant.config;
  try {
    for await (const { value } of incidents.open(tenant, run.source.scope)) {
      const isEarly = value.key.finding === 'early' && value.key.metric === run.metric;
      if (isEarly && isOfGroup(value.resource, run.scaling.group)) open.set(value.key.host, value);
    }
  } catch (error) {
    run.tally.fail(unrecorded(run.source.scope, error));
  }
  return open;
}

function* observationsOf(
  run: OpenComparison,
  { series, isComplete, comparison }: Observed,
  open: ReadonlyMap<string, Incident>,
): Generator<Observation> {
  const byId = new Map(series.map((one) => [one.resource.id, one]));
  for (const outcome of comparison.hosts) {
    const { kind, resource } = outcome;
    const own = byId.get(resource.id);
    if (kind === 'early' && own) yield earlyObservation(run, own, outcome);
    else if (open.has(resource.id) && kind === 'alike') yield { kind: 'alike', ...about(run, resource.id) };
    else if (open.has(resource.id) && kind === 'not_compared' && outcome.reason === 'gone')
      yield { kind: 'gone', ...about(run, resource.id) };
  }
  // Whoever could not be read is not gone for that.
  if (!isComplete) return;
  for (const host of open.keys()) if (!byId.has(host)) yield { kind: 'gone', ...about(run, host) };
}

function earlyObservation(
  run: OpenComparison,
  { metric, unit, window }: Series,
  { resource, bornAt, comparison }: EarlyOutcome & { kind: 'early' | 'alike' },
): Observation {
  const { scaling, policy, scheduledTime } = run;
  const finding: EarlyFinding = {
    kind: 'early',
    resource,
    metric,
    unit,
    window,
    comparison,
    group: scaling.group,
    eventAt: Date.parse(scaling.at),
  };
  const which = about(run, resource.id);
  return {
    kind: 'early',
    ...which,
    finding,
    severity: severityOf(exhaustionOf(comparison, which.asOf), which.asOf),
    pages: policy.early === 'page',
    isLast: scheduledTime - bornAt >= OWN_HISTORY_MS,
  };
}

/** The limit is reached when the host goes on as it did: the severity follows from that, and nothing else does. */
function exhaustionOf({ level, rise, ageHours, fromHours }: EqualAge, asOf: number) {
  const perHour = rise / (ageHours - fromHours);
  const likely = asOf + ((1 - level) / perHour) * HOUR_MS;
  return { kind: 'expected', earliest: likely, likely, latest: null } as const;
}

function about({ tenant, source, metric, span }: OpenComparison, host: string): Pick<Incident, 'key' | 'asOf'> {
  const { provider, account, region } = source.scope;
  const key: IncidentKey = { tenant: tenant.config.tenant, provider, account, region, host, metric, finding: 'early' };
  return { key, asOf: span.window.end };
}

/** An incident that cannot be kept is a failure of its host, and no other's. */
async function orFailure<Value>(
  run: OpenComparison,
  { host }: IncidentKey,
  write: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await write();
  } catch (error) {
    run.tally.fail(unrecorded({ ...run.source.scope, id: host }, error));
    return undefined;
  }
}

function unrecorded(scope: Unreadable['scope'], error: unknown): Unreadable {
  if (!(error instanceof ItemError)) throw error;
  const what = isResource(scope) ? 'an early incident cannot be kept' : 'an early incident cannot be read back';
  return { kind: 'unreadable', scope, reason: 'malformed', detail: `${what}: ${error.message}` };
}

function countsOf({ hosts, older }: EarlyComparison): ComparedCounts {
  const count = (kind: EarlyOutcome['kind']) => hosts.filter((host) => host.kind === kind).length;
  return { early: count('early'), alike: count('alike'), notCompared: count('not_compared'), older };
}
