/** The inspection of a job that a message on a queue requests: region by region. */
import { type Deadline, reserveMs } from '../inspection/deadline.ts';
import type { NotInspected, Resolved, SetAside } from '../inspection/resolve-request.ts';
import { resolveRequest } from '../inspection/resolve-request.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { JobCadence } from '../model/cadence.ts';
import type { JobRun } from '../model/job-run.ts';
import type { InspectMessage } from '../model/message.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import { type CapState, monthOf } from '../model/spend.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { jobCadenceOf } from '../tenants/job-cost.ts';
import { jobRunsPerMonth, slowedJob } from '../tenants/job-schedule.ts';
import { type InspectedJob, inspectJob, type JobPorts } from './inspect-job.ts';
import { stepMsOf } from './job-window.ts';
import { knownCap } from './known-cap.ts';

export interface RunJobPorts extends JobPorts {
  readonly spend: Pick<SpendStore, 'getCap' | 'addJob'>;
  readonly configs: Pick<ConfigStore, 'get'>;
  /** Makes the source of an account's region. Credentials are resolved on the first read. */
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
}

export type JobOutcome =
  | {
      readonly kind: 'inspected';
      readonly jobs: readonly InspectedJob[];
      /** Regions that were not inspected because the cost cap of the tenant pauses its jobs. */
      readonly paused: readonly string[];
      /** Regions for which there was no time: the next inspection catches up. */
      readonly left: readonly string[];
      /** Regions of the message that its account does not have. */
      readonly setAside: SetAside | undefined;
    }
  | NotInspected;

/** A message that names a job. */
export type JobMessage = InspectMessage & { readonly job: string };

export function isJobMessage(message: InspectMessage): message is JobMessage {
  return message.job !== undefined;
}

/** Throws `StoreError` when a store fails: the message goes back, and running it again is harmless. */
export async function runJob(message: JobMessage, ports: RunJobPorts, deadline: Deadline): Promise<JobOutcome> {
  const { now } = deadline;
  const resolution = resolveRequest(message, await ports.configs.get(message.tenant), { sentAt: now, now });
  if (resolution.kind !== 'resolved') return resolution;
  const jobs: InspectedJob[] = [];
  const cap = await knownCap(resolution.tenant, ports.spend);
  const tasks = inTurn(tasksOf(message, resolution, cap));
  if (tasks[0]?.cadence === 'paused') {
    const paused = tasks.map(({ region }) => region);
    return { kind: 'inspected', jobs, paused, left: [], setAside: resolution.setAside };
  }
  for (const task of tasks) {
    if (jobs.length > 0 && deadline.remainingMs() < reserveMs(deadline, 'region')) break;
    jobs.push(await inspectTask(task, ports, deadline));
  }
  const left = tasks.slice(jobs.length).map(({ region }) => region);
  return { kind: 'inspected', jobs, paused: [], left, setAside: resolution.setAside };
}

/** Each region is the first one in its turn, so that none is left each time. */
function inTurn(tasks: readonly Task[]): readonly Task[] {
  const [first] = tasks;
  const job = first && jobOf(first);
  if (first === undefined || job === undefined) return tasks;
  const turn = Math.floor(first.scheduledTime / stepMsOf(job)) % tasks.length;
  return [...tasks.slice(turn), ...tasks.slice(0, turn)];
}

function jobOf({ account, job: name }: Task): AnomalyJob | undefined {
  return account.anomalies?.find((one) => one.name === name);
}

interface Task {
  readonly tenant: StoredTenant;
  readonly account: Account;
  readonly region: string;
  readonly job: string;
  /** What the cost cap of the tenant leads to. */
  readonly cadence: JobCadence;
  readonly scheduledTime: number;
}

function tasksOf({ job }: JobMessage, { tenant, accounts }: Resolved, cap: CapState | undefined): Task[] {
  return accounts.flatMap(({ account, regions, scheduledTime }) => {
    const cadence = jobCadenceOf(tenant.config, account.provider, cap);
    return regions.map((region) => ({ tenant, account, region, job, cadence, scheduledTime }));
  });
}

async function inspectTask(task: Task, ports: RunJobPorts, deadline: Deadline): Promise<InspectedJob> {
  const { tenant, account, region, cadence, scheduledTime } = task;
  const configured = jobOf(task);
  if (configured === undefined)
    throw new Error(`The account was resolved for job ${task.job}, and has none of this name`);
  const job = slowedJob(configured, cadence);
  const request = {
    tenant: tenant.config.tenant,
    job,
    feeds: account.feeds ?? [],
    source: ports.openSource(tenant, account, region),
    filters: [tenant.config.hosts, account.hosts, job.hosts].filter((filter) => filter !== undefined),
    policyOf: hostPolicies({ stored: tenant, account, metric: LEAK_METRIC }).of,
    scheduledTime,
  };
  const inspected = await inspectJob(request, ports, deadline);
  await countSpend(inspected.run, job, ports.spend);
  return inspected;
}

/** Counts what was read towards the month of the tenant. Each inspection counts, also one that read what another one has read as well. */
async function countSpend(
  { tenant, scope, scheduledTime, window, cost }: JobRun,
  job: AnomalyJob,
  spend: RunJobPorts['spend'],
): Promise<void> {
  if (cost.perRun === 0) return;
  const perRun = cost.perMonth / jobRunsPerMonth(job);
  // Where nothing could be read, or all of it was a reference, it shows nothing of the next ones.
  const usdPerMetric = window === null || perRun === 0 ? null : perRun / job.metrics.length;
  await spend.addJob(tenant, { month: monthOf(scheduledTime), scope, job: job.name, usd: cost.perRun, usdPerMetric });
}
