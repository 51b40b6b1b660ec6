/** Which jobs of a tenant inspect nothing, for whoever watches over it. */
import type { FailingJob, JobAt } from '../model/health.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { PointStateStore } from '../ports/point-state-store.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { type JobStatus, jobStatuses } from './job-status.ts';
import { knownCap } from './known-cap.ts';

/**
 * How long after its config was put, or its cost cap had another effect, a job may wait for its next inspection: as long as an hourly one is due at
 * the latest, and as much again.
 */
const NEXT_MS = 2 * 3_600_000;

export interface FailingJobsPorts {
  readonly pointStates: Pick<PointStateStore, 'newestRun'>;
  readonly spend: Pick<SpendStore, 'getCap'>;
}

/** Jobs that a cost cap pauses do not fail: its tenant is notified of that by itself. */
export function createFailingJobs({ pointStates, spend }: FailingJobsPorts) {
  return async (tenant: StoredTenant, now: number): Promise<{ failing: FailingJob[]; paused: JobAt[] }> => {
    const { config, putAt } = tenant;
    if (!config.accounts.some(({ anomalies = [] }) => anomalies.length > 0)) return { failing: [], paused: [] };
    const cap = await knownCap(tenant, spend);
    const statuses = await jobStatuses(config, pointStates, { now, cap });
    // A job that was disabled or paused until then ended long ago, and cannot have been inspected yet.
    const isNextOverdue = now - Math.max(putAt, cap?.changedAt ?? putAt) > NEXT_MS;
    return {
      failing: statuses.flatMap((status) => failing(status, isNextOverdue)),
      paused: statuses.filter(({ state }) => state === 'paused').map(({ job, scope }) => ({ job: job.name, scope })),
    };
  };
}

function failing({ job: { name: job }, scope, state, run }: JobStatus, isNextOverdue: boolean): FailingJob[] {
  if (state === 'failing') return [{ job, scope, state, message: run?.failures[0] ?? '' }];
  if (!isNextOverdue || (state !== 'overdue' && state !== 'waiting')) return [];
  return [{ job, scope, state: 'overdue', message: run?.failures[0] ?? '' }];
}
