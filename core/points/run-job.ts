/** The inspection of a job that a message on a queue requests: region by region. */
import { type Deadline, reserveMs } from '../inspection/deadline.ts';
import type { NotInspected, Resolved, SetAside } from '../inspection/resolve-request.ts';
import { resolveRequest } from '../inspection/resolve-request.ts';
import type { AnomalyJob } from '../model/anomaly-job.ts';
import type { InspectMessage } from '../model/message.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { type InspectedJob, inspectJob, type JobPorts } from './inspect-job.ts';
import { stepMsOf } from './job-window.ts';

export interface RunJobPorts extends JobPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  /** Makes the source of an account's region. Credentials are resolved on the first read. */
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
}

export type JobOutcome =
  | {
      readonly kind: 'inspected';
      readonly jobs: readonly InspectedJob[];
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
  const tasks = inTurn(tasksOf(message, resolution));
  for (const task of tasks) {
    if (jobs.length > 0 && deadline.remainingMs() < reserveMs(deadline, 'region')) break;
    jobs.push(await inspectTask(task, ports, deadline));
  }
  const left = tasks.slice(jobs.length).map(({ region }) => region);
  return { kind: 'inspected', jobs, left, setAside: resolution.setAside };
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
  readonly scheduledTime: number;
}

function tasksOf({ job }: JobMessage, { tenant, accounts }: Resolved): Task[] {
  return accounts.flatMap(({ account, regions, scheduledTime }) =>
    regions.map((region) => ({ tenant, account, region, job, scheduledTime })),
  );
}

function inspectTask(task: Task, ports: RunJobPorts, deadline: Deadline) {
  const { tenant, account, region, scheduledTime } = task;
  const job = jobOf(task);
  if (job === undefined) throw new Error(`The account was resolved for job ${task.job}, and has none of this name`);
  const request = {
    tenant: tenant.config.tenant,
    job,
    feeds: account.feeds ?? [],
    source: ports.openSource(tenant, account, region),
    filters: [tenant.config.hosts, account.hosts, job.hosts].filter((filter) => filter !== undefined),
    policyOf: hostPolicies({ stored: tenant, account, metric: LEAK_METRIC }).of,
    scheduledTime,
  };
  return inspectJob(request, ports, deadline);
}
