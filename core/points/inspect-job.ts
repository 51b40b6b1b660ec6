/**
 * Inspects one job of one account and region: reads the points that are new, scores them, keeps the results, records incidents, and stores
 * the state last. Whoever is killed in between loses nothing: the next inspection begins where the state ends, takes in the same points, and
 * writes the same results under the same names.
 */
import { settingsOf } from '../detector/anomaly/settings.ts';
import type { Delivery } from '../incidents/outbox.ts';
import type { SettlePorts } from '../incidents/settle.ts';
import { clockOf, type Deadline, reserveMs, whenOnlyLeft } from '../inspection/deadline.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobRun } from '../model/job-run.ts';
import type { JobHead, JobState } from '../model/job-state.ts';
import { isoText } from '../model/notation.ts';
import type { Scope, Window } from '../model/series.ts';
import type { AnomalyResultsStore } from '../ports/anomaly-results-store.ts';
import type { FoundState, JobRef, PointStateStore } from '../ports/point-state-store.ts';
import { jobRunsPerMonth } from '../tenants/job-schedule.ts';
import { linesByCell, linesOf } from './anomaly-lines.ts';
import type { JobRequest } from './job-request.ts';
import { createJobTally, type JobTally } from './job-tally.ts';
import { cellsOf, pointsDue } from './job-window.ts';
import { metricsOfJob } from './metrics-of-job.ts';
import { observedHosts } from './observe-hosts.ts';
import { readPart } from './read-part.ts';
import { reportHosts } from './report-hosts.ts';
import { createSeriesBook, type InspectedPointMetric, type SeriesBook, type TakenIn } from './series-book.ts';

export interface JobPorts extends SettlePorts {
  readonly pointStates: PointStateStore;
  readonly anomalyResults: Pick<AnomalyResultsStore, 'put'>;
}

export interface InspectedJob {
  readonly run: JobRun;
  readonly deliveries: readonly Delivery[];
}

/** Throws `StoreError` when a store fails; a source that fails makes the run partial or failed, and is never thrown. */
export async function inspectJob(request: JobRequest, ports: JobPorts, deadline: Deadline): Promise<InspectedJob> {
  const context = await beginJob(request, ports, deadline);
  const outcome = await inspectParts(context);
  const run = runOf(context, outcome);
  if (outcome !== 'up_to_date' && outcome !== 'superseded') await ports.pointStates.putRun(run);
  return { run, deliveries: context.deliveries };
}

interface JobContext {
  readonly request: JobRequest;
  readonly ports: JobPorts;
  readonly clock: ReturnType<typeof clockOf>;
  readonly of: JobRef & { readonly scope: Scope };
  readonly metrics: ReadonlyMap<string, InspectedPointMetric>;
  readonly book: SeriesBook;
  readonly tally: JobTally;
  readonly deliveries: Delivery[];
  readonly parts: readonly Window[];
  readonly version: string | undefined;
  /** It changes with each part. */
  head: Pick<JobHead, 'settings' | 'unreadFrom'>;
}

async function beginJob(request: JobRequest, ports: JobPorts, deadline: Deadline): Promise<JobContext> {
  const { tenant, job, source, feeds } = request;
  const of = { tenant, scope: source.scope, job: job.name };
  const resolved = metricsOfJob(job, feeds);
  const metrics = new Map(
    resolved.metrics.map((metric) => [metric.name, { metric, settings: settingsOf(job, metric) }]),
  );
  const found = await ports.pointStates.get(of);
  const settings = fingerprint(job, metrics);
  const isLearned = found?.value?.settings === settings;
  const due = pointsDue(job, found?.value?.watermark, {
    // The clock of the sender may be ahead: points of then would never be read again.
    scheduledTime: Math.min(request.scheduledTime, deadline.now),
    ingestionDelayMs: source.ingestionDelayMs,
  });
  const tally = createJobTally();
  noteBeginning(tally, { found, skipped: due.skipped, unknown: resolved.unknown });
  return {
    request,
    ports,
    clock: clockOf(deadline),
    of,
    metrics,
    book: createSeriesBook(isLearned ? (found?.value?.series ?? []) : [], metrics),
    tally,
    deliveries: [],
    parts: due.parts,
    head: { settings, unreadFrom: isLearned ? (found?.value?.unreadFrom ?? null) : null },
    version: found?.version,
  };
}

