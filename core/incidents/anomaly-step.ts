/**
 * What an observation makes of the incident of a host's anomalies:
 *
 *     (none, closed) ── an anomaly that lasts ─▶ open ── all are over for as long as a recovery takes, gone, abandoned ─▶ closed
 *
 * It gets worse when its severity rises, and when a further metric joins. Several jobs may inspect one host: each replaces what it
 * found itself, and the incident ends with the last anomaly of any.
 */
import {
  type AnomalyFact,
  type AnomalyFacts,
  type JobAnomalies,
  MOST_JOBS,
  MOST_METRICS,
} from '../model/anomaly-facts.ts';
import { severityWhenOver } from '../model/anomaly-severity.ts';
import type { Change } from '../model/change.ts';
import { compareSeverity, type Severity } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import { anomalyFact, bounded, seriesOf, statedBy } from './anomaly-facts.ts';
import { newEpisode } from './leak-step.ts';
import type { AnomalyObservation } from './observation.ts';

export type AnomalyStep =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'updated'; readonly incident: Incident }
  | {
      readonly outcome: 'opened' | 'worse' | 'recovered' | 'cleared' | 'host_gone' | 'no_data';
      readonly incident: Incident;
      readonly anomaly: AnomalyFacts;
      readonly end?: NonNullable<Change['end']>;
    };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * A resident inspection counts as one of so many minutes towards a recovery: an anomaly that comes back every half an hour, as with a
 * scheduled task, is one incident and not one each time.
 */
const LEAST_STEP_MS = 10 * MINUTE;

/** What no job has inspected for so long is no job's any more: it was renamed, turned off or removed. */
export const ABANDONED_MS = 48 * HOUR;

/** Anomalies that an incident keeps, of all jobs: its item has to hold what waits for its topic as well. */
const MOST_KEPT = 16;

/** How long all must be over until the incident is, in milliseconds: of that age is also what is too old to open one. */
function recoveryMs({ everyMinutes }: { readonly everyMinutes: number }, recoverAfter: number): number {
  return recoverAfter * Math.max(everyMinutes * MINUTE, LEAST_STEP_MS);
}

export function anomalyStep(
  before: Incident | undefined,
  observation: AnomalyObservation,
  recoverAfter: number,
  now: number,
): AnomalyStep {
  const running = before?.status === 'closed' ? undefined : before;
  switch (observation.kind) {
    case 'anomalous':
    case 'not_anomalous':
      return inspected(before, observation, recoveryMs(observation.job, recoverAfter), now);
    case 'no_verdict':
      return running ? withoutPoints(running, observation, now) : UNCHANGED;
    case 'gone':
      return running ? gone(running, observation.asOf, now) : UNCHANGED;
    case 'abandoned':
      return running ? abandoned(running, observation.asOf, now) : UNCHANGED;
  }
}

const UNCHANGED: AnomalyStep = { outcome: 'unchanged' };

/** The end of what an observation may not be older than, epoch milliseconds: of each job by itself. Undefined where nothing was recorded. */
export function recordedUntil(before: Incident, observation: AnomalyObservation): number | undefined {
  switch (observation.kind) {
    case 'abandoned':
      return before.asOf;
    case 'gone':
      return Math.max(...jobsOf(before).map(({ asOf }) => asOf));
    default:
      return jobOf(before, observation.job.name)?.asOf;
  }
}

function jobsOf({ anomalies }: Incident): readonly JobAnomalies[] {
  return anomalies?.jobs ?? [];
}

function jobOf(incident: Incident, name: string): JobAnomalies | undefined {
  return jobsOf(incident).find(({ job }) => job === name);
}

type Inspected = Extract<AnomalyObservation, { kind: 'anomalous' | 'not_anomalous' }>;

function inspected(before: Incident | undefined, observation: Inspected, quietMs: number, now: number): AnomalyStep {
  const { job, asOf } = observation;
  const running = before?.status === 'closed' ? undefined : before;
  const seen = seenBy(running && jobOf(running, job.name), observation);
  const present = seen.filter((fact) => isPresent(fact, asOf - quietMs));
  if (running === undefined && present.length === 0) return UNCHANGED;
  const others = (before ? jobsOf(before) : []).filter((one) => one.job !== job.name);
  const living = others.map((one) => livingAt(one, asOf));
  const isNew = running !== undefined && jobOf(running, job.name) === undefined;
  if (isNew && present.length === 0 && living.every((one, index) => one === others[index])) return UNCHANGED;
  const entry = { job: job.name, asOf, triedAt: asOf, quietMs, isWithoutPoints: false };
  const jobs = withRoom([{ ...entry, ...bounded(present) }, ...living]);
  const next = { jobs, ended: statedAsOver([{ ...entry, ...bounded(seen) }, ...others]) };
  return running === undefined ? opened(before, observation, jobs, now) : followed(running, observation, next, now);
}

