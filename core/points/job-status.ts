/** How the jobs of a tenant do: what the newest inspection of each saw, and whether it is overdue. */
import pLimit from 'p-limit';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobRun } from '../model/job-run.ts';
import type { AccountProvider, InRegion, Scope } from '../model/series.ts';
import type { CapState } from '../model/spend.ts';
import type { TenantConfig } from '../model/tenant.ts';
import type { PointStateStore } from '../ports/point-state-store.ts';
import { jobCadenceOf } from '../tenants/job-cost.ts';
import { minutesBetween, slowedJob } from '../tenants/job-schedule.ts';
import { endOfPoints, stepMsOf } from './job-window.ts';

/**
 * `waiting`: it was not inspected yet. `overdue`: its points end earlier than those of three inspections ago, and of half an hour
 * ago: some sources have points a quarter of an hour late. `paused`: the cost cap of its tenant has it not inspected, so that no anomaly is
 * found and none ends. `failing`: its newest inspection took nothing in, and something could not be read. Else the outcome of that one, and `slowed` of one that was complete where the cost cap has it inspected
 * less often than its config: nothing is missed, and what is found comes later.
 */
export type JobState = 'ok' | 'slowed' | 'paused' | 'partial' | 'failing' | 'overdue' | 'waiting' | 'disabled';

export interface JobStatus {
  readonly job: AnomalyJob;
  readonly scope: InRegion<Scope> & { readonly provider: AccountProvider };
  readonly state: JobState;
  /** Undefined where none has ended. */
  readonly run: JobRun | undefined;
  /** Minutes between two inspections, by its config and its tenant's cost cap; null of one that is paused or disabled. */
  readonly everyMinutes: number | null;
}

const READ_AT_ONCE = 8;
const INSPECTIONS_MISSED = 3;
const LEAST_OVERDUE_MS = 30 * 60_000;

/**
 * In the order of the config. Throws `StoreError`.
 *
 * @param cap What the tenant's cost cap leads to; undefined where none was ever near.
 */
export async function jobStatuses(
  config: TenantConfig,
  states: Pick<PointStateStore, 'newestRun'>,
  { now, cap }: { readonly now: number; readonly cap: CapState | undefined },
): Promise<JobStatus[]> {
  const { tenant, enabled, accounts } = config;
  const jobs = accounts.flatMap(({ provider, account, regions, anomalies = [], enabled: isEnabled }) => {
    const cadence = jobCadenceOf(config, provider, cap);
    return anomalies.flatMap((job) => {
      const isRun = enabled && isEnabled && job.enabled;
      return regions.map((region) => ({ job, scope: { provider, account, region }, cadence: isRun ? cadence : null }));
    });
  });
  return pLimit(READ_AT_ONCE).map(jobs, async ({ job, scope, cadence }) => {
    const run = await states.newestRun({ tenant, scope, job: job.name });
    if (cadence === null || cadence === 'paused')
      return { job, scope, run, state: cadence ?? 'disabled', everyMinutes: null };
    const slowed = slowedJob(job, cadence);
    return { job, scope, run, state: stateOf(job, slowed, run, now), everyMinutes: minutesBetween(slowed) };
  });
}

function stateOf(configured: AnomalyJob, job: AnomalyJob, run: JobRun | undefined, now: number): JobState {
  if (run === undefined) return 'waiting';
  const allowed = Math.max(INSPECTIONS_MISSED * stepMsOf(job), LEAST_OVERDUE_MS);
  const end = run.window?.end ?? run.scheduledTime;
  if (end < endOfPoints(job, now) - allowed) return 'overdue';
  if (run.outcome === 'failed' || tookNothingIn(run)) return 'failing';
  if (run.outcome === 'partial') return 'partial';
  return job === configured ? 'ok' : 'slowed';
}

/** Whether every series of it could not be read, as where none of its metrics is known in the account or a feed has more series than its bound. */
function tookNothingIn({ outcome, points, series }: JobRun): boolean {
  return outcome === 'partial' && points === 0 && series.waiting === 0;
}
