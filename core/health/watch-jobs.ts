/**
 * Watches jobs of anomaly inspection: whether any inspects nothing for half an hour, and who is notified of it. Each job is watched by itself, so that
 * several which fail once in a while are not taken for one that lasts, and one that fails for ever hides no other. Nothing of it hides accounts.
 */
import { type FailingJob, type JobAt, MOST_WATCHED_JOBS, type WatchedJob, type WatchState } from '../model/health.ts';
import type { Scope } from '../model/series.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import { jobsFailedEvent, jobsRestoredEvent } from './compose-service-event.ts';

export interface JobsFound {
  readonly failing: readonly FailingJob[];
  /** Those that a cost cap pauses: whether they would fail is not known. */
  readonly paused: readonly JobAt[];
}

/** The jobs of a tenant that inspect nothing at a time, epoch milliseconds. Throws `StoreError` and `ItemError`. */
export type FindFailingJobs = (tenant: StoredTenant, now: number) => Promise<JobsFound>;

/** A failure is reported when it lasts for so long: a job of a minute fails once in a while, and catches up. */
const LASTING_MS = 30 * 60_000;

type JobsState = WatchState['jobs'];

export interface WatchedJobs {
  /** What is known before the event was published; undefined where none fails. */
  readonly state: JobsState;
  readonly event?: ServiceEvent;
  /** What is known once the event was accepted. */
  readonly after?: JobsState;
  /** Why it is not known how they do: what was known stays. */
  readonly failure?: StoreError | ItemError;
}

export async function watchJobs(
  tenant: StoredTenant,
  before: JobsState,
  find: FindFailingJobs,
  now: number,
): Promise<WatchedJobs> {
  try {
    return assessJobs(tenant.config.tenant, await find(tenant, now), before, now);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof ItemError)) throw error;
    return { state: before, failure: error };
  }
}

function assessJobs(tenant: string, { failing, paused }: JobsFound, before: JobsState = [], now: number): WatchedJobs {
  const known = new Map(before.map((job) => [keyOf(job), job]));
  const present = failing.slice(0, MOST_WATCHED_JOBS).map((job) => {
    const { since, isReported } = known.get(keyOf(job)) ?? { since: now, isReported: false };
    return { failing: job, watched: { job: job.job, scope: job.scope, since, isReported } };
  });
  // A pause repairs nothing: what failed before it is known until the job is inspected again.
  const held = paused.flatMap((job) => known.get(keyOf(job)) ?? []);
  const lasting = [...present.map(({ watched }) => watched), ...held].slice(0, MOST_WATCHED_JOBS);
  const due = present.filter(({ watched: { since, isReported } }) => !isReported && now - since >= LASTING_MS);
  if (due.length > 0) {
    const reported = new Set<WatchedJob>(due.map(({ watched }) => watched));
    const since = firstOf([...reported]);
    const event = jobsFailedEvent(tenant, { since, jobs: due.map((one) => one.failing) }, now);
    const after = lasting.map((job) => (reported.has(job) ? { ...job, isReported: true } : job));
    return { state: stateOf([...lasting, ...endedIn(before, lasting)]), event, after: stateOf(after) };
  }
  const ended = endedIn(before, lasting);
  if (ended.length === 0 || lasting.some(({ isReported }) => isReported)) return { state: stateOf(lasting) };
  const event = jobsRestoredEvent(tenant, firstOf(ended), now);
  return { state: stateOf([...lasting, ...ended]), event, after: stateOf(lasting) };
}

/** Those of which the tenant was notified, and which no longer fail. */
function endedIn(before: readonly WatchedJob[], lasting: readonly WatchedJob[]): WatchedJob[] {
  const present = new Set(lasting.map(keyOf));
  return before.filter((job) => job.isReported && !present.has(keyOf(job)));
}

function firstOf(jobs: readonly WatchedJob[]): number {
  return Math.min(...jobs.map(({ since }) => since));
}

function stateOf(jobs: readonly WatchedJob[]): JobsState {
  return jobs.length === 0 ? undefined : jobs.slice(0, MOST_WATCHED_JOBS);
}

function keyOf({ job, scope: { provider, account, region } }: { readonly job: string; readonly scope: Scope }): string {
  return JSON.stringify([job, provider, account, region]);
}

/** What is known after these events were accepted. */
export function rememberJobs({ state, event, after }: WatchedJobs, accepted: readonly ServiceEvent[]): JobsState {
  return event !== undefined && accepted.some(({ id }) => id === event.id) ? after : state;
}