/** What is known of the job's anomalies: those that it lists, and those that it listed before, which are over. */
function seenBy(own: JobAnomalies | undefined, observation: Inspected): AnomalyFact[] {
  const { job, asOf } = observation;
  const found = observation.kind === 'anomalous' ? observation.finding.anomalies : [];
  const newest = new Map<string, AnomalyFact>();
  for (const fact of found.map((anomaly) => anomalyFact(job.name, anomaly, asOf))) {
    const other = newest.get(seriesOf(fact));
    if (other === undefined || isNewer(fact, other)) newest.set(seriesOf(fact), fact);
  }
  const before = (own?.anomalies ?? []).filter((fact) => !newest.has(seriesOf(fact)));
  return [...newest.values(), ...before.map(asOver)];
}

function isNewer(a: AnomalyFact, b: AnomalyFact): boolean {
  return a.goesOn === b.goesOn ? Date.parse(a.last) > Date.parse(b.last) : a.goesOn;
}

function asOver(fact: AnomalyFact): AnomalyFact {
  return { ...fact, goesOn: false, severity: severityWhenOver(fact.type, fact.severity) };
}

function isPresent({ goesOn, last }: AnomalyFact, from: number): boolean {
  return goesOn || Date.parse(last) > from;
}

/** Another job's anomalies as of now: those that are over leave by its own recovery, and all of one that inspects no more. */
function livingAt(one: JobAnomalies, asOf: number): JobAnomalies {
  const isAbandoned = asOf - one.triedAt > ABANDONED_MS;
  const anomalies = isAbandoned ? [] : one.anomalies.filter((fact) => isPresent(fact, asOf - one.quietMs));
  return anomalies.length === one.anomalies.length ? one : { ...one, anomalies, more: isAbandoned ? 0 : one.more };
}

/** Jobs come and go: those that inspected last stay. Each has room for at least one anomaly, so that it holds the incident open. */
function withRoom([own, ...others]: readonly [JobAnomalies, ...JobAnomalies[]]): readonly JobAnomalies[] {
  const newest = others.toSorted((a, b) => b.triedAt - a.triedAt).slice(0, MOST_JOBS - 1);
  const jobs = [own, ...newest];
  const most = Math.floor(MOST_KEPT / jobs.filter(({ anomalies }) => anomalies.length > 0).length);
  return jobs.map((one) => {
    const anomalies = one.anomalies.slice(0, most);
    return { ...one, anomalies, more: one.more + one.anomalies.length - anomalies.length };
  });
}

function statedAsOver(jobs: readonly JobAnomalies[]): AnomalyFacts {
  return statedBy(jobs.map((one) => ({ ...one, anomalies: one.anomalies.map(asOver) })));
}

function greatest(facts: readonly AnomalyFact[], least: Severity): Severity {
  return facts.reduce((most, { severity }) => (compareSeverity(severity, most) > 0 ? severity : most), least);
}

/** Not before what was recorded last, unless that is of a time that has not come yet. */
function laterOf(before: Incident | undefined, asOf: number, now: number): number {
  return before === undefined || before.asOf > now + CLOCK_SKEW_MS ? asOf : Math.max(before.asOf, asOf);
}

function opened(
  before: Incident | undefined,
  observation: Inspected,
  jobs: readonly JobAnomalies[],
  now: number,
): AnomalyStep {
  if (observation.kind !== 'anomalous') return UNCHANGED;
  const { key, finding } = observation;
  const facts = jobs.flatMap(({ anomalies }) => anomalies);
  const severity = greatest(facts, 'low');
  const asOf = laterOf(before, observation.asOf, now);
  const begun = newEpisode(before, { key, resource: finding.resource, severity, asOf, status: 'open' }, now);
  const metrics = [...new Set(facts.map(({ metric }) => metric))].slice(0, MOST_METRICS);
  return { outcome: 'opened', incident: { ...begun, anomalies: { jobs, metrics } }, anomaly: statedBy(jobs) };
}

interface Next {
  readonly jobs: readonly JobAnomalies[];
  /** What was seen last, for the message that it is over. */
  readonly ended: AnomalyFacts;
}

