/** The inspection that follows a scaling event: the new hosts of the group are compared with the others at equal age. */
import { compareAtEqualAge, type EarlyComparison, type EarlyOutcome } from '../detector/early.ts';
import type { EarlyObservation, Observation } from '../incidents/observation.ts';
import { createRecorder, type Recorder } from '../incidents/recorder.ts';
import type { SettlePorts } from '../incidents/settle.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import { severityOf } from '../model/finding.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { Incident, IncidentKey } from '../model/incident.ts';
import type { ListedFinding } from '../model/inspection-result.ts';
import type { InspectMessage } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import { type HostPolicies, LOOK_BACK_HOURS } from '../model/policy.ts';
import type { Reading, Resource, Scope, Series, Span, Unreadable } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { groupPolicy, hostPolicies } from '../tenants/host-policies.ts';
import { closeRecording } from './close-recording.ts';
import { type Deadline, reserveMs, whenOnlyLeft } from './deadline.ts';
import { earlyExhaustion, listedEarly } from './listed-early.ts';
import type { ComparedCounts, RegionRun, RunPorts } from './region-run.ts';
import { type CallCount, createMeter, createTally, type Tally } from './run-summary.ts';
import { createRunSettler } from './settle-run.ts';
import { COMPARED, spanEndingBefore } from './window.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A host reports before its launch counts as complete: lifecycle hooks and health checks take their time. */
const BORN_BEFORE_EVENT_MS = 15 * MINUTE_MS;

/** Hours that are read at the most: beyond a week a group has another version, and one read would take pages for a few hosts. */
const MOST_HOURS = 168;

/** From this age on the next inspection of the schedule has a verdict of the host's own history. */
const OWN_HISTORY_MS = LOOK_BACK_HOURS.least * HOUR_MS - 30 * MINUTE_MS;

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

/** What a comparison has while it runs. */
interface OpenComparison extends EarlyRequest {
  readonly policies: HostPolicies;
  readonly span: Span;
  readonly meter: CallCount;
  readonly tally: Tally;
}

/**
 * Compares the new hosts of the group in one region, records early findings as incidents of their own kind, and publishes. A run is
 * not logged: it supersedes none of the schedule, and ends no other incident. Throws `StoreError`; a source that fails makes the summary partial, and so does a lack of time. Doing it again is harmless.
 */
export async function compareNewHosts(
  request: EarlyRequest,
  ports: SettlePorts,
  deadline: Deadline,
): Promise<RegionRun> {
  const run = openComparison(request);
  const { tally, meter, source } = run;
  const { early } = groupPolicy({ ...request, stored: request.tenant }, request.scaling.group);
  const read = early === 'off' ? NOTHING_READ : await readGroup(run, whenOnlyLeft(deadline, 'record'));
  const timeIsUp = () => deadline.remainingMs() < reserveMs(deadline, 'compare');
  const newFrom = Date.parse(request.scaling.at) - BORN_BEFORE_EVENT_MS;
  const comparison = compareAtEqualAge(read.series, newFrom, { timeIsUp });
  const compared = countsOf(comparison);
  if (compared.outOfTime > 0) tally.fail(leftUncompared(source.scope, compared));
  const { recorder, findings } = await recordAll(run, { ...read, comparison }, ports, deadline);
  const settler = createRunSettler({ tenant: request.tenant.config.tenant, scope: source.scope }, ports, deadline);
  const recording = await closeRecording({ recorder, tally, source }, settler, deadline);
  const delivery = await settler.settle();
  const recorded = { recorded: recording.written, unrecorded: recording.left, superseded: false };
  return { summary: tally.summary(meter), delivery, findings, found: findings.length, ...recorded, compared };
}

const NOTHING_READ: GroupRead = { series: [], isComplete: false };

