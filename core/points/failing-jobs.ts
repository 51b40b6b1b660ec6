/** Which jobs of a tenant inspect nothing, for whoever watches over it. */
import type { FailingJob } from '../model/health.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { PointStateStore } from '../ports/point-state-store.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { type JobStatus, jobStatuses } from './job-status.ts';
import { knownCap } from './known-cap.ts';

/** How long after its config was put a job may wait for its first inspection: as long as an hourly one is due at the latest, and as much again. */
const FIRST_MS = 2 * 3_600_000;

export interface FailingJobsPorts {
  readonly pointStates: Pick<PointStateStore, 'newestRun'>;
  readonly spend: Pick<SpendStore, 'getCap'>;
}

/** Jobs that a cost cap pauses do not fail: its tenant is notified of that by itself. */
export function createFailingJobs({ pointStates, spend }: FailingJobsPorts) {
  return async (tenant: StoredTenant, now: number): Promise<readonly FailingJob[]> => {
    const { config, putAt } = tenant;
    if (!config.accounts.some(({ anomalies = [] }) => anomalies.length > 0)) return [];
    const statuses = await jobStatuses(config, pointStates, { now, cap: await knownCap(tenant, spend) });
    return statuses.flatMap((status) => failing(status, now - putAt > FIRST_MS));
  };
}

function failing({ job: { name: job }, scope, state, run }: JobStatus, isFirstOverdue: boolean): FailingJob[] {
  if (state === 'waiting' && isFirstOverdue) return [{ job, scope, state: 'overdue', message: '' }];
  if (state !== 'failing' && state !== 'overdue') return [];
  return [{ job, scope, state, message: run?.failures[0] ?? '' }];
}
