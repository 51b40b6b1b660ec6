/** How the jobs of a tenant do: what the newest inspection of each saw, and whether it is overdue. */
import pLimit from 'p-limit';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobRun } from '../model/job-run.ts';
import type { InRegion, Scope } from '../model/series.ts';
import type { TenantConfig } from '../model/tenant.ts';
import type { PointStateStore } from '../ports/point-state-store.ts';
import { endOfPoints, stepMsOf } from './job-window.ts';

/**
 * `waiting`: it was not inspected yet. `overdue`: its points end earlier than those of three inspections ago, and of half an hour
 * ago: some sources have points a quarter of an hour late. Else the outcome of its newest inspection.
 */
export type JobState = 'ok' | 'partial' | 'failing' | 'overdue' | 'waiting' | 'disabled';

export interface JobStatus {
  readonly job: AnomalyJob;
  readonly scope: InRegion<Scope>;
  readonly state: JobState;
  /** Undefined where none has ended. */
  readonly run: JobRun | undefined;
}

const READ_AT_ONCE = 8;
const INSPECTIONS_MISSED = 3;
const LEAST_OVERDUE_MS = 30 * 60_000;

/** In the order of the config. Throws `StoreError`. */
export async function jobStatuses(
  { tenant, enabled, accounts }: TenantConfig,
  states: Pick<PointStateStore, 'newestRun'>,
  now: number,
): Promise<JobStatus[]> {
  const jobs = accounts.flatMap(({ provider, account, regions, anomalies = [], enabled: isEnabled }) =>
    anomalies.flatMap((job) =>
      regions.map((region) => ({
        job,
        scope: { provider, account, region },
        isEnabled: enabled && isEnabled && job.enabled,
      })),
    ),
  );
  return pLimit(READ_AT_ONCE).map(jobs, async ({ job, scope, isEnabled }) => {
    const run = await states.newestRun({ tenant, scope, job: job.name });
    return { job, scope, run, state: isEnabled ? stateOf(job, run, now) : 'disabled' };
  });
}

function stateOf(job: AnomalyJob, run: JobRun | undefined, now: number): JobState {
  if (run === undefined) return 'waiting';
  const allowed = Math.max(INSPECTIONS_MISSED * stepMsOf(job), LEAST_OVERDUE_MS);
  const end = run.window?.end ?? run.scheduledTime;
  if (end < endOfPoints(job, now) - allowed) return 'overdue';
  if (run.outcome === 'failed') return 'failing';
  return run.outcome === 'partial' ? 'partial' : 'ok';
}
