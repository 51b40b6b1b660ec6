/** The inspection of a job that a message on a queue requests: region by region. */
import type { Deadline } from '../inspection/deadline.ts';
import type { NotInspected, Resolved, SetAside } from '../inspection/resolve-request.ts';
import { resolveRequest } from '../inspection/resolve-request.ts';
import type { InspectMessage } from '../model/message.ts';
import { LEAK_METRIC } from '../model/metrics.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { type InspectedJob, inspectJob, type JobPorts } from './inspect-job.ts';

export interface RunJobPorts extends JobPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  /** Makes the source of an account's region. Credentials are resolved on the first read. */
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
}

export type JobOutcome =
  | {
      readonly kind: 'inspected';
      readonly jobs: readonly InspectedJob[];
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
  for (const task of tasksOf(message, resolution)) jobs.push(await inspectTask(task, ports, deadline));
  return { kind: 'inspected', jobs, setAside: resolution.setAside };
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

function inspectTask(
  { tenant, account, region, job: name, scheduledTime }: Task,
  ports: RunJobPorts,
  deadline: Deadline,
) {
  const job = account.anomalies?.find((one) => one.name === name);
  if (job === undefined) throw new Error(`The account was resolved for job ${name}, and has none of this name`);
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