interface Beginning {
  readonly found: FoundState | undefined;
  readonly skipped: Window | null;
  readonly unknown: readonly string[];
}

function noteBeginning(tally: JobTally, { found, skipped, unknown }: Beginning): void {
  if (found?.damage !== undefined) tally.note(`What was learned is read anew: ${found.damage}`);
  if (skipped)
    tally.note(
      `Points from ${isoText(skipped.start)} to ${isoText(skipped.end)} are left out: no inspection ran for more than a day.`,
    );
  for (const name of unknown) tally.note(`${name} is not known: the config has no feed with this column.`);
}

/** What states were learned with: under another threshold they still mean the same. */
function fingerprint(job: AnomalyJob, metrics: ReadonlyMap<string, InspectedPointMetric>): string {
  const { periodSeconds, referencePoints, cycle } = job;
  const learned = [...metrics.values()].map(({ metric: { label: _, feed, ...metric } }) => {
    if (feed === undefined) return metric;
    const { mostSeries: _bound, ...named } = feed;
    return { ...metric, feed: named };
  });
  return JSON.stringify({ periodSeconds, referencePoints, cycle, metrics: learned });
}

async function inspectParts(context: JobContext): Promise<JobRun['outcome'] | undefined> {
  const { parts, clock, request, tally } = context;
  if (request.source.points === undefined) {
    tally.note('This source has no metrics beside memory.');
    return 'failed';
  }
  if (parts.length === 0) return 'up_to_date';
  let done: Window | undefined;
  for (const part of parts) {
    if (done && clock.remainingMs() < reserveMs(clock, 'region')) break;
    if (!(await inspectPart(context, part))) break;
    done = { start: done?.start ?? part.start, end: part.end };
  }
  return done === undefined ? 'failed' : store(context, done);
}

/** Whether anything could be read. */
async function inspectPart(context: JobContext, part: Window): Promise<boolean> {
  const { request, ports, clock, of, metrics, book, tally, head } = context;
  const work = {
    request,
    metrics: [...metrics.values()].map(({ metric }) => metric),
    book,
    tally,
    signal: whenOnlyLeft(clock, 'record'),
    hasTime: () => clock.remainingMs() > reserveMs(clock, 'region'),
  };
  const read = await readPart(work, part, head.unreadFrom);
  if (read === undefined) return false;
  for (const taken of read.taken) tally.taken(taken);
  await keepLines(context, part, read.taken);
  const hosts = observedHosts(read.taken, book, metrics).filter(({ resource }) => !read.unread.has(resource.id));
  const { tenant, policyOf, job } = request;
  const reported = await reportHosts(hosts, { tenant, scope: of.scope, policyOf, job, part }, ports, clock);
  for (const failure of reported.failures) tally.fail(failure);
  context.deliveries.push(reported.delivery);
  tally.stopped(book.stopped(part.end));
  tally.anomalous(hosts.filter(({ episodes = [] }) => episodes.some(({ goesOn }) => goesOn)).length);
  context.head = { ...head, unreadFrom: read.hasUnread ? (head.unreadFrom ?? part.start) : null };
  return true;
}

async function keepLines({ request, ports, of }: JobContext, part: Window, taken: readonly TakenIn[]): Promise<void> {
  const { job } = request;
  const lines = taken.flatMap((one) => linesOf(one, job.name, job.keep));
  for (const [start, own] of linesByCell(lines, cellsOf(job, part)))
    await ports.anomalyResults.put({ ...of, start }, own);
}

/** The state comes last: what was written before it is written again where it is missing. */
async function store(
  { ports, of, book, tally, head, version }: JobContext,
  done: Window,
): Promise<JobRun['outcome'] | undefined> {
  const state: JobState = { version: 1, ...head, watermark: done.end, series: book.records() };
  const { outcome, bytes } = await ports.pointStates.put(of, state, version);
  if (outcome === 'conflict') return 'superseded';
  tally.stored(done, bytes);
  return undefined;
}

function runOf({ request, of, book, tally }: JobContext, outcome: JobRun['outcome'] | undefined): JobRun {
  const records = book.records();
  const known = records.filter(({ state }) => state !== null).length;
  const facts = {
    ...of,
    scheduledTime: request.scheduledTime,
    runsPerMonth: jobRunsPerMonth(request.job),
    price: request.source.price,
    known,
    waiting: records.length - known,
  };
  return tally.run(facts, outcome);
}