function openComparison(request: EarlyRequest): OpenComparison {
  const { tenant, account, source, metric, scheduledTime, runsPerMonth } = request;
  const { scope, price } = source;
  const policies = hostPolicies({ stored: tenant, account, metric });
  const hours = Math.min(policies.common.lookBackHours, MOST_HOURS);
  const span = spanEndingBefore(scheduledTime, source.ingestionDelayMs, hours, COMPARED);
  const facts = { tenant: tenant.config.tenant, scope, scheduledTime, window: span.window, runsPerMonth };
  const tally = createTally({ ...facts, ...(price && { price }) });
  return { ...request, policies, span, meter: createMeter(), tally };
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

/** Begins to record what was observed, and lists what was found. */
async function recordAll(
  run: OpenComparison,
  observed: Observed,
  { incidents }: Pick<RunPorts, 'incidents'>,
  deadline: Deadline,
): Promise<{ readonly recorder: Recorder; readonly findings: readonly ListedFinding[] }> {
  const { policies, source } = run;
  const { scope } = source;
  const options = {
    tenant: run.tenant.config.tenant,
    scope,
    policyOf: policies.of,
    endsIncidents: false,
    asOf: run.span.window.end,
    now: deadline.now,
  };
  const isSuperseded = async () => false;
  const recorder = await createRecorder(options, incidents, isSuperseded, whenOnlyLeft(deadline, 'recordUntil'));
  const findings: ListedFinding[] = [];
  for (const observation of observationsOf(run, observed, openEarly(run, recorder))) {
    const { kind, key } = observation;
    if (kind === 'early') findings.push(listedEarly(observation));
    await recorder.observe(observation, kind === 'early' ? observation.finding.resource : { ...scope, id: key.host });
  }
  return { recorder, findings };
}

/** The hosts of the group with an early incident that is not closed. */
function openEarly({ scaling, metric }: OpenComparison, { open }: Recorder): ReadonlySet<string> {
  const ofGroup = [...open.values()].filter(({ key, resource }) => {
    return key.finding === 'early' && key.metric === metric && isOfGroup(resource, scaling.group);
  });
  return new Set(ofGroup.map(({ key }) => key.host));
}

function* observationsOf(
  run: OpenComparison,
  { series, isComplete, comparison }: Observed,
  open: ReadonlySet<string>,
): Generator<Observation> {
  const byId = new Map(series.map((one) => [one.resource.id, one]));
  for (const outcome of comparison.hosts) {
    const { kind, resource } = outcome;
    const own = byId.get(resource.id);
    // Of a host whose own policy has it off nothing new is reported.
    const isOff = run.policies.of(resource).early === 'off';
    if (kind === 'early' && own && !isOff) yield earlyObservation(run, own, outcome);
    else if (open.has(resource.id) && kind === 'alike') yield { kind: 'alike', ...about(run, resource.id) };
    else if (open.has(resource.id) && kind === 'not_compared' && outcome.reason === 'gone')
      yield { kind: 'gone', ...about(run, resource.id) };
  }
  // Whoever could not be read is not gone for that.
  if (!isComplete) return;
  for (const host of open) if (!byId.has(host)) yield { kind: 'gone', ...about(run, host) };
}

function earlyObservation(
  run: OpenComparison,
  { metric, unit, window }: Series,
  { resource, bornAt, comparison }: EarlyOutcome & { kind: 'early' | 'alike' },
): EarlyObservation {
  const { scaling, policies, scheduledTime } = run;
  const eventAt = Date.parse(scaling.at);
  const finding: EarlyFinding = {
    kind: 'early',
    resource,
    metric,
    unit,
    window,
    comparison,
    group: scaling.group,
    eventAt,
  };
  return {
    kind: 'early',
    ...about(run, resource.id),
    finding,
    severity: severityOf(earlyExhaustion(finding), window.end),
    pages: policies.of(resource).early === 'page',
    hasOwnHistory: scheduledTime - bornAt >= OWN_HISTORY_MS,
  };
}

function about({ tenant, source, metric, span }: OpenComparison, host: string): Pick<Incident, 'key' | 'asOf'> {
  const { provider, account, region } = source.scope;
  const key: IncidentKey = { tenant: tenant.config.tenant, provider, account, region, host, metric, finding: 'early' };
  return { key, asOf: span.window.end };
}

function leftUncompared(scope: Scope, { outOfTime, early, alike }: ComparedCounts): Unreadable {
  const detail = `${outOfTime} hosts could not be compared in time, and ${early + alike} were`;
  return { kind: 'unreadable', scope, reason: 'timeout', detail };
}

function countsOf({ hosts, older }: EarlyComparison): ComparedCounts {
  const count = (kind: EarlyOutcome['kind']) => hosts.filter((host) => host.kind === kind).length;
  const outOfTime = hosts.filter((host) => host.kind === 'not_compared' && host.reason === 'no_time').length;
  return { early: count('early'), alike: count('alike'), notCompared: count('not_compared'), outOfTime, older };
}
