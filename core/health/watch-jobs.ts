/** Watches jobs of anomaly inspection: whether any inspects nothing for half an hour, and who is notified of it. Nothing of it hides accounts. */
import type { FailingJob, WatchState } from '../model/health.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { ItemError, StoreError } from '../ports/errors.ts';
import { jobsFailedEvent, jobsRestoredEvent } from './compose-service-event.ts';

/** The jobs of a tenant that inspect nothing at a time, epoch milliseconds. Throws `StoreError` and `ItemError`. */
export type FindFailingJobs = (tenant: StoredTenant, now: number) => Promise<readonly FailingJob[]>;

/** A failure is reported when it lasts for so long: a job of a minute fails once in a while, and catches up. */
const LASTING_MS = 30 * 60_000;

type JobsState = NonNullable<WatchState['jobs']>;

export interface WatchedJobs {
  /** What is known before the event was published; undefined where none fails. */
  readonly state: JobsState | undefined;
  readonly event: ServiceEvent | undefined;
  /** Why it is not known how they do: what was known stays. */
  readonly failure: StoreError | ItemError | undefined;
}

export async function watchJobs(
  tenant: StoredTenant,
  before: JobsState | undefined,
  find: FindFailingJobs,
  now: number,
): Promise<WatchedJobs> {
  try {
    return assessJobs(tenant.config.tenant, await find(tenant, now), before, now);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof ItemError)) throw error;
    return { state: before, event: undefined, failure: error };
  }
}

function assessJobs(
  tenant: string,
  jobs: readonly FailingJob[],
  before: JobsState | undefined,
  now: number,
): WatchedJobs {
  const failure = undefined;
  if (jobs.length === 0) {
    if (before?.isReported !== true) return { state: undefined, event: undefined, failure };
    return { state: before, event: jobsRestoredEvent(tenant, before.since, now), failure };
  }
  const state = before ?? { since: now, isReported: false };
  const isDue = !state.isReported && now - state.since >= LASTING_MS;
  return { state, event: isDue ? jobsFailedEvent(tenant, { since: state.since, jobs }, now) : undefined, failure };
}

/** What is known after these events were accepted. */
export function rememberJobs(state: JobsState | undefined, accepted: readonly ServiceEvent[]): JobsState | undefined {
  const kinds = new Set(accepted.map(({ data }) => data.kind));
  if (state === undefined || kinds.has('jobs_restored')) return undefined;
  return kinds.has('jobs_failed') ? { ...state, isReported: true } : state;
}