function followed(running: Incident, observation: Inspected, { jobs, ended }: Next, now: number): AnomalyStep {
  const asOf = laterOf(running, observation.asOf, now);
  const resource = observation.kind === 'anomalous' ? observation.finding.resource : running.resource;
  const metrics = running.anomalies?.metrics ?? [];
  const seen = { ...running, resource, asOf, changedAt: now, anomalies: { jobs, metrics } };
  const facts = jobs.flatMap(({ anomalies }) => anomalies);
  if (facts.length === 0) return { outcome: 'recovered', incident: closed(seen), anomaly: ended };
  const joined = facts.filter(({ metric }) => !metrics.includes(metric)).slice(0, MOST_METRICS - metrics.length);
  const severity = greatest(facts, running.severity);
  if (joined.length === 0 && severity === running.severity) {
    const before = jobOf(running, observation.job.name);
    return isSoonAfter(before?.asOf, observation.asOf) && isSame(before, jobOf(seen, observation.job.name))
      ? UNCHANGED
      : { outcome: 'updated', incident: seen };
  }
  const known = [...new Set([...metrics, ...joined.map(({ metric }) => metric)])];
  return {
    outcome: 'worse',
    incident: { ...seen, severity, anomalies: { jobs, metrics: known } },
    anomaly: statedBy(
      jobs,
      joined.map(({ label }) => label),
    ),
  };
}

/** A resident inspection that sees what the one before saw writes nothing: to record that it still goes on, every ten minutes suffice. */
function isSoonAfter(before: number | undefined, asOf: number): boolean {
  return before !== undefined && asOf - before < LEAST_STEP_MS;
}

function isSame(before: JobAnomalies | undefined, after: JobAnomalies | undefined): boolean {
  const textOf = (one: JobAnomalies | undefined) =>
    JSON.stringify([
      one?.isWithoutPoints,
      one?.more,
      one?.anomalies.map((fact) => [seriesOf(fact), fact.job, fact.type, fact.goesOn, fact.severity]).sort(),
    ]);
  return textOf(before) === textOf(after);
}

/** What the jobs have recorded stays, so that a late inspection does not open it again. */
function closed(incident: Incident): Incident {
  const { anomalies = { jobs: [], metrics: [] }, asOf } = incident;
  const jobs = anomalies.jobs.map((one) => ({ ...one, anomalies: [], more: 0 }));
  return { ...incident, status: 'closed', endedAt: asOf, anomalies: { ...anomalies, jobs } };
}

function withJob(incident: Incident, entry: JobAnomalies): Incident {
  const { anomalies = { jobs: [], metrics: [] } } = incident;
  const jobs = anomalies.jobs.map((one) => (one.job === entry.job ? entry : one));
  return { ...incident, anomalies: { ...anomalies, jobs } };
}

type WithoutPoints = Extract<AnomalyObservation, { kind: 'no_verdict' }>;

/** A job that reads nothing of the host neither ends its anomalies nor confirms them: that is reported once, after the time of a recovery. */
function withoutPoints(running: Incident, { job, asOf }: WithoutPoints, now: number): AnomalyStep {
  const own = jobOf(running, job.name);
  if (own === undefined || own.anomalies.length === 0 || asOf <= own.triedAt) return UNCHANGED;
  const tried = { ...running, asOf: laterOf(running, asOf, now), changedAt: now };
  const isSeenByOthers = jobsOf(running).some(
    (one) => one.job !== own.job && one.anomalies.length > 0 && !one.isWithoutPoints,
  );
  const isReported = own.isWithoutPoints || asOf - own.asOf < own.quietMs;
  const isWithoutPoints = own.isWithoutPoints || !isReported;
  const incident = withJob(tried, { ...own, triedAt: asOf, isWithoutPoints });
  if (isReported && isSoonAfter(own.triedAt, asOf)) return UNCHANGED;
  if (isReported || isSeenByOthers) return { outcome: 'updated', incident };
  return { outcome: 'no_data', incident, anomaly: statedBy(jobsOf(running)) };
}

/** What an inspection of memory does not list may be a host that it never lists: it is gone where its jobs have reported that it has no points. */
function gone(running: Incident, asOf: number, now: number): AnomalyStep {
  const jobs = jobsOf(running);
  if (jobs.some(({ anomalies, isWithoutPoints }) => anomalies.length > 0 && !isWithoutPoints)) return UNCHANGED;
  const incident = closed({ ...running, asOf: laterOf(running, asOf, now), changedAt: now });
  return { outcome: 'host_gone', incident, anomaly: statedAsOver(jobs) };
}

function abandoned(running: Incident, asOf: number, now: number): AnomalyStep {
  if (jobsOf(running).some(({ triedAt }) => asOf - triedAt <= ABANDONED_MS)) return UNCHANGED;
  const end = { how: 'not_inspected', ageHours: Math.max(0, asOf - running.since) / HOUR, confidence: null } as const;
  const incident = closed({ ...running, asOf, changedAt: now });
  return { outcome: 'cleared', incident, anomaly: statedBy(jobsOf(running)), end };
}
